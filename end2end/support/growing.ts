// A tweet that was looked at three times, a day after the other, while it spread.
import { inPages, type Page, type Tweet } from "./v2";

export const growingId = "1984000000000000001";

const POSTED = new Date("2026-10-28T08:00:00Z");
const DAY = 24 * 3600 * 1000;
const LOOKS = [
  { like_count: 2, retweet_count: 0, reply_count: 1, quote_count: 0, impression_count: 150 },
  { like_count: 480, retweet_count: 61, reply_count: 40, quote_count: 4, impression_count: 21_400 },
  { like_count: 1_310, retweet_count: 160, reply_count: 72, quote_count: 11, impression_count: 64_900 },
];

/** Its looks, the first one first. */
export function growingLooks(): Page[][] {
  return LOOKS.map((public_metrics, day) => {
    const tweet: Tweet = {
      id: growingId,
      text: "The bridge is closed until Monday. Please go around.",
      created_at: POSTED.toISOString(),
      author_id: "7",
      lang: "en",
      public_metrics,
    };
    return inPages([tweet], { users: [] }, new Date(POSTED.getTime() + (day + 1) * DAY));
  });
}
