use sea_orm_migration::{prelude::*, schema::*};

/// Every export that was begun: who took what, and when. It is the record, and what the daily limit is counted from.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Exports {
    Table,
    Id,
    UserId,
    CollectionId,
    Filter,
    Format,
    Tweets,
    HasContent,
    At,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Exports::Table)
                    .col(big_integer(Exports::Id).primary_key().auto_increment())
                    .col(big_integer(Exports::UserId))
                    .col(big_integer(Exports::CollectionId))
                    .col(text(Exports::Filter))
                    .col(string(Exports::Format))
                    .col(big_integer(Exports::Tweets))
                    .col(boolean(Exports::HasContent))
                    .col(big_integer(Exports::At))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("exports_user_at")
                    .table(Exports::Table)
                    .col(Exports::UserId)
                    .col(Exports::At)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Exports::Table).to_owned()).await
    }
}
