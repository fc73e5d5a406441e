// Imports made-up tweets into a new data folder and asks the questions of the explore page over HTTP, as a browser
// does. Prints a table for docs/benchmarks.md: rate by tenths of the import, peak memory, and latencies.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

const tweets = Number(process.argv[2]);
const roost = "dist/roost";
const folder = mkdtempSync(join(tmpdir(), "roost-bench-"));
const data = join(folder, "data");
const pages = join(folder, "pages.jsonl");
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const seconds = (from) => (performance.now() - from) / 1000;
const group = (number) => Math.round(number).toLocaleString("en");
const MB = 1 << 20;

/** Peak resident memory and CPU seconds of a process that still runs. */
function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  // Fields 14 and 15, after the name in parentheses: user and system time in ticks of 10 ms.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return { peak, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
}

/** How far a process has read a file that it has open. */
function position(pid, file) {
  const open = readdirSync(`/proc/${pid}/fd`).find((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file);
  return Number(/pos:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${open}`, "utf8"))[1]);
}

/** Runs a command to its end; `watch` is called ten times a second with its process. */
async function run(args, watch = () => {}) {
  const child = spawn(roost, args, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const timer = setInterval(() => {
    try {
      watch(child.pid);
    } catch {
      // It has just ended.
    }
  }, 100);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`roost ${args.join(" ")} ended with ${code}`);
  return out;
}

async function makeTweets() {
  const began = performance.now();
  await run(["simulate", "--write", pages, "--tweets", String(tweets), "--until", "2026-11-01T00:00:00Z"]);
  console.log(`made ${group(tweets)} tweets, ${group(statSync(pages).size / MB)} MB, in ${seconds(began).toFixed(0)} s`);
}

async function importTweets() {
  const began = performance.now();
  const size = statSync(pages).size;
  let peak = 0;
  let cpu = 0;
  const tenths = [];
  const out = await run(["import", "--json", "--collection", "bench", "--data", data, pages], (pid) => {
    ({ cpu } = usage(pid));
    peak = Math.max(peak, usage(pid).peak);
    if (position(pid, pages) >= (size * (tenths.length + 1)) / 10) tenths.push(seconds(began));
  });
  const wall = seconds(began);
  const report = JSON.parse(out);
  console.log(`imported: read ${group(report.read)}, new ${group(report.new)}, duplicate ${group(report.duplicate)}`);
  console.log("");
  console.log("| import | |");
  console.log("|---|---|");
  console.log(`| tweets per second | ${group(report.read / wall)} |`);
  const rates = tenths.map((end, index) => report.read / 10 / (end - (tenths[index - 1] ?? 0)));
  console.log(`| by tenths of the file | ${rates.map(group).join(" · ")} |`);
  console.log(`| tweets per CPU-second | ${group(report.read / cpu)} |`);
  console.log(`| peak memory | ${group(peak / MB)} MB |`);
  console.log(`| bytes on disk per tweet | ${group(diskUse(data) / report.new)} |`);
  return report;
}

function diskUse(path) {
  return Number(spawnSync("du", ["-sb", path], { encoding: "utf8" }).stdout.split("\t")[0]);
}

/** Starts the server and signs in by its set-up link. Returns a function that asks the explore page's question. */
async function serve() {
  const child = spawn(roost, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill());
  let out = "";
  const link = await new Promise((resolve) =>
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const found = /(http:\/\/\S+)\/setup\?token=(\S+)/.exec(out);
      if (found) resolve(found);
    }),
  );
  const [, address, token] = link;
  const password = "a long bench password";
  const form = new URLSearchParams({ token, name: "bench", password, again: password });
  const answer = await fetch(`${address}/setup`, { method: "POST", body: form, redirect: "manual" });
  const cookie = answer.headers.get("set-cookie").split(";")[0];
  const ask = async (filter, sort = "created") => {
    const query = new URLSearchParams({
      "query[collection]": "bench", "query[filter]": filter,
      "query[sort][0][column]": sort, "query[sort][0][descending]": "true",
    });
    const response = await fetch(`${address}/api/ui/explore?${query}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`${filter}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return { ask, child };
}

const QUESTIONS = [
  ["everything", ""],
  ["one word", "today"],
  ["a phrase", '"the heat shield"'],
  ["a language", "lang:ja"],
  ["two facets", "lang:(en OR de) type:original"],
  ["word, language, likes", "today lang:en likes>=1 -is:retweet"],
  ["a day", "created:2026-10-30"],
  ["everything, by likes", "", "likes"],
];

async function askAll({ ask, child }) {
  console.log("");
  console.log("| question (50 rows, total, 8 facets, histogram) | tweets | median ms | p95 ms |");
  console.log("|---|---|---|---|");
  const all = [];
  for (const [name, filter, sort] of QUESTIONS) {
    const { total } = await ask(filter, sort);
    const times = [];
    for (let round = 0; round < 30; round += 1) {
      const began = performance.now();
      await ask(filter, sort);
      times.push(performance.now() - began);
    }
    all.push(...times);
    console.log(`| ${name} | ${group(total)} | ${percentile(times, 0.5)} | ${percentile(times, 0.95)} |`);
  }
  console.log(`| **all of them** | | ${percentile(all, 0.5)} | ${percentile(all, 0.95)} |`);
  console.log("");
  console.log(`the server's peak memory: ${group(usage(child.pid).peak / MB)} MB`);
}

function percentile(times, part) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
}

console.log(`${cpus().length} cores, ${cpus()[0].model}`);
await makeTweets();
await importTweets();
await askAll(await serve());
process.exit(0);
