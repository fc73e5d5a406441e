import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count, garden, TOTAL } from "../support/garden";
import { SPIKE, spikePages } from "../support/spike";

/** When the tweets of that collection were posted. */
const spike = spikePages().flatMap((page) => page.data.map((tweet) => new Date(tweet.created_at)));

test("a number is described by its figures and filtered by a bar", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:de" });
  const likes = garden.filter((tweet) => tweet.lang === "de").map((tweet) => tweet.likes).sort((a, b) => a - b);
  const sheet = await explore.menu("likes", "Likes").sheet();
  await expect(sheet.figure("Filled")).toHaveText(`100 % of ${likes.length} tweets`);
  await expect(sheet.figure("Least")).toHaveText(`${likes[0]}`);
  await expect(sheet.figure("Median")).toHaveText(`${likes[Math.ceil(likes.length / 2) - 1]}`);
  await expect(sheet.figure("Most")).toHaveText(`${likes[likes.length - 1]}`);
  await expectAccessible(page, "a number's sheet");
  const bar = sheet.sheet.getByRole("group", { name: "Tweets by Likes" }).getByRole("link").nth(2);
  const [from, to, inside] = (await bar.getAttribute("aria-label"))?.match(/\d+/g)?.map(Number) ?? [];
  await bar.click();
  await explore.expectFilter(`lang:de likes>=${from} likes<=${to}`);
  await explore.expectTotal(inside ?? -1);
  expect(inside).toBe(likes.filter((n) => n >= (from ?? 0) && n <= (to ?? 0)).length);
});

test("a wrong number is told in the sheet, and the highest are asked for by their number", async ({ explore, page }) => {
  await explore.open("garden");
  const sheet = await explore.menu("likes", "Likes").sheet();
  await sheet.limit(["At least", "At most"], "many", "");
  await expect(sheet.sheet.getByRole("alert")).toContainText("many");
  await expect(sheet.sheet.getByLabel("At least")).toHaveValue("many");
  await sheet.sheet.getByLabel("How many").fill("10");
  await sheet.sheet.locator('form[data-form="top"]').getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await explore.expectTotal(10);
});

test("values are checked, searched, meant together or left out", async ({ explore, page }) => {
  await explore.open("garden", { cols: "created,text,hashtag" });
  const menu = explore.menu("hashtag", "Hashtags");
  await (await menu.sheet()).check(["#moon", "#rocket"], "all of the checked");
  await explore.expectFilter("#moon #rocket");
  await explore.expectTotal(count((tweet) => tweet.hashtags.includes("moon") && tweet.hashtags.includes("rocket")));
  await (await menu.sheet()).check(["#moon"], "none of the checked");
  await explore.expectFilter("-#moon");
  const sheet = await menu.sheet();
  await expect(sheet.sheet.getByLabel("How the checked values are meant")).toHaveValue("none");
  await sheet.sheet.getByLabel("Search the values").fill("rar");
  await expect(sheet.sheet.getByRole("checkbox", { name: "#rocket" })).toHaveCount(0);
  await expectAccessible(page, "a list's sheet");
  await sheet.sheet.getByRole("link", { name: "Only #rare" }).click();
  await explore.expectFilter("#rare");
  await explore.expectTotal(1);
});

test("a list of handles is pasted, and unknown ones are told", async ({ explore }) => {
  await explore.open("garden");
  const sheet = await explore.menu("author", "Author").sheet();
  await sheet.paste(["@gardener1", "@nobody9", "@gardener2"]);
  await expect(sheet.sheet.getByRole("alert")).toContainText("@nobody9");
  await sheet.sheet.locator('form[data-form="list"]').getByRole("button", { name: "Apply" }).click();
  await explore.expectFilter("from:(gardener1 OR gardener2)");
  await explore.expectTotal(count((tweet) => ["gardener1", "gardener2"].includes(tweet.handle)));
  await expect(sheet.sheet).toHaveCount(0);
});

