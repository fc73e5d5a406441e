use sea_orm_migration::{prelude::*, schema::*};

/// Tweets that must not be there: what was observed of them up to `version` is gone and does not come back.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `change` numbers the removal of a tweet that was there, as it numbers tweets; 0 where there was nothing to remove.
#[derive(DeriveIden)]
enum Removals {
    Table,
    TweetId,
    Version,
    Change,
    Reason,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Removals::Table)
            .col(big_integer(Removals::TweetId).primary_key())
            .col(big_integer(Removals::Version))
            .col(big_integer(Removals::Change))
            .col(string(Removals::Reason))
            .to_owned();
        manager.create_table(table).await?;
        let by_change = Index::create().name("removals_change").table(Removals::Table).col(Removals::Change).to_owned();
        manager.create_index(by_change).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Removals::Table).to_owned()).await
    }
}
