import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Fails on every serious or critical finding of axe on the page as it stands. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // What loads is dimmed for that time.
  await expect(page.locator(".is-loading")).toHaveCount(0);
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState === "finished"));
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = bad.map(({ id, help, nodes }) => ({ id, help, at: nodes.slice(0, 5).map((node) => `${node.target} ${node.failureSummary}`) }));
  expect.soft(told, what).toEqual([]);
}

/** In light and dark, wide and on a phone. */
export async function expectAccessibleEverywhere(page: Page, what: string): Promise<void> {
  for (const [width, height] of [[1366, 768], [390, 844]] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page, `${what}, ${width} wide, ${colorScheme}`);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBe(width);
  }
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.emulateMedia({ colorScheme: "light" });
}
