//! Pictures, videos and GIFs.

use super::accounts::code;
use super::dice::Dice;
use crate::snowflake;
use crate::wire::{Media, MediaMetrics, Variant};

const SIZES: [(u32, u32); 6] = [(1200, 675), (1080, 1350), (2048, 1536), (886, 770), (1080, 1080), (720, 1280)];

/// What is attached to a tweet written at `micros`: up to four photos, or one video or GIF.
/// `describe` writes an alt text.
pub fn attach(micros: i64, dice: &mut Dice, mut describe: impl FnMut(&mut Dice) -> String) -> Vec<Media> {
    let share = dice.below(100);
    let count = if share < 75 && dice.chance(0.25) { 2 + dice.below(3) } else { 1 };
    (0..count)
        .map(|_| {
            // uploaded up to a minute before; the low bits keep keys apart
            let id = snowflake::spare_id_at(micros - dice.between(0, 60_000_000), dice.next());
            let alt_text = dice.chance(0.35).then(|| describe(dice));
            match share {
                0..75 => photo(id, alt_text, dice),
                75..92 => video(id, alt_text, dice),
                _ => gif(id, alt_text, dice),
            }
        })
        .collect()
}

fn photo(id: u64, alt_text: Option<String>, dice: &mut Dice) -> Media {
    let (width, height) = dice.pick(&SIZES);
    Media {
        media_key: format!("3_{id}"),
        kind: "photo",
        url: Some(format!("https://pbs.twimg.com/media/{}.jpg", code(dice))),
        preview_image_url: None,
        duration_ms: None,
        height,
        width,
        alt_text,
        public_metrics: None,
        variants: Vec::new(),
    }
}

fn video(id: u64, alt_text: Option<String>, dice: &mut Dice) -> Media {
    let (width, height) = dice.pick(&[(1280, 720), (720, 1280), (1080, 1080)]);
    let name = code(dice);
    let variants = [(2_176_000, "720x1280"), (632_000, "320x568")]
        .map(|(bit_rate, size)| Variant {
            bit_rate,
            content_type: "video/mp4",
            url: format!("https://video.twimg.com/ext_tw_video/{id}/pu/vid/{size}/{name}.mp4"),
        })
        .into();
    Media {
        media_key: format!("7_{id}"),
        kind: "video",
        url: None,
        preview_image_url: Some(format!("https://pbs.twimg.com/ext_tw_video_thumb/{id}/pu/img/{name}.jpg")),
        duration_ms: Some(3_000 + dice.below(137_000)),
        height,
        width,
        alt_text,
        public_metrics: Some(MediaMetrics { view_count: (dice.pareto() * 800.0) as u64 }),
        variants,
    }
}

fn gif(id: u64, alt_text: Option<String>, dice: &mut Dice) -> Media {
    let name = code(dice);
    Media {
        media_key: format!("16_{id}"),
        kind: "animated_gif",
        url: None,
        preview_image_url: Some(format!("https://pbs.twimg.com/tweet_video_thumb/{name}.jpg")),
        duration_ms: None,
        height: 280,
        width: 498,
        alt_text,
        public_metrics: None,
        variants: vec![Variant {
            bit_rate: 0,
            content_type: "video/mp4",
            url: format!("https://video.twimg.com/tweet_video/{name}.mp4"),
        }],
    }
}
