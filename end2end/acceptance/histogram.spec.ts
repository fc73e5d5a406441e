import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { garden, TOTAL } from "../support/garden";

test("the bars add up to the tweets, and a click on one zooms to it", async ({ explore }) => {
  await explore.open();
  const counts = await explore.histogram.counts();
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(TOTAL);
  const middle = Math.floor(counts.length / 2);
  await explore.histogram.bars.nth(middle).click();
  await explore.expectTotal(counts[middle] ?? -1);
  await expect(explore.chips).toContainText("time from");
  await explore.histogram.zoomOut.click();
  await explore.expectTotal(TOTAL);
});

test("a drag zooms to what it covers, and Back leads out again", async ({ explore, page }) => {
  await explore.open();
  await explore.histogram.drag(0.25, 0.5);
  await expect(explore.histogram.zoomOut).toBeVisible();
  const q = new URL(page.url()).searchParams.get("q") ?? "";
  const [, from, to] = q.match(/created>=(\S+) created<(\S+)/) ?? [];
  const time = (text = "") => Date.parse(text.includes("T") ? `${text}Z` : text);
  const inside = garden.filter((tweet) => tweet.created >= time(from) && tweet.created < time(to)).length;
  expect(inside).toBeGreaterThan(20);
  expect(inside).toBeLessThan(45);
  await explore.expectTotal(inside);
  await page.goBack();
  await explore.expectTotal(TOTAL);
});

test("the key 0 zooms out, and arrows go from bar to bar", async ({ explore, page }) => {
  await explore.open();
  await explore.histogram.chart.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const counts = await explore.histogram.counts();
  await expect(explore.histogram.bars.nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await explore.expectTotal(counts[1] ?? -1);
  await explore.table.focus();
  await page.keyboard.press("0");
  await explore.expectTotal(TOTAL);
});

test("Shift and arrows choose bars, and Enter shows what lies in them", async ({ explore, page }) => {
  await explore.open();
  await explore.histogram.chart.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const counts = await explore.histogram.counts();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(explore.histogram.bars.nth(3)).toBeFocused();
  await page.keyboard.press("Enter");
  await explore.expectTotal(counts.slice(1, 4).reduce((sum, count) => sum + count, 0));
});

test("a drag that ends beside the chart is over, and the next click on a bar counts", async ({ explore, page }) => {
  await explore.open();
  const chart = await explore.histogram.chart.boundingBox();
  if (!chart) throw new Error("there is no chart");
  await page.mouse.move(chart.x + chart.width * 0.9, chart.y + 20);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 20, { steps: 4 });
  await page.mouse.move(chart.x + chart.width * 0.5, chart.y + 300, { steps: 4 });
  await page.mouse.up();
  await expect(explore.histogram.zoomOut).toBeVisible();
  const counts = await explore.histogram.counts();
  await explore.histogram.bars.first().focus();
  await page.keyboard.press("Enter");
  await explore.expectTotal(counts[0] ?? -1);
});

test("the axis names days, and the button of the time says which are chosen", async ({ explore, page }) => {
  await explore.open("garden", { q: "created:2026-03-02..2026-03-05" });
  await expect(page.locator(".axis text").first()).toHaveText(/^(Mon|Tue|Wed|Thu) \d$/);
  await expect(page.getByTitle("Choose the time (t)")).toHaveText(new Date().getUTCFullYear() === 2026 ? "2–5 Mar" : "2–5 Mar 2026");
});

test("the bars are divided by a column, and the legend counts and filters", async ({ explore, page }) => {
  await explore.open("garden", { q: "is:original" });
  await page.getByRole("button", { name: "split by: none" }).click();
  await page.locator("#split").getByRole("link", { name: "Language", exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("split")).toBe("lang");
  const originals = garden.filter((tweet) => tweet.type === "original");
  const legend = page.locator(".legend");
  for (const lang of ["en", "de", "fr"]) {
    const count = originals.filter((tweet) => tweet.lang === lang).length;
    await expect(legend.getByRole("listitem").filter({ hasText: new RegExp(`^${lang}`) })).toHaveText(`${lang}${count}`);
  }
  await expectAccessible(page, "a divided histogram");
  await explore.reload();
  await legend.getByRole("link", { name: "de" }).click();
  await explore.expectFilter("is:original lang:de");
  await expect(page.getByRole("button", { name: "split by: language" })).toBeVisible();
});

test("the time before is an outline, and the legend counts it", async ({ explore, page }) => {
  await explore.open("garden", { q: "created:2026-03-05" });
  await page.getByRole("button", { name: "split by: none" }).click();
  await page.locator("#split").getByRole("link", { name: "Compare with the time before" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("previous")).toBe("1");
  await expect(page.locator(".legend")).toHaveText("the time before12");
  await expect(page.locator(".histogram path.previous")).toHaveCount(1);
});

test("the bars are one click away as a table, whose rows lead to their tweets", async ({ explore, page }) => {
  await explore.open("garden", { q: "lang:(de OR en)", split: "lang" });
  const counts = await explore.histogram.counts();
  await page.getByRole("link", { name: "as a table" }).click();
  const dialog = page.getByRole("dialog", { name: "Tweets over time, by language" });
  await expect(dialog.getByRole("columnheader")).toHaveText(["From", "Tweets", "English", "German"]);
  const told = await dialog.locator("tbody td:nth-of-type(1)").allInnerTexts();
  expect(told.map(Number)).toEqual(counts);
  await expectAccessible(page, "the bars as a table");
  await dialog.locator("tbody").getByRole("link").first().click();
  await expect(dialog).toBeHidden();
  await explore.expectTotal(counts[0] ?? 0);
});
