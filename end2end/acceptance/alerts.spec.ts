import { expect, nobody, PASSWORD, test } from "../fixtures";
import { SignIn } from "../pages/sign-in";
import { expectAccessible } from "../support/axe";
import { MailServer } from "../support/mail";
import type { Roost } from "../support/roost";
import { inPages, place, type Tweet } from "../support/v2";

const DAY = 24 * 3_600_000;
const USER = {
  id: "500",
  username: "gpufan",
  name: "G. P. Ufan",
  verified: false,
  created_at: "2012-05-01T12:00:00Z",
  public_metrics: { followers_count: 1, following_count: 1, tweet_count: 1 },
};

let made = 0;

/** Posts of `#gpu`, which came at that time; their ids tell the time too. */
function posts(count: number, time: number): Tweet[] {
  return Array.from({ length: count }, () => {
    made += 1;
    const id = ((BigInt(time) - 1_288_834_974_657n) << 22n) + BigInt(made);
    const text = `New #gpu number ${made}`;
    const entities = { hashtags: [{ ...place(text, "#gpu"), tag: "gpu" }] };
    return { id: id.toString(), text, created_at: new Date(time).toISOString(), author_id: USER.id, lang: "en", entities };
  });
}

function come(roost: Roost, tweets: Tweet[]): void {
  roost.import("AI landscape", inPages(tweets, { users: [USER] }));
}

/** Sixty days with ten posts at each noon, and 900 on the 41st. */
function sixtyDays(): { tweets: Tweet[]; spike: Date } {
  const yesterday = Math.floor(Date.now() / DAY) * DAY - DAY / 2;
  const day = (number: number) => yesterday - (60 - number) * DAY;
  // Without the first and the last, so that all are in the sixty days before any time of today.
  const days = Array.from({ length: 58 }, (_, index) => index + 2);
  const tweets = days.flatMap((number) => posts(number === 41 ? 900 : 10, day(number)));
  return { tweets, spike: new Date(day(41)) };
}

test.use({ storageState: nobody });
test.setTimeout(150_000);

