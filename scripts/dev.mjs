// Builds both halves quickly, starts `roost demo` with them, and does so again whenever a file is saved. A build that
// fails leaves the old server running. Arguments go to `roost demo`.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const target = path.resolve(process.env.ROOST_TARGET_DIR || "target");
const watched = ["Cargo.toml", "Cargo.lock", "app", "config", "frontend", "migrations", "model", "server", "style"];
const PAUSE = 400; // ms between looks; comparing times finds what editors do by renaming, too

let build = null;
let server = null;

function newest(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time tells of files that were removed.
  return fs.readdirSync(file).reduce((time, name) => Math.max(time, newest(path.join(file, name))), stat.mtimeMs);
}
const fingerprint = () => Math.max(...watched.map(newest));

const ended = (child) => new Promise((resolve) => child.once("exit", (status) => resolve(status)));

async function restart() {
  if (server && server.exitCode === null && server.signalCode === null) {
    const gone = ended(server);
    server.kill("SIGTERM");
    const patience = setTimeout(() => server.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(patience);
  }
  server = spawn(path.join(target, "debug/roost"), ["demo", ...process.argv.slice(2)], {
    stdio: "inherit", env: { ...process.env, ROOST_SITE: path.join(target, "dev-site") },
  });
  server.once("error", (error) => console.error(`dev: ${error.message}`));
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    for (const child of [build, server]) child?.kill("SIGTERM");
    await Promise.all([build, server].filter((child) => child && child.exitCode === null && child.signalCode === null).map(ended));
    process.exit(0);
  });
}

for (let built = 0; ; ) {
  const now = fingerprint();
  if (now !== built) {
    built = now;
    build = spawn("scripts/build.sh", ["dev"], { stdio: "inherit" });
    const status = await ended(build);
    build = null;
    if (status === 0) await restart();
    console.log(status === 0 ? "dev: waiting for the next change" : "dev: that did not build; waiting for the next change");
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
}
