//! The database schema, step by step. Every step runs on SQLite and on PostgreSQL.
//!
//! A step that has been released is never changed; add another. Old and new servers run side by side during an
//! upgrade, so a step only adds (expand); what nobody uses any more goes in a later release (contract).
//!
//! Conventions: times are microseconds since 1970 in UTC (`BIGINT`), X's ids are `BIGINT`, pseudonyms are 16
//! bytes, sealed values are `BLOB`s that only the vault can open.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

mod m20261123_000001_keys;
mod m20261123_000002_collections;
mod m20261123_000003_tweets;
mod m20261123_000004_schedules;
mod m20261123_000005_accounts;
mod m20261123_000006_exports;
mod m20261123_000007_views;
mod m20261126_000008_fetching;
mod m20261126_000009_exports;
mod m20261126_000010_alerts;
mod m20261126_000011_links;
mod m20261126_000012_access;
mod m20261126_000013_boards;
mod m20261126_000014_export_news;
mod m20261126_000015_alert_quiet;
mod m20261126_000016_log_positions;
mod m20261126_000017_quarantine;
mod m20261126_000018_removals;
mod m20261127_000019_metric_history;
mod m20261127_000020_annotations;
mod m20261127_000021_author_index;
mod m20261127_000022_windows;
mod m20261127_000023_kinds;
mod m20261127_000024_credentials;
mod m20261127_000025_limits;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_keys::Migration),
            Box::new(m20261123_000002_collections::Migration),
            Box::new(m20261123_000003_tweets::Migration),
            Box::new(m20261123_000004_schedules::Migration),
            Box::new(m20261123_000005_accounts::Migration),
            Box::new(m20261123_000006_exports::Migration),
            Box::new(m20261123_000007_views::Migration),
            Box::new(m20261126_000008_fetching::Migration),
            Box::new(m20261126_000009_exports::Migration),
            Box::new(m20261126_000010_alerts::Migration),
            Box::new(m20261126_000011_links::Migration),
            Box::new(m20261126_000012_access::Migration),
            Box::new(m20261126_000013_boards::Migration),
            Box::new(m20261126_000014_export_news::Migration),
            Box::new(m20261126_000015_alert_quiet::Migration),
            Box::new(m20261126_000016_log_positions::Migration),
            Box::new(m20261126_000017_quarantine::Migration),
            Box::new(m20261126_000018_removals::Migration),
            Box::new(m20261127_000019_metric_history::Migration),
            Box::new(m20261127_000020_annotations::Migration),
            Box::new(m20261127_000021_author_index::Migration),
            Box::new(m20261127_000022_windows::Migration),
            Box::new(m20261127_000023_kinds::Migration),
            Box::new(m20261127_000024_credentials::Migration),
            Box::new(m20261127_000025_limits::Migration),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{Migrator, MigratorTrait};

    /// Killed in the middle of one that does not, SQLite would keep half of its tables and no record of it.
    #[test]
    fn every_step_happens_as_a_whole_or_not_at_all() {
        for step in Migrator::migrations() {
            assert_eq!(step.use_transaction(), Some(true), "{}", step.name());
        }
    }
}
