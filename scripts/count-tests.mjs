// Counts the tests of one run of test.sh by kind, and fails if one failed, a part broke off, or a kind is missing.
//   node count-tests.mjs FOLDER RUST_STATUS BROWSER_STATUS
// FOLDER holds programs.json (cargo's list of test programs), rust.log (their output) and browser.json (Playwright's).
import fs from "node:fs";
import path from "node:path";

const [folder, rustStatus, browserStatus] = process.argv.slice(2);
const kinds = ["unit and property", "store on SQLite", "store on PostgreSQL", "server stories", "browser"];
const required = ["store on PostgreSQL", "browser"];
const tally = new Map(kinds.map((kind) => [kind, { passed: 0, failed: 0, skipped: 0 }]));
const problems = [];
const read = (name) => { try { return fs.readFileSync(path.join(folder, name), "utf8"); } catch { return ""; } };

// From a program's file name to where its tests come from.
const programs = new Map();
for (const line of read("programs.json").split("\n").filter((line) => line.startsWith("{"))) {
  const { reason, executable, target, manifest_path } = JSON.parse(line);
  if (reason !== "compiler-artifact" || !executable) continue;
  const crate = path.relative(process.cwd(), path.dirname(manifest_path));
  programs.set(path.basename(executable), {
    source: path.relative(process.cwd(), target.src_path),
    kind: crate === "server" && target.kind.includes("test") ? "server stories" : "unit and property",
  });
}

function kindOf(program, test) {
  const name = `${program.source}::${test}`.toLowerCase();
  if (name.includes("postgres")) return "store on PostgreSQL";
  if (name.includes("sqlite")) return "store on SQLite";
  return program.kind;
}

// Each program (and each crate's doc tests) announces itself, names its tests, and ends with a summary. The summary is
// what counts; the names only tell the kind, since a test's own output may tear its line.
const noProgram = { source: "", kind: "unit and property" };
let program = noProgram;
let named = [];
const outcomes = { ok: "passed", FAILED: "failed", ignored: "skipped" };
for (const line of read("rust.log").split("\n")) {
  const started = line.match(/^\s+Running .*\((.+)\)$/);
  const test = line.match(/^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)/);
  const summary = line.match(/^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored/);
  if (started || /^\s+Doc-tests /.test(line)) {
    program = (started && programs.get(path.basename(started[1]))) || noProgram;
    named = [];
  } else if (test) {
    named.push({ kind: kindOf(program, test[1]), outcome: outcomes[test[2]] });
  } else if (summary) {
    Object.values(outcomes).forEach((outcome, i) => {
      const seen = named.filter((test) => test.outcome === outcome);
      seen.forEach((test) => { tally.get(test.kind)[outcome] += 1; });
      tally.get(kindOf(program, ""))[outcome] += Number(summary[i + 1]) - seen.length;
    });
  }
}

const browser = read("browser.json");
if (browser) {
  const { stats, errors = [] } = JSON.parse(browser);
  Object.assign(tally.get("browser"), { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped });
  errors.forEach((error) => problems.push(`browser: ${error.message?.split("\n")[0]}`));
}

const sum = (outcome, of = kinds) => of.reduce((total, kind) => total + tally.get(kind)[outcome], 0);
const broken = [["the Rust tests", rustStatus, kinds.slice(0, -1)], ["the browser tests", browserStatus, ["browser"]]]
  .filter(([, status, of]) => status !== "0" && sum("failed", of) === 0)
  .map(([title, status]) => `${title} broke off with status ${status}`);
problems.push(...broken, ...required.filter((kind) => sum("passed", [kind]) === 0).map((kind) => `${kind}: no test passed`));

for (const kind of kinds) {
  const { passed, failed, skipped } = tally.get(kind);
  console.log(`    ${kind.padEnd(20)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped`);
}
problems.forEach((problem) => console.log(`    ${problem}`));
const failed = sum("failed") || (problems.length > 0 ? 1 : 0);
console.log(`test: ${sum("passed")} passed, ${failed} failed${sum("skipped") ? `, ${sum("skipped")} skipped` : ""}`);
process.exitCode = failed ? 1 : 0;
