// The collection "ten" of the specification's worked example: languages de 6, en 4; replies 5 (de 4, en 1).
// Its eleven hashtags are #topic0 to #topic9, once each, and #even, five times.
import { inPages, type Page, place, type Tweet } from "./v2";

function tweet(lang: string, isReply: boolean, i: number): Tweet {
  const tags = [`topic${i}`, ...(i % 2 === 0 ? ["even"] : [])];
  const text = `Post ${i} ${tags.map((tag) => `#${tag}`).join(" ")}`;
  return {
    id: `198000000000000${1000 + i}`,
    text,
    created_at: new Date(Date.parse("2026-04-01T08:00:00Z") + i * 3_600_000).toISOString(),
    author_id: "700",
    lang,
    entities: { hashtags: tags.map((tag) => ({ ...place(text, `#${tag}`), tag })) },
    public_metrics: { like_count: i, retweet_count: 0, reply_count: 0, quote_count: 0 },
    ...(isReply ? { referenced_tweets: [{ type: "replied_to" as const, id: `198000000000000${2000 + i}` }] } : {}),
  };
}

export function tenPages(): Page[] {
  const kinds: [string, boolean, number][] = [["de", true, 4], ["de", false, 2], ["en", true, 1], ["en", false, 3]];
  const tweets = kinds
    .flatMap(([lang, isReply, times]) => Array.from({ length: times }, () => [lang, isReply] as const))
    .map(([lang, isReply], i) => tweet(lang, isReply, i));
  const author = {
    id: "700",
    username: "ten",
    name: "Ten",
    verified: false,
    created_at: "2015-01-01T00:00:00Z",
    public_metrics: { followers_count: 1, following_count: 1, tweet_count: 10 },
  };
  return inPages(tweets, { users: [author] });
}
