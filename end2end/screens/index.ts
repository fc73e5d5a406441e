// Writes the list of the pictures, after they were taken.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FOLDER, fileOf } from "./camera";
import { SCHEMES, SIZES } from "./sizes";
import type { State } from "./state";
import { STATES } from "./states";

const HEAD = `# Screens

What each page looks like, in the windows that matter and in both colour schemes. \`make screens\` takes the pictures and
writes this list. Pseudonyms of authors and what tells of today differ from run to run; all else changes when the page
does.
`;

function row(state: State): string {
  const cells = SIZES.map(({ name }) => {
    const taken = SCHEMES.filter((scheme) => existsSync(path.join(FOLDER, fileOf(state, name, scheme))));
    return taken.map((scheme) => `[${scheme}](${fileOf(state, name, scheme)})`).join(" ");
  });
  return `| ${state.title} | ${cells.join(" | ")} |`;
}

export default function writeIndex(): void {
  const heads = SIZES.map(({ width, height }) => `${width} × ${height}`);
  const table = [`| | ${heads.join(" | ")} |`, `|---|${"---|".repeat(heads.length)}`, ...STATES.map(row)];
  writeFileSync(path.join(FOLDER, "README.md"), `${HEAD}\n${table.join("\n")}\n`);
}
