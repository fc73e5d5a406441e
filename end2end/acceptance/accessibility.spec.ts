import { expect, nobody, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { ready } from "../support/ready";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("the explore page has no serious finding", async ({ explore, page }) => {
      await explore.open("garden", { q: "lang:de -is:retweet" });
      await expectAccessible(page, "filtered");
      await explore.rowLinks.first().click();
      await expect(explore.detail.field("Tweet id")).toBeVisible();
      await expectAccessible(page, "with details");
      await explore.detail.close.click();
      await explore.menu("likes", "Likes").open();
      await expectAccessible(page, "with a column's menu");
    });

    test("the menus and sheets have no serious finding", async ({ explore, page }) => {
      await explore.open();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page, "keys");
      await page.keyboard.press("Escape");
      await page.keyboard.press("c");
      await expect(page.getByRole("button", { name: "Show these" })).toBeVisible();
      await expectAccessible(page, "columns");
    });

    test("empty and wrong results have no serious finding", async ({ explore, page }) => {
      await explore.open("garden", { q: "lang:de likes>=4000" });
      await expect(page.getByRole("heading", { name: "No tweets match" })).toBeVisible();
      await expectAccessible(page, "empty");
      await explore.filter("lan:de");
      await expect(page.getByRole("alert")).toBeVisible();
      await expectAccessible(page, "wrong filter");
    });

    test("the other pages have no serious finding", async ({ page, watch }) => {
      await page.goto("/");
      await ready(page);
      await expectAccessible(page, "collections");
      watch.foresee(/(answer|status of) 404/);
      await page.goto("/c/none");
      await ready(page);
      await expectAccessible(page, "error");
      await page.goto("/none");
      await ready(page);
      await expectAccessible(page, "not found");
    });

    test.describe("signed out", () => {
      test.use({ storageState: nobody });

      test("the way in has no serious finding", async ({ page }) => {
        for (const path of ["/sign-in", "/sign-in?error=wrong", "/setup?token=x", "/setup?token=x&error=weak"]) {
          await page.goto(path);
          await ready(page);
          await expectAccessible(page, path);
        }
      });
    });
  });
}

test("forced colours have no serious finding", async ({ explore, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await explore.open("garden", { q: "lang:de -is:retweet" });
  await explore.rowLinks.first().click();
  await expect(explore.detail.field("Tweet id")).toBeVisible();
  await expectAccessible(page, "forced colours");
});
