import type { Locator, Page } from "@playwright/test";

/** Tweets over time. */
export class Histogram {
  readonly chart: Locator;
  readonly bars: Locator;
  readonly zoomOut: Locator;

  constructor(private readonly page: Page) {
    this.chart = page.getByRole("group", { name: /^Tweets over time/ });
    this.bars = this.chart.locator("a");
    this.zoomOut = page.getByRole("link", { name: "zoom out" });
  }

  /** How many tweets the bars tell, one by one. */
  async counts(): Promise<number[]> {
    const labels = await this.bars.evaluateAll((bars) => bars.map((bar) => bar.getAttribute("aria-label") ?? ""));
    return labels.map((label) => Number(label.match(/: ([\d,]+) tweets?$/)?.[1]?.replaceAll(",", "")));
  }

  /** Drags from one share of the width to another. */
  async drag(from: number, to: number): Promise<void> {
    const box = await this.chart.boundingBox();
    if (!box) throw new Error("there is no chart");
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width * from, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 4 });
    await this.page.mouse.move(box.x + box.width * to, y, { steps: 4 });
    await this.page.mouse.up();
  }
}
