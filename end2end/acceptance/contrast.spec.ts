// Every page and state for people who need strong contrast or colours of their own.
import { expect, test } from "../fixtures";
import type { Explore } from "../pages/explore";
import { expectAccessible } from "../support/axe";
import { garden } from "../support/garden";
import { ready } from "../support/ready";
import { SPIKE } from "../support/spike";

const isLong = Boolean(process.env.ROOST_LONG);

/** What people may have chosen; the first two stand for all in the usual suite. */
const MODES = [
  { told: "colours of one's own", colorScheme: "light", forcedColors: "active" },
  { told: "more contrast in the dark", colorScheme: "dark", contrast: "more" },
  { told: "colours of one's own in the dark", colorScheme: "dark", forcedColors: "active" },
  { told: "more contrast", colorScheme: "light", contrast: "more" },
] as const;

const ID = garden[3]?.id ?? "";

/** Pages that need nothing but to be opened. */
const PAGES: Record<string, string> = {
  collections: "/",
  boards: "/boards",
  alerts: "/alerts",
  notices: "/notices",
  exports: "/exports",
  SQL: "/sql",
  "new alert": "/c/garden/alerts/new",
  "save view": "/c/garden/views/new?q=tomato",
  views: "/c/garden/views",
  share: "/c/garden/share?q=tomato",
  export: "/c/garden/export?q=tomato",
  access: "/c/garden/access",
  plots: "/c/spike/plots",
  explanation: `/c/spike/explain?from=${SPIKE.day}&to=2026-05-22`,
  "a column of numbers": "/c/garden/column?col=likes",
  "a column of words": "/c/garden/column?col=lang",
  "a tweet": `/c/garden/tweet/${ID}`,
  "tweets beside each other": `/c/garden/selection?ids=${garden.slice(0, 3).map(({ id }) => id).join(",")}`,
  "a wrong filter": "/c/garden?q=lan:de",
  "nothing found": "/c/garden?q=lang:de+likes>=4000",
  "a divided histogram": "/c/garden?split=lang",
  "the time before": "/c/garden?q=created:2026-03-05&previous=1",
  "sign in": "/sign-in?error=wrong",
  setup: "/setup?token=x&error=weak",
};

/** States of the explore page that take a key or a click. */
async function states(explore: Explore, look: (what: string) => Promise<void>): Promise<void> {
  const page = explore.page;
  await explore.open("garden", { q: "lang:de -is:retweet", off: "likes>=5" });
  await look("filtered");
  await explore.rowLinks.first().click();
  await expect(explore.detail.field("Tweet id")).toBeVisible();
  await look("details");
  await page.keyboard.press("Escape");
  await explore.menu("likes", "Likes").open();
  await look("a column's menu");
  await page.keyboard.press("Escape");
  for (const [key, what] of [["?", "keys"], ["c", "columns"], ["t", "times"]] as const) {
    await page.keyboard.press(key);
    await look(what);
    await page.keyboard.press("Escape");
  }
  await page.locator('[aria-rowindex="2"] td').first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await look("chosen rows");
  await explore.box.fill("lang:");
  await expect(explore.options.first()).toBeVisible();
  await look("completions");
}

for (const { told, ...media } of isLong ? MODES : MODES.slice(0, 2)) {
  test(`with ${told} no page and no state has a serious finding`, async ({ explore, page }) => {
    test.setTimeout(240_000);
    await page.emulateMedia(media);
    for (const [what, path] of Object.entries(PAGES)) {
      await page.goto(path);
      await ready(page);
      await expectAccessible(page, `${what}, ${told}`);
    }
    await states(explore, (what) => expectAccessible(page, `${what}, ${told}`));
  });
}
