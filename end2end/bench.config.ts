// `make bench-browser`: what the browser does with many tweets, for docs/benchmarks.md. No part of the tests.
import { defineConfig } from "@playwright/test";
import usual from "./playwright.config";

export default defineConfig({
  ...usual,
  testDir: "bench",
  testMatch: "*.spec.ts",
  reporter: "line",
  // A million tweets are imported first.
  timeout: 30 * 60_000,
  use: { ...usual.use, trace: "off", screenshot: "off", viewport: { width: 1920, height: 1080 } },
  projects: [{ name: "bench" }],
});
