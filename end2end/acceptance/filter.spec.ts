import { expect, test } from "../fixtures";
import { count, TOTAL } from "../support/garden";

// Five kinds of columns, each through the box, the header menu, and the facet where it has one.
const DAY = { from: Date.parse("2026-03-02T00:00:00Z"), to: Date.parse("2026-03-05T00:00:00Z") };
const inDays = count((tweet) => tweet.created >= DAY.from && tweet.created < DAY.to);

const boxes: [string, string, number][] = [
  ["words", "tomato", count((tweet) => tweet.plant === "tomato")],
  ["a phrase", '"about a tomato"', count((tweet) => tweet.plant === "tomato")],
  ["one of two words", "tomato OR radish", count((tweet) => ["tomato", "radish"].includes(tweet.plant))],
  ["a language", "lang:de", count((tweet) => tweet.lang === "de")],
  ["several languages", "lang:(de OR fr)", count((tweet) => tweet.lang !== "en")],
  ["a tag of a list", "#moon #rocket", count((tweet) => tweet.hashtags.length === 2 && !tweet.hashtags.includes("rare"))],
  ["an author by the handle", "from:gardener3", count((tweet) => tweet.handle === "gardener3")],
  ["a number", "likes>=500 likes<600", count((tweet) => tweet.likes >= 500 && tweet.likes < 600)],
  ["days", "created:2026-03-02..2026-03-04", inDays],
  ["yes", "is:sensitive", count((tweet) => tweet.sensitive)],
  ["a type", "-is:retweet is:quote", count((tweet) => tweet.type === "quote")],
  ["what must be there", "has:media -has:videos", count((tweet) => tweet.media === "photo") + 1],
];

for (const [what, text, expected] of boxes) {
  test(`the box filters by ${what}: ${text}`, async ({ explore }) => {
    expect(expected).toBeGreaterThan(0);
    await explore.open();
    await explore.expectTotal(TOTAL);
    await explore.filter(text);
    await explore.expectTotal(expected);
    await expect(explore.chips).toBeVisible();
    await explore.reload();
    await explore.expectTotal(expected);
  });
}

test("the meaning of a filter is told while it is typed", async ({ explore, page }) => {
  await explore.open();
  await explore.box.fill("lang:de likes>=50");
  await expect(page.getByText("language is de, and likes ≥ 50")).toBeVisible();
  await explore.expectTotal(TOTAL);
});

test("the sheet of a text column filters by its words", async ({ explore }) => {
  await explore.open();
  await (await explore.menu("text", "Text").sheet()).compare("contains", "about a radish");
  await explore.expectFilter('"about a radish"');
  await explore.expectTotal(count((tweet) => tweet.plant === "radish"));
  await (await explore.menu("text", "Text").sheet()).compare("does not contain", "moon");
  await explore.expectTotal(count((tweet) => tweet.plant === "radish" && !tweet.hashtags.includes("moon")));
});

test("the sheet of a word column filters by a value", async ({ explore }) => {
  await explore.open();
  await (await explore.menu("lang", "Lang").sheet()).compare("is", "fr");
  await explore.expectFilter("lang:fr");
  await explore.expectTotal(count((tweet) => tweet.lang === "fr"));
  await explore.menu("lang", "Lang").pick("Any value");
  await explore.expectTotal(TOTAL);
});

test("the sheet of a list column filters by one of its values", async ({ explore }) => {
  await explore.open("garden", { cols: "created,text,hashtag" });
  await (await explore.menu("hashtag", "Hashtags").sheet()).compare("is", "#Rocket");
  await explore.expectFilter("#rocket");
  await explore.expectTotal(count((tweet) => tweet.hashtags.includes("rocket")));
  await (await explore.menu("hashtag", "Hashtags").sheet()).sheet.getByRole("link", { name: "empty", exact: true }).click();
  await explore.expectTotal(count((tweet) => tweet.hashtags.length === 0));
});

test("the sheet of a number column filters by limits", async ({ explore }) => {
  await explore.open();
  await (await explore.menu("likes", "Likes").sheet()).limit(["At least", "At most"], "100", "299");
  await explore.expectFilter("likes>=100 likes<=299");
  await explore.expectTotal(count((tweet) => tweet.likes >= 100 && tweet.likes <= 299));
  await (await explore.menu("likes", "Likes").sheet()).limit(["At least", "At most"], "", "299");
  await explore.expectTotal(count((tweet) => tweet.likes <= 299));
});

