// Rows among many: they are fetched as somebody scrolls, and each stands where the bar says.
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { inPages } from "../support/v2";

const TOTAL = 3000;
/** Pixels. */
const ROW = 52;

/** The text of the tweet in a row, the newest first. */
const textOf = (number: number) => `tweet ${TOTAL - number + 1}`;

test.use({ storageState: nobody });

test.beforeEach(async ({ fresh, page }) => {
  const start = Date.parse("2026-01-01T00:00:00Z");
  const tweets = Array.from({ length: TOTAL }, (_, at) => ({
    id: String(2_000_000_000_000 + at),
    text: `tweet ${at + 1}`,
    created_at: new Date(start + at * 60_000).toISOString(),
    author_id: "7",
    lang: "en",
  }));
  fresh.import("many", inPages(tweets, { users: [] }));
  fresh.addUser("vera", PASSWORD, "viewer");
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/c/many`);
  await new SignIn(page).signIn("vera", PASSWORD);
});

test("whoever scrolls to the end has seen every row once, in its place", async ({ explore, page }) => {
  test.setTimeout(120_000);
  await explore.expectFirst(1);
  const seen = new Map<number, string>();
  const height = await page.locator(".rows").evaluate((rows) => rows.scrollHeight);
  expect(height).toBeGreaterThan(TOTAL * ROW);
  for (let top = 0; top < TOTAL * ROW; top += 40 * ROW) {
    await explore.scrollTo(top);
    const first = Math.min(top / ROW, Math.floor((height - (await page.locator(".rows").evaluate((rows) => rows.clientHeight))) / ROW));
    await expect.poll(async () => (await explore.numbered()).has(first + 5)).toBe(true);
    for (const [number, id] of await explore.numbered()) {
      expect(seen.get(number) ?? id).toBe(id);
      seen.set(number, id);
    }
    expect(await explore.rows.count(), "few rows are drawn").toBeLessThanOrEqual(200);
  }
  expect(seen.size).toBe(TOTAL);
  expect(new Set(seen.values()).size).toBe(TOTAL);
  await expect(explore.rows.last()).toContainText(textOf(TOTAL));
});

test("a pull at the bar goes to that part of the rows, and the count in the foot follows", async ({ explore, page }) => {
  await explore.scrollTo(2000 * ROW);
  await expect(page.locator(".range")).toHaveText(/^2,001–2,0\d\d of 3,000$/);
  const row = page.locator('[aria-rowindex="2002"]');
  await expect(row).toContainText(textOf(2001));
  const [box, rows] = [await row.boundingBox(), await page.locator(".rows thead").boundingBox()];
  expect(Math.abs((box?.y ?? 0) - (rows?.y ?? 0) - (rows?.height ?? 0))).toBeLessThanOrEqual(1);
  await expect(explore.table).toHaveAttribute("aria-rowcount", String(TOTAL + 1));

  await explore.scrollTo(0);
  await expect(explore.rows.first()).toContainText(textOf(1));
});

test("rows keep their place when they become lower, and on the way back from another filter", async ({ explore, page }) => {
  await explore.scrollTo(1500 * ROW);
  await explore.expectFirst(1501);
  await page.getByRole("button", { name: "compact" }).click();
  await explore.expectFirst(1501);
  await expect(page.locator('[aria-rowindex="1502"]')).toBeInViewport();
  await explore.filter("tweet 17");
  await explore.expectTotal(1);
  await page.goBack();
  await explore.expectTotal(TOTAL);
  await explore.expectFirst(1501);
  await expect(page.locator('[aria-rowindex="1502"]')).toContainText(textOf(1501));
});

test("details go on to the next rows beyond those that the page began with", async ({ explore }) => {
  await explore.rowLinks.nth(49).click();
  await expect(explore.detail.panel).toContainText(textOf(50));
  for (let number = 51; number <= 120; number += 1) {
    await explore.detail.next.click();
    await expect(explore.detail.panel).toContainText(`${number} of 3,000`);
  }
  await expect(explore.detail.panel).toContainText(textOf(120));
});
