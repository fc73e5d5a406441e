// Watches a page for everything that must never happen unseen.
import type { Page } from "@playwright/test";

/** Collects what goes wrong on a page; the test fails on what it has not foreseen. */
export class Watch {
  private readonly problems: string[] = [];
  private readonly foreseen: RegExp[] = [];

  constructor(page: Page, origin: () => string) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => this.problems.push(`page error: ${error.message}`));
    page.on("crash", () => this.problems.push("the page crashed"));
    page.on("dialog", async (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      const isInner = url.protocol === "data:" || url.protocol === "blob:";
      if (!isInner && origin() !== "" && url.origin !== origin()) this.problems.push(`request elsewhere: ${url}`);
    });
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      // A page that is left takes its unfinished requests with it.
      if (reason !== "net::ERR_ABORTED") this.problems.push(`failed request: ${request.url()} ${reason}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.problems.push(`answer ${response.status()}: ${response.url()}`);
    });
  }

  /** The test means this to happen. */
  foresee(...patterns: RegExp[]): void {
    this.foreseen.push(...patterns);
  }

  /** What happened and was not foreseen. */
  unforeseen(): string[] {
    return this.problems.filter((problem) => !this.foreseen.some((pattern) => pattern.test(problem)));
  }
}
