use sea_orm_migration::{prelude::*, schema::*};

/// Short links.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `path` is path and query of the page that `/s/{code}` leads to.
#[derive(DeriveIden)]
enum Links {
    Table,
    Code,
    Path,
    UserId,
    CreatedAt,
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
                    .table(Links::Table)
                    .col(string(Links::Code).primary_key())
                    .col(text(Links::Path))
                    .col(big_integer(Links::UserId))
                    .col(big_integer(Links::CreatedAt))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Links::Table).to_owned()).await
    }
}
