// The collection "hostile": a tweet per string, in whose every text field stands another of the strings.
import { hostileStrings } from "./strings";
import { type Page, type Tweet, type User } from "./v2";

export const STRINGS = 10_000;

const FIRST = Date.parse("2026-02-01T00:00:00Z");
const URL = "https://t.co/x";

/** X writes these three as entities. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function length(text: string): number {
  return [...text].length;
}

/** A text of parts, and where each of them stands in it. */
function joined(parts: string[]): { text: string; spans: { start: number; end: number }[] } {
  let start = 0;
  const spans = parts.map((part) => {
    const span = { start, end: start + length(part) };
    start = span.end + 1;
    return span;
  });
  return { text: parts.join(" "), spans };
}

/** The number of a tweet of this moment. */
export const newest = () => Math.floor((Date.now() - FIRST) / 60_000);

export const idOf = (at: number) => String(1_985_000_000_000_000_000n + BigInt(at));

/** `field` gives each field another string. */
function tweet(at: number, field: (number: number) => string): Tweet {
  const [tag, handle, symbol] = [field(1), field(2), field(3)];
  const parts = [field(0), `#${tag}`, `@${handle}`, `$${symbol}`, URL, "mark"].map(escaped);
  const { text, spans } = joined(parts);
  const span = (part: number) => spans[part] ?? { start: 0, end: 0 };
  return {
    id: idOf(at),
    text,
    created_at: new Date(FIRST + at * 60_000).toISOString(),
    author_id: String(5000 + (at % 50)),
    lang: field(4),
    source: field(5),
    reply_settings: field(6),
    public_metrics: { like_count: at, retweet_count: 0, reply_count: 0, quote_count: 0 },
    entities: {
      hashtags: [{ ...span(1), tag }],
      mentions: [{ ...span(2), username: handle }],
      cashtags: [{ ...span(3), tag: symbol }],
      urls: [{ ...span(4), url: URL, expanded_url: at % 2 ? field(7) : `https://example.org/${field(7)}`, display_url: field(8), title: field(9) }],
    },
    attachments: { media_keys: [`m${at}`], poll_ids: [`p${at}`] },
    geo: { place_id: `g${at}` },
    context_annotations: [{ domain: { id: "1", name: field(10) }, entity: { id: "2", name: field(11) } }],
    withheld: { country_codes: [field(12)] },
  };
}

function user(number: number, field: (number: number) => string): User {
  return {
    id: String(5000 + number),
    username: field(1),
    name: field(2),
    description: field(3),
    location: field(4),
    url: field(5),
    verified: false,
    created_at: "2015-01-01T00:00:00Z",
    public_metrics: { followers_count: number, following_count: 1, tweet_count: 1 },
  };
}

/** As it is kept: halves of letters and NUL, which no text has, are replaced. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}|\0/gu, "\ufffd");
}

/** The strings that tweets have, or every so manieth of them. */
export function chosenStrings(step: number): string[] {
  return hostileStrings(STRINGS).filter((_, at) => at % step === 0);
}

/** The collection as X's API would bring it, 50 tweets a page, with ids and times from that number on. */
export function hostilePages(strings: string[], begin = 0): Page[] {
  // Over all tweets every string is in every field once.
  const field = (at: number) => (number: number) => strings[(at + number * 271) % strings.length] ?? "";
  const pages: Page[] = [];
  for (let first = 0; first < strings.length; first += 50) {
    const numbers = Array.from({ length: Math.min(50, strings.length - first) }, (_, at) => first + at);
    const data = numbers.map((at) => tweet(begin + at, field(at)));
    const includes = {
      users: Array.from({ length: 50 }, (_, number) => user(number, field(first + number))),
      media: numbers.map((at) => ({ media_key: `m${begin + at}`, type: field(at)(13), alt_text: field(at)(14), url: field(at)(15) })),
      places: numbers.map((at) => ({ id: `g${begin + at}`, full_name: field(at)(16), country_code: field(at)(17) })),
      polls: numbers.map((at) => ({ id: `p${begin + at}`, options: [{ position: 1, label: field(at)(18), votes: 3 }] })),
    };
    pages.push({ data, includes, meta: { result_count: data.length } });
  }
  return pages;
}
