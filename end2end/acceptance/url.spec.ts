import { expect, test } from "../fixtures";
import { count, TOTAL } from "../support/garden";

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
