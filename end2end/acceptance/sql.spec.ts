import fs from "node:fs";
import type { Page } from "@playwright/test";
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";
import type { Roost } from "../support/roost";

test.use({ storageState: nobody });

/** Signs in as an analyst of a Roost with made-up tweets that are all in the lake. */
async function open(page: Page, roost: Roost): Promise<void> {
  const file = `${roost.data}/tweets.jsonl`;
  roost.run(["simulate", "--write", file, "--tweets", "2000", "--seed", "1", "--until", "2026-11-01T00:00:00Z"]);
  roost.run(["import", "--collection", "Weather", file]);
  roost.run(["lake", "sql", "SELECT 1"]);
  roost.addUser("ina", PASSWORD, "analyst");
  await roost.start();
  await page.goto(`${roost.url}/sign-in?next=/exports`);
  await new SignIn(page).signIn("ina", PASSWORD);
}

const question = (page: Page) => page.getByLabel("Question in SQL");

test("an analyst asks, sees table and plot, and saves the answer", async ({ fresh, page }) => {
  await open(page, fresh);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "SQL" }).click();
  await expect(page).toHaveTitle("SQL · Roost");
  await expect(page.getByText("All tweets up to now are in it.")).toBeVisible();
  await expect(page.locator(".sql-columns code", { hasText: /^hashtag$/ })).toBeVisible();
  await expectAccessible(page, "the question");

  // 1: an example, with its plot
  await page.getByRole("button", { name: "Tweets by day and language" }).click();
  await expect(page.getByRole("heading", { name: /^[\d,]+ rows$/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /^tweets by day, lang\. Highest: en, 2026-\d\d-\d\d, with \d+/ })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "tweets bigint" })).toBeVisible();
  await expect(page.getByText(/ s · .+ rows and .+B read/)).toBeVisible();
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page, `an answer, ${scheme}`);
  }

  // 2: a question of one's own, by keys alone
  await question(page).fill("SELECT lang, count(*) AS n\nFROM tweets GROUP BY lang ORDER BY n DESC");
  await page.getByLabel("Plot, where there can be one").uncheck();
  await question(page).press("Control+Enter");
  await expect(page.getByRole("columnheader", { name: "lang text" })).toBeVisible();
  await expect(page.getByRole("img", { name: /by lang/ })).toHaveCount(0);
  await expect(question(page)).toHaveValue("SELECT lang, count(*) AS n\nFROM tweets GROUP BY lang ORDER BY n DESC");
  const most = await page.locator(".sql-rows tbody tr").first().innerText();

  // 3: as a file
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV for spreadsheets" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^roost-sql-\d{4}-\d\d-\d\d\.csv$/);
  const lines = fs.readFileSync(await file.path(), "utf8").split("\r\n");
  expect(lines[0]).toBe('\uFEFF"lang","n"');
  expect(lines[1]).toBe(most.replace(",", "").split("\t").map((cell) => `"${cell}"`).join(","));
  expect(fresh.run(["audit", "list", "--json"])).toContain("sql.asked");
});

test("what is wrong is shown at its place, on a phone too", async ({ fresh, page, watch }) => {
  watch.foresee(/(answer|status of) 422/);
  await open(page, fresh);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${fresh.url}/sql`);
  await question(page).fill("SELECT lang,\n  lieks\nFROM tweets");
  await page.getByRole("button", { name: "Run" }).click();
  const problem = page.getByRole("alert");
  await expect(problem).toContainText("line 2, column 3");
  await expect(problem).toContainText("Did you mean");
  await expect(problem.locator("mark")).toHaveText("lieks");
  await expect(question(page)).toHaveValue("SELECT lang,\n  lieks\nFROM tweets");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page, `an error on a phone, ${scheme}`);
  }
  await page.getByRole("button", { name: "Most liked with a word" }).click();
  await expect(page.getByRole("heading", { name: /rows?$/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectAccessible(page, "an answer on a phone");
});

test("for a viewer there is no such page, and no way to it", async ({ fresh, page, watch }) => {
  watch.foresee(/(answer|status of) 404/);
  fresh.addUser("bea", PASSWORD, "viewer");
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/sql`);
  await new SignIn(page).signIn("bea", PASSWORD);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expect(page.getByRole("link", { name: "SQL" })).toHaveCount(0);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a question is asked all the same", async ({ fresh, page }) => {
    await open(page, fresh);
    await page.goto(`${fresh.url}/sql`);
    await question(page).fill("SELECT count(*) FROM tweets");
    await page.getByRole("button", { name: "Run" }).click();
    await expect(page.getByRole("heading", { name: "1 row" })).toBeVisible();
  });
});
