// A Roost that has something of everything to show: made-up tweets of a simulated X API, and what people made of them.
import path from "node:path";
import { type APIRequestContext, request } from "@playwright/test";
import { makeAdmin, PASSWORD, type Running, test as base } from "../fixtures";
import { gardenPages } from "../support/garden";
import { growingId, growingLooks } from "../support/growing";
import { MailServer } from "../support/mail";
import { Roost } from "../support/roost";
import { spikePages } from "../support/spike";
import { inPages, type Tweet } from "../support/v2";
import { PoisonedX } from "../support/poisoned-x";

/** The same seed and end make the same tweets. Authors' pseudonyms and what is told of today differ from run to run. */
const TWEETS = ["--tweets", "20000", "--seed", "1", "--until", "2026-11-01T00:00:00Z"];

const FILTER = { q: "lang:en likes>=2 -is:retweet" };

/** Where what was made is to be seen. */
export type Prepared = {
  view: string;
  board: string;
  unsubscribe: string;
  /** Another Roost, whose schedules bring what cannot be understood. Its admin is carla. */
  poisoned: string;
};

type Shown = Running & { prepared: Prepared };

export const test = base.extend<{ prepared: Prepared }, { shown: Shown }>({
  shown: [
    async ({ browser }, use) => {
      const [roost, poisoned, mails, x] = [new Roost(), new Roost(), new MailServer(), new PoisonedX()];
      await mails.start();
      await x.start();
      try {
        poisoned.addUser("carla", PASSWORD, "admin");
        await poisoned.start(["demo", "--api", x.url]);
        fill(roost);
        await roost.start(["serve"], {
          ROOST_SMTP_HOST: "127.0.0.1",
          ROOST_SMTP_PORT: String(mails.port),
          ROOST_SMTP_SECURITY: "none",
          ROOST_MAIL_FROM: "Roost <roost@roost.example>",
        });
        const admin = await makeAdmin(browser, roost);
        for (const name of ["bea", "carl"]) roost.addUser(name, PASSWORD, "viewer");
        const asked = await request.newContext({
          baseURL: roost.url,
          storageState: admin,
          extraHTTPHeaders: { "sec-fetch-site": "same-origin" },
        });
        await use({ roost, admin, prepared: { ...(await make(asked, roost, mails)), poisoned: poisoned.url } });
        await asked.dispose();
      } finally {
        await roost.stop();
        await poisoned.stop();
        await mails.stop();
        await x.stop();
      }
    },
    { scope: "worker", timeout: 180_000 },
  ],
  running: [async ({ shown }, use) => use(shown), { scope: "worker" }],
  prepared: async ({ shown }, use) => use(shown.prepared),
});

function fill(roost: Roost): void {
  const file = path.join(roost.data, "simulated.jsonl");
  roost.run(["simulate", "--write", file, ...TWEETS]);
  roost.run(["import", "--collection", "Weather", file]);
  roost.import("garden", gardenPages());
  roost.import("spike", spikePages());
  for (const look of growingLooks()) roost.import("Town", look);
  roost.import("Launches", inPages(posts(3, new Date("2026-10-01T12:00:00Z")), { users: [] }));
}

/** Posts of that time; their ids tell it too. */
function posts(count: number, time: Date): Tweet[] {
  return Array.from({ length: count }, (_, i) => {
    const id = ((BigInt(time.getTime()) - 1_288_834_974_657n) << 22n) + BigInt(i);
    return { id: id.toString(), text: `Launch window ${i + 1} is open`, created_at: time.toISOString(), author_id: "7", lang: "en" };
  });
}

/** A view, a board, an export, and an alert that has fired. */
async function make(asked: APIRequestContext, roost: Roost, mails: MailServer): Promise<Omit<Prepared, "poisoned">> {
  /** Sends a form and returns where it leads. */
  const send = async (path: string, form: Record<string, string>) => {
    const answer = await asked.post(path, { form, maxRedirects: 0 });
    if (answer.status() >= 400) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.headers().location ?? "";
  };
  await send("/c/weather/views", { ...FILTER, sort: "-likes", name: "Liked, in English", shared: "on" });
  const opened = await send("/c/weather/views", { q: "has:media -is:reply", name: "Pictures of the storm" });
  const board = (await send("/boards", { name: "Weather watch", shared: "on" })).replace(/#.*/, "");
  const panels = [
    { kind: "volume", col: "lang" },
    { kind: "top", col: "hashtag" },
    { kind: "spread", col: "likes" },
    { kind: "week", col: "" },
  ];
  for (const panel of panels) await send(`${board}/panels`, { source: "weather", filter: FILTER.q, ...panel });
  const tweet = `/c/town/tweet/${growingId}`;
  for (const tag of ["to check", "traffic"]) await send(`${tweet}/annotate/tag`, { tag });
  await send(`${tweet}/annotate/note`, { note: "The town hall says Tuesday.\nAsk again." });
  await send("/c/weather/export", { ...FILTER, format: "csv" });
  await send("/c/launches/alerts", {
    q: "launch", name: "Launch windows", rule: "new", new_at_least: "2", email: "berta@roost.example",
  });
  roost.import("Launches", inPages(posts(5, new Date()), { users: [] }));
  // It has the server bring the lake up to date.
  roost.run(["lake", "sql", "SELECT 1"]);
  const mail = await mails.next();
  return {
    view: new URL(opened, roost.url).searchParams.get("view") ?? "",
    board,
    unsubscribe: /http\S+(\/unsubscribe\S+)/.exec(mail?.text ?? "")?.[1] ?? "",
  };
}
