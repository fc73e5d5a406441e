use sea_orm_migration::{prelude::*, schema::*};

/// How far the database has come in the durable log: written in the transactions that write what the log says.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `log` is the identity of the log that the position is of; `next` is the offset that is done next.
#[derive(DeriveIden)]
enum LogPositions {
    Table,
    Log,
    Topic,
    Part,
    Next,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(LogPositions::Table)
            .col(string(LogPositions::Log))
            .col(string(LogPositions::Topic))
            .col(integer(LogPositions::Part))
            .col(big_integer(LogPositions::Next))
            .primary_key(Index::create().col(LogPositions::Log).col(LogPositions::Topic).col(LogPositions::Part))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(LogPositions::Table).to_owned()).await
    }
}
