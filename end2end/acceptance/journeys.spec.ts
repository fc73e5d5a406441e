// Longer walks of one person through several parts of Roost.
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { tabTo } from "../support/keys";
import { SPIKE, spikePages } from "../support/spike";
import { inPages, type Tweet } from "../support/v2";

test.use({ storageState: nobody });
test.setTimeout(120_000);

test("with the keyboard alone ana divides a spike, compares it, and saves it for all, locked", async ({ fresh, explore, page }) => {
  fresh.import("spike", spikePages());
  fresh.addUser("ana", PASSWORD, "viewer");
  await fresh.start();
  await page.goto(`${fresh.url}/c/spike?q=${encodeURIComponent(`#gpu created:${SPIKE.day}`)}`);
  await new SignIn(page).signIn("ana", PASSWORD);
  await explore.expectTotal(SPIKE.tweets);
  const legend = page.locator(".legend");

  await tabTo(page, '[popovertarget="split"]');
  await page.keyboard.press("Enter");
  await tabTo(page, '#split a[href*="split=author"]');
  await page.keyboard.press("Enter");
  await expect(legend.getByRole("listitem").first().locator(".count")).toHaveText(/^3\d$/);
  expect(SPIKE.byOne / SPIKE.tweets, "one author has a third").toBeGreaterThan(0.3);

  // The menu gave the focus back to its button.
  await expect(page.locator('[popovertarget="split"]')).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, '#split a[href*="previous=1"]');
  await page.keyboard.press("Enter");
  await expect(legend.getByRole("listitem").last()).toHaveText("the time before10");

  await page.keyboard.press("s");
  await expect(page.getByRole("dialog", { name: "Save view" }).getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Launch day");
  for (const name of ["shared", "locked"]) {
    await tabTo(page, `input[name="${name}"]`);
    await page.keyboard.press("Space");
  }
  await tabTo(page, "dialog button.primary");
  await page.keyboard.press("Enter");
  await expect(page.getByTitle("Saved views (v)")).toHaveText("Launch day");
  await page.keyboard.press("v");
  await expect(page.getByRole("dialog", { name: "Saved views" })).toContainText("for everyone, locked");
});

const LONG = `begin ${"word ".repeat(757)}finish`;
const TEXTS = [...Array<string>(7).fill("昨日の日本の天気"), ...Array<string>(5).fill("what a day 🙂"), ...Array<string>(3).fill("هذا مثال قصير"), LONG];

function posts(texts: string[], first: number): Tweet[] {
  const created_at = "2026-03-01T12:00:00.000Z";
  return texts.map((text, at) => ({ id: String(1_991_000_000_000_000_000n + BigInt(first + at)), text, created_at, author_id: "5", lang: "und" }));
}

test("ana judges the data: scripts and emoji are found, a long post is whole, and a frozen link keeps its numbers", async ({ fresh, explore, page }) => {
  fresh.import("mixed", inPages(posts(TEXTS, 0), { users: [] }));
  fresh.addUser("ana", PASSWORD, "viewer");
  await fresh.start();
  await page.goto(`${fresh.url}/c/mixed`);
  await new SignIn(page).signIn("ana", PASSWORD);
  await explore.expectTotal(TEXTS.length);
  for (const [word, count] of [["日本", 7], ["🙂", 5], ["مثال", 3]] as const) {
    await explore.filter(word);
    await explore.expectTotal(count);
  }
  await explore.filter("finish");
  await explore.rowLinks.first().click();
  await expect(explore.detail.panel.locator(".tweet-text").first()).toHaveText(LONG);

  await explore.filter("日本");
  await page.getByRole("link", { name: "Share" }).click();
  const frozen = await page.getByRole("dialog", { name: "Share" }).getByLabel("Frozen").inputValue();
  fresh.import("mixed", inPages(posts(TEXTS, 100), { users: [] }));
  await page.goto(`${fresh.url}/c/mixed?q=${encodeURIComponent("日本")}`);
  await explore.expectTotal(14);
  await page.goto(frozen);
  await explore.expectTotal(7);
});
