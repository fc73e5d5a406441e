import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";
import { SPIKE, spikePages } from "../support/spike";

function panel(page: Page, title: string): Locator {
  return page.locator("section.plot").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
}

/** The link of a value in the table of a plot. */
async function inTable(of: Locator, value: string): Promise<Locator> {
  await of.getByText("as table").click();
  return of.getByRole("rowheader").getByRole("link", { name: value, exact: true });
}

async function addPanel(page: Page, plot: string, column = "Default"): Promise<void> {
  await page.getByRole("link", { name: "Add a panel" }).click();
  await page.getByRole("combobox", { name: /^Plot/ }).selectOption({ label: plot });
  await page.getByRole("combobox", { name: /^Column/ }).selectOption({ label: column });
  await page.getByRole("button", { name: "Add panel" }).click();
}

test.describe("a board of one's own", () => {
  test.use({ storageState: nobody });
  test.setTimeout(120_000);

  test("bea begins with her board; all panels follow one range of time and lead to the tweets", async ({ fresh, explore, page }) => {
    fresh.import("spike", spikePages());
    fresh.addUser("bea", PASSWORD, "viewer");
    await fresh.start(["serve"]);
    await page.goto(`${fresh.url}/boards`);
    await new SignIn(page).signIn("bea", PASSWORD);
    await page.getByLabel("Name").fill("Launches");
    await page.getByRole("button", { name: "Create board" }).click();
    await addPanel(page, "Tweets over time");
    await addPanel(page, "Most frequent values", "Hashtags");
    await addPanel(page, "How active the authors are");
    await expectAccessible(page, "a board");
    await page.getByRole("button", { name: "Make this my start page" }).click();
    await page.goto(`${fresh.url}/`);
    await expect(page.getByRole("heading", { name: "Launches" })).toBeVisible();

    const counts = page.locator(".plot .trust strong");
    await expect(counts).toHaveText(Array<string>(3).fill(`${SPIKE.total} tweets`));
    await page.getByLabel("From").fill(SPIKE.day);
    await page.getByLabel("To", { exact: true }).fill(SPIKE.day);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(new RegExp(`from=${SPIKE.day}&to=${SPIKE.day}$`));
    await expect(counts).toHaveText(Array<string>(3).fill(`${SPIKE.tweets} tweets`));
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page, "a board in the dark");
    await page.emulateMedia({ colorScheme: "light" });

    await (await inTable(panel(page, "Most frequent: hashtag"), "#launchday")).click();
    await explore.expectTotal(SPIKE.planted);
    await expect(explore.chip("hashtag is launchday")).toBeVisible();
    await page.goBack();
    await page.getByRole("link", { name: "Last 24 hours" }).click();
    await expect(page).toHaveURL(/t=24h$/);
    await expect(counts).toHaveText(Array<string>(3).fill("0 tweets"));

    await panel(page, "Tweets over time").getByText("Edit panel").click();
    await page.getByRole("button", { name: "Remove" }).click();
    await expect(page.locator("section.plot")).toHaveCount(2);
  });
});

test("the plots of a filter open in a dialog and lead back to fewer tweets", async ({ explore, page }) => {
  await explore.open("spike", { q: "#gpu" });
  await page.getByRole("link", { name: "Plots", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Plots" });
  await expect(dialog.locator(".trust strong")).toHaveText(`${SPIKE.total} tweets`);
  await expect(dialog.locator("section.plot")).toHaveCount(6);
  await expectAccessible(page, "plots");
  await dialog.getByRole("combobox", { name: "Most frequent" }).selectOption({ label: "Author" });
  await dialog.getByRole("button", { name: "Show" }).click();
  await expect(panel(page, "Most frequent: author").locator("svg a")).toHaveCount(9);
  await (await inTable(panel(page, "Distribution of likes"), "0")).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/q=%23gpu\+likes:0/);
});

test("a plot is saved as a picture of twice its size, with its title, its filter and its time", async ({ explore, page }) => {
  await explore.open("spike", { q: `#gpu created:${SPIKE.day}` });
  await page.getByRole("link", { name: "Plots", exact: true }).click();
  const top = panel(page, "Most frequent: hashtag");
  const asSvg = top.getByRole("link", { name: "Most frequent: hashtag as SVG" });
  const svg = await (await page.request.get((await asSvg.getAttribute("href")) ?? "")).text();
  expect(svg).toMatch(/>spike: hashtag is gpu.+2026-05-21 · \w+ \d+ \w+ \d+, [\d:]+ UTC<\/text>/);
  const [width, height] = [...svg.matchAll(/ (?:width|height)="([\d.]+)"/g)].map(([, pixels]) => Number(pixels));
  const saved = page.waitForEvent("download");
  await top.getByRole("button", { name: "Most frequent: hashtag as PNG" }).click();
  expect((await saved).suggestedFilename()).toBe("roost-top-hashtag.png");
  const png = readFileSync(await (await saved).path());
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const pixels = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0);
    const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
    const colours: Record<string, number> = {};
    for (let at = 0; at < data.length; at += 4) {
      const colour = [data[at], data[at + 1], data[at + 2]].join();
      colours[colour] = (colours[colour] ?? 0) + 1;
    }
    return { width: image.width, height: image.height, colours };
  }, png.toString("base64"));
  expect([pixels.width, pixels.height]).toEqual([2 * (width ?? 0), Math.floor(height ?? 0) * 2]);
  const all = pixels.width * pixels.height;
  // The background, the bars, and letters.
  expect((pixels.colours["255,255,255"] ?? 0) / all).toBeGreaterThan(0.5);
  expect((pixels.colours["11,122,117"] ?? 0) / all).toBeGreaterThan(0.02);
  expect(pixels.colours["23,33,43"] ?? 0).toBeGreaterThan(300);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("the plots are a page, a mark leads to its tweets, and files are saved", async ({ explore, page }) => {
    await page.goto(`/c/spike/plots?q=created:${SPIKE.day}`);
    const top = panel(page, "Most frequent: hashtag");
    const saved = page.waitForEvent("download");
    await top.getByRole("link", { name: "Most frequent: hashtag as SVG" }).click();
    expect((await saved).suggestedFilename()).toBe("roost-top-hashtag.svg");
    await top.locator("svg a").filter({ hasText: "#launchday" }).click();
    await explore.expectTotal(SPIKE.planted);
  });
});
