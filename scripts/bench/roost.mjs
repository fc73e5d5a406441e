// Roost's program as a benchmark runs it: dist/roost, its commands and its server on loopback.
import { spawn } from "node:child_process";

const roost = "dist/roost";
const [NAME, PASSWORD] = ["bench", "a long bench password"];

// Who is told to stop ends the servers that it started.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** Runs a command to its end; `watch` is called ten times a second with its process. */
export async function run(args, { watch = () => {}, input = "ignore" } = {}) {
  const child = spawn(roost, args, { stdio: [input, "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const timer = setInterval(() => {
    try {
      watch(child.pid);
    } catch {
      // It has just ended.
    }
  }, 100);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`roost ${args.join(" ")} ended with ${code}`);
  return out;
}

/** A command whose standard output is read by another. */
export const start = (args) => spawn(roost, args, { stdio: ["ignore", "pipe", "inherit"] });

/** Starts the server and signs in: by its set-up link, or as who was set up so before. */
export async function serve(data, env = {}) {
  const child = spawn(roost, ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ROOST_LOG: 'warn', ...env },
  });
  process.on("exit", () => child.kill());
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const address = await addressOf(child, () => out);
  // It answers after it has told of a set-up link.
  await fetch(`${address}/healthz`);
  const token = /\/setup\?token=(\S+)/.exec(out)?.[1];
  const form = token ? { token, name: NAME, password: PASSWORD, again: PASSWORD } : { name: NAME, password: PASSWORD };
  const answer = await fetch(`${address}/${token ? "setup" : "sign-in"}`, {
    method: "POST", body: new URLSearchParams(form), redirect: "manual",
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`nobody could sign in at ${address}: ${answer.status}`);
  const get = async (path) => {
    const response = await fetch(address + path, { headers: { cookie } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  const stop = () => new Promise((resolve) => child.on("close", resolve).kill());
  return { child, address, cookie, get, stop };
}

function addressOf(child, out) {
  return new Promise((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`roost serve ended with ${code}`)));
    child.stdout.on("data", () => {
      const address = /Roost is at (http:\/\/\S+)\n/.exec(out())?.[1];
      if (address) resolve(address);
    });
  });
}
