import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import type { Explore } from "../pages/explore";
import { ATTRIBUTE_END, hostileTweet, SCRIPT_END } from "../support/hostile";

// Every column that holds words of strangers.
const cols = "created,author,text,lang,hashtag,mention,cashtag,domain,url,media,place,country,source,annotation,reply_settings,withheld";

/** Nothing of the attack became part of the page, and links lead to the web or to this site. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.evaluate(() => window.hacked)).toBeUndefined();
  await expect(page.locator("[onerror], [onload], [onmouseover], main img, main b b")).toHaveCount(0);
  const links = await page.locator("a").evaluateAll((links) => links.map((link) => new URL(link.getAttribute("href") ?? "", document.baseURI).href));
  expect(links.filter((href) => !/^https?:/.test(href))).toEqual([]);
}

async function expectShown(explore: Explore): Promise<void> {
  const text = explore.cells("text");
  await expect(text).toContainText(SCRIPT_END);
  await expect(text).toContainText(ATTRIBUTE_END);
  await expect(text).toContainText("<b>");
  await expect(text.getByTitle("A hidden control sign")).toContainText(["RLO"]);
  await expect(text).not.toContainText("\u202e");
  await expect(explore.cells("source")).toContainText(SCRIPT_END);
  await expect(explore.cells("annotation")).toContainText(SCRIPT_END);
  await expect(explore.cells("place")).toContainText(SCRIPT_END);
}

test("hostile text in every column is shown as text, from the server and after taking over", async ({ explore, page }) => {
  await explore.open("garden", { q: "hostile", cols, tweet: hostileTweet.id });
  await explore.expectTotal(1);
  await expectShown(explore);
  await explore.detail.expectTweet(hostileTweet.id);
  await expect(explore.detail.panel).toContainText(SCRIPT_END);
  await expectHarmless(page);
});

test("hostile text that arrives by a later filter is shown as text", async ({ explore, page }) => {
  await explore.open("garden", { cols, q: "tomato" });
  await explore.filter("hostile");
  await explore.expectTotal(1);
  await expectShown(explore);
  await explore.rowLinks.first().click();
  await explore.detail.expectTweet(hostileTweet.id);
  await expectHarmless(page);
});

test("hostile values in facets filter by themselves", async ({ explore, page }) => {
  await explore.open("garden", { q: "hostile" });
  await expect(explore.facet("Language").region).toContainText(ATTRIBUTE_END);
  for (const title of ["Language", "Hashtags", "Media"]) {
    const before = page.url();
    await explore.facet(title).region.locator("a.choose").first().click();
    await expect.poll(() => page.url(), `a click on the first value of ${title}`).not.toBe(before);
    await expect(explore.facet(title).region.locator(".value").first()).toHaveClass(/\bon\b/);
    await explore.expectTotal(1);
  }
  await expectHarmless(page);
  await explore.reload();
  await explore.expectTotal(1);
  await expectHarmless(page);
});

test("links in the first column lead out, and the row still opens", async ({ explore, page }) => {
  await explore.open("garden", { q: "has:links", cols: "url,text" });
  const first = explore.cells("url").first();
  await expect(first.getByRole("link", { name: /example\.org/ })).toHaveAttribute("target", "_blank");
  const [id] = await explore.ids();
  await first.getByRole("link", { name: "Open the tweet" }).click();
  await explore.detail.expectTweet(id ?? "");
  await expectHarmless(page);
});

test("a hostile filter and a hostile address are shown as text", async ({ explore, page }) => {
  await explore.open("garden", { q: `"${SCRIPT_END}"`, sort: SCRIPT_END, after: "" });
  await expect(explore.box).toHaveValue(`"${SCRIPT_END}"`);
  await expectHarmless(page);
  await explore.open("garden", { q: `lang:("${SCRIPT_END}` });
  await expect(page.getByRole("alert").filter({ has: page.locator("mark") })).toBeVisible();
  await expectHarmless(page);
});

test("a collection named like an attack is shown as text", async ({ fresh, page, context }) => {
  fresh.import(SCRIPT_END, [{ data: [hostileTweet], includes: { users: [] }, meta: { result_count: 1 } }]);
  fresh.import("other", [{ data: [hostileTweet], includes: { users: [] }, meta: { result_count: 1 } }]);
  fresh.addUser("vera", "nine quiet radishes in a row", "viewer");
  await fresh.start();
  await context.clearCookies();
  await context.request.post(`${fresh.url}/sign-in`, { form: { name: "vera", password: "nine quiet radishes in a row" } });
  await page.goto(fresh.url);
  await page.getByRole("link").filter({ hasText: SCRIPT_END }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(SCRIPT_END);
  await expectHarmless(page);
  await page.reload();
  await expect(page).toHaveTitle(`${SCRIPT_END} · Roost`);
  await expectHarmless(page);
});

test("a page that was changed before it is taken over is mended, and that is told", async ({ explore, page, watch }) => {
  watch.foresee(/Written was/);
  let told = "";
  page.on("console", (message) => (told += message.text()));
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => document.querySelector(".headline h2")?.replaceChildren("gone"));
  });
  await explore.open("garden");
  await explore.expectTotal(120);
  expect(told).toContain("Written was");
});
