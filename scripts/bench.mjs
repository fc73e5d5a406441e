// Imports made-up tweets into a new data folder and asks the questions of the explore page over HTTP, as a browser
// does. Prints a table for docs/benchmarks.md: rate by tenths of the import, peak memory, and latencies.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { MB, group, percentile, seconds, usage } from "./bench/figures.mjs";
import { COLLECTION, QUESTIONS, UNTIL, exploreQuery } from "./bench/questions.mjs";
import { run, serve } from "./bench/roost.mjs";

const tweets = Number(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "roost-bench-"));
const data = join(folder, "data");
const pages = join(folder, "pages.jsonl");
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** How far a process has read a file that it has open. */
function position(pid, file) {
  const open = readdirSync(`/proc/${pid}/fd`).find((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file);
  return Number(/pos:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${open}`, "utf8"))[1]);
}

async function makeTweets() {
  const began = performance.now();
  await run(["simulate", "--write", pages, "--tweets", String(tweets), "--until", UNTIL]);
  console.log(`made ${group(tweets)} tweets, ${group(statSync(pages).size / MB)} MB, in ${seconds(began).toFixed(0)} s`);
}

async function importTweets() {
  const began = performance.now();
  const size = statSync(pages).size;
  let peak = 0;
  let cpu = 0;
  const tenths = [];
  const watch = (pid) => {
    ({ cpu } = usage(pid));
    peak = Math.max(peak, usage(pid).peak);
    if (position(pid, pages) >= (size * (tenths.length + 1)) / 10) tenths.push(seconds(began));
  };
  const out = await run(["import", "--json", "--collection", COLLECTION, "--data", data, pages], { watch });
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

async function askAll({ get, child }) {
  const ask = async (question) => JSON.parse(await get(`/api/ui/explore?${exploreQuery(question)}`));
  console.log("");
  console.log("| question (50 rows, total, 8 facets, histogram) | tweets | median ms | p95 ms |");
  console.log("|---|---|---|---|");
  const all = [];
  for (const question of QUESTIONS) {
    const { total } = await ask(question);
    const times = [];
    for (let round = 0; round < 30; round += 1) {
      const began = performance.now();
      await ask(question);
      times.push(performance.now() - began);
    }
    all.push(...times);
    console.log(`| ${question.name} | ${group(total)} | ${percentile(times, 0.5)} | ${percentile(times, 0.95)} |`);
  }
  console.log(`| **all of them** | | ${percentile(all, 0.5)} | ${percentile(all, 0.95)} |`);
  console.log("");
  console.log(`the server's peak memory: ${group(usage(child.pid).peak / MB)} MB`);
}

console.log(`${cpus().length} cores, ${cpus()[0].model}`);
await makeTweets();
await importTweets();
await askAll(await serve(data));
process.exit(0);
