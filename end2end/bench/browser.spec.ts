// The explore page of a large collection, measured in the browser. Prints tables for docs/benchmarks.md.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { makeAdmin, type Running, test as base } from "../fixtures";
import { Explore } from "../pages/explore";
import { counters } from "../support/counters";
import { ready, tellWhenReady } from "../support/ready";
import { Roost } from "../support/roost";
import { observe, seen } from "../support/vitals";

const TWEETS = process.env.BENCH_TWEETS ?? "1000000";
const LOADS = 9;
const CLICKS = 40;
const DEPTHS = [1_000, 10_000, 50_000, 100_000];

const test = base.extend<object, { running: Running }>({
  running: [
    async ({ browser }, use) => {
      const roost = new Roost();
      try {
        const file = path.join(roost.data, "bench.jsonl");
        roost.run(["simulate", "--write", file, "--tweets", TWEETS, "--until", "2026-11-01T00:00:00Z"]);
        roost.run(["import", "--collection", "bench", file]);
        rmSync(file);
        await roost.start();
        await use({ roost, admin: await makeAdmin(browser, roost) });
      } finally {
        await roost.stop();
      }
    },
    { scope: "worker", timeout: 30 * 60_000 },
  ],
});

test.describe.configure({ mode: "serial" });

const group = (number: number) => Math.round(number).toLocaleString("en");

function part(times: number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return group(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN);
}

function tell(title: string, times: number[]): void {
  console.log(`| ${title} | ${part(times, 0.5)} | ${part(times, 0.95)} |`);
}

/** A context that has loaded nothing yet. */
async function newcomer(page: Page, running: Running): Promise<BrowserContext> {
  const context = await page.context().browser()?.newContext({ storageState: running.admin, viewport: page.viewportSize() });
  if (!context) throw new Error("there is no browser");
  await tellWhenReady(context);
  return context;
}

test("first loads", async ({ page, running }) => {
  const [paints, largest, usable, shifts]: number[][] = [[], [], [], []];
  for (let load = 0; load < LOADS; load += 1) {
    const context = await newcomer(page, running);
    const fresh = await context.newPage();
    await observe(fresh);
    await fresh.goto(`${running.roost.url}/c/bench`);
    await ready(fresh);
    usable?.push(await fresh.evaluate(() => performance.now()));
    const vitals = await seen(fresh);
    paints?.push(vitals.firstPaint);
    largest?.push(vitals.largestPaint);
    shifts?.push(vitals.shift);
    await context.close();
  }
  console.log(`\n${group(Number(TWEETS))} tweets\n\n| nothing cached, ${LOADS} loads | median ms | p95 ms |\n|---|---|---|`);
  tell("first contentful paint", paints ?? []);
  tell("largest contentful paint", largest ?? []);
  tell("taken over by WebAssembly", usable ?? []);
  console.log(`\nLargest layout shift: ${Math.max(...(shifts ?? [])).toFixed(4)}`);
});

/** Clicks on a facet's value and tells after how many milliseconds the page shows that it works, and the new rows. */
async function click(page: Page, name: string): Promise<{ pending: number; rows: number }> {
  await page.evaluate(() => {
    const times = { pending: 0, rows: 0 };
    Object.assign(window, { times });
    const panes = document.querySelector(".panes");
    const painted = (then: () => void) => requestAnimationFrame(() => setTimeout(then));
    addEventListener(
      "click",
      () => {
        const began = performance.now();
        const observer = new MutationObserver(() => {
          const isBusy = panes?.getAttribute("aria-busy") === "true";
          if (isBusy && times.pending === 0) painted(() => (times.pending = performance.now() - began));
          if (isBusy) return;
          observer.disconnect();
          painted(() => (times.rows = performance.now() - began));
        });
        if (panes) observer.observe(panes, { attributes: true, attributeFilter: ["aria-busy"] });
      },
      { once: true, capture: true },
    );
  });
  await new Explore(page).facet("Language").value(name).click();
  const times = await page.waitForFunction(() => {
    const { times } = window as unknown as { times: { pending: number; rows: number } };
    return times.rows > 0 && times;
  });
  return times.jsonValue() as Promise<{ pending: number; rows: number }>;
}

