import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";
import { tenPages } from "../support/ten";

test.use({ storageState: nobody });

test("an admin says who may open a collection; for all others it is not there", async ({ fresh, page, watch }) => {
  fresh.import("Secret plans", tenPages());
  fresh.import("open", tenPages());
  for (const name of ["bea", "out"]) fresh.addUser(name, PASSWORD, "viewer");
  fresh.addUser("adi", PASSWORD, "admin");
  await fresh.start();
  const gate = new SignIn(page);
  const signIn = async (name: string, path: string) => {
    await page.context().clearCookies();
    await page.goto(`${fresh.url}/sign-in?next=${encodeURIComponent(path)}`);
    await gate.signIn(name, PASSWORD);
  };

  await signIn("adi", "/?all");
  await page.getByRole("link", { name: "Access to Secret plans" }).click();
  await expect(page.getByRole("heading", { name: "Access" })).toBeVisible();
  await page.getByLabel("Only these people, and admins").check();
  await page.getByRole("checkbox", { name: "bea" }).check();
  await expect(page.getByRole("checkbox", { name: /^adi/ })).toBeDisabled();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("Saved");
  await expectAccessible(page, "access");

  await signIn("bea", "/?all");
  await expect(page.getByRole("link", { name: /^Secret plans/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Access to/ })).toHaveCount(0);

  await signIn("out", "/?all");
  await expect(page.getByRole("link", { name: /^open/ })).toBeVisible();
  await expect(page.getByText("Secret plans")).toHaveCount(0);
  watch.foresee(/(answer|status of) 404/);
  await page.goto(`${fresh.url}/c/secret-plans`);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect(page.getByText("Secret plans")).toHaveCount(0);
});
