//! The tables as sea-orm sees them; the migrations make them.

pub mod alert_deliveries;
pub mod alert_firings;
pub mod alert_notices;
pub mod alert_subscriptions;
pub mod alerts;
pub mod audit;
pub mod authors;
pub mod closed_windows;
pub mod collection_people;
pub mod collections;
pub mod counters;
pub mod credentials;
pub mod data_keys;
pub mod exports;
pub mod links;
pub mod one_time_tokens;
pub mod rejects;
pub mod runs;
pub mod schedules;
pub mod sessions;
pub mod tweet_collections;
pub mod tweets;
pub mod users;
pub mod views;
