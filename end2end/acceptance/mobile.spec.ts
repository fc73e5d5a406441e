import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count, TOTAL } from "../support/garden";

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}

test("on a phone rows are cards that can be read @mobile", async ({ explore, page }) => {
  await explore.open();
  await explore.expectTotal(TOTAL);
  await expect(explore.rows).toHaveCount(50);
  const width = page.viewportSize()?.width ?? 0;
  const text = await explore.cells("text").first().boundingBox();
  expect(text?.width ?? 0).toBeGreaterThan(width * 0.8);
  await expect(explore.cells("likes").first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "cards");
});

test("on a phone the facets are a sheet @mobile", async ({ explore, page }) => {
  await explore.open();
  await expect(explore.facet("Language").region).toBeHidden();
  await page.getByRole("button", { name: "Filters" }).tap();
  await expect(explore.facet("Language").region).toBeVisible();
  await expectAccessible(page, "sheet");
  await explore.facet("Language").value("de").tap();
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await expectNoSidewaysScroll(page);
});

test("on a phone the sheet of facets closes again @mobile", async ({ explore, page }) => {
  await explore.open();
  await page.getByRole("button", { name: "Filters" }).tap();
  await page.getByRole("button", { name: "Close the filters" }).tap();
  await expect(explore.facet("Language").region).toBeHidden();
});

test("on a phone a tweet fills the page, and leads back to the list @mobile", async ({ explore, page }) => {
  await explore.open();
  const ids = await explore.ids();
  await explore.rowLinks.nth(2).tap();
  await explore.detail.expectTweet(ids[2] ?? "");
  const panel = await explore.detail.panel.boundingBox();
  expect(panel?.width ?? 0).toBeGreaterThanOrEqual((page.viewportSize()?.width ?? 0) - 1);
  await expectNoSidewaysScroll(page);
  await explore.detail.close.tap();
  await expect(explore.detail.panel).toBeHidden();
  await expect(explore.rows.nth(2)).toBeInViewport();
});

test("on a phone the sheet says how many tweets there are, and leads back to them @mobile", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:de" });
  await expect(page.getByRole("button", { name: "Filters 1" })).toBeVisible();
  await page.getByRole("button", { name: "Filters" }).tap();
  await page.getByRole("button", { name: `Show ${count((tweet) => tweet.lang === "de")} tweets` }).tap();
  await expect(explore.facet("Language").region).toBeHidden();
});

test("on a phone rows are sorted by a menu, and another filter begins at the top @mobile", async ({ explore, page }) => {
  await explore.open();
  await page.evaluate(() => window.scrollTo(0, 3000));
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.getByRole("button", { name: "sorted by time ↓" }).tap();
  await page.locator("#sort").getByRole("link", { name: "Likes" }).tap();
  await expect.poll(async () => (await explore.numbers("likes"))[0]).toBe(5000);
  await page.evaluate(() => window.scrollTo(0, 3000));
  await explore.cells("text").locator(".tag-link").first().evaluate((link: HTMLElement) => link.click());
  await expect(explore.chips).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
});

test("on a dark phone nothing serious is found @mobile", async ({ explore, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await explore.open("garden", { q: "lang:de" });
  await expectAccessible(page, "dark cards");
  await explore.rowLinks.first().tap();
  await expect(explore.detail.field("Tweet id")).toBeVisible();
  await expectAccessible(page, "dark details");
});
