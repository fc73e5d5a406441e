// Takes the pictures, in the format and quality that keep the folder small.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { SCHEMES } from "./sizes";
import type { State } from "./state";

export const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/screens");

/** Of 100. Less makes small letters hard to read. */
const QUALITY = 45;

/** The name of a picture's file. */
export function fileOf(state: State, size: string, scheme: string): string {
  return `${state.name}/${size}-${scheme}.webp`;
}

/** Takes both pictures of what the page shows. */
export async function take(page: Page, state: State, size: string): Promise<void> {
  mkdirSync(path.join(FOLDER, state.name), { recursive: true });
  const browser = await page.context().newCDPSession(page);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
    const { cssContentSize } = await browser.send("Page.getLayoutMetrics");
    // Playwright itself writes PNG and JPEG alone.
    const { data } = await browser.send("Page.captureScreenshot", {
      format: "webp",
      quality: QUALITY,
      ...(state.whole ? { captureBeyondViewport: true, clip: { ...cssContentSize, scale: 1 } } : {}),
    });
    writeFileSync(path.join(FOLDER, fileOf(state, size, colorScheme)), Buffer.from(data, "base64"));
  }
}
