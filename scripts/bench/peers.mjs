// Who answers the questions of the explore page: Roost over HTTP, and programs that read a question
// a line and tell themselves how long each took (DuckDB, tantivy alone, Roost's index without its server). Datasette is in a file of its own.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { COLLECTION, exploreQuery } from "./questions.mjs";

export const ROWS = 50;
export const FACET_SIZE = 8;
export const FACETS = ["lang", "type", "hashtag", "author", "domain", "media", "mention", "query"];
/** Columns of which a tweet may have several values. */
export const LISTS = new Set(["type", "hashtag", "domain", "media", "mention", "query"]);
/** What somebody types to find a hashtag: Roost lists those that begin so first, and there are enough of them. */
export const VALUES = { column: "hashtag", containing: "mo" };
/** The time until the whole answer has arrived, and the answer. */
export async function timed(url, headers = {}) {
  const began = performance.now();
  const response = await fetch(url, { headers });
  const text = await response.text();
  const ms = performance.now() - began;
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 500)}`);
  return { ms, text };
}

export const pairs = (values) => values.map(({ value, count }) => [value, count]);
const sorts = (rows, { sort }) => rows.map(({ tweet }) => (sort === "likes" ? tweet.metrics.likes : tweet.created_at));

/** Roost, asked as the browser asks it. */
export function roost({ address, cookie, child }) {
  const ask = async (path) => timed(address + path, { cookie });
  const json = async (path, read) => {
    const { ms, text } = await ask(path);
    return { ms, answer: read(JSON.parse(text)) };
  };
  const values = (question, column, containing) =>
    `/api/ui/values?${new URLSearchParams({
      "query[collection]": COLLECTION, "query[filter]": question.filter, "query[column]": column,
      "query[containing]": containing, "query[by_name]": "false", "query[limit]": FACET_SIZE,
    })}`;
  const ordered = (rows, question) => ({ ids: rows.map((row) => row.tweet.id), sorts: sorts(rows, question) });
  const rows = (question, more) => json(`/api/ui/rows?${exploreQuery(question, more)}`, ({ rows }) => ordered(rows, question));
  const parts = {
    html: (question) => ask(`/c/${COLLECTION}?${new URLSearchParams({ q: question.filter, sort: `-${question.sort}` })}`),
    data: (question) =>
      json(`/api/ui/explore?${exploreQuery(question)}`, (page) => ({
        total: page.total,
        ...ordered(page.rows, question),
        facets: Object.fromEntries(page.facets.map((facet) => [facet.column, pairs(facet.values)])),
        buckets: page.histogram.buckets.map(({ start, count }) => [start, count]),
        interval: page.histogram.interval,
        cursor: page.next,
      })),
    rows: (question) => rows(question),
    scroll: (question) => rows(question, { "query[after]": question.cursor }),
    total: (question) =>
      json(`/api/ui/count?${new URLSearchParams({ collection: COLLECTION, filter: question.filter })}`, (total) => ({ total })),
    // The eight at once, as nobody asks them: the page has them in its data.
    facets: async (question) => {
      const began = performance.now();
      const found = await Promise.all(FACETS.map((column) => json(values(question, column, ""), (page) => pairs(page.values))));
      return { ms: performance.now() - began, answer: { facets: Object.fromEntries(FACETS.map((name, at) => [name, found[at].answer])) } };
    },
    detail: (question) =>
      json(`/api/ui/tweet?${new URLSearchParams({ collection: COLLECTION, id: question.id })}`, (found) => ({ ids: [found.row.tweet.id] })),
    values: (question) =>
      json(values(question, VALUES.column, VALUES.containing), (page) => ({ facets: { [VALUES.column]: pairs(page.values) } })),
  };
  return { name: "Roost", pid: child.pid, parts };
}

/** A program that answers lines. `engines` are for one that is several. */
export async function lines(name, command, args, parts, engines = [{ name }]) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  process.on("exit", () => child.kill());
  const output = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await output.next();
    if (done) throw new Error(`${name} ended: its reason stands above`);
    return JSON.parse(value);
  };
  const { pid, ...about } = await next();
  const ask = async (part, engine, question) => {
    const asked = {
      ...question, ...VALUES, part, engine, rows: ROWS, facets: FACETS, facet_size: FACET_SIZE, interval: question.interval ?? 0,
    };
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    return next();
  };
  const parted = (engine) => Object.fromEntries(parts.map((part) => [part, (question) => ask(part, engine, question)]));
  return engines.map((one) => ({ ...one, about, pid, parts: parted(one.engine) }));
}