test("the sheet of a date column filters by days, both included", async ({ explore }) => {
  await explore.open();
  await (await explore.menu("created", "Time").sheet()).limit(["From", "To"], "2026-03-02", "2026-03-04");
  await explore.expectTotal(inDays);
  await expect(explore.chips).toContainText("2026-03-02");
});

test("the sheet of a yes-or-no column filters by either", async ({ explore }) => {
  await explore.open("garden", { cols: "created,text,sensitive" });
  await (await explore.menu("sensitive", "Sensitive").sheet()).check(["yes"], "any of the checked");
  await explore.expectFilter("is:sensitive");
  await explore.expectTotal(count((tweet) => tweet.sensitive));
  await (await explore.menu("sensitive", "Sensitive").sheet()).check(["no"], "any of the checked");
  await explore.expectTotal(count((tweet) => !tweet.sensitive));
});

test("a value in a cell filters by itself", async ({ explore }) => {
  await explore.open("garden", { q: "-lang:en -lang:fr tomato" });
  await explore.cells("lang").first().getByRole("link").click();
  await explore.expectTotal(count((tweet) => tweet.plant === "tomato" && tweet.lang === "de"));
  await explore.cells("text").filter({ hasText: "#moon" }).first().getByRole("link", { name: "#moon" }).click();
  await explore.expectTotal(count((tweet) => tweet.plant === "tomato" && tweet.lang === "de" && tweet.hashtags.includes("moon")));
});

test("chips remove their condition, one by one or all", async ({ explore }) => {
  await explore.open("garden", { q: "lang:de likes>=50 -#moon" });
  await explore.expectTotal(count((tweet) => tweet.lang === "de" && tweet.likes >= 50 && !tweet.hashtags.includes("moon")));
  await explore.chip("likes ≥ 50").click();
  await explore.expectTotal(count((tweet) => tweet.lang === "de" && !tweet.hashtags.includes("moon")));
  await explore.chip("hashtag is not moon").click();
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await explore.filter("lang:de tomato");
  await expect(explore.chips.getByRole("link", { name: /^Remove condition/ })).toHaveCount(2);
  await explore.chips.getByRole("link", { name: "Clear all" }).click();
  await explore.expectTotal(TOTAL);
  await expect(explore.chips).toHaveCount(0);
});

test("a condition can be turned round, switched off and on again, or be the only one", async ({ explore, page }) => {
  const german = count((tweet) => tweet.lang === "de");
  await explore.open("garden", { q: "lang:de tomato" });
  await explore.expectTotal(count((tweet) => tweet.lang === "de" && tweet.plant === "tomato"));
  const change = (words: string) => explore.chips.getByRole("button", { name: `Change condition: ${words}`, exact: true });
  const pick = (name: string) => page.locator(".chips .menu:popover-open").getByRole("link", { name }).click();
  await change("text has “tomato”").click();
  await pick("Exclude instead");
  await explore.expectFilter("lang:de -tomato");
  await explore.expectTotal(count((tweet) => tweet.lang === "de" && tweet.plant !== "tomato"));
  await change("text without “tomato”").click();
  await pick("Switch off");
  await explore.expectTotal(german);
  await explore.reload();
  await explore.expectTotal(german);
  await explore.chips.getByRole("link", { name: "Switch on: text without “tomato”" }).click();
  await explore.expectFilter("lang:de -tomato");
  await change("language is de").click();
  await pick("Only this condition");
  await explore.expectFilter("lang:de");
  await explore.expectTotal(german);
});

test("a value in a cell is filtered out by pointer or key", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato" });
  const lang = explore.cells("lang").filter({ hasText: "en" }).first();
  await lang.hover();
  await lang.getByTitle("Without this language (−)").click();
  await explore.expectFilter("tomato -lang:en");
  const german = explore.cells("lang").filter({ hasText: "de" }).first().locator(".value-link");
  await german.focus();
  await page.keyboard.press("-");
  await explore.expectFilter("tomato -lang:(en OR de)");
  await explore.cells("lang").first().locator(".value-link").focus();
  await page.keyboard.press("+");
  await explore.expectFilter("tomato lang:fr");
});
