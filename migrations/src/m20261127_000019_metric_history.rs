use sea_orm_migration::{prelude::*, schema::*};

/// What the counters of tweets were when they were observed before: every observation but the latest, which stands with
/// its tweet. A tweet that was seen once has no row.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum MetricHistory {
    Table,
    TweetId,
    ObservedAt,
    Likes,
    Reposts,
    Replies,
    Quotes,
    Bookmarks,
    Views,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(MetricHistory::Table)
            .col(big_integer(MetricHistory::TweetId))
            .col(big_integer(MetricHistory::ObservedAt))
            .col(big_integer_null(MetricHistory::Likes))
            .col(big_integer_null(MetricHistory::Reposts))
            .col(big_integer_null(MetricHistory::Replies))
            .col(big_integer_null(MetricHistory::Quotes))
            .col(big_integer_null(MetricHistory::Bookmarks))
            .col(big_integer_null(MetricHistory::Views))
            .primary_key(Index::create().col(MetricHistory::TweetId).col(MetricHistory::ObservedAt))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(MetricHistory::Table).to_owned()).await
    }
}
