import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { garden, TOTAL } from "../support/garden";

const zone = (page: Page) => page.locator(".foot .zone");

async function choose(page: Page, url: string, name: string): Promise<void> {
  await page.context().addCookies([{ name: "zone", value: name, url }]);
}

test.describe("in St. John's", () => {
  test.use({ timezoneId: "America/St_Johns" });

  test("the first page is in UTC and says so, the next one in the zone of the browser", async ({ explore, page }) => {
    await explore.open();
    await expect(zone(page)).toHaveText("UTC");
    const newest = page.locator('td time[datetime^="2026-03-10T20:00"]');
    await expect(newest).toContainText("20:00");
    await explore.reload();
    await expect(zone(page)).toHaveText(/^UTC−[23]:30$/);
    // Clocks had gone forward two days before.
    await expect(newest).toContainText("17:30");
    await expect(newest).toHaveAttribute("title", "Tue 10 Mar 2026, 17:30:00 UTC−2:30");
  });
});

test("another zone is chosen in the menu of the account", async ({ explore, page }) => {
  await explore.open();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("link", { name: "Time zone: UTC" }).click();
  await expectAccessible(page, "the choice of the zone");
  const name = page.getByRole("combobox", { name: /^Zone, such as/ });
  await name.fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText('There is no time zone "Mars/Olympus"');
  await name.fill("europe/berlin");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe("/c/garden");
  await expect(zone(page)).toHaveAttribute("title", /Europe\/Berlin/);

  // What is typed means a day there, the link says so, and everything speaks of that day.
  await explore.filter("created:2026-03-05");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("created:2026-03-05+01:00");
  await expect(explore.box).toHaveValue("created:2026-03-05");
  await expect(explore.chips).toContainText("time is 2026-03-05");
  await expect(page.locator(".time-button")).toContainText("5 Mar");
  await explore.reload();
  await expect(explore.box).toHaveValue("created:2026-03-05");

  // The day on which clocks go forward.
  await explore.filter("created:2026-03-29");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("created:2026-03-29+01:00..2026-03-29+02:00");
  await expect(explore.box).toHaveValue("created:2026-03-29");
});

test("a link shows the same tweets in every zone", async ({ explore, page, roost }) => {
  await choose(page, roost.url, "Asia/Kolkata");
  await explore.open();
  await explore.filter("created:2026-03-05");
  await explore.expectTotal(12);
  const [from, to] = [Date.parse("2026-03-04T18:30:00Z"), Date.parse("2026-03-05T18:30:00Z")];
  const inside = garden.filter((tweet) => tweet.created >= from && tweet.created < to).map((tweet) => tweet.id);
  await expect.poll(async () => (await explore.ids()).sort()).toEqual(inside.sort());
  for (const [name, typed] of [["America/New_York", "created:2026-03-05+05:30"], ["Asia/Kolkata", "created:2026-03-05"]] as const) {
    await choose(page, roost.url, name);
    await explore.reload();
    await expect(explore.box).toHaveValue(typed);
    await expect.poll(async () => (await explore.ids()).sort()).toEqual(inside.sort());
  }
});

test("bars begin by the clocks of the zone, and a click shows what lies in one", async ({ explore, page, roost }) => {
  await choose(page, roost.url, "Asia/Kolkata");
  await explore.open();
  const labels = await explore.histogram.bars.evaluateAll((bars) => bars.map((bar) => bar.getAttribute("aria-label") ?? ""));
  expect(labels.length).toBeGreaterThan(20);
  for (const label of labels) expect(label).toMatch(/, (00|06|12|18):00: /);
  const counts = await explore.histogram.counts();
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(TOTAL);
  const middle = Math.floor(counts.length / 2);
  await explore.histogram.bars.nth(middle).click();
  await explore.expectTotal(counts[middle] ?? -1);
  await expect(explore.chips).toContainText(/time from \d{4}-\d\d-\d\d (00|06|12|18):00/);
});

test("a board has days of whoever chooses them, and its link says so", async ({ page, roost }) => {
  await choose(page, roost.url, "Europe/Berlin");
  await page.goto("/boards");
  await page.getByRole("textbox", { name: "Name" }).fill("Zones");
  await page.getByRole("button", { name: "Create board" }).click();
  await page.getByLabel("From").fill("2026-03-28");
  await page.getByLabel("To", { exact: true }).fill("2026-03-29");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/from=2026-03-28%2B01:00&to=2026-03-29%2B02:00$/);
  await expect(page.getByLabel("From")).toHaveValue("2026-03-28");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  // Without script the browser refuses to preload it.
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("what is typed is a day of the zone too", async ({ explore, page, roost }) => {
    await choose(page, roost.url, "Europe/Berlin");
    await explore.open();
    await explore.filter("created:2026-03-05");
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("created:2026-03-05+01:00");
    await expect(explore.box).toHaveValue("created:2026-03-05");
  });
});
