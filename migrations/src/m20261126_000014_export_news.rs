use sea_orm_migration::{prelude::*, schema::*};

/// When somebody was told that their export has ended. Those that ended before this was kept are not told any more.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum Exports {
    Table,
    At,
    SeenAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null(Exports::SeenAt);
        manager.alter_table(Table::alter().table(Exports::Table).add_column(column).to_owned()).await?;
        let told = Query::update().table(Exports::Table).value(Exports::SeenAt, Expr::col(Exports::At)).to_owned();
        manager.execute(told).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(Exports::Table).drop_column(Exports::SeenAt).to_owned()).await
    }
}
