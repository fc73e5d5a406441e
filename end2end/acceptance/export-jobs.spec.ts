import { readFileSync } from "node:fs";
import path from "node:path";
import { type Download, expect, type Page } from "@playwright/test";
import { PASSWORD, test } from "../fixtures";
import { Setup } from "../pages/setup";
import { expectAccessible } from "../support/axe";
import type { Roost } from "../support/roost";

const TWEETS = 60_000;
const FIRST = 312;

function importMany(roost: Roost): void {
  const file = path.join(roost.data, "many.jsonl");
  roost.run(["simulate", "--tweets", String(TWEETS), "--write", file]);
  roost.run(["import", "--collection", "many", file]);
}

async function lines(download: Promise<Download>): Promise<string[]> {
  return readFileSync(await (await download).path(), "utf8").trim().split(/\r?\n/);
}

/** The button that begins, or makes, the export. */
async function download(page: Page, button: RegExp): Promise<string[]> {
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  return lines(coming);
}

test("some are had at once as they stand; more than the day's limit as ids, made in the background", async ({ fresh, explore, page, watch }) => {
  test.setTimeout(180_000);
  watch.foresee(/interrupted|ERR_ABORTED/);
  importMany(fresh);
  await fresh.start();
  const setup = new Setup(page);
  await page.goto(await fresh.setupLink());
  await setup.makeAccount("bea", PASSWORD);
  await page.goto(`${fresh.url}/c/many?cols=id,likes&sort=-likes`);
  const total = await explore.total();
  expect(total).toBeGreaterThan(50_000);
  const ids = await explore.ids();

  await page.keyboard.press("x");
  const dialog = page.getByRole("dialog", { name: "Export" });
  await dialog.getByRole("radio", { name: "CSV, exact, for programs" }).check();
  await dialog.getByRole("textbox", { name: "First rows" }).fill(String(FIRST));
  const [head, ...rows] = await download(page, new RegExp(`^Download ${FIRST} tweets`));
  expect([head, rows.length]).toEqual(["id,likes", FIRST]);
  expect(rows.slice(0, ids.length).map((row) => row.split(",")[0])).toEqual(ids);

  await page.goto(`${fresh.url}/c/many/export`);
  await expect(page.getByRole("alert")).toContainText("more than that");
  await expect(page.getByRole("button", { name: /^Make \d/ })).toBeDisabled();
  await expectAccessible(page, "export over the limit");
  const told = total.toLocaleString("en-US");
  await page.getByRole("link", { name: `All ${told} as ids only` }).click();
  await page.getByRole("button", { name: `Make ${told} tweets` }).click();
  await expect(page).toHaveURL(/\/exports/);
  // Whoever leaves it finds it again, and the page follows by itself.
  await page.goto(`${fresh.url}/c/many`);
  await page.getByRole("link", { name: "Exports" }).click();
  const job = page.locator(".exports-list > li").first();
  await expect(job).toContainText(`Ready: ${told} of ${told}`, { timeout: 60_000 });
  await expect(page.getByRole("status")).toContainText("1 file is ready to be downloaded.");
  await expect(job).toContainText("Kept until");
  await expectAccessible(page, "exports");
  const coming = page.waitForEvent("download");
  await job.getByRole("link", { name: /^Download/ }).click();
  const made = await lines(coming);
  expect([made.length, new Set(made).size]).toEqual([total, total]);
  await job.getByRole("button", { name: "Delete the file" }).click();
  await expect(job).toContainText("Its file was deleted.");
});
