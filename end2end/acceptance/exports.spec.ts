import { readFileSync } from "node:fs";
import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count, garden } from "../support/garden";

test("what is shown is what is exported: these rows, these columns, this order", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato", sort: "likes", cols: "id,likes,text" });
  const expected = garden.filter((tweet) => tweet.plant === "tomato").sort((a, b) => a.likes - b.likes || (a.id < b.id ? -1 : 1));
  await page.keyboard.press("x");
  const dialog = page.getByRole("dialog", { name: "Export" });
  await expect(dialog).toContainText(`${expected.length} of ${expected.length} tweets that match`);
  await expect(dialog.locator(".preview-table tbody tr")).toHaveCount(Math.min(5, expected.length));
  await expect(dialog.locator(".preview-table tbody td").first()).toHaveText(expected[0]?.id ?? "none");
  await expectAccessible(page, "export");
  await dialog.getByRole("radio", { name: "CSV, exact, for programs" }).check();
  const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: /^Download/ }).click()]);
  expect(download.suggestedFilename()).toMatch(/^roost-garden-\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\r\n");
  expect(lines[0]).toBe("id,likes,text");
  expect(lines.slice(1).map((line) => line.split(",").slice(0, 2))).toEqual(expected.map(({ id, likes }) => [id, String(likes)]));
});

test("the number of an export is exact before it starts, it can be cut, and what is wrong is told while typing", async ({ explore, page, watch }) => {
  watch.foresee(/422/);
  await explore.open("garden", { q: "lang:de" });
  const german = count((tweet) => tweet.lang === "de");
  await page.getByRole("link", { name: `Export ${german}` }).click();
  const dialog = page.getByRole("dialog", { name: "Export" });
  await expect(dialog).toContainText("more today (UTC)");
  await dialog.getByRole("radio", { name: "Tweet ids only" }).check();
  await expect(dialog).toContainText("Ids alone are not limited.");
  await dialog.getByRole("textbox", { name: "First rows" }).fill("abc");
  await expect(dialog.getByRole("alert")).toHaveText('"abc" is no number of tweets.');
  await dialog.getByRole("textbox", { name: "First rows" }).fill("3");
  const button = dialog.getByRole("button", { name: "Download 3 tweets" });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  expect(readFileSync(await download.path(), "utf8").trim().split("\n")).toEqual((await explore.ids()).slice(0, 3));
});

test("what is left today is told anew after a download, and the focus stays", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:de" });
  await page.keyboard.press("x");
  const dialog = page.getByRole("dialog", { name: "Export" });
  await dialog.getByRole("textbox", { name: "First rows" }).fill("2");
  const button = dialog.getByRole("button", { name: "Download 2 tweets" });
  await expect(button).toBeVisible();
  const left = async () => Number((await dialog.getByText("more today (UTC)").innerText()).match(/([\d,]+) more today/)?.[1]?.replaceAll(",", ""));
  const before = await left();
  await Promise.all([page.waitForEvent("download"), button.press("Enter")]);
  await expect.poll(left).toBe(before - 2);
  await expect(button).toBeFocused();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("an export is a page, and what was exported is listed with where it comes from", async ({ explore, page }) => {
    await explore.open("garden", { q: "lang:de" });
    await page.getByRole("link", { name: /^Export \d/ }).click();
    await expect(page).toHaveTitle("Export · Roost");
    await page.getByRole("radio", { name: "Excel workbook" }).check();
    await page.getByLabel("Time zone").fill("Europe/Berlin");
    await page.getByRole("button", { name: "Show what this gives" }).click();
    await expect(page.locator(".preview-table th").first()).toHaveText("Time (Europe/Berlin)");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Download/ }).click()]);
    expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
    await page.getByRole("link", { name: "Exports" }).click();
    const first = page.locator(".exports-list > li").first();
    await expect(first).toContainText("lang:de");
    await expect(first).toContainText("Excel workbook");
    await first.getByText("About this export").click();
    await expect(first.getByText("Europe/Berlin")).toBeVisible();
  });
});
