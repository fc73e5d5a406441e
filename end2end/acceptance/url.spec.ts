import { expect, test } from "../fixtures";
import { count, TOTAL } from "../support/garden";
import { ready } from "../support/ready";

test("reload brings back the filter, the order, the columns and the open tweet", async ({ explore, page }) => {
  await explore.open();
  await explore.filter("lang:de");
  await explore.menu("likes", "Likes").pick("↓ Highest first");
  await expect(explore.header("Likes")).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("button", { name: /of \d+ columns/ }).click();
  await page.getByRole("link", { name: "Engagement", exact: true }).click();
  await expect(explore.header("Quotes")).toBeVisible();
  await explore.rowLinks.nth(2).click();
  await expect(explore.detail.panel).toBeVisible();
  const [address, ids] = [page.url(), await explore.ids()];
  expect(Object.keys(Object.fromEntries(new URL(address).searchParams)).sort()).toEqual(["cols", "q", "sort", "tweet"]);

  await explore.reload();
  expect(page.url()).toBe(address);
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  expect(await explore.ids()).toEqual(ids);
  await expect(explore.header("Quotes")).toBeVisible();
  await explore.detail.expectTweet(ids[2] ?? "");
});

test("Back and Forward go through what was done, step by step", async ({ explore, page }) => {
  await explore.open();
  await explore.expectTotal(TOTAL);
  await explore.facet("Language").choose("de");
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await explore.header("Likes").getByRole("link").click();
  await expect(explore.header("Likes")).toHaveAttribute("aria-sort", "descending");
  await explore.rowLinks.first().click();
  await expect(explore.detail.panel).toBeVisible();

  await page.goBack();
  await expect(explore.detail.panel).toBeHidden();
  await page.goBack();
  await expect(explore.header("Likes")).not.toHaveAttribute("aria-sort");
  await page.goBack();
  await explore.expectTotal(TOTAL);
  await explore.expectFilter("");

  await page.goForward();
  await explore.expectFilter("lang:de");
  await page.goForward();
  await page.goForward();
  await expect(explore.detail.panel).toBeVisible();
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
});

test("a link in an address bar is the whole view, for the first answer of the server too", async ({ page, explore }) => {
  const address = "/c/garden?q=lang:de&sort=likes&cols=text,likes,created";
  const html = await (await page.request.get(address)).text();
  expect(html.match(/<tr/g)?.length).toBe(1 + count((tweet) => tweet.lang === "de"));
  await page.goto(address);
  await explore.expectFilter("lang:de");
  const heads = await explore.table.getByRole("columnheader").evaluateAll((heads) => heads.map((head) => head.getAttribute("aria-label")));
  expect(heads).toEqual(["Text", "Likes", "Time"]);
  const likes = await explore.numbers("likes");
  expect(likes).toEqual(likes.toSorted((a, b) => a - b));
});

test("parts of an address that make no sense are left aside", async ({ explore }) => {
  await explore.open("garden", { sort: "nonsense", cols: "nothing,text", tweet: "x", utm_source: "y" });
  await explore.expectTotal(TOTAL);
  await expect(explore.header("Text")).toBeVisible();
});

test("a link that leads where Forward has led moves the address too", async ({ explore, page }) => {
  await explore.open();
  await explore.facet("Language").choose("de");
  await explore.expectFilter("lang:de");
  await explore.facet("Language").choose("de");
  await explore.expectFilter("");
  await page.goBack();
  await explore.expectFilter("lang:de");
  await page.goForward();
  await explore.expectFilter("");
  await explore.facet("Language").choose("de");
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await explore.expectFilter("lang:de");
});

test("from tweet to tweet the history does not grow: Back leads to the list, and to where it was", async ({ explore, page }) => {
  await explore.open();
  await page.locator(".rows").evaluate((rows) => (rows.scrollTop = 400));
  const ids = await explore.ids();
  await explore.rowLinks.nth(9).click();
  await explore.detail.expectTweet(ids[9] ?? "");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await explore.detail.expectTweet(ids[11] ?? "");
  await page.goBack();
  await expect(explore.detail.panel).toBeHidden();
  await expect(page).toHaveURL(/\/c\/garden$/);

  const scrolled = () => page.locator(".rows").evaluate((rows) => rows.scrollTop);
  expect(await scrolled()).toBeGreaterThan(300);
  await explore.facet("Language").choose("en");
  await explore.expectTotal(count((tweet) => tweet.lang === "en"));
  await expect.poll(scrolled, "another filter begins at the top").toBe(0);
  await page.goBack();
  await explore.expectTotal(TOTAL);
  await expect.poll(scrolled, "Back restores the place").toBeGreaterThan(300);
});

test("what is typed stays while a tweet is opened, and gives way to another filter", async ({ explore }) => {
  await explore.open();
  await explore.box.fill("tomato lang:");
  await explore.rowLinks.first().click();
  await expect(explore.detail.panel).toBeVisible();
  await expect(explore.box).toHaveValue("tomato lang:");
  await explore.facet("Language").choose("de");
  await expect(explore.box).toHaveValue("lang:de");
});

test("what is typed before the page is taken over stays", async ({ explore, page }) => {
  let release = () => {};
  await page.route(/\.wasm$/, async (route) => {
    await new Promise<void>((go) => (release = go));
    await route.continue();
  });
  await page.goto("/c/garden", { waitUntil: "commit" });
  await explore.box.fill("tomato");
  await expect.poll(() => String(release)).not.toBe("() => {}");
  release();
  await ready(page);
  await expect(explore.box).toHaveValue("tomato");
  await explore.box.press("Enter");
  await explore.expectTotal(count((tweet) => tweet.plant === "tomato"));
});

test("the focus goes back to the row when its details close", async ({ explore, page }) => {
  await explore.open();
  await explore.rowLinks.nth(2).click();
  await expect(explore.detail.panel).toBeVisible();
  await page.keyboard.press("j");
  await expect(explore.rows.nth(3)).toHaveAttribute("aria-current", "true");
  await explore.detail.close.click();
  await expect(explore.rowLinks.nth(3)).toBeFocused();
});

test("rows open in a tab of their own as links do", async ({ explore, page, context }) => {
  await explore.open();
  const cell = explore.rows.nth(1).locator("td").nth(4);
  const [tab] = await Promise.all([context.waitForEvent("page"), cell.click({ button: "middle", position: { x: 2, y: 2 } })]);
  await expect(tab).toHaveURL(/tweet=/);
  await tab.close();
  await expect(page).toHaveURL(/\/c\/garden$/);
  await expect(explore.detail.panel).toBeHidden();
});
