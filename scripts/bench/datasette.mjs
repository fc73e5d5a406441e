// Datasette, asked for what the explore page shows by its JSON API: rows, count and facets of a table, and SQL for the
// histogram and for what somebody types to find a value.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { FACETS, FACET_SIZE, LISTS, ROWS, VALUES, pairs, timed } from "./peers.mjs";

/** A facet or count may take so long. */
const PATIENCE_MS = 600_000;

/** Datasette on a database that `peers.py sqlite` made. */
export async function datasette(command, database) {
  const port = await freePort();
  const settings = {
    sql_time_limit_ms: PATIENCE_MS, facet_time_limit_ms: PATIENCE_MS, suggest_facets: "off", default_facet_size: FACET_SIZE,
    default_cache_ttl: 0,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["--setting", name, String(value)]);
  const args = ["serve", "--immutable", database, "--host", "127.0.0.1", "--port", String(port), ...options];
  const child = spawn(command, args, { stdio: "ignore" });
  process.on("exit", () => child.kill());
  const address = `http://127.0.0.1:${port}`;
  const versions = await answers(`${address}/-/versions.json`, child);
  const about = { datasette: versions.datasette.version, sqlite: versions.sqlite.version };
  return { name: "Datasette", about, facetsOfChosen: true, pid: child.pid, parts: parts(`${address}/peer`) };
}

function parts(base) {
  const ask = (url, read) => timed(url).then(({ ms, text }) => ({ ms, answer: read(JSON.parse(text)) }));
  const table = (question, more, ending) => {
    const asked = [["_sort_desc", question.sort], ...question.conditions.flatMap(parameters), ...more];
    return `${base}/tweets${ending}?${new URLSearchParams(asked)}`;
  };
  const list = (question, more, read) => ask(table(question, [...more, ["_shape", "objects"]], ".json"), read);
  const ordered = (page, { sort }) => page.rows.map((row) => row[sort]);
  const bare = [["_size", ROWS], ["_nofacet", 1], ["_nocount", 1]];
  return {
    html: (question) => timed(table(question, [["_size", ROWS], ...WITH_FACETS], "")),
    data: async (question) => {
      const began = performance.now();
      const read = (page) => ({ total: page.filtered_table_rows_count, sorts: ordered(page, question), facets: counted(page) });
      const found = await Promise.all([
        list(question, [["_size", ROWS], ...WITH_FACETS], read), ask(histogram(base, question), bars),
      ]);
      return { ms: performance.now() - began, answer: { ...found[0].answer, ...found[1].answer } };
    },
    // Not the next rows: where two rows share a moment, its next page leaves one of them out.
    rows: (question) => list(question, bare, (page) => ({ sorts: ordered(page, question) })),
    total: (question) =>
      list(question, [["_size", 0], ["_nofacet", 1]], (page) => ({ total: page.filtered_table_rows_count })),
    facets: (question) => list(question, [["_size", 0], ["_nocount", 1], ...WITH_FACETS], (page) => ({ facets: counted(page) })),
    histogram: (question) => ask(histogram(base, question), bars),
    detail: (question) =>
      ask(`${base}/tweets/${question.id}.json?_shape=objects`, (page) => ({ ids: page.rows.map(() => question.id) })),
    values: (question) => ask(values(base, question), (page) => ({ facets: { [VALUES.column]: page.rows } })),
  };
}

const WITH_FACETS = FACETS.map((name) => [LISTS.has(name) ? "_facet_array" : "_facet", name]);

const counted = (page) =>
  Object.fromEntries(Object.values(page.facet_results).map((facet) => [facet.name, pairs(facet.results)]));

const bars = (page) => ({ buckets: page.rows });

const sql = (base, text, values) => `${base}.json?${new URLSearchParams({ sql: text, _shape: "arrays", ...values })}`;

function histogram(base, question) {
  const named = {};
  const bar = `created / ${question.interval} * ${question.interval}`;
  const text = `select ${bar} as bar, count(*) from tweets where ${where(question, named)} group by bar order by bar`;
  return sql(base, text, named);
}

function values(base, question) {
  const named = { like: `${VALUES.containing}%` };
  const text = `select value, count(*) as n from tweets, json_each(tweets.${VALUES.column})
    where ${where(question, named)} and value like :like group by value order by n desc, value limit ${FACET_SIZE}`;
  return sql(base, text, named);
}

const where = ({ conditions }, named) => conditions.map((one) => test(one, named)).join(" and ") || "1";

/** A condition as parameters of Datasette's page of a table. */
function parameters(condition) {
  const [[kind, of]] = Object.entries(condition);
  if (kind === "words") return [["_search", phrase(of)], ["_searchmode", "raw"]];
  const [column, ...values] = of;
  if (kind === "range") {
    const bounds = [["gte", values[0]], ["lt", values[1]]].filter(([, bound]) => bound !== null);
    return bounds.map(([how, bound]) => [`${column}__${how}`, bound]);
  }
  const list = LISTS.has(column);
  if (kind === "not") return [[list ? `${column}__arraynotcontains` : `${column}__not`, values[0]]];
  return list ? values[0].map((value) => [`${column}__arraycontains`, value]) : [[`${column}__in`, values[0].join(",")]];
}

/** A condition as SQLite's SQL; its values are given names. */
function test(condition, named) {
  const [[kind, of]] = Object.entries(condition);
  const name = (value) => {
    const name = `v${Object.keys(named).length}`;
    named[name] = value;
    return `:${name}`;
  };
  if (kind === "words") return `tweets.rowid in (select rowid from tweets_fts where tweets_fts match ${name(phrase(of))})`;
  const [column, ...rest] = of;
  if (kind === "range") {
    const bounds = [[">=", rest[0]], ["<", rest[1]]].filter(([, bound]) => bound !== null);
    return bounds.map(([sign, bound]) => `${column} ${sign} cast(${name(bound)} as integer)`).join(" and ");
  }
  const marks = [rest[0]].flat().map(name).join(", ");
  if (!LISTS.has(column)) return `${column} ${kind === "any" ? "in" : "not in"} (${marks})`;
  return `${kind === "any" ? "" : "not "}exists (select 1 from json_each(tweets.${column}) where value in (${marks}))`;
}

/** Words next to each other, as FTS5 takes them. */
const phrase = (words) => `"${words.join(" ")}"`;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server answers, for a minute. */
async function answers(url, child) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server at ${url} ended with ${child.exitCode}`);
    try {
      return await (await fetch(url)).json();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`nothing answers at ${url}`);
}