test("a chip is edited: what it asks for stands in the form", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato lang:de likes>=50" });
  await explore.chips.getByRole("button", { name: "Change condition: likes ≥ 50" }).click();
  await page.locator(".chips .menu:popover-open").getByRole("link", { name: "Edit…" }).click();
  const likes = page.locator("article.column");
  await expect(likes.getByLabel("At least")).toHaveValue("50");
  await likes.getByLabel("At least").fill("100");
  await likes.locator('form[data-form="range"]').getByRole("button", { name: "Apply" }).click();
  await explore.expectFilter("tomato lang:de likes>=100");
  await explore.chips.getByRole("button", { name: "Change condition: text has “tomato”" }).click();
  await page.locator(".chips .menu:popover-open").getByRole("link", { name: "Edit…" }).click();
  await expect(likes.getByLabel("Value of Text")).toHaveValue("tomato");
  await likes.getByLabel("Value of Text").fill("radish");
  await page.keyboard.press("Enter");
  await explore.expectFilter("radish lang:de likes>=100");
  await page.goBack();
  await explore.expectFilter("tomato lang:de likes>=100");
});

test("an hour of the week is clicked in the sheet of the time, and asked for by name", async ({ explore, page }) => {
  await explore.open("spike");
  const at = (day: number, hour: number) => spike.filter((time) => time.getUTCDay() === day && time.getUTCHours() === hour).length;
  const sheet = await explore.menu("created", "Time").sheet();
  await sheet.sheet.getByRole("link", { name: `Thursday 12:00: ${at(4, 12)} tweets` }).click();
  await explore.expectFilter("weekday:thu hour:12");
  await explore.expectTotal(at(4, 12));
  await expect(explore.chip("weekday (UTC) is Thu")).toBeVisible();
  await explore.menu("created", "Time").open();
  await page.getByRole("link", { name: "Weekday…" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Only Fri" }).click();
  await explore.expectFilter("hour:12 weekday:fri");
  await explore.expectTotal(at(5, 12));
  await page.getByRole("link", { name: "Plots", exact: true }).click();
  const week = page.locator('section.plot[data-plot="week"]');
  await week.getByText("as table").click();
  await week.getByRole("rowheader").getByRole("link", { name: "Friday" }).click();
  await explore.expectFilter("weekday:fri");
  await explore.expectTotal(spike.filter((time) => time.getUTCDay() === 5).length);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });
    test("the sheets of time and author have no serious finding", async ({ explore, page, roost }) => {
      await page.context().addCookies([{ name: "zone", value: "Europe/Berlin", url: roost.url }]);
      await page.goto("/c/spike/column?col=created");
      await expect(page.getByRole("table", { name: "Tweets by weekday and hour" })).toBeVisible();
      await expect(page.getByText("Europe/Berlin. The stronger")).toBeVisible();
      await expectAccessible(page, `time, ${colorScheme}`);
      await page.goto("/c/spike/column?col=author");
      await expect(page.getByRole("table", { name: "How many tweets the authors posted each" })).toBeVisible();
      await expectAccessible(page, `author, ${colorScheme}`);
      await page.getByRole("link", { name: "Back to the tweets" }).click();
      await explore.expectTotal(SPIKE.total);
    });
  });
}

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("a column's sheet filters, searches and leads back", async ({ explore, page }) => {
    await explore.open("garden");
    const sheet = await explore.menu("lang", "Lang").sheet();
    await expect(page).toHaveTitle("Lang · Roost");
    await sheet.sheet.getByLabel("Search the values").fill("d");
    await sheet.sheet.getByRole("button", { name: "Search" }).click();
    await sheet.check(["de"], "none of the checked");
    await explore.expectTotal(TOTAL - count((tweet) => tweet.lang === "de"));
    await (await explore.menu("lang", "Lang").sheet()).sheet.getByRole("link", { name: "Any value" }).click();
    await explore.expectTotal(TOTAL);
  });
});
