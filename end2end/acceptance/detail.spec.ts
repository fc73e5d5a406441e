import { expect, test } from "../fixtures";
import { count } from "../support/garden";

test("details open beside the table, and the list stays", async ({ explore, page }) => {
  await explore.open();
  const ids = await explore.ids();
  await explore.rows.nth(1).locator("td").nth(3).click({ position: { x: 2, y: 2 } });
  await explore.detail.expectTweet(ids[1] ?? "");
  await expect(explore.rows).toHaveCount(50);
  await expect(explore.rows.nth(1)).toHaveAttribute("aria-current", "true");
  const [panel, table] = [await explore.detail.panel.boundingBox(), await page.locator(".center").boundingBox()];
  expect((table?.x ?? 0) + (table?.width ?? 0)).toBeLessThanOrEqual((panel?.x ?? 0) + 1);
  await explore.detail.close.click();
  await expect(explore.detail.panel).toBeHidden();
  await expect(page).toHaveURL(/\/c\/garden$/);
});

test("j and k go to the next and previous tweet, Esc closes", async ({ explore, page }) => {
  await explore.open("garden", { sort: "-likes" });
  const ids = await explore.ids();
  await explore.rowLinks.first().click();
  await explore.detail.expectTweet(ids[0] ?? "");
  await expect(explore.detail.panel).toContainText("1 of 120");
  await page.keyboard.press("j");
  await explore.detail.expectTweet(ids[1] ?? "");
  await page.keyboard.press("j");
  await explore.detail.expectTweet(ids[2] ?? "");
  await page.keyboard.press("k");
  await explore.detail.expectTweet(ids[1] ?? "");
  await expect(explore.detail.panel).toContainText("2 of 120");
  await page.keyboard.press("Escape");
  await expect(explore.detail.panel).toBeHidden();
});

test("the fields filter for a value and exclude it", async ({ explore }) => {
  await explore.open("garden", { q: "tomato" });
  await explore.rowLinks.first().click();
  const [id] = await explore.ids();
  await explore.detail.expectTweet(id ?? "");
  const lang = (await explore.cells("lang").first().innerText()).trim();
  await explore.detail.field("Lang").getByRole("link", { name: "Exclude this Lang" }).click();
  await explore.expectFilter(`tomato -lang:${lang}`);
  await explore.expectTotal(count((tweet) => tweet.plant === "tomato" && tweet.lang !== lang));
  await explore.detail.expectTweet(id ?? "");
});

test("media are told by kind and description, links lead out by their shown name", async ({ explore }) => {
  await explore.open("garden", { q: "has:images has:links", sort: "created" });
  await explore.rowLinks.first().click();
  await expect(explore.detail.panel.getByText("A tomato in a bed")).toBeVisible();
  const link = explore.detail.panel.getByRole("link", { name: "example.org/article/0" }).first();
  await expect(link).toHaveAttribute("href", "https://www.example.org/article/0");
  await expect(link).toHaveAttribute("rel", /noopener noreferrer/);
});
