// The pages apart from the explore page.
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
  { name: "access", title: "Who may open a collection", open: at("/c/weather/access") },
];
