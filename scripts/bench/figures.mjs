// Numbers as the tables of docs/benchmarks.md show them, and what the kernel tells of a process.
import { readFileSync } from "node:fs";

export const MB = 1 << 20;
export const group = (number) => Math.round(number).toLocaleString("en");
export const seconds = (from) => (performance.now() - from) / 1000;

export function percentile(times, part) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
}

/** Peak resident memory and CPU seconds of a process that still runs. */
export function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  // Fields 14 and 15, after the name in parentheses: user and system time in ticks of 10 ms.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return { peak, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
}

/** How busy the machine is with this and all else: load of the last minute, and share of time that work waited. */
export function busyness() {
  const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0];
  const waited = /some avg10=([\d.]+)/.exec(readFileSync("/proc/pressure/cpu", "utf8"))?.[1];
  return `load average ${load}, CPU pressure ${waited} %`;
}
