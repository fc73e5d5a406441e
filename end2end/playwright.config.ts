import { defineConfig, devices } from "@playwright/test";

export default defineConfig({
  testDir: "acceptance",
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Two cores, shared with others: what takes longer than this is broken, not slow.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    // That of the browser is that of the page: tests of zones say another.
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    {
      name: "chromium",
      grepInvert: /@mobile/,
      use: { ...devices["Desktop Chrome"], viewport: { width: 1366, height: 768 } },
    },
    { name: "mobile", grep: /@mobile/, use: devices["Pixel 7"] },
  ],
});
