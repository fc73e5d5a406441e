use sea_orm_migration::{prelude::*, schema::*};

/// What X lets be asked in each access tier, until it says so itself: data that admins edit.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Requests in 15 minutes at an endpoint, of an app or of a person, and microseconds from a request to the next.
#[derive(DeriveIden)]
enum Limits {
    Table,
    Tier,
    Endpoint,
    Caller,
    Requests,
    Spacing,
}

/// The access tier that was bought for a credential.
#[derive(DeriveIden)]
enum Credentials {
    Table,
    Tier,
}

/// Whether `most` is X's own word, or the tier's.
#[derive(DeriveIden)]
enum Buckets {
    Table,
    IsTold,
}

/// Endpoint; requests of an app and of a person in 15 minutes, 0 where they may not ask; milliseconds between two.
type Row = (&'static str, i32, i32, i64);

const RECENT: &str = "/2/tweets/search/recent";
const ALL: &str = "/2/tweets/search/all";
const COUNTS_RECENT: &str = "/2/tweets/counts/recent";
const COUNTS_ALL: &str = "/2/tweets/counts/all";
const POSTS: &str = "/2/tweets";
const TIMELINE: &str = "/2/users/{id}/tweets";
const MENTIONS: &str = "/2/users/{id}/mentions";

/// <https://docs.x.com/x-api/fundamentals/rate-limits>, August 2026. It has this one table, and says that enterprises agree
/// upon theirs with X: they begin with it. Counts of the archive once a second are of its older documentation.
const CURRENT: [Row; 7] = [
    (RECENT, 450, 300, 0),
    (ALL, 300, 0, 1_000),
    (COUNTS_RECENT, 300, 300, 0),
    (COUNTS_ALL, 300, 0, 1_000),
    (POSTS, 3_500, 5_000, 0),
    (TIMELINE, 10_000, 900, 0),
    (MENTIONS, 450, 300, 0),
];

/// The same page in 2025, when these tiers were sold. Who has one keeps it.
const PRO: [Row; 7] = [
    (RECENT, 450, 300, 0),
    (ALL, 300, 0, 1_000),
    (COUNTS_RECENT, 300, 300, 0),
    (COUNTS_ALL, 300, 0, 1_000),
    (POSTS, 450, 900, 0),
    (TIMELINE, 1_500, 900, 0),
    (MENTIONS, 450, 300, 0),
];
const BASIC: [Row; 5] =
    [(RECENT, 60, 60, 0), (COUNTS_RECENT, 5, 5, 0), (POSTS, 15, 15, 0), (TIMELINE, 10, 5, 0), (MENTIONS, 15, 10, 0)];
const FREE: [Row; 5] =
    [(RECENT, 1, 1, 0), (COUNTS_RECENT, 1, 1, 0), (POSTS, 1, 1, 0), (TIMELINE, 1, 1, 0), (MENTIONS, 1, 1, 0)];

const TIERS: [(&str, &[Row]); 5] =
    [("pay-per-use", &CURRENT), ("enterprise", &CURRENT), ("pro", &PRO), ("basic", &BASIC), ("free", &FREE)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(limits()).await?;
        manager.execute(known()).await?;
        let tier = string(Credentials::Tier).default("pay-per-use").to_owned();
        manager.alter_table(Table::alter().table(Credentials::Table).add_column(tier).to_owned()).await?;
        // Of those that are noted nobody knows it. X says it again with its next answer.
        let is_told = boolean(Buckets::IsTold).default(false).to_owned();
        manager.alter_table(Table::alter().table(Buckets::Table).add_column(is_told).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(Buckets::Table).drop_column(Buckets::IsTold).to_owned()).await?;
        manager.alter_table(Table::alter().table(Credentials::Table).drop_column(Credentials::Tier).to_owned()).await?;
        manager.drop_table(Table::drop().table(Limits::Table).to_owned()).await
    }
}

fn limits() -> TableCreateStatement {
    Table::create()
        .table(Limits::Table)
        .col(string(Limits::Tier))
        .col(string(Limits::Endpoint))
        .col(string(Limits::Caller))
        .col(integer(Limits::Requests))
        .col(big_integer(Limits::Spacing))
        .primary_key(Index::create().col(Limits::Tier).col(Limits::Endpoint).col(Limits::Caller))
        .to_owned()
}

fn known() -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(Limits::Table).columns([
        Limits::Tier,
        Limits::Endpoint,
        Limits::Caller,
        Limits::Requests,
        Limits::Spacing,
    ]);
    for (tier, rows) in TIERS {
        for (endpoint, app, person, milliseconds) in rows {
            for (caller, requests) in [("app", *app), ("person", *person)] {
                if requests > 0 {
                    let spacing = milliseconds * 1_000;
                    insert.values_panic([
                        tier.into(),
                        (*endpoint).into(),
                        caller.into(),
                        requests.into(),
                        spacing.into(),
                    ]);
                }
            }
        }
    }
    insert
}
