use sea_orm_migration::{prelude::*, schema::*};

/// Who may open a collection, and who may change a view.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// A `restricted` collection is open to the people that are named for it, and to admins; any other to everyone.
#[derive(DeriveIden)]
enum Collections {
    Table,
    Restricted,
}

#[derive(DeriveIden)]
enum CollectionPeople {
    Table,
    CollectionId,
    UserId,
}

/// Whether others than its owner may change a shared view, and how often it was changed.
#[derive(DeriveIden)]
enum Views {
    Table,
    Locked,
    Version,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let restricted = boolean(Collections::Restricted).default(false).to_owned();
        manager.alter_table(Table::alter().table(Collections::Table).add_column(restricted).to_owned()).await?;
        let people = Table::create()
            .table(CollectionPeople::Table)
            .col(big_integer(CollectionPeople::CollectionId))
            .col(big_integer(CollectionPeople::UserId))
            .primary_key(Index::create().col(CollectionPeople::CollectionId).col(CollectionPeople::UserId))
            .to_owned();
        manager.create_table(people).await?;
        // Until now nobody but its owner could change a view.
        let locked = boolean(Views::Locked).default(true).to_owned();
        manager.alter_table(Table::alter().table(Views::Table).add_column(locked).to_owned()).await?;
        let version = big_integer(Views::Version).default(0).to_owned();
        manager.alter_table(Table::alter().table(Views::Table).add_column(version).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [Views::Version, Views::Locked] {
            manager.alter_table(Table::alter().table(Views::Table).drop_column(column).to_owned()).await?;
        }
        manager.drop_table(Table::drop().table(CollectionPeople::Table).to_owned()).await?;
        let alter = Table::alter().table(Collections::Table).drop_column(Collections::Restricted).to_owned();
        manager.alter_table(alter).await
    }
}
