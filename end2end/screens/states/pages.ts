// The pages apart from the explore page.
import { PASSWORD } from "../../fixtures";
import { SignIn } from "../../pages/sign-in";
import { at, type State } from "../state";

export const pages: State[] = [
  { name: "start", title: "Start page: the collections", open: at("/?all") },
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
  { name: "access", title: "Who may open a collection", open: at("/c/weather/access") },
];
