// Asks the questions of the explore page of Roost and of others that hold the same tweets, in turn, and prints tables for
// docs/benchmarks.md. `bench-explore.mjs PYTHON TWEETS [FOLDER]`: a folder is kept and used again.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { compare } from "./bench/compare.mjs";
import { datasette } from "./bench/datasette.mjs";
import { MB, busyness, group, percentile, usage } from "./bench/figures.mjs";
import { lines, roost } from "./bench/peers.mjs";
import { QUESTIONS } from "./bench/questions.mjs";
import { serve } from "./bench/roost.mjs";
import { exportParquet, fill, makeSqlite } from "./bench/tweets.mjs";

const [python, count, kept] = process.argv.slice(2);
const tweets = Number(count);
const folder = resolve(kept ?? mkdtempSync(join(tmpdir(), "roost-bench-")));
mkdirSync(folder, { recursive: true });
if (!kept) process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const place = (name) => join(folder, name);

/** Of more tweets, Datasette's facets take minutes, and so does the export for DuckDB: then tantivy is the only peer. */
const MOST_FOR_ALL = 2_000_000;
/** Most rounds, and the seconds that the rounds of a part may take of one. */
const [ROUNDS, BUDGET] = [25, 8];

const PARTS = [
  ["values", "values of a column"], ["detail", "a tweet"], ["rows", "50 rows"], ["scroll", "the next 50 rows"],
  ["total", "total"], ["histogram", "histogram"], ["facets", "8 facets"], ["data", "data call"],
  ["html", "first HTML"],
];

async function everybody() {
  const data = place("data");
  await fill(data, tweets, folder);
  const parquet = place("tweets.parquet");
  if (tweets <= MOST_FOR_ALL) {
    await exportParquet(data, parquet);
    makeSqlite(python, parquet, place("peer.db"));
  }
  const server = await serve(data);
  const asked = ["data", "rows", "total", "facets", "histogram", "scroll", "values"];
  const bench = ["bench", "-q", "-p", "search", "--bench", "peer", "--", join(data, "index"), place("merged")];
  const engines = [
    { name: "its index", engine: "index" },
    { name: "tantivy", engine: "raw", estimates: true },
    { name: "tantivy, 1 segment", engine: "merged" },
  ];
  const peers = [roost(server), ...(await lines("tantivy", "cargo", bench, asked, engines))];
  if (tweets <= MOST_FOR_ALL) {
    const duckdb = ["scripts/bench/peers.py", "duckdb", parquet];
    peers.push(...(await lines("DuckDB", python, duckdb, [...asked, "detail"])));
    peers.push(await datasette(join(dirname(python), "datasette"), place("peer.db")));
  }
  for (const about of new Set(peers.map((peer) => peer.about).filter(Boolean))) console.log(JSON.stringify(about));
  return { server, peers };
}

/** What all need to know to ask the same: the width of the bars, where the next rows begin, a tweet. */
async function prepared(own) {
  const questions = [];
  for (const question of QUESTIONS) {
    const { answer } = await own.parts.data(question);
    const { interval, cursor, ids: [id] } = answer;
    questions.push({ ...question, interval, cursor, id, whole: answer });
  }
  return questions;
}

/** Asks everybody once, compares the answers, and tells how long each took. */
async function checked(part, peers, questions, ask) {
  for (const [number, question] of questions.entries()) {
    let reference = { buckets: question.whole.buckets };
    for (const peer of peers) {
      const answer = await ask(peer, number);
      if (peer === peers[0] && part !== "histogram") reference = answer;
      else compare(peer, part, question, reference, answer);
    }
  }
}

/**
 * The times of a part by peer and question, and CPU seconds: in turn, the other way round every second time. The time of
 * the first answer, which is compared, counts only of those that take so long that it stays their only one.
 */
