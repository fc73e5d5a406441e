// Ten thousand hostile strings in every text field: none becomes part of a page, on whatever way it comes there.
import type { Cookie, Page } from "@playwright/test";
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { chosenStrings, hostilePages, idOf, newest, wellFormed } from "../support/hostile-many";
import { ready } from "../support/ready";
import { Roost } from "../support/roost";
import { lookForStrange, strangeAt, strangeHere } from "../support/strange";

/** All of them in the long suite; else every twentieth. */
const isLong = Boolean(process.env.ROOST_LONG);
const strings = chosenStrings(isLong ? 1 : 20);
const COLUMNS = "created,author,text,lang,hashtag,mention,cashtag,domain,url,media,alt_text,poll,place,country,source,annotation,reply_settings,withheld";
/** Pixels. */
const ROW = 52;
const FACETS = ["lang", "hashtag", "mention", "cashtag", "domain", "media", "place", "country", "source", "annotation", "reply_settings", "withheld"];

// A trace would keep every one of these large pages.
test.use({ storageState: nobody, trace: "off" });
test.setTimeout(isLong ? 1_800_000 : 120_000);

let roost: Roost;
let session: Cookie[] = [];

test.beforeAll(async () => {
  roost = new Roost();
  roost.import("hostile", hostilePages(strings));
  roost.addUser("adi", PASSWORD, "admin");
  await roost.start();
});

test.afterAll(() => roost.stop());

test.beforeEach(async ({ page }) => {
  await lookForStrange(page);
  // Once for all tests: who signs in often is slowed down.
  if (session.length === 0) {
    await page.request.post(`${roost.url}/sign-in`, { form: { name: "adi", password: PASSWORD } });
    session = await page.context().cookies();
  }
  await page.context().addCookies(session);
  await open(page);
});

async function open(page: Page, parts: Record<string, string> = {}): Promise<void> {
  await page.goto(`${roost.url}/c/hostile?${new URLSearchParams({ cols: COLUMNS, ...parts }).toString()}`);
  await ready(page);
}

async function expectNothingStrange(page: Page): Promise<void> {
  expect.soft(await strangeHere(page)).toEqual([]);
}

test("every string is drawn by the server and taken over, in all columns and in details", async ({ page, explore }) => {
  for (let row = 1; row <= strings.length; row += 50) {
    await open(page, { row: String(row), tweet: idOf(strings.length - row) });
    await expect(explore.rows).not.toHaveCount(0);
    await expect(explore.detail.panel).toBeVisible();
    await expectNothingStrange(page);
  }
});

test("every string is drawn by the browser as somebody scrolls, and in details", async ({ page, explore }) => {
  const seen = new Set<number>();
  for (let first = 0; first < strings.length; first += 40) {
    await explore.scrollTo(first * ROW);
    await expect.poll(async () => (await explore.numbered()).has(Math.min(first + 5, strings.length))).toBe(true);
    for (const number of (await explore.numbered()).keys()) seen.add(number);
    await expectNothingStrange(page);
    if (first % 160 > 0) continue;
    await explore.rowLinks.nth(3).click();
    await expect(explore.detail.panel).toBeVisible();
    await expectNothingStrange(page);
  }
  expect(seen.size).toBe(strings.length);
});

test("no string becomes part of a facet or of the dialog of all values", async ({ page, explore }) => {
  const buttons = page.locator("[data-values]");
  await expect(buttons).not.toHaveCount(0);
  for (const button of await buttons.all()) {
    await button.click();
    const dialog = page.getByRole("dialog", { name: /^All values of/ });
    await expect(dialog.locator(".value").first()).toBeVisible();
    const more = dialog.locator("[data-more]");
    for (let step = 0; step < (isLong ? 20 : 2) && (await more.isVisible()); step += 1) await more.click();
    await expectNothingStrange(page);
    await page.keyboard.press("Escape");
  }
  for (const title of ["Language", "Hashtags", "Media", "Mentions"]) {
    await open(page);
    await explore.facet(title).region.locator("a.choose").first().click();
    await expect(explore.facet(title).region.locator(".value").first()).toHaveClass(/\bon\b/);
    await expectNothingStrange(page);
    await explore.reload();
    await expectNothingStrange(page);
  }
});

