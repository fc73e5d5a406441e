// X's API by hand, where a story needs what the simulator has not.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An X on loopback that answers each request in JSON. */
export abstract class AnsweringX {
  /** Where it is, once it was started. */
  url = "";
  private readonly server: Server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(this.answer(new URL(request.url ?? "/", "http://x"), response)));
  });

  /** What it answers; headers go to the response. */
  protected abstract answer(asked: URL, response: ServerResponse): object;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
