import { expect, test } from "../fixtures";
import { count } from "../support/garden";

test("a wrong filter is marked where it is wrong, the results stay, and one click mends it", async ({ explore, page }) => {
  await explore.open();
  await explore.filter("tomato");
  const tomatoes = count((tweet) => tweet.plant === "tomato");
  await explore.expectTotal(tomatoes);

  await explore.filter("tomato lan:de");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("There is no column “lan”.");
  await expect(alert.locator("mark")).toHaveText("lan");
  await explore.expectTotal(tomatoes);
  await expect(explore.rows).toHaveCount(tomatoes);

  await alert.getByRole("link", { name: "Change to tomato lang:de" }).click();
  await explore.expectFilter("tomato lang:de");
  await explore.expectTotal(count((tweet) => tweet.plant === "tomato" && tweet.lang === "de"));
  await expect(alert).toHaveCount(0);
});

for (const [wrong, message, mended] of [
  ["likes>=many", "likes needs", undefined],
  ["(lang:de", undefined, "(lang:de)"],
  ["is:retwet", "After is:", "is:retweet"],
  ["filter:replies", "filter: is a word of X's website", "is:reply"],
  ["created>=2026-02-30", undefined, undefined],
] as const) {
  test(`a link with the wrong filter ${wrong} says what is wrong`, async ({ explore, page }) => {
    await explore.open("garden", { q: wrong });
    const alert = page.getByRole("alert").filter({ has: page.locator("mark") });
    await expect(alert).toBeVisible();
    if (message) await expect(alert).toContainText(message);
    await expect(page.getByRole("heading", { name: "No results yet" })).toBeVisible();
    if (mended) {
      await alert.getByRole("link", { name: `Change to ${mended}` }).click();
      await expect(explore.rows.first()).toBeVisible();
    }
  });
}

test("a handle that nobody has is told with its place, and the results stay", async ({ explore, page, watch }) => {
  watch.foresee(/(answer|status of) 400/);
  await explore.open("garden", { q: "tomato from:nobodyhere" });
  const alert = page.getByRole("alert").filter({ has: page.locator("mark") });
  await expect(alert).toContainText("No author with the handle @nobodyhere has been seen yet.");
  await expect(alert.locator("mark")).toHaveText("nobodyhere");
  await explore.filter("tomato");
  const tomatoes = count((tweet) => tweet.plant === "tomato");
  await explore.expectTotal(tomatoes);
  await expect(alert).toHaveCount(0);
  await explore.filter("tomato from:nobodyhere");
  await expect(alert).toContainText("No author with the handle @nobodyhere");
  await expect(explore.rows).toHaveCount(tomatoes);
});

test("where there is no collection, nothing is called by its name", async ({ explore, page, watch }) => {
  watch.foresee(/(answer|status of) 404/);
  await explore.open("none", { q: "lan:de" });
  await expect(page).toHaveTitle("No such collection · Roost");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No such collection");
});
