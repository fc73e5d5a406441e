import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";

test.use({ storageState: nobody });

test("an analyst tags a tweet, writes a note, and finds it by both", async ({ fresh, page }) => {
  const file = `${fresh.data}/tweets.jsonl`;
  fresh.run(["simulate", "--write", file, "--tweets", "300", "--seed", "1", "--until", "2026-11-01T00:00:00Z"]);
  fresh.run(["import", "--collection", "Weather", file]);
  fresh.addUser("ina", PASSWORD, "analyst");
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/c/weather`);
  await new SignIn(page).signIn("ina", PASSWORD);
  const links = page.locator("a[href*='tweet=']");
  const id = /tweet=(\d+)/.exec((await links.first().getAttribute("href")) ?? "")?.[1] ?? "none";

  // 1: by itself
  await page.goto(`${fresh.url}/c/weather/tweet/${id}`);
  const marks = page.locator("section.marks");
  await expect(marks).toContainText("No tags yet.");
  await marks.getByLabel("Tag", { exact: true }).fill(" To  Check ");
  await marks.getByRole("button", { name: "Add tag" }).click();
  await expect(marks.getByRole("listitem")).toContainText("to check ina");
  await marks.getByLabel("Your note").fill("Ask <b>them</b>\nagain");
  await marks.getByRole("button", { name: "Save note" }).click();
  await expect(marks.getByLabel("Your note")).toHaveValue("Ask <b>them</b>\nagain");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page, `tags and notes, ${scheme}`);
  }

  // 2: among the others
  await expect(async () => {
    await page.goto(`${fresh.url}/c/weather?q=${encodeURIComponent('tag:"to check" noted:yes')}`);
    await expect(page.getByRole("heading", { name: /^1 tweet/ })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });

  // 3: taken away
  await page.goto(`${fresh.url}/c/weather/tweet/${id}`);
  await marks.getByRole("button", { name: "Remove the tag to check" }).click();
  await expect(marks).toContainText("No tags yet.");
  await marks.getByLabel("Your note").fill("");
  await marks.getByRole("button", { name: "Save note" }).click();
  await expect(marks.getByLabel("Your note")).toHaveValue("");
});