test("no string becomes part of a sheet", async ({ page }) => {
  const ids = strings.map((_, at) => idOf(at));
  expect.soft(await strangeAt(page, ids.map((id) => `/c/hostile/tweet/${id}`))).toEqual([]);
  const groups = Array.from({ length: Math.ceil(ids.length / 4) }, (_, at) => ids.slice(4 * at, 4 * at + 4));
  expect.soft(await strangeAt(page, groups.map((group) => `/c/hostile/selection?ids=${group.join(",")}`))).toEqual([]);
  const columns = FACETS.flatMap((column) => ["", "&find=%3C", "&find=script"].map((more) => `/c/hostile/column?col=${column}${more}`));
  const plots = FACETS.flatMap((column) => [`/c/hostile/plots?top=${column}&share=${column}`, `/c/hostile?split=${column}`]);
  const hours = ["from=2026-02-01T01:00&to=2026-02-01T04:00", "q=is:original"];
  const others = hours.flatMap((hour) => ["explain", "export", "alerts/new", "share"].map((sheet) => `/c/hostile/${sheet}?cols=${COLUMNS}&${hour}`));
  expect.soft(await strangeAt(page, [...columns, ...plots, ...others])).toEqual([]);
  for (const column of FACETS) {
    await page.goto(`${roost.url}/c/hostile/plots?top=${column}`);
    await expectNothingStrange(page);
  }
});

test("every string is exported as it came", async ({ page }) => {
  const form = { cols: "id,text", format: "jsonl", sort: "id" };
  const answer = await page.request.post(`${roost.url}/c/hostile/export`, { form, headers: { "sec-fetch-site": "same-origin" } });
  const rows = (await answer.text()).trim().split("\n").map((line) => JSON.parse(line) as { id: string; text: string });
  const wrong = rows.filter(({ id, text }, at) => id !== idOf(at) || !text.startsWith(`${wellFormed(strings[at] ?? "")} #`));
  expect([rows.length, wrong.slice(0, 3)]).toEqual([strings.length, []]);
});

test("no string becomes part of the page as a filter, right or wrong", async ({ page, watch }) => {
  watch.foresee(/422/);
  const paths = strings.flatMap((text, at) => {
    const quoted = JSON.stringify(wellFormed(text));
    const q = [wellFormed(text), quoted, `hashtag:${quoted}`, `lang:(de OR ${quoted})`][at % 4] ?? "";
    const parts = new URLSearchParams({ q, off: at % 3 === 0 ? quoted : "", sort: at % 5 === 0 ? text : "" });
    return [`/c/hostile?${parts.toString()}`, ...(at % 10 === 0 ? [`/c/hostile/export?${parts.toString()}`, `/c/hostile/views/new?${parts.toString()}`] : [])];
  });
  expect.soft(await strangeAt(page, paths, [200, 400, 422])).toEqual([]);
});

test("no string becomes part of the page as a name that a person gives", async ({ page }) => {
  const headers = { "sec-fetch-site": "same-origin" };
  const names = strings.filter((text) => [...text].length < 60).slice(0, 90);
  for (const name of names) {
    const form = { name, q: "mark", shared: "on" };
    for (const path of ["/c/hostile/views", "/boards"]) await page.request.post(`${roost.url}${path}`, { form, headers });
    await page.request.post(`${roost.url}/c/hostile/alerts`, { form: { ...form, rule: "new", new_at_least: "1" }, headers });
  }
  roost.import("hostile", hostilePages(strings.slice(0, 50), newest() - 50));
  await page.goto(`${roost.url}/notices`);
  await expect.poll(async () => (await page.reload(), page.locator(".notice").count())).toBeGreaterThan(20);
  await open(page);
  const given = ["/c/hostile/views", "/boards", "/alerts", "/notices", "/exports"];
  expect.soft(await strangeAt(page, given)).toEqual([]);
  for (const path of given) {
    await page.goto(`${roost.url}${path}`);
    await ready(page);
    await expectNothingStrange(page);
  }
});
