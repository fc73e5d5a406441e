import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";

test("the colours are chosen in the menu of the account, and the server remembers them", async ({ explore, page }) => {
  await explore.open();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("button", { name: "Dark", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expectAccessible(page, "dark, by choice");
  const html = await (await page.request.get("/c/garden")).text();
  expect(html).toMatch(/<html[^>]* data-theme="dark"/);
  await explore.reload();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await expect(page.getByRole("button", { name: "Dark", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "System", exact: true }).click();
  expect(await (await page.request.get("/c/garden")).text()).not.toMatch(/<html[^>]* data-theme="dark"/);
});

test("rows stand closer or wider, and stay so", async ({ explore, page }) => {
  await explore.open();
  const height = async () => (await explore.rows.nth(1).boundingBox())?.height ?? 0;
  const cosy = await height();
  await page.getByRole("button", { name: "compact" }).click();
  await expect.poll(height).toBeLessThan(cosy);
  await explore.reload();
  await expect(page.getByRole("button", { name: "compact" })).toHaveAttribute("aria-pressed", "true");
  expect(await height()).toBeLessThan(cosy);
});

test("one goes from collection to collection by the name of the one that is open", async ({ explore, page }) => {
  await explore.open();
  await page.getByTitle("Other collections").click();
  await expectAccessible(page, "the list of collections");
  await page.getByRole("dialog", { name: "Collections" }).getByRole("link", { name: /^ten/ }).click();
  await explore.expectTotal(10);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ten");
});
