use sea_orm_migration::{prelude::*, schema::*};

/// Saved views: the query string of the explore page under a name.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Views {
    Table,
    Id,
    CollectionId,
    OwnerId,
    Name,
    Query,
    Shared,
    UpdatedAt,
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
                    .table(Views::Table)
                    .col(big_integer(Views::Id).primary_key().auto_increment())
                    .col(big_integer(Views::CollectionId))
                    .col(big_integer(Views::OwnerId))
                    .col(string(Views::Name))
                    .col(text(Views::Query))
                    .col(boolean(Views::Shared))
                    .col(big_integer(Views::UpdatedAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("views_name")
                    .table(Views::Table)
                    .col(Views::CollectionId)
                    .col(Views::OwnerId)
                    .col(Views::Name)
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Views::Table).to_owned()).await
    }
}
