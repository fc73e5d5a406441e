// Runs the program: its commands, and servers on free ports with throw-away data.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "./v2";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.ROOST_BIN ?? path.join(root, "dist/roost");

/** The environment of the program: only the settings that the tests mean. */
function environment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("ROOST_"));
  return { ...Object.fromEntries(others), ROOST_SITE: process.env.ROOST_SITE ?? path.join(root, "dist/site") };
}

/** A folder of data, and perhaps a server on it. */
export class Roost {
  readonly data = fs.mkdtempSync(path.join(os.tmpdir(), "roost-end2end-"));
  /** Where it is served, without a slash at the end. */
  url = "";
  private server: ChildProcess | undefined;
  private printed = "";

  /** Runs a command to its end and returns what it printed. */
  run(args: string[], input = ""): string {
    const result = spawnSync(program, [...args, "--data", this.data], { input, encoding: "utf8", env: environment() });
    if (result.error) throw result.error;
    if (result.status !== 0) throw new Error(`roost ${args.join(" ")} ended with ${result.status}:\n${result.stderr}`);
    return result.stdout;
  }

  /** Imports pages of X's API as one file of lines. */
  import(collection: string, pages: Page[]): void {
    const file = path.join(this.data, "import.jsonl");
    fs.writeFileSync(file, pages.map((page) => `${JSON.stringify(page)}\n`).join(""));
    this.run(["import", "--collection", collection, file]);
    fs.rmSync(file);
  }

  addUser(name: string, password: string, role: "viewer" | "analyst" | "admin"): void {
    this.run(["user", "add", name, "--role", role], `${password}\n`);
  }

  /** Starts `roost serve`, or another command that serves, with settings, and waits until it tells its address. */
  async start(command: string[] = ["serve"], settings: Record<string, string> = {}): Promise<void> {
    const args = [...command, "--data", this.data, "--listen", "127.0.0.1:0"];
    this.server = spawn(program, args, { env: { ...environment(), ...settings }, stdio: ["ignore", "pipe", "pipe"] });
    this.server.stdout?.on("data", (text: Buffer) => (this.printed += text.toString()));
    this.server.stderr?.on("data", (text: Buffer) => (this.printed += text.toString()));
    this.url = await this.find(/ is at (http:\/\/[\d.]+:\d+)/);
  }

  /** Waits until the server prints this, and returns the first group of the pattern. */
  async find(pattern: RegExp): Promise<string> {
    const server = this.server;
    if (!server) throw new Error("nothing runs");
    const found = () => this.printed.match(pattern)?.[1];
    return new Promise((resolve, reject) => {
      const stop = (error: string) => reject(new Error(`${error}, without ${pattern}:\n${this.printed}`));
      const timer = setTimeout(() => stop("30 s have passed"), 30_000);
      const look = () => {
        const text = found();
        if (text === undefined) return;
        clearTimeout(timer);
        server.stdout?.off("data", look);
        resolve(text);
      };
      server.stdout?.on("data", look);
      server.once("exit", (code) => (clearTimeout(timer), stop(`the server ended with ${code}`)));
      look();
    });
  }

  /** The one-time link that makes the first admin. */
  setupLink(): Promise<string> {
    return this.find(/(http:\S+\/setup\?token=\S+)/);
  }

  /** The one-time link that signs in to the demo. */
  welcomeLink(): Promise<string> {
    return this.find(/(http:\S+\/welcome\?token=\S+)/);
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    const server = this.server;
    if (server && server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      const impatience = setTimeout(() => server.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(impatience);
    }
    fs.rmSync(this.data, { recursive: true, force: true });
  }
}
