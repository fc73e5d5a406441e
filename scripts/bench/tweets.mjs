// The tweets of a benchmark in the forms that are asked: Roost's data folder, a Parquet file that Roost exports, and an
// SQLite database made from that.
import { spawnSync } from "node:child_process";
import { createWriteStream, existsSync, statfsSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MB, group, seconds } from "./figures.mjs";
import { FACETS } from "./peers.mjs";
import { COLLECTION, UNTIL } from "./questions.mjs";
import { run, serve, start } from "./roost.mjs";

/** Bytes a tweet takes at most in Roost and in the index of one segment that is made of it. */
const BYTES = 3_400;
/** Free space that is left, for the other forms too: they are made of two million tweets at most. */
const SPARE = 4 * 1024 * MB;
const COLUMNS = ["id", "created", "text", "likes", "reposts", "replies", "views", ...FACETS];

/** Made-up tweets, made while they are imported: no file of them takes room. */
export async function fill(data, tweets, folder) {
  if (existsSync(data)) return;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < tweets * BYTES + SPARE) {
    const need = (tweets * BYTES + SPARE) / 1024 / MB;
    throw new Error(`${group(tweets)} tweets need ${need.toFixed(0)} GB free in ${folder}, ${(bavail * bsize / 1024 / MB).toFixed(0)} GB are`);
  }
  const began = performance.now();
  const made = start(["simulate", "--write", "-", "--tweets", String(tweets), "--until", UNTIL]);
  await run(["import", "--json", "--collection", COLLECTION, "--data", data, "-"], { input: made.stdout });
  console.log(`made and imported ${group(tweets)} tweets in ${seconds(began).toFixed(0)} s`);
}

/** Exports all tweets as Parquet, as a person would. */
export async function exportParquet(data, file) {
  if (existsSync(file)) return;
  const began = performance.now();
  const all = String(Number.MAX_SAFE_INTEGER);
  const server = await serve(data, { ROOST_EXPORTS_PER_DAY: all, ROOST_EXPORT_JOB_ROWS: all });
  const form = new URLSearchParams({ q: "", cols: COLUMNS.join(","), format: "parquet", first: "" });
  const answer = await fetch(`${server.address}/c/${COLLECTION}/export`, {
    method: "POST", body: form, headers: { cookie: server.cookie },
  });
  const rows = Number(answer.headers.get("x-rows"));
  if (!rows) throw new Error(`the export failed: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(file));
  await server.stop();
  console.log(`exported ${group(rows)} tweets as Parquet in ${seconds(began).toFixed(0)} s`);
}

/** The database that Datasette serves. */
export function makeSqlite(python, parquet, file) {
  if (existsSync(file)) return;
  const began = performance.now();
  const made = spawnSync(python, ["scripts/bench/peers.py", "sqlite", parquet, file], { stdio: "inherit" });
  if (made.status !== 0) throw new Error("the SQLite database was not made");
  console.log(`made the SQLite database in ${seconds(began).toFixed(0)} s`);
}
