// Sheets in the dialog of the explore page.
import { openSheet, type State } from "../state";

const FILTER = { q: "lang:en likes>=2 -is:retweet" };

/** The sheet that the first link with this in its address leads to. */
function sheet(path: string, parts: Record<string, string> = FILTER): State["open"] {
  return async ({ explore, page }) => {
    await explore.open("weather", parts);
    await openSheet(page, path);
  };
}

export const sheets: State[] = [
  { name: "collections", title: "The other collections", open: sheet("/?all") },
  { name: "views", title: "Saved views", open: sheet("/views?") },
  {
    name: "views-changed",
    title: "Saved views, one that was changed",
    open: async ({ explore, page, prepared }) => {
      await explore.open("weather", { q: "has:media lang:ja", view: prepared.view });
      await openSheet(page, "/views?");
    },
  },
  { name: "view-new", title: "A new view", open: sheet("/views/new") },
  {
    name: "view-edit",
    title: "A view's settings",
    open: async (stage) => {
      await sheet("/views?")(stage);
      await openSheet(stage.page, `/views/${stage.prepared.view}`);
      await stage.page.locator("article.edit-view").waitFor();
    },
  },
  { name: "share", title: "Share", open: sheet("/share") },
  { name: "export", title: "Export", open: sheet("/export") },
  { name: "alert-new", title: "A new alert", open: sheet("/alerts/new", { q: "storm" }) },
  { name: "bars", title: "The histogram as a table", open: sheet("/bars") },
  { name: "plots", title: "Plots", open: sheet("/plots") },
  { name: "explain", title: "What is different here", open: sheet("/explain", { q: "created:2026-10-30" }) },
  { name: "column-number", title: "A number's column", open: sheet("col=likes") },
  { name: "column-words", title: "A column of words", open: sheet("col=hashtag", { ...FILTER, cols: "created,text,hashtag,likes" }) },
  { name: "column-time", title: "The column of time", open: sheet("col=created") },
  {
    name: "compare",
    title: "Selected tweets side by side",
    open: async (stage) => {
      await stage.explore.open("weather", FILTER);
      for (const row of [0, 1]) {
        await stage.explore.rows.nth(row).locator("[data-pick]").evaluate((mark: HTMLElement) => mark.click());
      }
      await openSheet(stage.page, "/selection");
    },
  },
];
