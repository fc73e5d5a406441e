import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessibleEverywhere } from "../support/axe";

test.use({ storageState: nobody });

test("an admin says which access tier a credential has, and edits what a tier may ask", async ({ fresh, page, watch }) => {
  fresh.addUser("adi", PASSWORD, "admin");
  fresh.run(["credential", "add", "app", "--address", "https://api.x.com"], "a token\n");
  await fresh.start();
  await page.goto(`${fresh.url}/sign-in?next=/pipeline`);
  await new SignIn(page).signIn("adi", PASSWORD);
  await page.getByRole("link", { name: "Credentials" }).click();
  await expect(page).toHaveTitle("Credentials · Roost");
  await expect(page.getByText("a token")).toHaveCount(0);

  // 1: the tier
  const tier = page.getByRole("combobox", { name: "Access tier: app" });
  await expect(tier).toHaveValue("pay-per-use");
  await tier.selectOption("basic");
  await page.getByRole("button", { name: "Save: app" }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await expect(tier).toHaveValue("basic");

  // 2: a limit
  const of = "basic /2/tweets/search/recent apps";
  const requests = page.getByRole("spinbutton", { name: `Requests in 15 minutes: ${of}` });
  await expect(requests).toHaveValue("60");
  await requests.fill("45");
  await page.getByRole("button", { name: `Save: ${of}` }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await expect(requests).toHaveValue("45");
  expect(fresh.run(["limit", "list"])).toMatch(/basic\t\/2\/tweets\/search\/recent\tapp\t45/);
  await expectAccessibleEverywhere(page, "credentials");

  // 3: what is none
  watch.foresee(/(answer|status of) 422/);
  await requests.fill("2000000");
  await page.getByRole("button", { name: `Save: ${of}` }).click();
  await expect(page.getByText(/2000000 requests are no limit/)).toBeVisible();
});
