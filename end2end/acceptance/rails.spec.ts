import { expect, test } from "../fixtures";

test.describe("the panes beside the rows", () => {
  test.use({ viewport: { width: 1600, height: 900 } });

  test("are pulled wider, by pointer and keys, and stay so", async ({ explore, page }) => {
    await explore.open();
    const border = page.getByRole("separator", { name: "Width of the filters" });
    const facets = page.locator("#facets");
    const width = async () => Math.round((await facets.boundingBox())?.width ?? 0);
    expect(await width()).toBe(260);
    const box = await border.boundingBox();
    if (!box) throw new Error("there is no border");
    await page.mouse.move(box.x + 4, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 64, box.y + 310, { steps: 4 });
    await page.mouse.up();
    expect(await width()).toBe(320);
    await border.press("ArrowRight");
    expect(await width()).toBe(360);
    await expect(border).toHaveAttribute("aria-valuenow", "360");
    await page.reload();
    expect(await width(), "it came so from the server").toBe(360);
    await border.press("ArrowLeft");
    expect(await width()).toBe(320);
  });

  test("fold away: the rows have their place, and one click brings them back", async ({ explore, page }) => {
    await explore.open();
    const rows = page.locator(".center");
    const before = (await rows.boundingBox())?.width ?? 0;
    const fold = page.locator(".fold");
    await fold.click();
    await expect(fold).toHaveAttribute("aria-expanded", "false");
    await expect(page.locator("#facets .facet").first()).toBeHidden();
    expect((await rows.boundingBox())?.width ?? 0).toBeGreaterThan(before + 200);
    await page.reload();
    await expect(page.locator("#facets .facet").first()).toBeHidden();
    await fold.click();
    await expect(page.locator("#facets .facet").first()).toBeVisible();
    expect((await rows.boundingBox())?.width ?? 0).toBe(before);
  });

  test("the details are pulled too", async ({ explore, page }) => {
    await explore.open();
    await page.locator(".row-link").first().click();
    const details = page.getByRole("complementary", { name: "Details" });
    await expect(details).toBeVisible();
    const border = page.getByRole("separator", { name: "Width of the details" });
    await border.press("ArrowLeft");
    expect(Math.round((await details.boundingBox())?.width ?? 0)).toBe(440);
  });
});
