import { expect, nobody, PASSWORD, test } from "../fixtures";
import { Setup } from "../pages/setup";
import { SignIn } from "../pages/sign-in";
import { inPages } from "../support/v2";

test.use({ storageState: nobody });

test("the setup link makes the admin, once", async ({ fresh, page, browser }) => {
  await fresh.start();
  const [link, setup] = [await fresh.setupLink(), new Setup(page)];
  await page.goto(link);
  await setup.makeAccount("berta", PASSWORD);
  await expect(page.getByRole("heading", { name: "No collections yet" })).toBeVisible();
  await page.getByRole("button", { name: "Account of berta" }).click();
  await expect(page.getByText("admin", { exact: true })).toBeVisible();

  const stranger = await browser.newContext();
  const second = new Setup(await stranger.newPage());
  await second.page.goto(link);
  await second.makeAccount("mallory", "another long password, not berta's");
  await expect(second.error).toContainText("This link has been used");
  await stranger.close();
});

test("a password that is too easy or mistyped is sent back with the reason", async ({ fresh, page }) => {
  await fresh.start();
  const setup = new Setup(page);
  await page.goto(await fresh.setupLink());
  await setup.makeAccount("berta", PASSWORD, "something else entirely");
  await expect(setup.error).toContainText("The two passwords differ");
  await setup.makeAccount("berta", "passwordpassword");
  await expect(setup.error).toContainText("too easy to guess");
  await setup.makeAccount("berta", PASSWORD);
  await expect(page.getByRole("heading", { name: "No collections yet" })).toBeVisible();
});

test("the length that the form asks for is long enough", async ({ fresh, page }) => {
  await fresh.start();
  await page.goto(await fresh.setupLink());
  const least = Number(await page.getByLabel(/^Password(?! again)/).getAttribute("minlength"));
  await expect(page.getByText(`At least ${least} characters`)).toBeVisible();
  await new Setup(page).makeAccount("berta", "quiet radishes grow".slice(0, least));
  await expect(page.getByRole("heading", { name: "No collections yet" })).toBeVisible();
});

test("a collection without tweets says so", async ({ fresh, page }) => {
  fresh.import("bare", inPages([], { users: [] }));
  await fresh.start();
  await page.goto(await fresh.setupLink());
  await new Setup(page).makeAccount("berta", PASSWORD);
  await expect(page.getByRole("heading", { name: "No tweets here yet" })).toBeVisible();
  await expect(new SignIn(page).error).toHaveCount(0);
});
