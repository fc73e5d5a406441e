import { expect, type Locator, type Page } from "@playwright/test";
import { ready } from "../support/ready";
import { ColumnMenu } from "./column-menu";
import { Detail } from "./detail";
import { Facet } from "./facet";
import { Histogram } from "./histogram";

/** The explore page: a filter, and all that it finds. */
export class Explore {
  readonly box: Locator;
  /** What the box offers. */
  readonly options: Locator;
  readonly chips: Locator;
  readonly table: Locator;
  readonly rows: Locator;
  readonly rowLinks: Locator;
  /** Shows the tweets that have come since. */
  readonly newer: Locator;
  readonly nextPage: Locator;
  readonly previousPage: Locator;
  readonly detail: Detail;
  readonly histogram: Histogram;

  constructor(readonly page: Page, private readonly hasScript = true) {
    this.box = page.getByRole("combobox", { name: "Filter", exact: true });
    this.options = page.getByRole("listbox", { name: "Completions" }).getByRole("option");
    this.chips = page.getByRole("list", { name: "Conditions" });
    this.table = page.getByRole("grid", { name: "Tweets" });
    this.rows = this.table.locator("tbody tr");
    this.rowLinks = this.rows.locator(".row-link");
    this.newer = page.getByRole("button", { name: /^\d.* new/ });
    const pager = page.getByRole("navigation", { name: "Pages" });
    this.nextPage = pager.getByRole("link", { name: "Next page" });
    this.previousPage = pager.getByRole("link", { name: "Previous page" });
    this.detail = new Detail(page);
    this.histogram = new Histogram(page);
  }

  /** Opens a collection with these parts of the URL. */
  async open(collection = "garden", parts: Record<string, string> = {}): Promise<void> {
    const query = new URLSearchParams(parts).toString();
    await this.page.goto(`/c/${collection}${query && `?${query}`}`);
    await this.settle();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.settle();
  }

  private async settle(): Promise<void> {
    if (this.hasScript) await ready(this.page);
  }

  /** Applies a filter through the box. */
  async filter(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  facet(title: string): Facet {
    return new Facet(this.page, title);
  }

  menu(name: string, title: string): ColumnMenu {
    return new ColumnMenu(this.page, name, title);
  }

  /** The link that drops a condition. */
  chip(words: string): Locator {
    return this.chips.getByRole("link", { name: `Remove condition: ${words}`, exact: true });
  }

  header(title: string): Locator {
    return this.table.getByRole("columnheader", { name: title, exact: true });
  }

  cells(column: string): Locator {
    return this.rows.locator(`td[data-column="${column}"]`);
  }

  async expectTotal(total: number): Promise<void> {
    const text = `${total.toLocaleString("en-US")} ${total === 1 ? "tweet" : "tweets"}`;
    await expect(this.page.getByRole("status").filter({ hasText: /tweets?\b/ })).toHaveText(new RegExp(`^\\s*${text}(?!\\w)`));
  }

  async total(): Promise<number> {
    const text = await this.page.getByRole("status").filter({ hasText: /^\s*[\d,]+ tweets?/ }).innerText();
    return Number(text.match(/[\d,]+/)?.[0].replaceAll(",", ""));
  }

  /** The filter that the URL holds. */
  async expectFilter(q: string): Promise<void> {
    await expect.poll(() => new URL(this.page.url()).searchParams.get("q") ?? "", "the filter in the URL").toBe(q);
    await expect(this.box).toHaveValue(q);
  }

  /** Ids of the tweets in the rows. */
  async ids(): Promise<string[]> {
    const hrefs = await this.rowLinks.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    return hrefs.map((href) => new URLSearchParams(href.split("?")[1]).get("tweet") ?? "");
  }

  /** The rows that are drawn, by their number from 1. */
  async numbered(): Promise<Map<number, string>> {
    const rows = await this.rows.evaluateAll((rows) =>
      rows.map((row) => [Number(row.getAttribute("aria-rowindex")) - 1, row.querySelector(".row-link")?.getAttribute("href") ?? ""] as const),
    );
    return new Map(rows.map(([number, href]) => [number, new URLSearchParams(href.split("?")[1]).get("tweet") ?? ""]));
  }

  /** Waits until this row is the first in sight. */
  async expectFirst(number: number): Promise<void> {
    await expect(this.page.locator(".range")).toHaveText(new RegExp(`^${number.toLocaleString("en-US")}–`));
  }

  /** Scrolls the rows to so many pixels from the top. */
  async scrollTo(top: number): Promise<void> {
    await this.page.locator(".rows").evaluate((rows, top) => rows.scrollTo(0, top), top);
  }

  async numbers(column: string): Promise<number[]> {
    const texts = await this.cells(column).allInnerTexts();
    return texts.map((text) => Number(text.replaceAll(",", "").trim()));
  }
}
