import type { Locator, Page } from "@playwright/test";

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

  /** Opens the menu and applies limits; an empty one is left open. */
  async limit(labels: [string, string], from: string, to: string): Promise<void> {
    await this.open();
    await this.menu.getByLabel(labels[0]).fill(from);
    await this.menu.getByLabel(labels[1]).fill(to);
    await this.menu.getByRole("button", { name: "Apply" }).click();
  }

  /** Opens the menu and compares with a value. */
  async compare(way: string, value: string): Promise<void> {
    await this.open();
    await this.menu.getByLabel(`How to compare ${this.title}`).selectOption({ label: way });
    await this.menu.getByLabel(`Value of ${this.title}`).fill(value);
    await this.menu.getByRole("button", { name: "Apply" }).click();
  }
}
