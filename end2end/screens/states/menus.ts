// What floats above the explore page.
import { expect } from "@playwright/test";
import type { Stage, State } from "../state";

/** A menu that the element with this id is. */
function menu(id: string): State["open"] {
  return async ({ explore, page }: Stage) => {
    await explore.open("weather", { q: "lang:en" });
    // In narrow windows its button may stand in another menu.
    const button = page.locator(`[popovertarget="${id}"]:not([popovertargetaction])`).first();
    await button.evaluate((button: HTMLElement) => button.click());
    await expect(page.locator(`#${id}`)).toBeVisible();
  };
}

export const menus: State[] = [
  { name: "menu-filters", title: "Filters", narrowerThan: 1000, open: menu("facets") },
  { name: "menu-column", title: "Menu of a column", widerThan: 600, open: menu("menu-likes") },
  { name: "menu-columns", title: "Columns", widerThan: 600, open: menu("columns") },
  { name: "menu-time", title: "Time", open: menu("time") },
  { name: "menu-split", title: "Parts of the histogram", open: menu("split") },
  { name: "menu-go-to", title: "To a row or a time", widerThan: 600, open: menu("go-to") },
  { name: "menu-sort", title: "Order", narrowerThan: 600, open: menu("sort") },
  { name: "menu-account", title: "Account and colours", open: menu("account") },
  { name: "menu-keys", title: "Keyboard shortcuts", open: menu("keys") },
  {
    name: "menu-completions",
    title: "What the box offers",
    open: async ({ explore }) => {
      await explore.open("weather");
      await explore.box.fill("lang:en hashtag:");
      await explore.box.press("End");
      await expect(explore.options.first()).toBeVisible();
    },
  },
];
