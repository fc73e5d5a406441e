// What Chromium notes about how a page felt.
import type { Page } from "@playwright/test";

export type Vitals = {
  /** Milliseconds. */
  firstPaint: number;
  largestPaint: number;
  /** Layout shifts that nobody caused, added up as long as they follow each other: the cumulative layout shift. */
  shift: number;
  /** Milliseconds of the slowest click or key, until it was painted. */
  slowest: number;
};

/** Notes it for all pages that are opened from now on. */
export async function observe(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const vitals: Vitals = { firstPaint: 0, largestPaint: 0, shift: 0, slowest: 0 };
    Object.assign(window, { vitals });
    const sum = { first: 0, last: 0, value: 0 };
    const watch = (type: string, take: (entry: PerformanceEntry) => void) => {
      const options = { type, buffered: true, durationThreshold: 16 };
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe(options);
    };
    watch("paint", (entry) => {
      if (entry.name === "first-contentful-paint") vitals.firstPaint = entry.startTime;
    });
    watch("largest-contentful-paint", (entry) => (vitals.largestPaint = entry.startTime));
    watch("layout-shift", (entry) => {
      const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (shift.hadRecentInput) return;
      const isNew = shift.startTime - sum.last > 1000 || shift.startTime - sum.first > 5000;
      if (isNew) Object.assign(sum, { first: shift.startTime, value: 0 });
      Object.assign(sum, { last: shift.startTime, value: sum.value + shift.value });
      vitals.shift = Math.max(vitals.shift, sum.value);
    });
    watch("event", (entry) => {
      const { interactionId } = entry as PerformanceEntry & { interactionId: number };
      if (interactionId > 0) vitals.slowest = Math.max(vitals.slowest, entry.duration);
    });
  });
}

/** What was noted on this page. */
export async function seen(page: Page): Promise<Vitals> {
  // Chromium tells some frames later.
  await page.waitForTimeout(200);
  return page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
}
