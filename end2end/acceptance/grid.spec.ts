// The rows as a grid: from cell to cell by keys, rows chosen and compared, columns made wider.
import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";

const focused = { column: "document.activeElement?.closest('[data-column]')?.dataset.column", row: "document.activeElement?.closest('tr')?.ariaRowIndex" };

test("arrows go from cell to cell, F2 into a cell, Esc out, Enter opens the tweet", async ({ explore, page }) => {
  await explore.open();
  const at = async () => [Number(await page.evaluate(focused.row)), await page.evaluate(focused.column)];
  await explore.rowLinks.first().focus();
  expect(await at()).toEqual([2, "created"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  expect(await at()).toEqual([3, "author"]);
  await page.keyboard.press("End");
  expect(await at()).toEqual([3, "views"]);
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  expect(await at()).toEqual([11, "created"]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  await expect(page.locator("td:focus-within .value-link:focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.locator('td[data-column="author"]:focus')).toHaveCount(1);
  await page.keyboard.press("Control+End");
  await expect(page.locator('[aria-rowindex="121"]')).toBeInViewport();
  await page.keyboard.press("Control+Home");
  await expect(page.locator('[aria-rowindex="2"]')).toBeInViewport();

  const ids = await explore.ids();
  await page.locator('[aria-rowindex="4"] td').first().focus();
  await page.keyboard.press("Enter");
  await explore.detail.expectTweet(ids[2] ?? "");
});

test("the rows are one stop of Tab, whatever is done with them", async ({ explore, page }) => {
  await explore.open();
  const stops = () => explore.table.locator(":is(a, button, [tabindex]):not([tabindex='-1'])");
  await expect(stops()).toHaveCount(1);
  await explore.rowLinks.nth(2).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest(".rows"))).toBeNull();
  await page.keyboard.press("Shift+Tab");
  await expect(page.locator('[aria-rowindex="4"] td[data-column="author"]')).toBeFocused();

  // Rows that come, columns that change, and the end.
  await page.keyboard.press("Control+End");
  await expect(page.locator('[aria-rowindex="121"]')).toBeInViewport();
  await expect(stops()).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("td:focus")).toBeInViewport();
  await explore.menu("lang", "Lang").pick("Hide column");
  await expect(explore.header("Lang")).toHaveCount(0);
  await explore.facet("Language").choose("en");
  await expect.poll(() => stops().count()).toBe(1);
});

test("F2 goes into a cell, Tab through it, Esc back", async ({ explore, page }) => {
  await explore.open("garden", { q: "#moon #rocket", cols: "created,hashtag,text" });
  const cell = explore.cells("hashtag").first();
  await cell.focus();
  await page.keyboard.press("F2");
  await expect(cell.locator(".value-link").nth(0)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(cell.locator(".value-link").nth(1)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(cell).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(cell.locator("a:not([tabindex='-1'])")).toHaveCount(0);
});

test("Alt and an arrow open the menu of a head, Esc leads back to it", async ({ explore, page }) => {
  await explore.open();
  const likes = explore.header("Likes").getByRole("link");
  await likes.focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page.locator("#menu-likes")).toBeVisible();
  await expect(page.locator("#menu-likes a").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(likes).toBeFocused();
  await page.keyboard.press("F2");
  await expect(page.getByRole("button", { name: "Menu of Likes" })).toBeFocused();
});

test("the focused value is filtered for and out, and copied", async ({ explore, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await explore.open("garden", { q: "lang:(de OR en)" });
  await page.locator('td[data-column="lang"]', { hasText: "de" }).first().focus();
  await page.keyboard.press("c");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^de/);
  await page.keyboard.press("-");
  await explore.expectFilter("lang:en -lang:de");
});

test("rows are chosen with the space bar and Shift, compared, copied, and shown alone", async ({ explore, page }) => {
  await explore.open("garden", { cols: "created,text,lang,likes" });
  const ids = await explore.ids();
  await page.locator('[aria-rowindex="2"] td').first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByRole("status").filter({ hasText: "3 selected" })).toBeVisible();
  await expect(explore.table.locator('[aria-selected="true"]')).toHaveCount(3);
  await expectAccessible(page, "chosen rows");

  await page.getByRole("link", { name: "Compare or copy" }).click();
  const dialog = page.getByRole("dialog", { name: "3 tweets" });
  await expect(dialog.getByRole("columnheader")).toHaveText(["Tweet 1", "Tweet 2", "Tweet 3"]);
  await expectAccessible(page, "compared tweets");
  const json = JSON.parse(await dialog.getByRole("textbox", { name: "JSON" }).inputValue()) as { id: string }[];
  expect(json.map((tweet) => tweet.id)).toEqual(ids.slice(0, 3));
  await dialog.getByRole("link", { name: "Show only these" }).click();
  await expect(dialog).toBeHidden();
  await explore.expectTotal(3);
  expect((await explore.ids()).toSorted()).toEqual(ids.slice(0, 3).toSorted());
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(explore.table.locator('[aria-selected="true"]')).toHaveCount(0);
});

test("a row is chosen by the box in its margin", async ({ explore, page }) => {
  await explore.open();
  await explore.rows.nth(3).hover();
  await explore.rows.nth(3).locator(".pick").click();
  await expect(explore.rows.nth(3)).toHaveAttribute("aria-selected", "true");
  await expect(explore.detail.panel).toBeHidden();
  await expect(page.getByRole("link", { name: "Copy", exact: true })).toBeVisible();
});

test("a column is pulled wider, stays so, and can have its usual width again", async ({ explore, page }) => {
  await explore.open();
  const width = async () => Math.round((await explore.header("Author").boundingBox())?.width ?? 0);
  const before = await width();
  const grip = await explore.header("Author").locator(".grip").boundingBox();
  const [x, y] = [(grip?.x ?? 0) + 3, (grip?.y ?? 0) + 8];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBe(before + 60);
  await expect.poll(() => new URL(page.url()).searchParams.get("cols")).toContain(`author:${before + 60}`);
  const cell = await explore.cells("author").first().boundingBox();
  expect(Math.round(cell?.width ?? 0)).toBe(before + 60);
  await explore.reload();
  expect(await width()).toBe(before + 60);
  await explore.menu("author", "Author").pick("Usual width");
  await expect.poll(width).toBe(before);
  await explore.menu("author", "Author").pick("Wider");
  await expect.poll(width).toBeGreaterThan(before);
});

const MANY = "created,text,author,lang,likes,reposts,replies,views,source,followers,following,hashtag";

test("pinned columns stay while the others scroll, until they are unpinned", async ({ explore, page }) => {
  const heads = () => explore.table.getByRole("columnheader").evaluateAll((all) => all.slice(0, 3).map((head) => head.getAttribute("aria-label")));
  const left = async (name: string) => Math.round((await explore.cells(name).first().boundingBox())?.x ?? NaN);
  await explore.open("garden", { cols: MANY });
  await explore.menu("author", "Author").pick("Pin left");
  await explore.menu("lang", "Lang").pick("Pin left");
  await expect.poll(heads).toEqual(["Author", "Lang", "Time"]);
  expect(new URL(page.url()).searchParams.get("pin")).toBe("author,lang");
  await explore.reload();
  expect(await heads()).toEqual(["Author", "Lang", "Time"]);
  const [author, lang, created] = [await left("author"), await left("lang"), await left("created")];
  await page.locator(".rows").evaluate((rows) => rows.scrollTo(200, 0));
  await expect.poll(() => left("created")).toBe(created - 200);
  expect([await left("author"), await left("lang")]).toEqual([author, lang]);
  expect(Math.round((await explore.header("Lang").boundingBox())?.x ?? NaN)).toBe(lang);
  await expectAccessible(page, "pinned columns");

  // The focus is never behind them.
  await explore.cells("lang").first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(explore.cells("created").first()).toBeFocused();
  expect(await left("created")).toBe(created);

  await explore.menu("author", "Author").pick("Unpin");
  await expect.poll(heads).toEqual(["Lang", "Time", "Text"]);
});

test("pinned columns scroll like all others where they would leave too little", async ({ explore, page }) => {
  await page.setViewportSize({ width: 700, height: 720 });
  await explore.open("garden", { cols: MANY, pin: "text" });
  const text = explore.cells("text").first();
  const before = (await text.boundingBox())?.x ?? NaN;
  await page.locator(".rows").evaluate((rows) => rows.scrollTo(200, 0));
  await expect.poll(async () => (await text.boundingBox())?.x).toBe(before - 200);
});

test("cells of numbers have bars, if somebody wants them", async ({ explore, page }) => {
  await explore.open("garden", { sort: "-likes" });
  const bars = explore.cells("likes").locator(".cell-bar rect");
  await expect(bars).toHaveCount(0);
  await explore.menu("likes", "Likes").pick("Bars in the cells");
  await expect(bars.first()).toBeVisible();
  const widths = await bars.evaluateAll((bars) => bars.map((bar) => (bar as SVGRectElement).getBBox().width));
  expect(widths[0]).toBeGreaterThan(30);
  expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  expect(new URL(page.url()).searchParams.get("bars")).toBe("likes");
  await expectAccessible(page, "bars in cells");
  await explore.menu("likes", "Likes").pick("No bars in the cells");
  await expect(bars).toHaveCount(0);
});

test("a tweet has a page of its own that tells why it is here", async ({ explore, page }) => {
  await explore.open("garden", { q: "tomato" });
  await explore.rowLinks.first().click();
  await explore.detail.panel.getByRole("link", { name: "More about this tweet" }).click();
  const dialog = page.getByRole("dialog", { name: "Tweet" });
  await expect(dialog).toContainText("it was imported");
  await expect(dialog).toContainText("It fits the filter");
  await expectAccessible(page, "one tweet");
  await page.goto(`/c/garden/tweet/${(await explore.ids())[0]}`);
  await expect(page.getByRole("heading", { name: "Tweet", level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "Among the other tweets" }).click();
  await expect(explore.detail.panel).toBeVisible();
});