test("clicks on a filter", async ({ page, explore }) => {
  await observe(page);
  await explore.open("bench");
  const [pending, rows]: number[][] = [[], []];
  for (let number = 0; number < CLICKS; number += 1) {
    // One in, the same out again.
    const times = await click(page, ["en", "ja", "es"][(number >> 1) % 3] ?? "en");
    pending?.push(times.pending);
    rows?.push(times.rows);
  }
  const vitals = await seen(page);
  console.log(`\n| ${CLICKS} clicks on a filter | median ms | p95 ms |\n|---|---|---|`);
  tell("shown that it works", pending ?? []);
  tell("new rows shown", rows ?? []);
  console.log(`\nInteraction to next paint: ${group(vitals.slowest)} ms. Layout shift: ${vitals.shift.toFixed(4)}`);
});

test("memory while rows are scrolled through", async ({ page, explore }) => {
  await explore.open("bench");
  console.log("\n| rows scrolled through | script's heap, MB | WebAssembly, MB | DOM nodes | rows drawn |\n|---|---|---|---|---|");
  for (const depth of [0, ...DEPTHS.filter((depth) => depth < Number(TWEETS))]) {
    await scrollTo(page, depth);
    const { heap, nodes, wasm } = await counters(page);
    const mega = (bytes: number) => (bytes / (1 << 20)).toFixed(1);
    console.log(`| ${group(depth)} | ${mega(heap)} | ${mega(wasm)} | ${group(nodes)} | ${await explore.rows.count()} |`);
  }
});

/** Scrolls from row to row until this one is in sight; steps of more than two windows would be pulls at the bar. */
async function scrollTo(page: Page, row: number): Promise<void> {
  await page.evaluate(async (row) => {
    const frame = () => new Promise(requestAnimationFrame);
    const rows = document.querySelector(".rows");
    const first = () => Number(document.querySelector(".range")?.textContent?.match(/^[\d,]+/)?.[0].replaceAll(",", ""));
    const isDrawn = () => rows?.querySelector(`[aria-rowindex="${first() + 2}"]`);
    while (rows && first() < row) {
      rows.scrollBy(0, rows.clientHeight * 1.5);
      await frame();
      await frame();
      while (!isDrawn()) await frame();
    }
  }, row);
}

type Audits = Record<string, { numericValue?: number; displayValue?: string }>;
type Report = { audits: Audits; categories: Record<string, { score: number }> };

/** Lighthouse's report of the explore page, signed in, in a Chromium of its own. */
function lighthouse(running: Running, flags: string[]): Report {
  const cookie = running.admin.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const cli = path.resolve("../scripts/bench/node_modules/lighthouse/cli/index.js");
  const out = execFileSync(
    process.execPath,
    [cli, `${running.roost.url}/c/bench`, ...flags, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox",
      `--extra-headers=${JSON.stringify({ Cookie: cookie })}`, "--only-categories=performance,accessibility,best-practices"],
    { env: { ...process.env, CHROME_PATH: process.env.CHROMIUM }, encoding: "utf8", maxBuffer: 64 << 20 },
  );
  return JSON.parse(out) as Report;
}

test("Lighthouse", async ({ running }) => {
  console.log("\n| Lighthouse | phone, 4 times slower, slow 4G | desktop |\n|---|---|---|");
  const reports = [[], ["--preset=desktop"]].map((flags) => lighthouse(running, flags));
  const row = (title: string, of: (report: Report) => string | undefined) => console.log(`| ${title} | ${reports.map(of).join(" | ")} |`);
  for (const category of ["performance", "accessibility", "best-practices"]) {
    row(category, ({ categories }) => ((categories[category]?.score ?? NaN) * 100).toFixed(0));
  }
  for (const audit of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]) {
    row(audit.replaceAll("-", " "), ({ audits }) => audits[audit]?.displayValue);
  }
});
