import { expect, test } from "../fixtures";
import { garden, TOTAL } from "../support/garden";

test("a click on a head sorts by likes, highest first, a second one lowest first", async ({ explore }) => {
  await explore.open();
  const likes = garden.map((tweet) => tweet.likes).concat(5000).toSorted((a, b) => a - b);
  await explore.header("Likes").getByRole("link").click();
  await expect(explore.header("Likes")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(() => explore.numbers("likes")).toEqual(likes.toReversed().slice(0, 50));
  await explore.header("Likes").getByRole("link").click();
  await expect(explore.header("Likes")).toHaveAttribute("aria-sort", "ascending");
  await expect.poll(() => explore.numbers("likes")).toEqual(likes.slice(0, 50));
  await explore.menu("likes", "Likes").pick("Remove sort");
  await expect(explore.header("Time")).toHaveAttribute("aria-sort", "descending");
});

test("Shift and a click add one more order, which the URL, the note and the heads tell", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:(de OR fr)", sort: "lang", cols: "created,lang,likes,text" });
  const head = (title: string) => explore.header(title).getByRole("link");
  await head("Likes").click({ modifiers: ["Shift"] });
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("lang,-likes");
  await expect(head("Lang")).toHaveText(/↑1$/);
  await expect(head("Likes")).toHaveText(/↓2$/);
  await expect(page.getByText("sorted by language ↑, then likes ↓")).toBeVisible();
  const german = garden.filter((tweet) => tweet.lang === "de").map((tweet) => tweet.likes).toSorted((a, b) => b - a);
  await expect.poll(async () => (await explore.numbers("likes")).slice(0, german.length)).toEqual(german);
  await head("Likes").click({ modifiers: ["Shift"] });
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("lang,likes");
  await explore.reload();
  await expect.poll(async () => (await explore.numbers("likes")).slice(0, german.length)).toEqual(german.toReversed());
  await explore.menu("lang", "Lang").pick("Remove sort");
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("likes");
});

// By time every value is different; by language most are the same.
for (const sort of ["-created", "lang", "-views"]) {
  test(`next and previous page bring every row once, sorted by ${sort}`, async ({ explore }) => {
    await explore.open("garden", { sort });
    const seen = new Map<number, string>();
    const look = async () => {
      for (const [number, id] of await explore.numbered()) {
        expect(seen.get(number) ?? id, `row ${number} is always the same`).toBe(id);
        seen.set(number, id);
      }
    };
    for (const first of [1, 51]) {
      await explore.expectFirst(first);
      await look();
      await explore.nextPage.click();
    }
    await expect.poll(async () => (await explore.numbered()).has(TOTAL)).toBe(true);
    await expect(explore.nextPage).toHaveCount(0);
    await look();
    expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([...Array(TOTAL).keys()].map((number) => number + 1));
    expect(new Set(seen.values()).size).toBe(TOTAL);

    await explore.previousPage.click();
    await explore.expectFirst(51);
    await look();
    await explore.reload();
    await explore.expectFirst(51);
    await look();
    await explore.previousPage.click();
    await explore.expectFirst(1);
    await look();
    await expect(explore.previousPage).toHaveCount(0);
  });
}

test("another filter begins at the first page", async ({ explore }) => {
  await explore.open();
  await explore.nextPage.click();
  await explore.expectFirst(51);
  await explore.facet("Language").choose("en");
  await explore.expectFirst(1);
});

test("columns are chosen, hidden and moved", async ({ explore, page }) => {
  const heads = () => explore.table.getByRole("columnheader").evaluateAll((all) => all.map((head) => head.getAttribute("aria-label")));
  await explore.open();
  await page.getByRole("button", { name: /of \d+ columns/ }).click();
  await page.getByRole("checkbox", { name: "Hashtags" }).check();
  await page.getByRole("checkbox", { name: "Views", exact: true }).uncheck();
  await page.getByRole("button", { name: "Show these" }).click();
  await expect.poll(heads).toEqual(["Time", "Author", "Text", "Lang", "Likes", "Reposts", "Replies", "Hashtags"]);
  await explore.menu("likes", "Likes").pick("Move left");
  await expect.poll(heads).toEqual(["Time", "Author", "Text", "Likes", "Lang", "Reposts", "Replies", "Hashtags"]);
  await explore.menu("lang", "Lang").pick("Hide column");
  await expect.poll(heads).toEqual(["Time", "Author", "Text", "Likes", "Reposts", "Replies", "Hashtags"]);
  await explore.reload();
  expect(await heads()).toEqual(["Time", "Author", "Text", "Likes", "Reposts", "Replies", "Hashtags"]);
});

