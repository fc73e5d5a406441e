// What every test has: a running Roost with known data, an admin who is signed in, and a page that is watched.
import { type Browser, expect, test as base } from "@playwright/test";
import { Explore } from "./pages/explore";
import { Setup } from "./pages/setup";
import { gardenPages } from "./support/garden";
import { ready, tellWhenReady } from "./support/ready";
import { Roost } from "./support/roost";
import { spikePages } from "./support/spike";
import { tenPages } from "./support/ten";
import { Watch } from "./support/watch";

export { expect };

export const PASSWORD = "nine quiet radishes in a row";

/** For tests of people who are not signed in: `test.use({ storageState: nobody })`. */
export const nobody = { cookies: [], origins: [] };

type Session = Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;
export type Running = { roost: Roost; admin: Session };

type WorkerFixtures = {
  /** Roost with the collections "garden", "ten" and "spike". Tests only read from it. */
  running: Running;
};

type TestFixtures = {
  roost: Roost;
  /** Another Roost, only for this test: no user, no collection. */
  fresh: Roost;
  watch: Watch;
  explore: Explore;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  running: [
    async ({ browser }, use) => {
      const roost = new Roost();
      try {
        roost.import("garden", gardenPages());
        roost.import("ten", tenPages());
        roost.import("spike", spikePages());
        await roost.start();
        await use({ roost, admin: await makeAdmin(browser, roost) });
      } finally {
        await roost.stop();
      }
    },
    { scope: "worker", timeout: 120_000 },
  ],
  roost: async ({ running }, use) => use(running.roost),
  fresh: async ({}, use) => {
    const roost = new Roost();
    try {
      await use(roost);
    } finally {
      await roost.stop();
    }
  },
  baseURL: async ({ running }, use) => use(running.roost.url),
  storageState: async ({ running }, use) => use(running.admin),
  context: async ({ context }, use) => {
    await tellWhenReady(context);
    await use(context);
  },
  watch: [
    // What is asked at the very end must still find the test's own server: that one is stopped after this.
    async ({ page, javaScriptEnabled, fresh: _ }, use) => {
      // Some tests run servers of their own: the first page decides which origin is meant.
      const watch = new Watch(page, () => (page.url().startsWith("http") ? new URL(page.url()).origin : ""));
      await use(watch);
      // What goes wrong while the page is taken over counts too.
      if (javaScriptEnabled !== false && page.url().startsWith("http")) await ready(page);
      expect(watch.unforeseen(), "nothing goes wrong unseen").toEqual([]);
      expect(await page.evaluate(() => window.hacked).catch(() => undefined), "no foreign script ran").toBeUndefined();
    },
    { auto: true },
  ],
  explore: async ({ page, javaScriptEnabled }, use) => use(new Explore(page, javaScriptEnabled !== false)),
});

/** Makes the admin the way people do: through the setup link, in a browser. */
export async function makeAdmin(browser: Browser, roost: Roost): Promise<Session> {
  const context = await browser.newContext();
  try {
    const setup = new Setup(await context.newPage());
    await setup.page.goto(await roost.setupLink());
    await setup.makeAccount("berta", PASSWORD);
    await expect(setup.page).not.toHaveURL(/\/setup/);
    return await context.storageState();
  } finally {
    await context.close();
  }
}
