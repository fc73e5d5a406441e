// The hand-made collection "garden": 119 tweets that follow simple rules, and a hostile one. 120 in all.
import { hostileIncludes, hostileTweet } from "./hostile";
import { inPages, type Media, type Page, place, type Tweet, type User } from "./v2";

const PLANTS = ["tomato", "potato", "carrot", "pumpkin", "radish"];
const FIRST = Date.parse("2026-03-01T00:00:00Z");
const TWO_HOURS = 2 * 3_600_000;

/** What is true of a tweet of the garden; the tests count with it. */
export type Facts = {
  id: string;
  created: number;
  lang: string;
  type: "original" | "reply" | "quote" | "retweet";
  plant: string;
  hashtags: string[];
  likes: number;
  sensitive: boolean;
  handle: string;
  media: "photo" | "video" | undefined;
  hasLink: boolean;
};

function facts(i: number): Facts {
  const type = i % 15 === 7 ? "retweet" : i % 4 === 1 ? "reply" : i % 10 === 2 ? "quote" : "original";
  const hashtags = [...(i % 3 === 0 ? ["moon"] : []), ...(i % 5 === 0 ? ["rocket"] : []), ...(i === 17 ? ["rare"] : [])];
  return {
    id: `197000000000000${1000 + i}`,
    created: FIRST + i * TWO_HOURS,
    lang: ["en", "en", "en", "de", "de", "fr"][i % 6] ?? "en",
    type,
    plant: PLANTS[i % PLANTS.length] ?? "",
    hashtags,
    likes: (i * 37) % 1000,
    sensitive: i % 12 === 3,
    handle: `gardener${i % 7}`,
    media: i % 8 === 0 ? "photo" : i % 16 === 4 ? "video" : undefined,
    hasLink: i % 6 === 0,
  };
}

/** The 119 tweets that follow the rules, the oldest first. */
export const garden: Facts[] = Array.from({ length: 119 }, (_, i) => facts(i));

/** How many tweets the collection has. */
export const TOTAL = garden.length + 1;

/** How many of the garden fulfil a condition that the hostile tweet does not. */
export function count(condition: (tweet: Facts) => boolean): number {
  return garden.filter(condition).length;
}

const KINDS = { reply: "replied_to", quote: "quoted", retweet: "retweeted" } as const;

function tweet(fact: Facts, i: number): Tweet {
  const tags = fact.hashtags.map((tag) => `#${tag}`);
  const link = fact.hasLink ? [`https://t.co/link${i}`] : [];
  const opening = fact.type === "retweet" ? "RT @gardener0: " : "";
  const text = [`${opening}Note ${i} about a ${fact.plant}`, ...tags, ...link].join(" ");
  const replies = fact.type === "original" ? undefined : [{ type: KINDS[fact.type], id: `196000000000000${1000 + i}` }];
  return {
    id: fact.id,
    text,
    created_at: new Date(fact.created).toISOString(),
    author_id: `50${i % 7}`,
    lang: fact.lang,
    source: i % 2 === 0 ? "Garden app" : "Garden web",
    possibly_sensitive: fact.sensitive,
    public_metrics: {
      like_count: fact.likes,
      retweet_count: i % 13,
      reply_count: i % 5,
      quote_count: i % 3,
      ...(i % 10 === 9 ? {} : { impression_count: 1000 + i * 100 }),
    },
    ...(replies ? { referenced_tweets: replies } : {}),
    entities: {
      hashtags: fact.hashtags.map((tag) => ({ ...place(text, `#${tag}`), tag })),
      urls: link.map((url) => ({
        ...place(text, url),
        url,
        expanded_url: `https://www.example.org/article/${i}`,
        display_url: `example.org/article/${i}`,
      })),
    },
    ...(fact.media ? { attachments: { media_keys: [`media_${i}`] } } : {}),
    ...(i % 20 === 4 ? { geo: { place_id: "berlin" } } : {}),
  };
}

function media(fact: Facts, i: number): Media[] {
  if (!fact.media) return [];
  const description = fact.media === "photo" ? { alt_text: `A ${fact.plant} in a bed` } : {};
  return [{ media_key: `media_${i}`, type: fact.media, ...description }];
}

function user(i: number): User {
  return {
    id: `50${i}`,
    username: `gardener${i}`,
    name: `Gardener ${i}`,
    description: "Grows things",
    verified: i < 2,
    created_at: "2012-05-01T12:00:00Z",
    public_metrics: { followers_count: 100 + i, following_count: 10 + i, tweet_count: 1000 + i },
  };
}

/** The collection as X's API would bring it. */
export function gardenPages(): Page[] {
  const tweets = [...garden.map(tweet), hostileTweet];
  return inPages(tweets, {
    users: [...Array.from({ length: 7 }, (_, i) => user(i)), ...hostileIncludes.users],
    media: [...garden.flatMap(media), ...(hostileIncludes.media ?? [])],
    places: [{ id: "berlin", full_name: "Berlin, Germany", country_code: "DE" }, ...(hostileIncludes.places ?? [])],
    polls: hostileIncludes.polls ?? [],
  });
}
