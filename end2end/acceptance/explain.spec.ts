import { expect, test } from "../fixtures";
import { expectAccessible } from "../support/axe";
import { tabTo } from "../support/keys";
import { SPIKE } from "../support/spike";

const SENTENCE = "#launchday is in 68.6 % of these 70 tweets and in 0.5 % of the others.";

test("with the keyboard alone a spike is found, explained and narrowed", async ({ explore, page }) => {
  await explore.open("spike");
  await page.keyboard.press("/");
  await page.keyboard.type("#gpu");
  await page.keyboard.press("Enter");
  await explore.expectTotal(SPIKE.total);
  const counts = await explore.histogram.counts();
  const highest = counts.indexOf(Math.max(...counts));
  await tabTo(page, ".histogram .chart");
  for (let step = 0; step <= highest; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await explore.expectTotal(SPIKE.tweets);

  await tabTo(page, 'a[href*="/explain?"]', "Shift+Tab");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "What is different here" });
  await expect(dialog.getByRole("status")).toHaveText(SENTENCE);
  const rows = (column: string) => dialog.locator(`[data-column="${column}"] tbody tr`);
  const cells = [SPIKE.planted.toString(), "68.6 %", "0.5 %"];
  await expect(rows("hashtag")).toHaveCount(1);
  await expect(rows("hashtag").first().locator(".number")).toHaveText(cells);
  await expect(rows("author").first().locator(".number").first()).toHaveText(SPIKE.byOne.toString());
  await expect(rows("text").getByRole("rowheader", { name: "sold", exact: true })).toBeVisible();
  await expect(rows("text").getByRole("rowheader", { name: "usual", exact: true })).toHaveCount(0);
  await expectAccessible(page, "explained");

  await tabTo(page, 'a[aria-label="Filter for #launchday"]');
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await explore.expectTotal(SPIKE.planted);
  await expect(explore.chip("hashtag is launchday")).toBeVisible();
});

test("what stands out is filtered out by a click, and no range means there is nothing to explain", async ({ explore, page }) => {
  await explore.open("spike");
  await expect(page.getByRole("link", { name: "Explain" })).toHaveCount(0);
  await explore.open("spike", { q: `created:${SPIKE.day}` });
  await page.getByRole("link", { name: "Explain" }).click();
  await page.getByRole("link", { name: "Filter out #launchday" }).click();
  await explore.expectTotal(SPIKE.tweets - SPIKE.planted);
  await page.goto("/c/spike/explain");
  await expect(page.getByText("Choose a range of time first")).toBeVisible();
  await page.getByRole("link", { name: "Back to the tweets" }).click();
  await explore.expectTotal(SPIKE.total);
});

test.describe("in dark", () => {
  test.use({ colorScheme: "dark" });
  test("an explanation has no serious finding", async ({ explore, page }) => {
    await page.goto(`/c/spike/explain?from=${SPIKE.day}&to=2026-05-22`);
    await expect(page.getByRole("status")).toHaveText(SENTENCE);
    await expectAccessible(page, "explained, dark");
    await page.getByRole("link", { name: "Back to the tweets" }).click();
    await explore.expectTotal(SPIKE.tweets);
  });
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("an explanation is a page", async ({ explore, page }) => {
    await explore.open("spike", { q: `created:${SPIKE.day}` });
    await page.getByRole("link", { name: "Explain" }).click();
    await expect(page.getByRole("status")).toHaveText(SENTENCE);
    await page.getByRole("link", { name: "Filter for #launchday" }).click();
    await explore.expectTotal(SPIKE.planted);
  });
});
