//! What a tweet carries besides its words.

use super::dice::Dice;
use super::places;
use super::plan::Plan;
use crate::snowflake;
use crate::time::{MINUTE, timestamp};
use crate::wire::{Geo, Id, Metrics, Place, Point, Tweet};

pub const EDITED_SHARE: f64 = 0.005;
pub const EDITS_ALLOWED: u64 = 5;
/// How long a tweet can be edited, in µs.
pub const EDITABLE: i64 = 30 * MINUTE;

/// Pareto likes; the other counts follow them.
pub fn metrics(dice: &mut Dice) -> Metrics {
    let likes = (dice.pareto() * 1.6).min(3e6);
    let mut share = |low: f64, high: f64| (likes * (low + dice.unit() * (high - low))) as u64;
    let (retweet_count, reply_count) = (share(0.05, 0.35), share(0.02, 0.2));
    let (quote_count, bookmark_count) = (share(0.0, 0.05), share(0.0, 0.12));
    Metrics {
        retweet_count,
        reply_count,
        like_count: likes as u64,
        quote_count,
        bookmark_count,
        impression_count: share(15.0, 90.0) + dice.below(60),
    }
}

/// Ids of one to three earlier versions, the first up to half an hour old.
pub fn earlier_ids(plan: &Plan, dice: &mut Dice) -> Vec<Id> {
    let edits = 1 + dice.below(3) as i64;
    let first = plan.micros - dice.between(2 * MINUTE, EDITABLE);
    let step = (plan.micros - first) / edits;
    (0..edits).map(|edit| Id(snowflake::spare_id_at(first + step * edit, plan.ordinal as u64))).collect()
}

/// Gives the tweet its earlier versions.
pub fn edit(tweet: &mut Tweet, earlier: Vec<Id>) {
    let Some(first) = earlier.first() else { return };
    if let Some(controls) = &mut tweet.edit_controls {
        controls.edits_remaining = EDITS_ALLOWED - earlier.len() as u64;
        controls.editable_until = timestamp(snowflake::micros_of(first.0) + EDITABLE);
    }
    tweet.edit_history_tweet_ids.splice(0..0, earlier);
}

pub fn locate(tweet: &mut Tweet, dice: &mut Dice) -> Option<Place> {
    if !dice.chance(0.03) {
        return None;
    }
    let place = places::choose(tweet.lang, dice)?;
    let [west, south, east, north] = place.geo.bbox;
    let coordinates = dice.chance(0.2).then(|| {
        let longitude = west + (east - west) * dice.unit();
        let latitude = south + (north - south) * dice.unit();
        Point { kind: "Point", coordinates: [longitude, latitude] }
    });
    tweet.geo = Some(Geo { place_id: place.id, coordinates });
    Some(place)
}
