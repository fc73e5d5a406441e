import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count } from "../support/garden";

const tomatoes = count((tweet) => tweet.plant === "tomato");

test("a view keeps filter, order and columns under a name", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato", sort: "-likes", cols: "text,likes" });
  const button = page.getByTitle("Saved views (v)");
  const [menu, save] = [page.locator("#views"), page.locator("#save")];
  await expect(button).toHaveText("Views");
  await page.keyboard.press("s");
  await expectAccessible(page, "saving a view");
  await expect(save.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Tomatoes");
  await save.getByRole("checkbox", { name: "For everyone" }).check();
  await save.getByRole("button", { name: "Save this view" }).click();
  await expect(button).toHaveText("Tomatoes");
  await explore.expectTotal(tomatoes);

  // However it is written, it is the same filter.
  await page.goto(page.url().replace("q=tomato", "q=(tomato)"));
  await expect(button).toHaveText("Tomatoes");
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
  await expectAccessible(page, "views");
  await menu.getByLabel("Delete the view Tomatoes").click();
  await menu.getByRole("button", { name: "Delete for everyone" }).click();
  await expect(button).toHaveText("Views");
  await explore.expectTotal(tomatoes);
});

test("a view without a name is not saved", async ({ explore, page }) => {
  await explore.open();
  await page.getByRole("button", { name: "Save view" }).click();
  const name = page.locator("#save").getByRole("textbox", { name: "Name" });
  await page.locator("#save").getByRole("button", { name: "Save this view" }).click();
  await expect(name).toHaveJSProperty("validity.valueMissing", true);
});
