import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessibleEverywhere } from "../support/axe";
import { SteadyX } from "../support/steady-x";

test.use({ storageState: nobody });
test.setTimeout(120_000);

test("an admin sees what a schedule is going to ask, window by window, and ends its run", async ({ fresh, page }) => {
  const x = new SteadyX(12);
  await x.start();
  fresh.addUser("adi", PASSWORD, "admin");
  fresh.run(["credential", "add", "app", "--address", x.url], "a token\n");
  fresh.run(["schedule", "add", "minutes", "--into", "Minutes", "--with", "app", "--recent", "minute", "--when", "every hour"]);
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/pipeline`);
  await new SignIn(page).signIn("adi", PASSWORD);
  await expect(async () => {
    await page.getByRole("link", { name: "Refresh" }).click();
    await expect(page.getByText(/waits until/).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await page.getByRole("link", { name: "minutes", exact: true }).click();
  await expect(page).toHaveTitle("Schedule “minutes” · Roost");

  // 1: what it does
  await expect(page.getByText(/^The run waits until .*\d\d:\d\d UTC/)).toBeVisible();
  await expect(page.getByText("every hour", { exact: true })).toBeVisible();
  await expect(page.locator(".due li")).toHaveCount(5);

  // 2: the plan
  const picture = page.getByRole("img", { name: /^[\d,]+ tweets expected in \d+ requests, the last at/ });
  await expect(picture).toBeVisible();
  const summary = (await page.locator(".plan-summary").innerText()).replaceAll(",", "");
  const [, tweets, requests] = /^(\d+) tweets expected in (\d+) requests/.exec(summary)!.map(Number);
  expect(tweets).toBeGreaterThan(8_500);
  expect(requests).toBeGreaterThan(85);
  const windows = page.locator(".plan-windows tbody tr");
  const costs = await windows.locator("td:last-child").allInnerTexts();
  expect(costs.map(Number).filter(Boolean).reduce((sum, each) => sum + each, 0), "the windows cost what the sentence says").toBe(requests);
  await expect(windows.first()).toContainText(/being read/);
  await expect(windows.first()).toContainText(/\d\d:\d\d/);
  expect(await picture.locator(".window").count()).toBe(costs.length);
  await expect(picture.locator("title").last()).toContainText(/: (to be|being) read|: read/);

  // 3: its run, and its log
  const run = page.locator("tr:has(.quality)");
  await expect(run).toHaveCount(1);
  await expect(run).toContainText(/waits until .*limit of requests is used up/);
  const log = page.waitForEvent("download");
  await run.getByRole("link", { name: /^Log of the run/ }).click();
  expect((await log).suggestedFilename()).toBe("roost-run-1.txt");
  await expectAccessibleEverywhere(page, "a schedule with a plan");

  // 4: it is ended
  await page.getByRole("button", { name: "Cancel the run" }).click();
  await expect(page.getByText(/^The next run is due at/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel the run" })).toHaveCount(0);
  await expect(run).toContainText("cancelled");
  await expect(page.getByText(/goes on with this when the next run begins/)).toBeVisible();
  await page.getByRole("link", { name: "Back to the pipeline" }).click();
  await expect(page).toHaveTitle("Pipeline · Roost");
  await x.stop();
});

test("a schedule whose runs have ended has nothing planned", async ({ fresh, page }) => {
  await fresh.start(["demo", "--tweets", "300"]);
  await page.goto(await fresh.welcomeLink());
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Demo", level: 1 })).toBeVisible();
  await expect(async () => {
    await page.goto(`${fresh.url}/schedules/1`);
    await expect(page.getByText(/^Nothing is planned/)).toBeVisible({ timeout: 500 });
    await expect(page.locator("tr:has(.quality)").first()).toContainText("done", { timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByRole("heading", { name: "Gaps" })).toBeVisible();
  await expectAccessibleEverywhere(page, "a schedule without a plan");
});
