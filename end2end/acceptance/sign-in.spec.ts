import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { tenPages } from "../support/ten";

// Each test has its own server: wrong passwords slow down those who come after.
test.use({ storageState: nobody });

test.beforeEach(async ({ fresh }) => {
  fresh.import("ten", tenPages());
  fresh.addUser("vera", PASSWORD, "viewer");
  await fresh.start();
});

test("a wrong password is refused, the right one opens the way, and signing out closes it", async ({ fresh, page }) => {
  const signIn = new SignIn(page);
  await page.goto(`${fresh.url}/sign-in`);
  await signIn.signIn("vera", "not her password at all");
  await expect(signIn.error).toContainText("Name and password do not match");
  await signIn.signIn("nobody", PASSWORD);
  await expect(signIn.error).toContainText("Name and password do not match");
  await signIn.signIn("vera", PASSWORD);
  await expect(page.getByRole("heading", { name: "ten" })).toBeVisible();

  await signIn.signOut();
  await expect(signIn.heading).toBeVisible();
  await page.goBack();
  await expect(signIn.heading).toBeVisible();
  await expect(page.getByRole("grid")).toHaveCount(0);
});

test("a viewer can read, and comes to where the link led", async ({ fresh, page, explore }) => {
  const signIn = new SignIn(page);
  await page.goto(`${fresh.url}/c/ten?q=lang:de&sort=-likes`);
  await expect(signIn.heading).toBeVisible();
  await signIn.signIn("vera", PASSWORD);
  await explore.expectFilter("lang:de");
  await explore.expectTotal(6);
  await page.getByRole("button", { name: "Account of vera" }).click();
  await expect(page.getByText("viewer", { exact: true })).toBeVisible();
});

for (const next of ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]) {
  test(`after signing in nobody is led away to ${next}`, async ({ fresh, page }) => {
    await page.goto(`${fresh.url}/sign-in?next=${encodeURIComponent(next)}`);
    await new SignIn(page).signIn("vera", PASSWORD);
    await expect(page).toHaveURL(`${fresh.url}/c/ten`);
  });
}

test("too many attempts must wait", async ({ fresh, page }) => {
  const signIn = new SignIn(page);
  await page.goto(`${fresh.url}/sign-in`);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await signIn.signIn("vera", `not her password ${attempt}`);
    await expect(signIn.error).toContainText("do not match");
  }
  await signIn.signIn("vera", PASSWORD);
  await expect(signIn.error).toContainText("Too many attempts");
});

test("a session that ends while one reads is said, with the way back", async ({ fresh, page, context, explore, watch }) => {
  const signIn = new SignIn(page);
  await page.goto(`${fresh.url}/sign-in?next=/c/ten`);
  await signIn.signIn("vera", PASSWORD);
  await explore.expectTotal(10);
  await explore.reload();
  await context.clearCookies();
  watch.foresee(/(answer|status of) 401/);
  await explore.facet("Language").choose("de");
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn.signIn("vera", PASSWORD);
  await explore.expectFilter("lang:de");
  await explore.expectTotal(6);
});
