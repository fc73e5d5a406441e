import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";
import { PoisonedX } from "../support/poisoned-x";

/** The demo has so many schedules, and each brings one tweet that cannot be understood. */
const SCHEDULES = 5;

test.use({ storageState: nobody });
test.setTimeout(120_000);

test("an admin sees where everything stands, and looks at, tries again and drops what was not understood", async ({ fresh, page }) => {
  const x = new PoisonedX();
  await x.start();
  fresh.addUser("adi", PASSWORD, "admin");
  await fresh.start(["demo", "--api", x.url]);
  await page.goto(`${fresh.url}/sign-in?next=/alerts`);
  await new SignIn(page).signIn("adi", PASSWORD);
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("link", { name: "Pipeline" }).click();
  await expect(page).toHaveTitle("Pipeline · Roost");

  // 1: what stands where
  const part = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(async () => {
    await page.getByRole("link", { name: "Refresh" }).click();
    await expect(part("Index")).toContainText(`${3 * SCHEDULES} tweets`, { timeout: 500 });
    await expect(page.getByText("All is up to date")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText(/^As of .+ UTC/)).toBeVisible();
  await expect(part("Log")).toContainText(/in order.*0 pages.*\d+ pages/);
  const change = /change [1-9][\d,]*/.exec(await part("Store").innerText())?.[0] ?? "none";
  await expect(part("Index")).toContainText(change);
  await expect(part("Index")).toContainText("0 changes");
  await expect(part("Disk")).toContainText("GB free");

  const pace = page.getByRole("region", { name: "The last minute" }).or(page.locator("section", { hasText: "The last minute" }));
  await expect(pace.first()).toContainText(/The busiest stage sets the pace: .+ worked for .+ %/);
  await expect(pace.first().getByRole("rowheader", { name: "Reading the log" })).toBeVisible();

  // 2: runs
  const run = part("weather").last();
  await expect(run.getByRole("cell").nth(2)).toHaveText("4");
  await expect(run.getByRole("cell").nth(3)).toHaveText("3");
  await expect(run).toContainText("25.0 % refused");
  await expectAccessible(page, "pipeline");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "pipeline in the dark");
  await page.emulateMedia({ colorScheme: "light" });

  // 3: on a phone
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectAccessible(page, "pipeline on a phone");
  await page.setViewportSize({ width: 1366, height: 768 });

  // 4: the quarantine
  const group = page.locator(".quarantine > li");
  await expect(group).toHaveCount(1);
  await expect(group).toContainText(`${SCHEDULES} alike`);
  await expect(group.locator("code")).toHaveText("object of author_id, created_at, id, lang, note");
  await group.getByRole("button", { name: /^Look at one: / }).click();
  await expect(page.getByRole("heading", { name: `One of ${SCHEDULES}` })).toBeVisible();
  await expect(page.locator("pre")).toContainText(/Rover number 20000000000000000\d\d/);
  await expectAccessible(page, "one of a group");
  await page.getByRole("link", { name: "Back to the pipeline" }).click();
  await group.getByRole("button", { name: /^Try again: / }).click();
  await expect(page.getByRole("status")).toHaveText("0 were understood now and stored. 5 are still not understood and stay.");
  await group.getByText("Drop", { exact: true }).click();
  await expectAccessible(page, "before a group is dropped");
  await group.getByRole("button", { name: `Drop ${SCHEDULES} for good` }).click();
  await expect(page.getByRole("status")).toHaveText("5 were dropped.");
  await expect(page.getByText("Nothing is in quarantine")).toBeVisible();
  const audit = fresh.run(["audit", "list", "--json"]);
  for (const action of ["seen", "replayed", "dropped"]) expect(audit).toContain(`quarantine.${action}`);
  await x.stop();
});

test("without schedules there is nothing to do; for who is no admin there is no such page", async ({ fresh, page, watch }) => {
  for (const [name, role] of [["adi", "admin"], ["bea", "viewer"]] as const) fresh.addUser(name, PASSWORD, role);
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/pipeline`);
  await new SignIn(page).signIn("adi", PASSWORD);
  await expect(page.getByText("All is up to date")).toBeVisible();
  await expect(page.getByText("No schedule has run yet.")).toBeVisible();
  await expect(page.getByText("Nothing is in quarantine")).toBeVisible();
  await expectAccessible(page, "pipeline with nothing in it");

  await page.context().clearCookies();
  watch.foresee(/(answer|status of) 404/);
  await page.goto(`${fresh.url}/sign-in?next=/pipeline`);
  await new SignIn(page).signIn("bea", PASSWORD);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Pipeline" })).toHaveCount(0);
});
