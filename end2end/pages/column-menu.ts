import type { Locator, Page } from "@playwright/test";
import { ColumnSheet } from "./column-sheet";

/** The menu in a column's head. */
export class ColumnMenu {
  private readonly menu: Locator;

  constructor(private readonly page: Page, name: string, private readonly title: string) {
    this.menu = page.locator(`#menu-${name}`);
  }

  async open(): Promise<void> {
    await this.page.getByRole("button", { name: `Menu of ${this.title}`, exact: true }).click();
  }

  /** Opens the menu and clicks on an item. */
  async pick(item: string): Promise<void> {
    await this.open();
    await this.menu.getByRole("link", { name: item, exact: true }).click();
  }

  /** Opens the column's sheet from the menu. */
  async sheet(): Promise<ColumnSheet> {
    await this.pick("Filter and details…");
    return new ColumnSheet(this.page, this.title);
  }
}
