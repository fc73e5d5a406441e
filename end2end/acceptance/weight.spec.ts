import { expect, test } from "../fixtures";

// As in scripts/site/finish.mjs, which measures the files; this measures what comes over the wire.
const LIMIT = 350 * 1024;

test("the first page is light: script, WebAssembly and style within the limit, compressed and kept for good", async ({ explore, page }) => {
  const sizes: Record<string, number> = {};
  const measured: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    if (!new URL(request.url()).pathname.startsWith("/pkg/")) return;
    measured.push(
      (async () => {
        const headers = (await request.response())?.headers() ?? {};
        expect.soft(headers["content-encoding"], request.url()).toBe("br");
        expect.soft(headers["cache-control"], request.url()).toContain("immutable");
        sizes[request.url().replace(/.*\//, "")] = (await request.sizes()).responseBodySize;
      })(),
    );
  });
  await explore.open();
  await Promise.all(measured);
  expect(new Set(Object.keys(sizes).map((name) => name.replace(/.*\./, "")))).toEqual(new Set(["css", "js", "wasm"]));
  const sum = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  expect(sum, JSON.stringify(sizes)).toBeLessThanOrEqual(LIMIT);
});
