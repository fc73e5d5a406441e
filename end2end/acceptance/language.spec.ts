import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";

test("German is chosen in the menu of the account, and the page goes on in German", async ({ explore, page }) => {
  await explore.open();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.locator(".headline h2")).toHaveText(/^120 Tweets von \d+ Autoren$/);
  await expectAccessible(page, "German");

  // What script shows by itself is German too.
  await page.getByRole("combobox", { name: "Filter" }).fill("lang:de likes>=1000");
  await expect(page.locator("#meaning")).toContainText("Sprache ist de, und Likes ≥ 1.000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Bedingungen" })).toContainText("Sprache ist de");
  await page.getByRole("combobox", { name: "Filter" }).fill("lan:de");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").first()).toContainText("Es gibt keine Spalte");

  // Sheets are, in the dialog and as pages.
  await page.getByRole("link", { name: "Teilen" }).click();
  await expect(page.getByRole("dialog", { name: "Teilen" })).toContainText("Für immer dieselben Tweets");
  await page.keyboard.press("Escape");
  for (const [path, title] of [["/boards", "Tafeln"], ["/alerts", "Alarme"], ["/exports", "Exporte"], ["/notices", "Hinweise"]]) {
    await page.goto(path ?? "");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title ?? "");
    await expectAccessible(page, `${title}, German`);
  }

  await page.getByRole("button", { name: /^Konto von/ }).click();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test.describe("as the browser asks for it", () => {
  test.use({ locale: "de-AT" });

  test("the page is German, and stays English for who has chosen that", async ({ explore, page }) => {
    await explore.open();
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await page.getByRole("button", { name: /^Konto von/ }).click();
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.getByRole("button", { name: /^Account of/ })).toBeVisible();
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  // Without script the browser refuses to preload it.
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("German is chosen by the same button", async ({ explore, page }) => {
    await explore.open("garden", { q: "lan:de" });
    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByRole("button", { name: "Deutsch" }).click();
    await expect(page.getByRole("alert").first()).toContainText("Es gibt keine Spalte „lan“. Meinten Sie lang?");
  });
});