test("bea is told of a spike once, by the bell and by mail, and unsubscribes from the mail", async ({ fresh, explore, page, browser }) => {
  const mails = new MailServer();
  await mails.start();
  const { tweets, spike } = sixtyDays();
  come(fresh, tweets);
  fresh.addUser("bea", PASSWORD, "viewer");
  await fresh.start(["serve"], {
    ROOST_SMTP_HOST: "127.0.0.1",
    ROOST_SMTP_PORT: String(mails.port),
    ROOST_SMTP_SECURITY: "none",
    ROOST_MAIL_FROM: "Roost <roost@roost.example>",
  });
  await page.goto(`${fresh.url}/c/ai-landscape?q=%23gpu`);
  await new SignIn(page).signIn("bea", PASSWORD);
  await explore.expectTotal(tweets.length);

  // 1, 2: what would have been told
  await page.getByRole("link", { name: "Alert", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "New alert" });
  await expect(dialog.getByRole("radio", { name: "Volume spike" })).toBeChecked();
  await expect(dialog.getByLabel("Watches")).toHaveAccessibleDescription(/^Limits of time are left out/);
  await dialog.getByLabel("Test over").selectOption("60 days");
  await expect(dialog.getByText("It would have fired once in the last 60 days")).toBeVisible();
  const noon = spike.toLocaleDateString("en-GB", { day: "numeric", timeZone: "UTC" });
  await expect(dialog.locator(".moments time")).toHaveText(new RegExp(` ${noon} \\S+ 12:00$`));
  await expect(dialog.locator(".back-test-chart")).toHaveAttribute("aria-label", "58 days with matches, 1 mark");
  await dialog.getByRole("radio", { name: "Silence" }).check();
  await expect(dialog.getByText("It would have fired 58 times in the last 60 days")).toBeVisible();
  await dialog.getByRole("radio", { name: "Volume spike" }).check();
  await expect(dialog.getByText("It would have fired once in the last 60 days")).toBeVisible();
  await expectAccessible(page, "new alert");

  await dialog.getByRole("checkbox", { name: "Tell as well when a spike or a silence is over" }).check();
  await expect(dialog.getByText("It would have fired once in the last 60 days")).toBeVisible();
  await expect(dialog.locator(".moments")).toContainText("All clear: the spike had 900 tweets");

  // 3: what is wrong is said beside what was filled in; then it is saved, with a pause of an hour
  await dialog.getByRole("button", { name: "Save alert" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("An alert needs a name of at most 80 characters.");
  await dialog.getByLabel("Name").fill("GPU spike");
  await dialog.getByLabel("Send mail to").fill("bea@roost.example");
  await dialog.getByRole("button", { name: "Save alert" }).click();
  const list = page.getByRole("dialog", { name: "Alerts" });
  await expect(list.getByRole("heading", { name: "GPU spike watching" })).toBeVisible();
  await expect(list).toContainText("Has not fired yet");
  await expect(list).toContainText("told as well when a spike or a silence is over");
  await expectAccessible(page, "alerts");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "alerts in the dark");

  // 4: a spike
  come(fresh, posts(400, Date.now()));
  const mail = await mails.next();
  expect(mail?.to).toBe("bea@roost.example");
  expect(mail?.subject).toMatch(/^GPU spike: 400 tweets since /);
  expect(mail?.text.match(/New #gpu number/g)).toHaveLength(3);
  expect(mail?.text).not.toContain("gpufan");
  await explore.reload();
  await page.getByRole("link", { name: "Notices 1" }).click();
  await expect(page.getByRole("heading", { name: "Notices" })).toBeVisible();
  const notices = page.getByRole("main");
  await expect(notices.locator(".notice")).toHaveCount(1);
  await expect(notices).toContainText("400 tweets since");
  await expect(notices.locator(".samples li")).toHaveCount(3);
  await expectAccessible(page, "notices in the dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expectAccessible(page, "notices");

  // 5: the exact window and filter
  await notices.getByRole("button", { name: "See the tweets" }).click();
  await explore.expectTotal(400);
  await expect(explore.box).toHaveValue(/#gpu created>=\S+ created<\S+/);
  await expect(page.getByRole("link", { name: "Notices", exact: true })).toBeVisible();
  const link = /http\S+\/c\/ai-landscape\S+/.exec(mail?.text ?? "")?.[0] ?? "";
  await page.goto(link);
  await explore.expectTotal(400);

  // The mark over the bars of what it watches leads there too; the list says what that is.
  await page.goto(`${fresh.url}/alerts`);
  await page.getByRole("link", { name: "AI landscape: hashtag is gpu" }).click();
  await explore.expectTotal(tweets.length + 400);
  const mark = page.getByRole("group", { name: "notices of alerts on this view" }).getByRole("link");
  await expect(mark).toHaveAccessibleName(/^GPU spike fired .+ UTC: 400 tweets since /);
  await expectAccessible(page, "a mark over the bars");
  await mark.click();
  await explore.expectTotal(400);

  // 6: the pause
  come(fresh, posts(400, Date.now()));
  expect(await mails.next(12_000)).toBeUndefined();

  // 7: without signing in
  const elsewhere = await (await browser.newContext({ storageState: nobody })).newPage();
  await elsewhere.goto(/http\S+\/unsubscribe\S+/.exec(mail?.text ?? "")?.[0] ?? "");
  await expectAccessible(elsewhere, "unsubscribe");
  await elsewhere.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(elsewhere.getByRole("heading", { name: "You are unsubscribed" })).toBeVisible();
  await elsewhere.context().close();
  await page.goto(`${fresh.url}/alerts`);
  await expect(page.getByRole("button", { name: "Tell me too: GPU spike" })).toBeVisible();
  await page.goto(`${fresh.url}/c/ai-landscape`);
  await mails.stop();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });
  test.beforeEach(({ watch }) => watch.foresee(/^failed request: \S+\.js csp$/));

  test("an alert is made, paused and deleted by forms alone", async ({ fresh, page }) => {
    come(fresh, posts(5, Date.now() - DAY));
    fresh.addUser("bea", PASSWORD, "viewer");
    await fresh.start();
    await page.goto(`${fresh.url}/c/ai-landscape`);
    await new SignIn(page).signIn("bea", PASSWORD);
    await page.getByRole("link", { name: "Alert", exact: true }).click();
    await expect(page).toHaveTitle("New alert · Roost");
    await expect(page.getByText("No mail: the admin has set no mail server")).toBeVisible();
    await page.getByRole("radio", { name: "New matches" }).check();
    await page.getByLabel("New tweets").fill("3");
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await expect(page.getByText("It would have fired once in the last 30 days")).toBeVisible();
    await page.getByLabel("Quiet from").selectOption("22:00");
    await page.getByRole("checkbox", { name: "Sun" }).uncheck();
    await page.getByLabel("Name").fill("New ones");
    await page.getByRole("button", { name: "Save alert" }).click();
    await expect(page).toHaveTitle("Alerts · Roost");
    await expect(page.getByText("Fires when at least 3 new tweets match")).toBeVisible();
    await expect(page.getByText("quiet from 22:00 to 07:00 UTC, Mon, Tue, Wed, Thu, Fri, Sat")).toBeVisible();
    await page.getByRole("button", { name: "Pause: New ones" }).click();
    await expect(page.getByRole("heading", { name: "New ones paused" })).toBeVisible();
    await page.getByText("Delete", { exact: true }).click();
    await page.getByRole("button", { name: "Delete for everyone" }).click();
    await expect(page.getByText("No alerts yet")).toBeVisible();
  });
});
