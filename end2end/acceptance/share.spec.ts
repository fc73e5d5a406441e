import { expect, nobody, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count } from "../support/garden";

const SHARED = { q: "tomato created>=now-9000d", sort: "-likes", cols: "text,likes" };

test("what is shown is shared by a link that goes on, one that stays, and a short one", async ({ explore, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await explore.open("garden", SHARED);
  await page.getByRole("link", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  await expect(dialog).toContainText("tomato");
  await expectAccessible(page, "share");

  const tomatoes = count((tweet) => tweet.plant === "tomato");
  const live = await dialog.getByLabel("Live").inputValue();
  expect(new URL(live).searchParams.get("sort")).toBe("-likes");
  await dialog.getByRole("button", { name: "Copy" }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(live);

  const frozen = await dialog.getByLabel("Frozen").inputValue();
  expect(frozen).not.toContain("now");
  expect(new URL(frozen).searchParams.get("q")).toMatch(/^tomato created>=\d{4}-\S+ first_seen<=20\S+$/);

  await dialog.getByRole("button", { name: "Make a short link" }).click();
  const short = await dialog.getByLabel("Short", { exact: true }).inputValue();
  expect(short).toMatch(/\/s\/[\w-]{12}$/);

  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("link", { name: "Share" })).toBeFocused();
  for (const link of [frozen, short]) {
    await page.goto(link);
    await explore.expectTotal(tomatoes);
    await expect(explore.header("Likes")).toBeVisible();
    await expect(explore.header("Author")).toHaveCount(0);
  }
});

test.describe("signed out", () => {
  test.use({ storageState: nobody });
  test("a short link asks for the password first, and does not tell what it leads to", async ({ page, running, roost }) => {
    const api = await running.admin;
    const made = await page.request.fetch(`${roost.url}/c/garden/share`, {
      method: "POST",
      form: { q: "secret-words" },
      maxRedirects: 0,
      headers: { cookie: api.cookies.map(({ name, value }) => `${name}=${value}`).join("; "), "sec-fetch-site": "same-origin" },
    });
    const code = /short=([\w-]+)/.exec(made.headers().location ?? "")?.[1] ?? "";
    expect(code).not.toBe("");
    await page.goto(`/s/${code}`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    expect(page.url()).not.toContain("secret-words");
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("sharing is a page, and the colours are chosen there too", async ({ explore, page }) => {
    await explore.open("garden", SHARED);
    await page.getByRole("link", { name: "Share" }).click();
    await expect(page).toHaveTitle("Share · Roost");
    await expect(page.getByLabel("Live")).toHaveValue(/q=tomato/);
    await page.getByRole("button", { name: "Make a short link" }).click();
    await expect(page.getByLabel("Short", { exact: true })).toHaveValue(/\/s\//);
    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByRole("button", { name: "Dark", exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expect(page.getByLabel("Short", { exact: true })).toHaveValue(/\/s\//);
    await page.getByRole("link", { name: "Back to the tweets" }).click();
    await explore.expectTotal(count((tweet) => tweet.plant === "tomato"));
  });
});
