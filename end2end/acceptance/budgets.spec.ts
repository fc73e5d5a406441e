// Budgets that do not depend on how busy the machine is. Times are measured by `make bench-browser`.
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { counters } from "../support/counters";
import { inPages } from "../support/v2";
import { observe, seen } from "../support/vitals";

/** Bytes over the wire until the page can be read and filtered: WebAssembly only adds to it. */
const FIRST_BYTES = 200 * 1024;
const MOST_SHIFT = 0.02;
const ROW = 52;

test("the page can be used after few bytes", async ({ explore, page }) => {
  const sizes: Record<string, number> = {};
  const measured: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    const type = request.resourceType();
    if (type !== "document" && type !== "stylesheet") return;
    const measure = async () => {
      expect.soft((await request.response())?.headers()["content-encoding"], type).toBe("br");
      sizes[type] = (await request.sizes()).responseBodySize;
    };
    measured.push(measure());
  });
  await explore.open();
  await Promise.all(measured);
  const { document, stylesheet } = sizes;
  expect((document ?? NaN) + (stylesheet ?? NaN), JSON.stringify(sizes)).toBeLessThanOrEqual(FIRST_BYTES);
});

test("nothing moves while the page comes, is taken over and changes", async ({ explore, page }) => {
  await observe(page);
  await explore.open("garden", { split: "lang" });
  await explore.filter("lang:de");
  await expect(page.locator(".panes")).toHaveAttribute("aria-busy", "false");
  await explore.rowLinks.first().click();
  await expect(explore.detail.field("Tweet id")).toBeVisible();
  expect((await seen(page)).shift).toBeLessThanOrEqual(MOST_SHIFT);
});

test.describe("with many rows", () => {
  test.use({ storageState: nobody });

  test("what the page holds does not grow as somebody scrolls", async ({ fresh, explore, page }) => {
    test.setTimeout(240_000);
    const tweets = Array.from({ length: 3000 }, (_, at) => {
      const created_at = new Date(Date.parse("2026-01-01T00:00:00Z") + at * 60_000).toISOString();
      return { id: String(2_000_000_000_000 + at), text: `tweet ${at + 1}`, created_at, author_id: "7", lang: "en" };
    });
    fresh.import("many", inPages(tweets, { users: [] }));
    fresh.addUser("vera", PASSWORD, "viewer");
    await fresh.start();
    await page.goto(`${fresh.url}/sign-in?next=/c/many`);
    await new SignIn(page).signIn("vera", PASSWORD);
    await explore.expectFirst(1);
    const scroll = async (from: number, to: number) => {
      for (let row = from; row <= to; row += 50) {
        await explore.scrollTo(row * ROW);
        await expect(page.locator(`[aria-rowindex="${row + 3}"]`)).toBeVisible();
      }
      return counters(page);
    };
    const early = await scroll(0, 600);
    const late = await scroll(650, 2900);
    expect(late.nodes).toBeLessThanOrEqual(early.nodes * 1.1);
    expect(late.wasm).toBeLessThanOrEqual(early.wasm + (1 << 20));
    expect(late.heap).toBeLessThanOrEqual(early.heap * 1.25);
  });
});
