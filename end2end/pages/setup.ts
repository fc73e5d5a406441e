import type { Locator, Page } from "@playwright/test";

/** The page behind the one-time link. */
export class Setup {
  readonly error: Locator;

  constructor(readonly page: Page) {
    this.error = page.getByRole("alert");
  }

  async makeAccount(name: string, password: string, again = password): Promise<void> {
    await this.page.getByLabel("Name").fill(name);
    await this.page.getByLabel(/^Password(?! again)/).fill(password);
    await this.page.getByLabel("Password again").fill(again);
    await this.page.getByRole("button", { name: "Make the account" }).click();
  }
}
