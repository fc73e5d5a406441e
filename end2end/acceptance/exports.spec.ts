import { readFileSync } from "node:fs";
import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count, garden } from "../support/garden";

test("what is shown is what is exported: these rows, these columns, this order", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato", sort: "likes", cols: "id,likes,text" });
  const expected = garden.filter((tweet) => tweet.plant === "tomato").sort((a, b) => a.likes - b.likes || (a.id < b.id ? -1 : 1));
  await page.keyboard.press("x");
  const menu = page.locator("#export");
  await expectAccessible(page, "export");
  await menu.getByRole("combobox", { name: "Format" }).selectOption("CSV, exact, for programs");
  const [download] = await Promise.all([page.waitForEvent("download"), menu.getByRole("button", { name: "Download" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^roost-garden-\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\r\n");
  expect(lines[0]).toBe("id,likes,text");
  expect(lines.slice(1).map((line) => line.split(",").slice(0, 2))).toEqual(expected.map(({ id, likes }) => [id, String(likes)]));
});

test("the number of an export is exact before it starts, and it can be cut", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:de" });
  const german = count((tweet) => tweet.lang === "de");
  const button = page.getByRole("button", { name: `Export ${german}` });
  await button.click();
  const menu = page.locator("#export");
  await expect(menu).toContainText("tweets more today");
  await menu.getByRole("combobox", { name: "Format" }).selectOption("Tweet ids only");
  await menu.getByRole("textbox", { name: "First rows" }).fill("3");
  const [download] = await Promise.all([page.waitForEvent("download"), menu.getByRole("button", { name: "Download" }).click()]);
  expect(readFileSync(await download.path(), "utf8").trim().split("\n")).toEqual((await explore.ids()).slice(0, 3));
});
