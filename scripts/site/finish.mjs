// Makes the site out of the compiled browser half and style/: JavaScript glue, optimised wasm, bundled CSS, names with
// a hash of the content in pkg/, a manifest of those names, and compressed copies. Fails when the first load is too big.
//   node finish.mjs --wasm FILE --bindgen PROGRAM --cache FOLDER --out FOLDER [--dev]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundle } from "lightningcss";

// Bytes of wasm + js + css after brotli that the first load never exceeds (end2end/acceptance/weight.spec.ts too).
const LIMIT = 350 * 1024;
const here = path.dirname(fileURLToPath(import.meta.url));
const style = path.resolve(here, "../../style");
const { values: args } = parseArgs({
  options: {
    wasm: { type: "string" }, bindgen: { type: "string" }, cache: { type: "string" }, out: { type: "string" },
    dev: { type: "boolean", default: false },
  },
});

const digest = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex").slice(0, 16);
const filesIn = (folder) =>
  fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();

const wasm = fs.readFileSync(args.wasm);
const tools = [fs.readFileSync(fileURLToPath(import.meta.url)), fs.readFileSync(path.join(here, "package-lock.json")),
  execFileSync(args.bindgen, ["--version"]), String(args.dev)];
const inputs = digest(wasm, ...tools, ...filesIn(style).flatMap((file) => [path.relative(style, file), fs.readFileSync(file)]));
const stamp = path.join(path.dirname(args.out), `.${path.basename(args.out)}-inputs`);

if (fs.existsSync(`${args.out}/manifest.json`) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === inputs) {
  console.log("    nothing changed");
} else {
  makeSite();
}

function makeSite() {
  fs.rmSync(stamp, { force: true });
  const next = `${args.out}.new`; // put in place at the end, so that a running server never sees half a site
  fs.rmSync(next, { recursive: true, force: true });
  fs.mkdirSync(`${next}/pkg`, { recursive: true });
  if (fs.existsSync(`${style}/public`)) fs.cpSync(`${style}/public`, next, { recursive: true });

  const half = browserHalf();
  const names = {};
  const put = (kind, content) => {
    names[kind] = `roost.${digest(content)}.${kind}`;
    fs.writeFileSync(`${next}/pkg/${names[kind]}`, content);
  };
  put("wasm", fs.readFileSync(`${half}/roost_bg.wasm`));
  put("js", fs.readFileSync(`${half}/roost.js`, "utf8").replaceAll("roost_bg.wasm", names.wasm));
  put("css", bundledStyle());
  fs.writeFileSync(`${next}/manifest.json`, JSON.stringify({ js: names.js, wasm: names.wasm, css: names.css }, null, 2) + "\n");
  if (!args.dev) {
    compress(next);
    reportSizes(`${next}/pkg`, names);
  }
  fs.rmSync(args.out, { recursive: true, force: true });
  fs.renameSync(next, args.out);
  fs.writeFileSync(stamp, inputs);
}

// roost.js and roost_bg.wasm for this wasm; kept beside the compiled crates, because optimising takes long.
function browserHalf() {
  const done = path.join(args.cache, `${args.dev ? "dev" : "release"}-${digest(wasm, ...tools)}`);
  if (fs.existsSync(done)) return done;
  fs.mkdirSync(args.cache, { recursive: true });
  const work = fs.mkdtempSync(path.join(args.cache, "work-"));
  try {
    execFileSync(args.bindgen, ["--target", "web", "--no-typescript", "--out-name", "roost", "--out-dir", work, args.wasm],
      { stdio: "inherit" });
    if (fs.existsSync(`${work}/snippets`)) {
      throw new Error("a crate brings its own JavaScript (wasm-bindgen wrote snippets/), which finish.mjs does not put into the site");
    }
    if (!args.dev) optimise(`${work}/roost_bg.wasm`);
    for (const old of fs.readdirSync(args.cache)) {
      if (old.startsWith(args.dev ? "dev-" : "release-")) fs.rmSync(path.join(args.cache, old), { recursive: true, force: true });
    }
    fs.renameSync(work, done);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return done;
}

// The features one by one: what `--all-features` writes, browsers refuse.
function optimise(file) {
  const features = ["bulk-memory", "nontrapping-float-to-int", "reference-types", "sign-ext", "mutable-globals", "multivalue"];
  execFileSync(process.execPath,
    [path.join(here, "node_modules/binaryen/bin/wasm-opt"), "-Oz", "--converge", "--merge-similar-functions",
      ...features.map((name) => `--enable-${name}`), file, "-o", file],
    { stdio: "inherit" });
}

function bundledStyle() {
  const version = (major, minor = 0) => (major << 16) | (minor << 8);
  const targets = { chrome: version(123), firefox: version(121), safari: version(17, 5) };
  const { code, warnings } = bundle({ filename: `${style}/main.css`, minify: true, targets });
  for (const { message, loc } of warnings) console.warn(`    style: ${message} (${loc.filename}:${loc.line})`);
  return code;
}

// Copies by brotli and gzip beside every file they make smaller.
function compress(folder) {
  for (const file of filesIn(folder)) {
    if (path.basename(file) === "manifest.json" || /\.(png|jpe?g|webp|avif|woff2?)$/.test(file)) continue;
    const content = fs.readFileSync(file);
    const brotli = brotliCompressSync(content, { params: {
      [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    } });
    const gzip = gzipSync(content, { level: 9 });
    if (brotli.length < content.length) fs.writeFileSync(`${file}.br`, brotli);
    if (gzip.length < content.length) fs.writeFileSync(`${file}.gz`, gzip);
  }
}

function reportSizes(folder, names) {
  const size = (file) => fs.statSync(path.join(folder, file)).size;
  const row = (title, raw, brotli) =>
    console.log(`    ${title.padEnd(28)} ${raw.toLocaleString("en").padStart(10)} ${brotli.toLocaleString("en").padStart(10)}`);
  console.log(`    ${"first load".padEnd(28)} ${"bytes".padStart(10)} ${"brotli".padStart(10)}`);
  let [raw, brotli] = [0, 0];
  for (const name of [names.wasm, names.js, names.css]) {
    const packed = fs.existsSync(path.join(folder, `${name}.br`)) ? size(`${name}.br`) : size(name);
    row(name, size(name), packed);
    raw += size(name);
    brotli += packed;
  }
  row("sum", raw, brotli);
  if (brotli > LIMIT) {
    console.error(`    ${(brotli - LIMIT).toLocaleString("en")} bytes above the limit of ${LIMIT.toLocaleString("en")}`);
    process.exit(1);
  }
}
