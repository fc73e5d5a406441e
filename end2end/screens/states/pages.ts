// The pages apart from the explore page.
import { PASSWORD } from "../../fixtures";
import { SignIn } from "../../pages/sign-in";
import { growingId } from "../../support/growing";
import { at, type State } from "../state";

/** The page SQL with the answer to an example. */
function asked(example: string): State["open"] {
  return async ({ page }) => {
    await page.goto("/sql");
    await page.getByRole("button", { name: example }).click();
    await page.locator(".sql-result").waitFor();
  };
}

export const pages: State[] = [
  { name: "start", title: "Start page: the collections", open: at("/?all") },
  { name: "tweet", title: "A tweet by itself, with tags, a note, and how it grew", whole: true, open: at(`/c/town/tweet/${growingId}`) },
  { name: "boards", title: "Boards", open: at("/boards") },
  { name: "board", title: "A board", whole: true, open: at(({ board }) => board) },
  { name: "board-add", title: "A new panel of a board", open: at(({ board }) => `${board}/add`) },
  { name: "alerts", title: "Alerts", open: at("/alerts") },
  { name: "notices", title: "Notices", open: at("/notices") },
  { name: "exports", title: "Exports", open: at("/exports") },
  { name: "zone", title: "Time zone", open: at("/zone") },
  { name: "gallery", title: "The parts of the pages (in development)", whole: true, narrowerThan: 1900, open: at("/dev/gallery") },
  { name: "pipeline-empty", title: "Pipeline, with nothing in it", open: at("/pipeline") },
  {
    name: "pipeline",
    title: "Pipeline",
    signedOut: true,
    whole: true,
    open: async ({ page, prepared }) => {
      await page.goto(`${prepared.poisoned}/sign-in?next=/pipeline`);
      await new SignIn(page).signIn("carla", PASSWORD);
      await page.locator(".quarantine").waitFor();
    },
  },
  {
    name: "reject",
    title: "One of what could not be understood",
    signedOut: true,
    open: async ({ page, prepared }) => {
      await page.goto(`${prepared.poisoned}/sign-in?next=/pipeline`);
      await new SignIn(page).signIn("carla", PASSWORD);
      await page.getByRole("button", { name: /^Look at one/ }).click();
      await page.locator("pre").waitFor();
    },
  },
  { name: "sql", title: "SQL: a question", open: at("/sql") },
  { name: "sql-lines", title: "SQL: an answer over time", whole: true, open: asked("Tweets by day and language") },
  { name: "sql-bars", title: "SQL: an answer by name", whole: true, open: asked("Top hashtags") },
  { name: "sql-tweets", title: "SQL: tweets", open: asked("Most liked with a word") },
  {
    name: "sql-wrong",
    title: "SQL: a wrong question",
    open: async ({ page }) => {
      await page.goto("/sql");
      await page.getByLabel("Question in SQL").fill("SELECT lnag, count(*)\nFROM tweets\nGROUP BY lang");
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "access", title: "Who may open a collection", open: at("/c/weather/access") },
];
