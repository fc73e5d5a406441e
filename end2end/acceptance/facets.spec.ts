import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { count, garden, TOTAL } from "../support/garden";

test("counts take the other filters into account, but not their own", async ({ explore }) => {
  await explore.open("ten");
  const [lang, type] = [explore.facet("Language"), explore.facet("Type")];
  await lang.expectCounts({ de: 6, en: 4 });
  await type.expectCounts({ reply: 5, original: 5 });

  await lang.choose("de");
  await explore.expectTotal(6);
  await lang.expectCounts({ de: 6, en: 4 });
  await type.expectCounts({ reply: 4, original: 2 });

  await type.choose("reply");
  await explore.expectTotal(4);
  await lang.expectCounts({ de: 4, en: 1 });
  await type.expectCounts({ reply: 4, original: 2 });
  await expect(explore.rows).toHaveCount(4);

  await explore.reload();
  await lang.expectCounts({ de: 4, en: 1 });
  await type.expectCounts({ reply: 4, original: 2 });
});

test("several values of a facet are any of them, and a second click lets a value go", async ({ explore }) => {
  await explore.open();
  const lang = explore.facet("Language");
  await lang.choose("de");
  await lang.choose("fr");
  await explore.expectFilter("lang:(de OR fr)");
  await explore.expectTotal(count((tweet) => tweet.lang !== "en"));
  await lang.choose("de");
  await explore.expectFilter("lang:fr");
  await explore.expectTotal(count((tweet) => tweet.lang === "fr"));
});

test("an excluded value stays, with its count", async ({ explore }) => {
  await explore.open("ten");
  const lang = explore.facet("Language");
  await lang.exclude("en");
  await explore.expectFilter("-lang:en");
  await explore.expectTotal(6);
  await lang.expectCounts({ de: 6, en: 4 });
  await explore.facet("Type").expectCounts({ reply: 4, original: 2 });
  await lang.choose("en");
  await explore.expectTotal(10);
});

test("a chosen value stays in the list when nothing of it is left", async ({ explore }) => {
  await explore.open("ten", { q: "lang:en" });
  await explore.filter("lang:en likes<=2");
  await explore.expectTotal(0);
  await explore.facet("Language").expectCounts({ de: 3, en: 0 });
});

test("a list column counts each of its values, and those without", async ({ explore }) => {
  await explore.open("garden", { q: "lang:(de OR en OR fr)" });
  await explore.expectTotal(garden.length);
  const expected = { "#moon": 40, "#rocket": 24, "#rare": 1, "(none)": count((tweet) => tweet.hashtags.length === 0) };
  await explore.facet("Hashtags").expectCounts(expected);
  await explore.facet("Hashtags").choose("\\(none\\)");
  await explore.expectTotal(expected["(none)"]);
  await explore.facet("Hashtags").expectCounts(expected);
});

test("the facets of a column add up to the tweets", async ({ explore }) => {
  await explore.open();
  const authors = await explore.facet("Author").counts();
  expect(Object.values(authors).reduce((sum, one) => sum + one, 0)).toBe(TOTAL);
  expect(Object.keys(authors)).toHaveLength(8);
});

test("all values of a column are a click away, to search and to choose several", async ({ explore, page }) => {
  await explore.open("ten");
  const tags = explore.facet("Hashtags");
  await tags.region.getByRole("button", { name: "all 11 values" }).click();
  const dialog = page.getByRole("dialog", { name: "All values of Hashtags" });
  await expect(dialog.getByRole("status")).toHaveText("11 values");
  await expect(dialog.locator("a.choose").first()).toContainText("#even");
  await expectAccessible(page, "all values");
  await dialog.getByRole("searchbox").fill("PIC3");
  await expect(dialog.locator("a.choose")).toHaveCount(1);
  await dialog.getByRole("link", { name: /^Only #topic3/ }).click();
  await explore.expectTotal(1);
  await dialog.getByRole("searchbox").fill("");
  await dialog.getByRole("link", { name: /^Only #topic4/ }).click();
  await explore.expectFilter("hashtag:(topic3 OR topic4)");
  await explore.expectTotal(2);
  await dialog.getByRole("combobox", { name: "Order" }).selectOption("A to Z");
  await expect(dialog.locator("a.choose").nth(1)).toContainText("#topic0");
  await dialog.getByRole("searchbox").fill("nothing like it");
  await expect(dialog.getByRole("status")).toHaveText("No value contains this.");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});