async function measured(part, everyone, whole) {
  const peers = everyone.filter((peer) => peer.parts[part]);
  const questions = whole.filter(({ cursor }) => part !== "scroll" || cursor);
  const times = new Map();
  const cpu = new Map();
  const forget = (peer) => times.set(peer, questions.map(() => [])) && cpu.set(peer, 0);
  const ask = async (peer, number) => {
    const before = usage(peer.pid).cpu;
    const { ms, answer } = await peer.parts[part](questions[number]);
    cpu.set(peer, cpu.get(peer) + usage(peer.pid).cpu - before);
    times.get(peer)[number].push(ms);
    return answer;
  };
  peers.forEach(forget);
  await checked(part, peers, questions, ask);
  const sum = (peer) => times.get(peer).flat().reduce((all, ms) => all + ms / 1000, 0);
  const rounds = new Map(peers.map((peer) => [peer, Math.min(ROUNDS, Math.floor(BUDGET / sum(peer)))]));
  peers.filter((peer) => rounds.get(peer) > 0).forEach(forget);
  for (let round = 0; round < Math.max(...rounds.values()); round += 1) {
    const order = peers.filter((peer) => round < rounds.get(peer));
    if (round % 2 === 1) order.reverse();
    for (const number of questions.keys()) for (const peer of order) await ask(peer, number);
  }
  return { times, cpu };
}

const both = (times) => (times?.length ? `${percentile(times, 0.5)} / ${percentile(times, 0.95)}` : "–");
const row = (cells) => `| ${cells.join(" | ")} |`;

function head(first, peers) {
  console.log("");
  console.log(row([...first, ...peers.map(({ name }) => name)]));
  console.log(row([...first, ...peers].map(() => "---")));
}

function printData(peers, questions, times) {
  head(["data call, p50 / p95 ms", "tweets"], peers);
  for (const [number, { name, whole }] of questions.entries()) {
    console.log(row([name, group(whole.total), ...peers.map((peer) => both(times.get(peer)?.[number]))]));
  }
  console.log(row(["**all of them**", "", ...peers.map((peer) => both(times.get(peer)?.flat()))]));
}

function printParts(peers, all) {
  head(["all eight questions, p50 / p95 ms"], peers);
  for (const [part, title] of PARTS) {
    console.log(row([title, ...peers.map((peer) => both(all.get(part).times.get(peer)?.flat()))]));
  }
  // On a busy machine, waiting is in the times above and not in these.
  head(["all eight questions, mean CPU ms"], peers);
  for (const [part, title] of PARTS) {
    const { times, cpu } = all.get(part);
    const mean = (peer) => (times.has(peer) ? ((cpu.get(peer) * 1000) / times.get(peer).flat().length).toFixed(1) : "–");
    console.log(row([title, ...peers.map(mean)]));
  }
}

/** How much longer Roost's index takes than tantivy, from rounds that came right after each other. */
function printRatios(peers, questions, times) {
  const [own, ...others] = ["its index", "tantivy", "tantivy, 1 segment"].map((name) => peers.find((peer) => peer.name === name));
  head(["its index by, median (least to most)"], others);
  const ratios = questions.map((_, number) =>
    others.map((other) => times.get(own)[number].map((ms, round) => ms / times.get(other)[number][round]).filter(Number.isFinite)));
  for (const [number, { name }] of questions.entries()) {
    const cell = (list) => `${median(list).toFixed(2)} (${Math.min(...list).toFixed(2)} to ${Math.max(...list).toFixed(2)})`;
    console.log(row([name, ...ratios[number].map(cell)]));
  }
  const mean = (place) => Math.exp(ratios.reduce((sum, one) => sum + Math.log(median(one[place])), 0) / ratios.length);
  console.log(row(["**geometric mean**", ...others.map((_, place) => mean(place).toFixed(2))]));
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

console.log(`${cpus().length} cores, ${cpus()[0].model}; ${busyness()}`);
const { server, peers } = await everybody();
const questions = await prepared(peers[0]);
const all = new Map();
for (const [part] of PARTS) {
  all.set(part, await measured(part, peers, questions));
  console.error(`${part}: ${busyness()}`);
}
printData(peers, questions, all.get("data").times);
printParts(peers, all);
printRatios(peers, questions, all.get("data").times);
console.log("");
console.log(`the server's peak memory: ${group(usage(server.child.pid).peak / MB)} MB; ${busyness()}`);
process.exit(0);
