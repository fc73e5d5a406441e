// The collection "spike": 40 days with ten tweets each, and one day with sixty more. Of those, 48 have the planted tag
// #launchday, which two tweets of other days have too; 30 are by one author, 40 say "sold out".
import { inPages, type Page, place, type Tweet, type User } from "./v2";

const FIRST = Date.parse("2026-05-01T00:00:00Z");
const HOUR = 3_600_000;
const TOPICS = ["chips", "boards", "fans", "cables", "racks"];

export const SPIKE = { day: "2026-05-21", tweets: 70, planted: 48, others: 390, plantedElsewhere: 2, byOne: 30, total: 460 };

function tweet(i: number, created: number, text: string, author: string, tags: string[]): Tweet {
  const whole = [text, ...tags.map((tag) => `#${tag}`)].join(" ");
  return {
    id: `199000000000000${1000 + i}`,
    text: whole,
    created_at: new Date(created).toISOString(),
    author_id: author,
    lang: "en",
    entities: { hashtags: tags.map((tag) => ({ ...place(whole, `#${tag}`), tag })) },
    public_metrics: { like_count: i % 90 === 0 ? 20_000 : i % 9, retweet_count: 0, reply_count: 0, quote_count: 0 },
  };
}

function usual(i: number): Tweet {
  const created = FIRST + Math.floor(i / 10) * 24 * HOUR + (i % 10) * 2 * HOUR;
  const tags = ["gpu", ...(i === 33 || i === 66 ? ["launchday"] : [])];
  return tweet(i, created, `Usual note ${i} about ${TOPICS[i % 5]}`, `90${i % 8}`, tags);
}

function extra(i: number): Tweet {
  const created = FIRST + 20 * 24 * HOUR + 12 * HOUR + i * 60_000;
  const tags = ["gpu", ...(i % 5 === 0 ? [] : ["launchday"])];
  return tweet(500 + i, created, i % 3 === 0 ? `Queue ${i} here` : `Sold out again ${i}`, i % 2 === 0 ? "908" : `90${i % 8}`, tags);
}

function user(i: number): User {
  const public_metrics = { followers_count: i, following_count: i, tweet_count: i };
  return { id: `90${i}`, username: `trader${i}`, name: `Trader ${i}`, verified: false, created_at: "2014-01-01T00:00:00Z", public_metrics };
}

export function spikePages(): Page[] {
  const tweets = [...Array.from({ length: 400 }, (_, i) => usual(i)), ...Array.from({ length: 60 }, (_, i) => extra(i))];
  return inPages(tweets, { users: Array.from({ length: 9 }, (_, i) => user(i)) });
}
