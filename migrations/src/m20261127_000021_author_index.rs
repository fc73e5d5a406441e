use sea_orm_migration::prelude::*;

/// Nothing asks the database for the tweets of an author (the search index does that), and pseudonyms are random: each
/// tweet changed a page of that index somewhere else, a quarter of what an influx wrote.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Tweets {
    Table,
    Author,
}

const NAME: &str = "tweets_author";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(NAME).table(Tweets::Table).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(Index::create().name(NAME).table(Tweets::Table).col(Tweets::Author).to_owned()).await
    }
}
