// A tweet that attacks the page from every text that strangers write.
import { type Page, place, type Tweet } from "./v2";

export const SCRIPT_END = "</script><img src=x onerror=window.hacked=1>";
export const ATTRIBUTE_END = '"><svg onload=window.hacked=1>';
/** Turns the letters after it around. */
export const TURN = "\u202e";

const TAG = "<img/src=x/onerror=window.hacked=1>";
const HANDLE = "<svg/onload=window.hacked=1>";
const SYMBOL = "A<script>window.hacked=1</script>";
const [BAD_LINK, DATA_LINK] = ["https://t.co/bad", "https://t.co/data"];

const text = [
  `hostile ${SCRIPT_END} ${ATTRIBUTE_END} ${TURN}gnp.exe &lt;b&gt;`,
  `#${TAG} @${HANDLE} $${SYMBOL} ${BAD_LINK} ${DATA_LINK}`,
].join(" ");

/** X escapes `<`, `>` and `&`, so the text is longer by that where it already is escaped; offsets count it as written. */
export const hostileTweet: Tweet = {
  id: "1970000000000009999",
  text,
  created_at: "2026-03-10T22:00:00.000Z",
  author_id: "666",
  lang: ATTRIBUTE_END,
  source: SCRIPT_END,
  reply_settings: ATTRIBUTE_END,
  public_metrics: { like_count: 5000, retweet_count: 0, reply_count: 0, quote_count: 0 },
  entities: {
    hashtags: [{ ...place(text, `#${TAG}`), tag: TAG }],
    mentions: [{ ...place(text, `@${HANDLE}`), username: HANDLE }],
    cashtags: [{ ...place(text, `$${SYMBOL}`), tag: SYMBOL }],
    urls: [
      {
        ...place(text, BAD_LINK),
        url: BAD_LINK,
        expanded_url: "javascript:window.hacked=1//%0aalert(1)",
        display_url: "<b onmouseover=window.hacked=1>example.org</b>",
        title: SCRIPT_END,
      },
      {
        ...place(text, DATA_LINK),
        url: DATA_LINK,
        expanded_url: "data:text/html,<script>opener.hacked=1</script>",
        display_url: `example.org/${TURN}txt.exe`,
      },
    ],
  },
  attachments: { media_keys: ["hostile_media"], poll_ids: ["hostile_poll"] },
  geo: { place_id: "hostile_place" },
  context_annotations: [{ domain: { id: "1", name: ATTRIBUTE_END }, entity: { id: "2", name: SCRIPT_END } }],
  withheld: { country_codes: [ATTRIBUTE_END] },
};

export const hostileIncludes: Page["includes"] = {
  users: [
    {
      id: "666",
      username: HANDLE,
      name: SCRIPT_END,
      description: ATTRIBUTE_END,
      location: `${TURN}${ATTRIBUTE_END}`,
      url: "javascript:window.hacked=1",
      verified: false,
      created_at: "2020-01-01T00:00:00Z",
      public_metrics: { followers_count: 1, following_count: 1, tweet_count: 1 },
    },
  ],
  media: [{ media_key: "hostile_media", type: ATTRIBUTE_END, alt_text: SCRIPT_END }],
  places: [{ id: "hostile_place", full_name: `${TURN}${SCRIPT_END}`, country_code: ATTRIBUTE_END }],
  polls: [{ id: "hostile_poll", options: [{ position: 1, label: ATTRIBUTE_END, votes: 3 }] }],
};
