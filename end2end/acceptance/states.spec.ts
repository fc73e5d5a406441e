import { expect, test } from "../fixtures";
import { count } from "../support/garden";

test("an empty result offers to drop each condition", async ({ explore, page }) => {
  await explore.open();
  await explore.filter("lang:de likes>=4000 tomato");
  await explore.expectTotal(0);
  await expect(page.getByRole("heading", { name: "No tweets match" })).toBeVisible();
  const condition = page.getByRole("listitem").filter({ hasText: "Without this: " });
  await expect(condition).toHaveCount(3);
  await expect(condition.filter({ hasText: "language is de" })).toContainText("Without this: still none");
  const germanTomatoes = count((tweet) => tweet.lang === "de" && tweet.plant === "tomato");
  const likes = condition.filter({ hasText: /likes ≥ 4,?000/ }).getByRole("link");
  await expect(likes).toHaveText(new RegExp(`^Without this: ${germanTomatoes} tweets?$`));
  await likes.click();
  await explore.expectTotal(germanTomatoes);
  await page.goBack();
  await page.getByRole("link", { name: "Show all tweets" }).click();
  await explore.expectTotal(120);
});

test("while an answer is awaited the old rows stay, dimmed", async ({ explore, page }) => {
  await explore.open();
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    void page.route(/\/api\/ui\/explore/, async (route) => {
      await new Promise<void>((go) => ((answer = go), resolve()));
      await route.continue();
    });
  });
  await explore.facet("Language").choose("fr");
  await asked;
  await expect(page.locator(".panes")).toHaveAttribute("aria-busy", "true");
  await expect(explore.rows).toHaveCount(50);
  answer();
  await explore.expectTotal(count((tweet) => tweet.lang === "fr"));
  await expect(page.locator(".panes")).toHaveAttribute("aria-busy", "false");
});

test("without an answer from the server the page stays, says so, and tries again", async ({ explore, page, context, watch }) => {
  await explore.open();
  watch.foresee(/INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await explore.facet("Language").choose("de");
  await expect(page.getByRole("heading", { name: "No answer from the server" })).toBeVisible();
  await expect(explore.rows, "what was there can still be read").toHaveCount(50);
  await expect(page).toHaveURL(/lang:de/);
  await context.setOffline(false);
  await page.getByRole("link", { name: "Try again" }).click();
  await explore.expectFilter("lang:de");
  await explore.expectTotal(count((tweet) => tweet.lang === "de"));
  await expect(page.getByRole("heading", { name: "No answer from the server" })).toHaveCount(0);
});

test("a wide table scrolls by itself, the page never sideways", async ({ explore, page }) => {
  await explore.open("garden", { cols: "created,author,text,lang,likes,reposts,replies,views,quotes,hashtag,mention,domain,url,media,place,source,id,conversation,first_seen" });
  await expect(explore.rows).toHaveCount(50);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
