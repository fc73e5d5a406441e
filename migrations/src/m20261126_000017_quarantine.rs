use sea_orm_migration::{prelude::*, schema::*};

/// What could not be understood can be tried again: it is known where it belongs, when it was observed, and what it
/// looks like, so that those that look alike are seen together.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `kind` is `tweet`, or `page` where a whole answer could not be read; `shape` is what those of one kind have in common.
#[derive(DeriveIden, Clone, Copy)]
enum Rejects {
    Table,
    Kind,
    Shape,
    CollectionId,
    ObservedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            string(Rejects::Kind).default("tweet").to_owned(),
            string(Rejects::Shape).default("").to_owned(),
            big_integer_null(Rejects::CollectionId),
            big_integer_null(Rejects::ObservedAt),
        ];
        for column in columns {
            let alter = Table::alter().table(Rejects::Table).add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        let of_shape = Index::create().name("rejects_shape").table(Rejects::Table).col(Rejects::Shape).to_owned();
        manager.create_index(of_shape).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("rejects_shape").table(Rejects::Table).to_owned()).await?;
        for column in [Rejects::Kind, Rejects::Shape, Rejects::CollectionId, Rejects::ObservedAt] {
            manager.alter_table(Table::alter().table(Rejects::Table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
