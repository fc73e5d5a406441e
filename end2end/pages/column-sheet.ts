import type { Locator, Page } from "@playwright/test";

/** The sheet of a column, in the dialog or as a page. */
export class ColumnSheet {
  readonly sheet: Locator;

  constructor(page: Page, private readonly title: string) {
    this.sheet = page.locator("article.column");
  }

  private form(name: string): Locator {
    return this.sheet.locator(`form[data-form="${name}"]`);
  }

  /** Applies limits; an empty one is left open. */
  async limit(labels: [string, string], from: string, to: string): Promise<void> {
    const form = this.form("range");
    await form.getByLabel(labels[0]).fill(from);
    await form.getByLabel(labels[1]).fill(to);
    await form.getByRole("button", { name: "Apply" }).click();
  }

  /** Compares with a value. */
  async compare(way: string, value: string): Promise<void> {
    await this.sheet.getByLabel(`How to compare ${this.title}`).selectOption({ label: way });
    await this.sheet.getByLabel(`Value of ${this.title}`).fill(value);
    await this.form("compare").getByRole("button", { name: "Apply" }).click();
  }

  /** Checks exactly these values and says how they are meant. */
  async check(values: string[], how: string): Promise<void> {
    const form = this.form("values");
    await form.waitFor();
    const checked = form.getByRole("checkbox", { checked: true });
    while ((await checked.count()) > 0) await checked.first().uncheck();
    for (const value of values) await form.getByRole("checkbox", { name: value, exact: true }).check();
    await form.getByLabel("How the checked values are meant").selectOption({ label: how });
    await form.getByRole("button", { name: "Apply" }).click();
  }

  /** Pastes a list. */
  async paste(lines: string[], how = "is any of these"): Promise<void> {
    await this.sheet.getByText("A list of values").click();
    const form = this.form("list");
    await form.getByLabel("How the list is meant").selectOption({ label: how });
    await form.getByLabel("List", { exact: true }).fill(lines.join("\n"));
    await form.getByRole("button", { name: "Apply" }).click();
  }

  figure(name: string): Locator {
    return this.sheet.locator("dl > div").filter({ hasText: name }).locator("dd");
  }
}
