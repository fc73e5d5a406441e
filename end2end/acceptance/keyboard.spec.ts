import { expect, test } from "../fixtures";
import { count } from "../support/garden";

test("a slash goes to the box, and keys typed there stay there", async ({ explore, page }) => {
  await explore.open();
  await page.keyboard.press("/");
  await expect(explore.box).toBeFocused();
  await page.keyboard.type("j0?[lang");
  await expect(explore.box).toHaveValue("j0?[lang");
  await expect(page).toHaveURL(/\/c\/garden$/);
  await page.keyboard.press("Escape");
  await expect(explore.box).not.toBeFocused();
});

test("a question mark opens the help, and Esc closes it", async ({ explore, page }) => {
  await explore.open();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("with the keyboard alone one filters, picks a row, reads it and turns the page", async ({ explore, page }) => {
  await explore.open();
  await page.keyboard.press("/");
  await page.keyboard.type("lang:en");
  await page.keyboard.press("Enter");
  await explore.expectTotal(count((tweet) => tweet.lang === "en"));
  await page.keyboard.press("Escape");
  const ids = await explore.ids();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(explore.rowLinks.nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await explore.detail.expectTweet(ids[1] ?? "");
  await page.keyboard.press("Escape");
  await expect(explore.detail.panel).toBeHidden();
  await page.keyboard.press("]");
  await expect(page.getByText(/^51–/)).toBeVisible();
  await page.keyboard.press("[");
  await expect(page.getByText(/^1–\d/)).toBeVisible();
});

test("c opens the columns and t the time", async ({ explore, page }) => {
  await explore.open();
  await page.keyboard.press("c");
  await expect(page.getByRole("button", { name: "Show these" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Show these" })).toBeHidden();
  await page.keyboard.press("t");
  await expect(page.getByRole("link", { name: "Last 7 days" })).toBeVisible();
});

test("the first Tab offers to skip to the content", async ({ explore, page }) => {
  await explore.open();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
});

test("brackets turn the page where they are typed with AltGr", async ({ explore, page }) => {
  await explore.open();
  const altGr = (key: string) =>
    page.evaluate((key) => {
      const keys = { key, ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new KeyboardEvent("keydown", keys));
    }, key);
  await altGr("]");
  await expect(page.getByText(/^51–/)).toBeVisible();
  await altGr("[");
  await expect(page.getByText(/^1–\d/)).toBeVisible();
});
