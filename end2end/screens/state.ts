// What a picture is of.
import type { Page } from "@playwright/test";
import type { Explore } from "../pages/explore";
import { ready } from "../support/ready";
import type { Prepared } from "./prepared";

/** What a state is reached with. */
export type Stage = { page: Page; explore: Explore; prepared: Prepared };

export type State = {
  /** The folder of its pictures. */
  name: string;
  title: string;
  /** Nobody is signed in. */
  signedOut?: true;
  /** The whole page, however long. */
  whole?: true;
  /** No picture in wider windows: there is no such thing, or it is as in others. */
  narrowerThan?: number;
  /** No picture in narrower windows. */
  widerThan?: number;
  open: (stage: Stage) => Promise<void>;
};

/** A state that is an address. */
export function at(path: string | ((prepared: Prepared) => string)): State["open"] {
  return async ({ page, prepared }) => {
    await page.goto(typeof path === "string" ? path : path(prepared));
    await ready(page);
  };
}

/** Follows a link of the page to a sheet, which opens in the dialog. In narrow windows it may stand in a menu. */
export async function openSheet(page: Page, path: string): Promise<void> {
  await page.locator(`a[data-sheet][href*="${path}"]`).first().evaluate((link: HTMLElement) => link.click());
  await page.locator("dialog[open] article").waitFor();
}
