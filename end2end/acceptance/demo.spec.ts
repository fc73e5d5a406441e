import { expect, nobody, test } from "../fixtures";

test.use({ storageState: nobody });

test("the demo opens by its link, and tweets keep coming", async ({ fresh, page, explore }) => {
  test.setTimeout(300_000);
  await fresh.start(["demo", "--tweets", "500", "--seed", "1"]);
  await page.goto(await fresh.welcomeLink());
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Demo", level: 1 })).toBeVisible();
  for (const what of ["the first tweets arrive", "more arrive"]) {
    const before = await explore.total();
    await expect(explore.newer, what).toBeVisible({ timeout: 120_000 });
    await page.keyboard.press(".");
    await expect.poll(() => explore.total(), what).toBeGreaterThan(before);
    await expect(explore.rows.first()).toBeVisible();
    await expect(explore.newer, "what is shown is not new").toBeHidden();
  }
});

test("the demo's link works once", async ({ fresh, page, browser }) => {
  await fresh.start(["demo", "--tweets", "100"]);
  const link = await fresh.welcomeLink();
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Demo", level: 1 })).toBeVisible();
  const other = await browser.newContext();
  const stranger = await other.newPage();
  await stranger.goto(link);
  await stranger.getByRole("button", { name: "Sign in" }).click();
  await expect(stranger.getByRole("alert")).toContainText(/link/i);
  await other.close();
});
