// Longer walks of one person through several parts of Roost.
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { count, garden, gardenPages, TOTAL } from "../support/garden";
import { tabTo } from "../support/keys";
import { ready } from "../support/ready";
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

test("bea narrows by columns, switches a condition off, goes back step by step, and clears all", async ({ fresh, explore, page }) => {
  fresh.import("garden", gardenPages());
  fresh.addUser("bea", PASSWORD, "viewer");
  await fresh.start();
  await page.goto(`${fresh.url}/c/garden`);
  await new SignIn(page).signIn("bea", PASSWORD);
  await explore.expectTotal(TOTAL);
  await ready(page);

  await (await explore.menu("lang", "Lang").sheet()).check(["de"], "any of the checked");
  const german = garden.filter((tweet) => tweet.lang === "de");
  await explore.expectTotal(german.length);
  expect((await explore.facet("Language").counts()).en, "its siblings keep their counts").toBe(count((tweet) => tweet.lang === "en"));

  await (await explore.menu("likes", "Likes").sheet()).limit(["At least", "At most"], "50", "");
  await explore.expectFilter("lang:de likes>=50");
  await expect(explore.chip("likes ≥ 50")).toBeVisible();
  const liked = german.filter((tweet) => tweet.likes >= 50).length;
  await explore.expectTotal(liked);

  await explore.cells("author").first().locator(".value-link").focus();
  await page.keyboard.press("-");
  await expect(explore.chips.getByRole("button", { name: /^Change condition: author/ })).toBeVisible();
  await expect.poll(() => explore.total()).toBeLessThan(liked);
  await explore.chips.getByRole("button", { name: /^Change condition: author/ }).click();
  await page.locator(".chips .menu:popover-open").getByRole("link", { name: "Switch off" }).click();
  await explore.expectTotal(liked);
  await expect(explore.chips.getByRole("link", { name: /^Switch on: author/ })).toBeVisible();

  await page.goBack();
  await expect.poll(() => explore.total()).toBeLessThan(liked);
  await page.goBack();
  await explore.expectFilter("lang:de likes>=50");
  await explore.expectTotal(liked);
  await page.getByRole("link", { name: "Clear all" }).click();
  await explore.expectTotal(TOTAL);
});

test("bea keeps how she sees a collection, finds it after signing in again, and shares it with those who may", async ({ fresh, explore, page, watch }) => {
  fresh.import("Secret garden", gardenPages());
  for (const name of ["bea", "ana", "out"]) fresh.addUser(name, PASSWORD, "viewer");
  fresh.addUser("adi", PASSWORD, "admin");
  await fresh.start();
  const gate = new SignIn(page);
  const enter = async (name: string, path: string) => {
    await page.context().clearCookies();
    await page.goto(`${fresh.url}/sign-in?next=${encodeURIComponent(path)}`);
    await gate.signIn(name, PASSWORD);
  };
  await enter("adi", "/c/secret-garden/access");
  await page.getByLabel("Only these people, and admins").check();
  for (const name of ["bea", "ana"]) await page.getByRole("checkbox", { name }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("Saved");

  await enter("bea", "/c/secret-garden");
  await ready(page);
  for (const [name, title] of [["views", "Views"], ["replies", "Replies"]] as const) await explore.menu(name, title).pick("Hide column");
  await explore.menu("text", "Text").pick("Wider");
  await explore.header("Likes").getByRole("link", { name: "Likes" }).click();
  await explore.header("Time").getByRole("link", { name: "Time" }).click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/sort=-likes,-created/);
  await page.keyboard.press("s");
  await page.keyboard.type("My launch");
  await page.keyboard.press("Enter");
  const views = page.getByTitle("Saved views (v)");
  await expect(views).toHaveText("My launch");
  const [ids, width] = [await explore.ids(), await explore.header("Text").evaluate((head) => head.clientWidth)];

  await gate.signOut();
  await enter("bea", "/c/secret-garden");
  await ready(page);
  await page.keyboard.press("v");
  await page.getByRole("dialog", { name: "Saved views" }).getByRole("link", { name: /^My launch/ }).click();
  await expect(views).toHaveText("My launch");
  await expect(explore.header("Views")).toHaveCount(0);
  expect([await explore.ids(), await explore.header("Text").evaluate((head) => head.clientWidth)]).toEqual([ids, width]);
  await page.getByRole("link", { name: "Share" }).click();
  const live = new URL(await page.getByRole("dialog", { name: "Share" }).getByLabel("Live").inputValue());

  await enter("ana", live.pathname + live.search);
  await expect(explore.header("Views")).toHaveCount(0);
  await expect.poll(() => explore.ids()).toEqual(ids);
  watch.foresee(/(answer|status of) 404/);
  await enter("out", live.pathname + live.search);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect(page.getByText("Secret garden")).toHaveCount(0);
});
