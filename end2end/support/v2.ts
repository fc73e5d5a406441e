// Tweets and pages as X's API v2 writes them, as far as the tests need them.

export type Span = { start: number; end: number };

export type Tweet = {
  id: string;
  text: string;
  created_at: string;
  author_id: string;
  lang: string;
  source?: string;
  possibly_sensitive?: boolean;
  reply_settings?: string;
  public_metrics?: Record<string, number>;
  referenced_tweets?: { type: "replied_to" | "quoted" | "retweeted"; id: string }[];
  entities?: {
    hashtags?: (Span & { tag: string })[];
    cashtags?: (Span & { tag: string })[];
    mentions?: (Span & { username: string })[];
    urls?: (Span & { url: string; expanded_url: string; display_url: string; title?: string })[];
  };
  attachments?: { media_keys?: string[]; poll_ids?: string[] };
  geo?: { place_id: string };
  context_annotations?: { domain: { id: string; name: string }; entity: { id: string; name: string } }[];
  withheld?: { country_codes: string[] };
};

export type User = {
  id: string;
  username: string;
  name: string;
  description?: string;
  location?: string;
  url?: string;
  verified: boolean;
  created_at: string;
  public_metrics: Record<string, number>;
};

export type Media = { media_key: string; type: string; alt_text?: string };
export type Place = { id: string; full_name: string; country_code: string };
export type Poll = { id: string; options: { position: number; label: string; votes: number }[] };

export type Page = {
  data: Tweet[];
  includes: { users: User[]; media?: Media[]; places?: Place[]; polls?: Poll[] };
  meta: { result_count: number };
  /** As twarc notes it: when X was asked. */
  __twarc?: { retrieved_at: string };
};

/** Where a word stands in a text. */
export function place(text: string, word: string): Span {
  const start = text.indexOf(word);
  if (start < 0) throw new Error(`"${word}" is not in "${text}"`);
  return { start: [...text.slice(0, start)].length, end: [...text.slice(0, start + word.length)].length };
}

/** Tweets in pages of at most 50, each with what it needs beside the tweets; `asked` is when X was. */
export function inPages(tweets: Tweet[], includes: Page["includes"], asked?: Date): Page[] {
  const noted = asked && { __twarc: { retrieved_at: asked.toISOString() } };
  const pages: Page[] = [];
  for (let start = 0; start < tweets.length; start += 50) {
    const data = tweets.slice(start, start + 50);
    pages.push({ data, includes, meta: { result_count: data.length }, ...noted });
  }
  return pages;
}
