import { expect, type Locator, type Page } from "@playwright/test";

/** The details of a tweet, beside the table. */
export class Detail {
  readonly panel: Locator;
  readonly next: Locator;
  readonly previous: Locator;
  readonly close: Locator;

  constructor(readonly page: Page) {
    this.panel = page.getByRole("complementary", { name: "Details" });
    this.next = this.panel.getByRole("link", { name: "Next tweet" });
    this.previous = this.panel.getByRole("link", { name: "Previous tweet" });
    this.close = this.panel.getByRole("link", { name: "Close the details" });
  }

  /** The value that the fields show for a column. */
  field(title: string): Locator {
    return this.panel.locator(".fields > div").filter({ has: this.page.getByRole("term").filter({ hasText: new RegExp(`^${title}$`) }) });
  }

  async expectTweet(id: string): Promise<void> {
    await expect(this.panel).toBeVisible();
    await expect(this.field("Tweet id")).toContainText(id);
  }
}
