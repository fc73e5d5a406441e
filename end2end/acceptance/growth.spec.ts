import { readFileSync } from "node:fs";
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";
import { growingId, growingLooks } from "../support/growing";

test.use({ storageState: nobody });

test("a tweet that was seen three times shows how it grew, as lines, as a table and as a file", async ({ fresh, page }) => {
  for (const look of growingLooks()) fresh.import("Town", look);
  fresh.addUser("ina", PASSWORD, "viewer");
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/c/town/tweet/${growingId}`);
  await new SignIn(page).signIn("ina", PASSWORD);

  const growth = page.locator("section.plot");
  await expect(growth).toContainText("2 → 1,310");
  await expect(growth).toContainText("150 → 64,900");
  const lines = growth.locator("svg line");
  expect(await lines.count()).toBeGreaterThanOrEqual(10); // five counters, two steps each
  for (const line of await lines.all()) expect((await line.boundingBox())?.width).toBeGreaterThan(10);

  await growth.locator("summary").click();
  await expect(growth.getByRole("row")).toHaveCount(4); // the head, and three looks
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page, `growth, ${scheme}`);
  }
  const [download] = await Promise.all([page.waitForEvent("download"), growth.getByRole("link", { name: /CSV/ }).click()]);
  const rows = readFileSync(await download.path(), "utf8").trim().split(/\r?\n/);
  expect(rows).toHaveLength(4);
  expect(rows[3]).toContain("1310");
});
