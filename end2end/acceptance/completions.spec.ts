import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count } from "../support/garden";

test("columns are offered by what people call them, then their values with counts", async ({ explore, page }) => {
  await explore.open();
  await explore.box.pressSequentially("langu");
  await expect(explore.options).toHaveText([/^lang:/]);
  await page.keyboard.press("Tab");
  await expect(explore.box).toHaveValue("lang:");
  await expect(explore.options).toHaveText([/^lang:en/, /^lang:de/, /^lang:fr/, /^lang:".*1 tweet$/]);
  await expect(explore.options.filter({ hasText: "lang:de" })).toContainText(`${count((tweet) => tweet.lang === "de")} tweets`);
  await expectAccessible(page, "with completions");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(explore.box).toHaveAttribute("aria-activedescendant", "option-1");
  await page.keyboard.press("Enter");
  await expect(explore.box).toHaveValue("lang:de ");
  await expect(explore.options).toHaveCount(0);
  await page.keyboard.press("Enter");
  await explore.expectFilter("lang:de");
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
});

test("counts are those within the filter that is applied", async ({ explore }) => {
  await explore.open("ten", { q: "lang:en" });
  await explore.box.press("End");
  await explore.box.pressSequentially(" type:");
  await expect(explore.options).toHaveText([/^is:original.*3 tweets/, /^is:reply.*1 tweet$/]);
});

test("an option can be clicked, within parentheses and after a minus too", async ({ explore, page }) => {
  await explore.open();
  await explore.box.pressSequentially("-lang:(de OR e");
  await explore.options.filter({ hasText: "en" }).click();
  await expect(explore.box).toHaveValue("-lang:(de OR en ");
  await expect(explore.box).toBeFocused();
  await explore.box.pressSequentially(") #mo");
  await expect(explore.options).toHaveText([/^#moon/]);
  await page.keyboard.press("Tab");
  await expect(explore.box).toHaveValue("-lang:(de OR en ) #moon ");
});

test("Escape closes the list and keeps what was written; Tab then leaves the box", async ({ explore, page }) => {
  await explore.open();
  await explore.box.pressSequentially("is:re");
  await expect(explore.options).toHaveCount(3);
  await page.keyboard.press("Escape");
  await expect(explore.options).toHaveCount(0);
  await expect(explore.box).toHaveValue("is:re");
  await expect(explore.box).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(explore.box).not.toBeFocused();
});
