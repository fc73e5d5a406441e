// The questions of the benchmarks, in Roost's filter language and as conditions that others can turn into their own.

const day = (text) => Date.parse(`${text}T00:00:00Z`) * 1000;

/** All conditions must hold. `any` is what a click on a facet chooses: that facet is counted without it. */
export const QUESTIONS = [
  { name: "everything", filter: "", conditions: [] },
  { name: "one word", filter: "today", conditions: [{ words: ["today"] }] },
  { name: "a phrase", filter: '"the heat shield"', conditions: [{ words: ["the", "heat", "shield"] }] },
  { name: "a language", filter: "lang:ja", conditions: [{ any: ["lang", ["ja"]] }] },
  {
    name: "two facets",
    filter: "lang:(en OR de) type:original",
    conditions: [{ any: ["lang", ["en", "de"]] }, { any: ["type", ["original"]] }],
  },
  {
    name: "word, language, likes",
    filter: "today lang:en likes>=1 -is:retweet",
    conditions: [
      { words: ["today"] }, { any: ["lang", ["en"]] }, { range: ["likes", 1, null] }, { not: ["type", "retweet"] },
    ],
  },
  {
    name: "a day",
    filter: "created:2026-10-30",
    conditions: [{ range: ["created", day("2026-10-30"), day("2026-10-31")] }],
  },
  { name: "everything, by likes", filter: "", conditions: [], sort: "likes" },
].map((question) => ({ sort: "created", ...question }));

/** The moment before which the made-up tweets end: the day above is among them. */
export const UNTIL = "2026-11-01T00:00:00Z";

/** The name of the collection. */
export const COLLECTION = "bench";

/** As the functions of the explore page take a question. */
export function exploreQuery({ filter, sort }, more = {}) {
  return new URLSearchParams({
    "query[collection]": COLLECTION, "query[filter]": filter,
    "query[sort][0][column]": sort, "query[sort][0][descending]": "true", ...more,
  });
}
