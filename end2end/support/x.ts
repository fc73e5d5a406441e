// X's API in so far as a schedule needs it: each search has one page, and some of its tweets cannot be understood.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const FIRST_ID = 2_000_000_000_000_000_000n;

/** An X whose answers have three tweets, and one that lacks its text. */
export class PoisonedX {
  /** Where it is, once it was started. */
  url = "";
  private given = 0n;
  private readonly searched = new Set<string>();
  private readonly server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const query = searchParams.get("query") ?? "";
    const isNew = pathname.endsWith("/search/recent") && !this.searched.has(query);
    if (isNew) this.searched.add(query);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(isNew ? this.page() : { meta: { result_count: 0 } }));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private page() {
    const data = Array.from({ length: 4 }, () => {
      const id = (FIRST_ID + this.given++).toString();
      return { id, text: `Rover number ${id}`, created_at: new Date().toISOString(), author_id: "5", lang: "en" };
    });
    const ids = data.map(({ id }) => id);
    const { text, ...poison } = data[0]!;
    const meta = { result_count: data.length, newest_id: ids.at(-1), oldest_id: ids[0] };
    return { data: [{ ...poison, note: `without "${text}"` }, ...data.slice(1)], meta };
  }
}
