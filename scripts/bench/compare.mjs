// Answers are compared before the clock counts: who answers another question is no peer.
import { FACET_SIZE, VALUES } from "./peers.mjs";

/** What an answer to a part of the page must tell. */
const TOLD = {
  html: [], data: ["total", "rows", "facets", "buckets"], rows: ["rows"], total: ["total"], facets: ["facets"],
  histogram: ["buckets"], scroll: ["rows"], detail: ["rows"], values: ["facets"],
};

/** Throws where an answer to a part of a question is another than Roost's. */
export function compare(peer, part, question, ours, theirs) {
  const where = `${peer.name} answers "${question.name}" (${part}) otherwise than Roost`;
  for (const key of TOLD[part]) {
    if (key === "rows") {
      // By Datasette, rows of one moment come in any order: what they are sorted by must be the same.
      const by = theirs.ids ? "ids" : "sorts";
      same(`${where}: ${by} of the rows`, ours[by], theirs[by]);
    } else if (part === "values") {
      values(where, peer, ours.facets, theirs.facets);
    } else if (key === "facets") {
      facets(where, peer, question, ours.facets, theirs.facets);
    } else {
      same(`${where}: ${key}`, ours[key], theirs[key]);
    }
  }
}

function same(where, ours, theirs) {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (a === undefined || a !== b) throw new Error(`${where}:\n  Roost ${a?.slice(0, 800)}\n  they  ${b?.slice(0, 800)}`);
}

/** The values that begin as somebody typed. Roost lists others that contain it after these. */
function values(where, peer, ours, theirs) {
  const counts = (pairs) => pairs[VALUES.column].filter(([value]) => value.startsWith(VALUES.containing)).map(([, count]) => count);
  if (!peer.estimates) same(`${where}: ${VALUES.column}`, counts(ours), counts(theirs));
}

/** The facet of languages. */
function facets(where, peer, question, ours, theirs) {
  const column = "lang";
  const counts = new Map(ours[column]);
  const others = theirs[column].filter(([value, count]) => counts.has(value) && counts.get(value) !== count);
  if (others.length > 0) throw new Error(`${where}: ${column}: ${JSON.stringify(others)} instead of ${JSON.stringify(ours[column])}`);
  const chosen = question.conditions.some(({ any }) => any?.[0] === column);
  // Datasette counts a facet among what was chosen of it.
  if (chosen && peer.facetsOfChosen) return;
  const highest = (pairs) => pairs.map(([, count]) => count).sort((a, b) => b - a).slice(0, FACET_SIZE);
  same(`${where}: counts of ${column}`, highest(ours[column]), highest(theirs[column]));
}
