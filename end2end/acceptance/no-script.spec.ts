import { expect, test } from "../fixtures";
import { count, TOTAL } from "../support/garden";

test.use({ javaScriptEnabled: false });

// Without script the browser refuses to preload it.
test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

test("without script one reads, filters by the box and by facets, and turns the page", async ({ explore, page }) => {
  await explore.open();
  await explore.expectTotal(TOTAL);
  await expect(explore.rows).toHaveCount(50);

  await explore.nextPage.click();
  await expect(page.getByText("51–100 of 120")).toBeVisible();

  await explore.filter("lang:de");
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await explore.facet("Type").choose("reply");
  await explore.expectTotal(count((tweet) => tweet.lang === "de" && tweet.type === "reply"));
  await explore.chip("language is de").click();
  await explore.expectTotal(count((tweet) => tweet.type === "reply"));
});

test("without script a tweet opens, a column's sheet filters, and columns are chosen", async ({ explore, page }) => {
  await explore.open();
  const ids = await explore.ids();
  await explore.rowLinks.first().click();
  await explore.detail.expectTweet(ids[0] ?? "");
  await explore.detail.close.click();

  await (await explore.menu("likes", "Likes").sheet()).limit(["At least", "At most"], "900", "");
  await explore.expectFilter("likes>=900");
  await explore.expectTotal(count((tweet) => tweet.likes >= 900) + 1);
  await page.getByRole("button", { name: /of \d+ columns/ }).click();
  await page.getByRole("checkbox", { name: "Hashtags" }).check();
  await page.getByRole("button", { name: "Show these" }).click();
  await expect(explore.header("Hashtags")).toBeVisible();
  expect(new URL(page.url()).searchParams.has("pick")).toBe(false);
});

test("without script a wrong filter is explained and mended", async ({ explore, page }) => {
  await explore.open("garden", { q: "lan:de" });
  await page.getByRole("alert").getByRole("link", { name: "Change to lang:de" }).click();
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
});

test("without script every link in the rows is reached by Tab, and a time by its form", async ({ explore, page }) => {
  await explore.open();
  await expect(explore.table.locator(":is(a:not([aria-hidden]), button)[tabindex='-1']")).toHaveCount(0);
  await page.getByRole("button", { name: "Go to" }).click();
  await page.getByLabel("Time (UTC)").fill("2026-03-08T04:00");
  await page.getByLabel("Time (UTC)").press("Enter");
  await expect(page).toHaveURL(/\?at=2026-03-08T04:00$/);
  await expect(explore.rows.first().locator("time").first()).toHaveAttribute("datetime", /^2026-03-08T04:00/);
});
