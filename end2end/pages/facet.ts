import { expect, type Locator, type Page } from "@playwright/test";

/** The values of one column with their counts, beside the table. */
export class Facet {
  readonly region: Locator;

  constructor(page: Page, title: string) {
    this.region = page.getByRole("region", { name: title, exact: true });
  }

  /** The link that chooses a value, or lets it go. */
  value(name: string): Locator {
    return this.region.getByRole("link", { name: new RegExp(`^(Only|No longer only|No longer without) ${name}\\s*, `) });
  }

  async choose(name: string): Promise<void> {
    await this.value(name).click();
  }

  async exclude(name: string): Promise<void> {
    await this.value(name).hover();
    await this.region.getByRole("link", { name: `Exclude ${name}`, exact: true }).click();
  }

  /** The values with their counts. */
  async counts(): Promise<Record<string, number>> {
    const pairs = await this.region.locator("a.choose").evaluateAll((links) =>
      links.map((link) => {
        const name = link.querySelector(".name")?.cloneNode(true) as Element | undefined;
        name?.querySelectorAll("[aria-hidden]").forEach((ornament) => ornament.remove());
        const count = link.querySelector(".count")?.textContent ?? "";
        return [name?.textContent?.trim() ?? "?", Number(count.replaceAll(",", ""))] as const;
      }),
    );
    return Object.fromEntries(pairs);
  }

  async expectCounts(expected: Record<string, number>): Promise<void> {
    await expect.poll(() => this.counts(), `counts of ${this.region}`).toEqual(expected);
  }
}
