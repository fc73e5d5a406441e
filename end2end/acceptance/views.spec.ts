import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count } from "../support/garden";

const tomatoes = count((tweet) => tweet.plant === "tomato");

test("a view keeps filter, order and columns under a name", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato", sort: "-likes", cols: "text,likes" });
  const button = page.getByTitle("Saved views (v)");
  const menu = page.locator("#views");
  await expect(button).toHaveText("Views");
  await page.keyboard.press("v");
  await expectAccessible(page, "views");
  await menu.getByRole("textbox", { name: "Name" }).fill("Tomatoes");
  await menu.getByRole("checkbox", { name: "For everyone" }).check();
  await menu.getByRole("button", { name: "Save this view" }).click();
  await expect(button).toHaveText("Tomatoes");
  await explore.expectTotal(tomatoes);

  await explore.filter("tomato lang:de");
  await expect(button).toHaveText("Tomatoeschanged");
  await button.click();
  await menu.getByRole("link", { name: "Tomatoes back to it" }).click();
  await explore.expectTotal(tomatoes);
  await expect(button).toHaveText("Tomatoes");

  await explore.open("garden");
  await page.keyboard.press("v");
  await menu.getByRole("link", { name: "Tomatoes for everyone" }).click();
  await explore.expectFilter("tomato");
  await expect(explore.header("Likes")).toHaveAttribute("aria-sort", "descending");
  await expect(explore.header("Author")).toHaveCount(0);

  await page.keyboard.press("v");
  await menu.getByRole("button", { name: "Delete the view Tomatoes" }).click();
  await expect(button).toHaveText("Views");
  await explore.expectTotal(tomatoes);
});

test("a view without a name is not saved", async ({ explore, page }) => {
  await explore.open();
  await page.keyboard.press("v");
  const name = page.locator("#views").getByRole("textbox", { name: "Name" });
  await page.locator("#views").getByRole("button", { name: "Save this view" }).click();
  await expect(name).toHaveJSProperty("validity.valueMissing", true);
});
