use sea_orm_migration::{prelude::*, schema::*};

/// Data keys, each wrapped by the installation's key; the key itself is never in the database.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum DataKeys {
    Table,
    Id,
    Purpose,
    Day,
    Wrapped,
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
                    .table(DataKeys::Table)
                    .col(big_integer(DataKeys::Id).primary_key().auto_increment())
                    .col(string(DataKeys::Purpose))
                    .col(big_integer(DataKeys::Day))
                    .col(binary(DataKeys::Wrapped))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("data_keys_purpose_day")
                    .table(DataKeys::Table)
                    .col(DataKeys::Purpose)
                    .col(DataKeys::Day)
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(DataKeys::Table).to_owned()).await
    }
}
