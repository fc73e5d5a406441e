// The explore page in its states.
import { expect } from "@playwright/test";
import type { Stage, State } from "../state";

const FILTERED = "lang:(en OR de) likes>=2 -is:retweet has:media";

/** The explore page with these parts of the address. */
function explored(parts: Record<string, string> = {}, collection = "weather"): State["open"] {
  return async ({ explore, page }) => {
    await explore.open(collection, parts);
    await expect(page.locator(".is-loading")).toHaveCount(0);
  };
}

/** Chooses a language. In narrow windows it stands in a sheet that is not open. */
async function chooseLanguage({ page }: Stage): Promise<void> {
  const value = page.locator('section[aria-label="Language"] a.choose', { hasText: "ja" });
  await value.evaluate((link: HTMLElement) => link.click());
  await expect(page).toHaveURL(/lang:ja/);
}

export const explore: State[] = [
  { name: "explore", title: "Explore", open: explored() },
  { name: "explore-filtered", title: "Explore, filtered", open: explored({ q: FILTERED }) },
  { name: "explore-split", title: "Explore, the histogram in parts", open: explored({ split: "lang" }) },
  { name: "explore-range", title: "Explore, a range of time", open: explored({ q: "created:2026-10-30", split: "type" }) },
  {
    name: "explore-wide",
    title: "Explore, many columns",
    open: explored({ cols: "created,author,text,lang,likes,reposts,replies,views,quotes,hashtag,domain,media,source,id" }),
  },
  {
    name: "explore-pinned",
    title: "Explore, a pinned column and bars in cells",
    open: explored({ cols: "author,created,text,likes,reposts,views,lang,domain,media", pin: "author", bars: "likes,views", sort: "-likes" }),
  },
  { name: "explore-at", title: "Explore, from a time on", open: explored({ at: "2026-10-29T12:00" }) },
  {
    name: "explore-tweet",
    title: "Explore, an open tweet",
    open: async (stage) => {
      await explored({ q: "has:media lang:en" })(stage);
      await stage.explore.rowLinks.nth(1).click();
      await expect(stage.explore.detail.field("Tweet id")).toBeVisible();
      await expect(stage.page.locator(".detail.is-loading")).toHaveCount(0);
    },
  },
  {
    name: "explore-hostile",
    title: "Explore, a tweet that attacks the page",
    open: async (stage) => {
      await explored({ q: "hostile" }, "garden")(stage);
      await stage.explore.rowLinks.first().click();
      await expect(stage.explore.detail.field("Tweet id")).toBeVisible();
    },
  },
  {
    name: "explore-selected",
    title: "Explore, selected rows",
    open: async (stage) => {
      await explored()(stage);
      for (const row of [1, 2, 4]) {
        await stage.explore.rows.nth(row).locator("[data-pick]").evaluate((mark: HTMLElement) => mark.click());
      }
      await expect(stage.page.getByText("3 selected")).toBeVisible();
    },
  },
  { name: "explore-empty", title: "Explore, nothing found", open: explored({ q: "lang:de likes>=4000000 storm" }) },
  { name: "explore-wrong", title: "Explore, a wrong filter", open: explored({ q: "lan:de likes>=2" }) },
  {
    name: "explore-pending",
    title: "Explore, while an answer is awaited",
    open: async (stage) => {
      await explored()(stage);
      await stage.page.route(/\/api\/ui\/explore/, () => new Promise(() => {}));
      await chooseLanguage(stage);
      await expect(stage.page.locator(".panes")).toHaveAttribute("aria-busy", "true");
    },
  },
  {
    name: "explore-offline",
    title: "Explore, no answer from the server",
    open: async (stage) => {
      await explored()(stage);
      await stage.page.context().setOffline(true);
      await chooseLanguage(stage);
      await expect(stage.page.getByRole("heading", { name: "No answer from the server" })).toBeVisible();
    },
  },
  {
    name: "explore-all-values",
    title: "All values of a column",
    open: async (stage) => {
      await explored()(stage);
      await stage.page.locator('[data-values="hashtag"]').evaluate((button: HTMLElement) => button.click());
      await expect(stage.page.locator("#values a.choose").first()).toBeVisible();
    },
  },
];
