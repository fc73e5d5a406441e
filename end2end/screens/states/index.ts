// Every state that there is a picture of, in the order in which people meet them.
import type { State } from "../state";
import { explore } from "./explore";
import { gates } from "./gates";
import { menus } from "./menus";
import { pages } from "./pages";
import { sheets } from "./sheets";

export const STATES: State[] = [...gates, ...pages, ...explore, ...menus, ...sheets];
