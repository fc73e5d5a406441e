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
  await expect(page.getByText("sorted by lang ↑, then likes ↓")).toBeVisible();
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
  test(`next and previous page bring every row once, sorted by ${sort}`, async ({ explore, page }) => {
    await explore.open("garden", { sort });
    const pages: string[][] = [];
    for (const range of ["1–50 of 120", "51–100 of 120", "101–120 of 120"]) {
      await expect(page.getByText(range)).toBeVisible();
      pages.push(await explore.ids());
      if (pages.length < 3) await explore.nextPage.click();
    }
    expect(pages.map((ids) => ids.length)).toEqual([50, 50, 20]);
    expect(new Set(pages.flat()).size).toBe(TOTAL);
    await expect(explore.nextPage).toHaveCount(0);

    await explore.previousPage.click();
    await expect(page.getByText("51–100 of 120")).toBeVisible();
    expect(await explore.ids()).toEqual(pages[1]);
    await explore.reload();
    expect(await explore.ids()).toEqual(pages[1]);
    await explore.previousPage.click();
    await expect(page.getByText("1–50 of 120")).toBeVisible();
    expect(await explore.ids()).toEqual(pages[0]);
    await expect(explore.previousPage).toHaveCount(0);
  });
}

test("another filter begins at the first page", async ({ explore, page }) => {
  await explore.open();
  await explore.nextPage.click();
  await expect(page.getByText("51–100 of 120")).toBeVisible();
  await explore.facet("Language").choose("en");
  await expect(page.getByText(/^1–50 of/)).toBeVisible();
});

test("columns are chosen, hidden and moved", async ({ explore, page }) => {
  const heads = () => explore.table.getByRole("columnheader").evaluateAll((all) => all.map((head) => head.getAttribute("aria-label")));
  await explore.open();
  await page.getByRole("button", { name: /of \d+ columns/ }).click();
  await page.getByRole("checkbox", { name: "Hashtags" }).check();
  await page.getByRole("checkbox", { name: "Views" }).uncheck();
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
  await page.getByRole("spinbutton", { name: "Go to row" }).fill("101");
  await page.keyboard.press("Enter");
  await expect(page.getByText("101–120 of 120")).toBeVisible();
  await expect.poll(() => new URL(page.url()).search).toBe("?sort=-likes&row=101");
  const likes = garden.map((tweet) => tweet.likes).concat(5000).toSorted((a, b) => b - a);
  expect(await explore.numbers("likes")).toEqual(likes.slice(100));
  await explore.previousPage.click();
  await expect(page.getByText("51–100 of 120")).toBeVisible();
});
