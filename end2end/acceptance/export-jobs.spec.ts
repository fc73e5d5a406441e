import { readFileSync } from "node:fs";
import { expect, PASSWORD, test } from "../fixtures";
import { Setup } from "../pages/setup";
import { expectAccessible } from "../support/axe";
import type { Page } from "../support/v2";

const TWEETS = 60_000;

/** So many tweets, a hundred a page. */
function many(): Page[] {
  const tweet = (id: number) => ({ id: String(1_990_000_000_000_000_000n + BigInt(id)), text: `Tweet number ${id}`, created_at: "2026-01-31T10:00:00.000Z" });
  return Array.from({ length: TWEETS / 100 }, (_, page) => ({ data: Array.from({ length: 100 }, (_, i) => tweet(100 * page + i)) })) as Page[];
}

test("more than the day's limit is had as ids, made in the background and taken from the list", async ({ fresh, page, watch }) => {
  test.setTimeout(180_000);
  watch.foresee(/interrupted|ERR_ABORTED/);
  fresh.import("many", many());
  await fresh.start();
  const setup = new Setup(page);
  await page.goto(await fresh.setupLink());
  await setup.makeAccount("bea", PASSWORD);
  await page.goto(`${fresh.url}/c/many/export`);
  await expect(page.getByRole("alert")).toContainText("10,000 more than that");
  await expect(page.getByRole("button", { name: /^Make 60,000/ })).toBeDisabled();
  await expectAccessible(page, "export over the limit");
  await page.getByRole("link", { name: "All 60,000 as ids only" }).click();
  await page.getByRole("button", { name: "Make 60,000 tweets" }).click();
  await expect(page).toHaveURL(/\/exports/);
  // The page follows by itself.
  const job = page.locator(".exports-list > li").first();
  await expect(job).toContainText("Ready: 60,000 of 60,000", { timeout: 60_000 });
  await expect(page.getByRole("status")).toContainText("1 file is ready to be downloaded.");
  await expect(job).toContainText("Kept until");
  await expectAccessible(page, "exports");
  const [download] = await Promise.all([page.waitForEvent("download"), job.getByRole("link", { name: /^Download/ }).click()]);
  const ids = readFileSync(await download.path(), "utf8").trim().split("\n");
  expect([ids.length, new Set(ids).size, ids[0]?.length]).toEqual([TWEETS, TWEETS, 19]);
  await job.getByRole("button", { name: "Delete the file" }).click();
  await expect(job).toContainText("Its file was deleted.");
});
