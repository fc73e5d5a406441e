// `make screens`: pictures of every page and state, for docs/screens. No part of the tests.
import { defineConfig } from "@playwright/test";
import usual from "./playwright.config";
import { SIZES } from "./screens/sizes";

export default defineConfig({
  ...usual,
  testDir: "screens",
  testMatch: "screens.spec.ts",
  globalTeardown: "./screens/index.ts",
  timeout: 30_000,
  use: { ...usual.use, trace: "off", screenshot: "off" },
  projects: SIZES.map(({ name, ...viewport }) => ({
    name,
    use: { viewport, isMobile: viewport.width < 600, hasTouch: viewport.width < 1000 },
  })),
});
