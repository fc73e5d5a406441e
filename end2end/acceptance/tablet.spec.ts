import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count } from "../support/garden";

test.use({ viewport: { width: 820, height: 1180 } });

test("on a tablet details cover the page: what is behind cannot be reached, a filter leads back to it", async ({ explore, page }) => {
  await explore.open();
  const ids = await explore.ids();
  await explore.rowLinks.nth(1).click();
  await explore.detail.expectTweet(ids[1] ?? "");
  await expectAccessible(page, "details");
  await expect(explore.detail.panel).toBeFocused();
  await expect(explore.box).toBeHidden();
  await expect(explore.rowLinks.first()).toBeHidden();
  const lang = (await explore.detail.field("Lang").locator("dd").first().innerText()).trim();
  await explore.detail.field("Lang").getByRole("link", { name: "Filter for this Lang" }).click();
  await expect(explore.detail.panel).toBeHidden();
  await explore.expectFilter(`lang:${lang}`);
  await explore.expectTotal(count((tweet) => tweet.lang === lang));
});

test("on a tablet the facets are a sheet, and an order by a column without room is told", async ({ explore, page }) => {
  await explore.open("garden", { sort: "-replies" });
  await expect(explore.header("Replies")).toBeHidden();
  await expect(page.getByRole("button", { name: "sorted by replies ↓" })).toBeVisible();
  await page.getByRole("button", { name: "Filters" }).click();
  await explore.facet("Language").choose("de");
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await expectAccessible(page, "sheet");
});
