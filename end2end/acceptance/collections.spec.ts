import { expect, test } from "../fixtures";
import { TOTAL } from "../support/garden";
import { ready } from "../support/ready";

test("the start page lists the collections with their sizes, and opens them", async ({ page, explore }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Collections" })).toBeVisible();
  await expect(page.getByRole("link", { name: /ten\s*10 tweets/ })).toBeVisible();
  await page.getByRole("link", { name: /^garden/ }).click();
  await explore.expectTotal(TOTAL);
  await expect(page).toHaveTitle("garden · Roost");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Collections" })).toBeVisible();
});

test("an address that leads nowhere says so", async ({ page, watch }) => {
  watch.foresee(/(answer|status of) 404/);
  const answer = await page.goto("/no-such-page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await page.getByRole("link", { name: "All collections" }).click();
  await expect(page.getByRole("heading", { name: "Collections" })).toBeVisible();
});

test("a collection that does not exist says so", async ({ page, watch }) => {
  watch.foresee(/(answer|status of) 404/);
  await page.goto("/c/no-such-collection");
  await ready(page);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect(page.getByRole("link", { name: "All collections" })).toBeVisible();
});
