import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count } from "../support/garden";

const tomatoes = count((tweet) => tweet.plant === "tomato");

test("a view keeps filter, order, columns and widths, tells what was changed, and goes back", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato", sort: "-likes", cols: "text:420,likes" });
  const button = page.getByTitle("Saved views (v)");
  await expect(button).toHaveText("Views");
  await page.keyboard.press("s");
  const saving = page.getByRole("dialog", { name: "Save view" });
  await expect(saving.getByRole("textbox", { name: "Name" })).toBeFocused();
  await expectAccessible(page, "saving a view");
  await page.keyboard.type("Tomatoes");
  await saving.getByRole("checkbox", { name: "For everyone" }).check();
  await saving.getByRole("button", { name: "Save this view" }).click();
  await expect(button).toHaveText("Tomatoes");
  await explore.expectTotal(tomatoes);

  // However it is written, it is the same filter.
  await page.goto(page.url().replace("q=tomato", "q=(tomato)"));
  await expect(button).toHaveText("Tomatoes");
  await explore.filter("tomato lang:de");
  await expect(button).toHaveText("Tomatoeschanged");
  await button.click();
  const views = page.getByRole("dialog", { name: "Saved views" });
  await expect(views.getByRole("region", { name: "Changed in Tomatoes" }).getByRole("listitem")).toHaveText(["+ language is de"]);
  await expectAccessible(page, "views");
  await views.getByRole("link", { name: "Revert" }).click();
  await explore.expectTotal(tomatoes);
  await expect(button).toHaveText("Tomatoes");

  await explore.open("garden");
  await page.keyboard.press("v");
  await views.getByRole("link", { name: /^Tomatoes/ }).click();
  await explore.expectFilter("tomato");
  await expect(explore.header("Likes")).toHaveAttribute("aria-sort", "descending");
  await expect(explore.header("Author")).toHaveCount(0);
  expect(page.url()).toContain("text:420");

  await page.keyboard.press("v");
  await views.getByRole("link", { name: "Edit Tomatoes" }).click();
  const edit = page.getByRole("dialog", { name: "Tomatoes" });
  await expectAccessible(page, "editing a view");
  await edit.getByText("Delete", { exact: true }).click();
  await edit.getByRole("button", { name: "Delete for everyone" }).click();
  await expect(button).toHaveText("Views");
  await explore.expectTotal(tomatoes);
});

test("a view without a name is not saved", async ({ explore, page }) => {
  await explore.open();
  await page.getByRole("link", { name: "Save view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save view" });
  await dialog.getByRole("button", { name: "Save this view" }).click();
  await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveJSProperty("validity.valueMissing", true);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("views are pages", async ({ explore, page }) => {
    await explore.open("garden", { q: "tomato" });
    await page.getByTitle("Save this view (s)").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Plain tomatoes");
    await page.getByRole("button", { name: "Save this view" }).click();
    await expect(page.getByTitle("Saved views (v)")).toHaveText("Plain tomatoes");
    await page.getByTitle("Saved views (v)").click();
    await expect(page).toHaveTitle("Saved views · Roost");
    await page.getByRole("link", { name: "Edit Plain tomatoes" }).click();
    await page.getByText("Delete", { exact: true }).click();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await explore.expectTotal(tomatoes);
  });
});