test("a filter on a hidden column stays when columns change", async ({ explore }) => {
  await explore.open("garden", { q: "lang:de" });
  await explore.menu("lang", "Lang").pick("Hide column");
  await expect(explore.header("Lang")).toHaveCount(0);
  await explore.expectFilter("lang:de");
  await expect(explore.chip("language is de")).toBeVisible();
});

test("a row keeps the focus while the rows around it change", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:(de OR en)" });
  const german = explore.rows.filter({ has: page.locator('td[data-column="lang"]', { hasText: "de" }) }).first();
  const link = german.locator(".row-link");
  const href = new URLSearchParams((await link.getAttribute("href"))?.split("?")[1]).get("tweet");
  await link.focus();
  await page.evaluate(() => document.querySelector<HTMLAnchorElement>('[aria-label="Exclude en"]')?.click());
  await expect(explore.rows.first()).toContainText("de");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("href"))).toContain(`tweet=${href}`);
});

test("an order by a hidden column is told, and can be given up", async ({ explore, page }) => {
  await explore.open("garden", { sort: "-likes", cols: "created,text" });
  await expect(page.getByRole("button", { name: "sorted by likes ↓" })).toBeVisible();
  await page.getByRole("link", { name: "Newest first again" }).click();
  await expect(explore.header("Time")).toHaveAttribute("aria-sort", "descending");
  await expect(page.getByRole("button", { name: /^sorted by/ })).toBeHidden();
});

test("any row is reached by its number, and the pages go on from there", async ({ explore, page }) => {
  await explore.open("garden", { sort: "-likes" });
  await page.getByRole("button", { name: "Go to" }).click();
  await page.getByRole("spinbutton", { name: "Row" }).fill("61");
  await page.keyboard.press("Enter");
  await explore.expectFirst(61);
  await expect.poll(() => new URL(page.url()).search).toBe("?sort=-likes&row=61");
  const likes = garden.map((tweet) => tweet.likes).concat(5000).toSorted((a, b) => b - a);
  const drawn = [...(await explore.numbered()).keys()];
  expect(await explore.numbers("likes")).toEqual(drawn.map((number) => likes[number - 1]));
  await explore.previousPage.click();
  await explore.expectFirst(11);
});

test("a time is gone to in both directions, and the filter stays", async ({ explore, page }) => {
  const at = "2026-03-04T11:00";
  const found = garden.filter((tweet) => tweet.lang !== "fr");
  const newer = found.filter((tweet) => tweet.created >= Date.parse(`${at}Z`) + 60_000).length;
  await explore.open("garden", { q: "lang:(de OR en)" });
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  const field = page.getByLabel("Time (UTC)");
  await expect(field).toBeFocused();
  await field.fill(at);
  await field.press("Enter");
  await expect.poll(() => new URL(page.url()).search).toBe(`?q=lang:(de+OR+en)&at=${at}`);
  await explore.expectFirst(newer + 1);
  await expect(field).toBeHidden();
  await explore.header("Time").getByRole("link").click();
  await expect.poll(() => new URL(page.url()).search).toBe("?q=lang:(de+OR+en)&sort=created");
  await explore.open("garden", { q: "lang:(de OR en)", sort: "created", at });
  await explore.expectFirst(found.length - newer + 1);
});

test("a time in another order is told kindly, and one click leads there", async ({ explore, page }) => {
  await explore.open("garden", { sort: "-likes", at: "2026-03-04" });
  await explore.expectFirst(1);
  const note = page.getByRole("status").filter({ hasText: "ordered by likes, not by time" });
  await expect(note).toBeVisible();
  await note.getByRole("link", { name: /^Newest first, from 4 Mar 2026/ }).click();
  await expect.poll(() => new URL(page.url()).search).toBe("?at=2026-03-04");
  await expect(explore.header("Time")).toHaveAttribute("aria-sort", "descending");
  await expect(note).toBeHidden();
  // The hostile tweet is newer too.
  await explore.expectFirst(garden.filter((tweet) => tweet.created >= Date.parse("2026-03-05T00:00Z")).length + 2);
});

test("the foot stays in one line where columns wait for more width", async ({ explore, page, baseURL }) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  for (const [language, words] of [["en", "5 of 8 columns fit"], ["de", "5 von 8 Spalten passen"]] as const) {
    await page.context().addCookies([{ name: "language", value: language, url: baseURL ?? "" }]);
    await explore.open();
    await explore.rowLinks.first().click();
    const note = page.getByRole("button", { name: words });
    await expect(note).toBeVisible();
    const { height, cut } = await note.evaluate((note) => ({ height: note.clientHeight, cut: note.scrollWidth > note.clientWidth }));
    expect([height < 30, cut]).toEqual([true, false]);
  }
});
