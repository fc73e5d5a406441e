// What a page holds in memory.
import type { Page } from "@playwright/test";

export type Counters = {
  /** Bytes of the script's heap. */
  heap: number;
  /** Bytes of WebAssembly's memory. */
  wasm: number;
  /** Nodes of the document, and those that are kept though nothing shows them. */
  nodes: number;
};

/** Counted after all that can be freed is freed. */
export async function counters(page: Page): Promise<Counters> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("HeapProfiler.enable");
  for (let round = 0; round < 3; round += 1) await browser.send("HeapProfiler.collectGarbage");
  const { usedSize } = await browser.send("Runtime.getHeapUsage");
  const { nodes } = await browser.send("Memory.getDOMCounters");
  const memories = await browser.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await browser.send("Runtime.queryObjects", { prototypeObjectId: memories.result.objectId ?? "" });
  const sum = "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) }";
  const found = await browser.send("Runtime.callFunctionOn", {
    functionDeclaration: sum,
    objectId: objects.objectId ?? "",
    returnByValue: true,
  });
  await browser.detach();
  return { heap: usedSize, wasm: Number(found.result.value), nodes };
}
