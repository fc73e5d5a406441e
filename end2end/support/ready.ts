// Knows when WebAssembly has taken the page over.
import type { BrowserContext, Page } from "@playwright/test";

declare global {
  interface Window {
    /** Set by the router's listener, which is added while the page is taken over. */
    hasTakenOver?: boolean;
    /** Set by nobody but an attack. */
    hacked?: unknown;
  }
}

/** Makes every page of the context tell when it is taken over. */
export async function tellWhenReady(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const add = window.addEventListener.bind(window);
    window.addEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions) => {
      if (type === "popstate") window.hasTakenOver = true;
      add(type, listener, options);
    };
  });
}

/** Waits until links, forms and keys are handled in the page; sheets have nothing to wait for. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(
    () => window.hasTakenOver === true || (document.readyState === "complete" && !document.querySelector("script[type=module]")),
  );
}
