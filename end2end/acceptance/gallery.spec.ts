import { expect, nobody, test } from "../fixtures";
import { expectAccessible } from "../support/axe";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("developers see the parts of the pages in their states, without a serious finding", async ({ page }) => {
      // What waits for its first answer never comes to rest here.
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.goto("/dev/gallery");
      await expect(page.getByRole("heading", { name: "Gallery" })).toBeVisible();
      for (const part of ["Buttons", "Conditions", "Histogram", "Rows", "Errors", "Before the first answer", "Plots"]) {
        await expect(page.getByRole("region", { name: part, exact: true })).toBeVisible();
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, "nothing is wider than the page").toBeLessThanOrEqual(0);
      await expectAccessible(page, "gallery");
    });
  });
}

test.describe("signed out", () => {
  test.use({ storageState: nobody });

  for (const landscape of ["qa", "production"]) {
    test(`in ${landscape} there is no gallery`, async ({ fresh, page, watch }) => {
      watch.foresee(/(answer|status of) 404/);
      await fresh.start(["serve"], { ROOST_LANDSCAPE: landscape });
      expect((await page.goto(`${fresh.url}/dev/gallery`))?.status()).toBe(404);
      await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
    });
  }
});
