// X's API in so far as a plan needs it: a tweet each minute, exact counts, and few requests in 15 minutes.
import type { ServerResponse } from "node:http";
import { AnsweringX } from "./answering-x";

const MINUTE = 60_000n;
const EPOCH = 1_288_834_974_657n;
const msOf = (id: bigint) => (id >> 22n) + EPOCH;
const idAt = (ms: bigint) => (ms - EPOCH) << 22n;
const iso = (ms: bigint) => new Date(Number(ms)).toISOString();

/** An X that takes so many searches in 15 minutes. */
export class SteadyX extends AnsweringX {
  private left: number;
  private readonly reset = Math.floor(Date.now() / 1000) + 890;

  constructor(private readonly searches: number) {
    super();
    this.left = searches;
  }

  protected override answer({ pathname, searchParams }: URL, response: ServerResponse) {
    const isCount = pathname.includes("/counts/");
    if (!isCount) this.left = Math.max(this.left - 1, 0);
    response.setHeader("x-rate-limit-limit", String(isCount ? 300 : this.searches));
    response.setHeader("x-rate-limit-remaining", String(isCount ? 299 : this.left));
    response.setHeader("x-rate-limit-reset", String(this.reset));
    return isCount ? this.counts() : this.page(searchParams);
  }

  /** By the hour, for the last seven days. */
  private counts() {
    const now = BigInt(Date.now());
    const hours = Array.from({ length: 169 }, (_, hour) => now - BigInt(169 - hour) * 60n * MINUTE);
    const data = hours.map((start) => ({ start: iso(start), end: iso(start + 60n * MINUTE), tweet_count: 60 }));
    return { data, meta: { total_tweet_count: 60 * data.length } };
  }

  /** The newest of a minute each, from the token on or else from `until_id`. */
  private page(params: URLSearchParams) {
    const below = BigInt(params.get("next_token") ?? params.get("until_id") ?? idAt(BigInt(Date.now())));
    const lowest = BigInt(params.get("since_id") ?? 0);
    const first = (msOf(below - 1n) / MINUTE) * MINUTE;
    const all = Array.from({ length: Number(params.get("max_results") ?? 100) }, (_, at) => idAt(first - BigInt(at) * MINUTE));
    const ids = all.filter((id) => id < below && id > lowest);
    const data = ids.map((id) => ({ id: `${id}`, text: `Minute ${msOf(id)}`, created_at: iso(msOf(id)), author_id: "5", lang: "en" }));
    const next = ids.length === all.length ? { next_token: `${ids.at(-1)}` } : {};
    return { data, meta: { result_count: ids.length, newest_id: `${ids[0] ?? 0}`, oldest_id: `${ids.at(-1) ?? 0}`, ...next } };
  }
}
