use sea_orm_migration::{prelude::*, schema::*};

/// What people put on tweets: tags, which are everybody's, and notes, one per person. A row stays when a tag or a note is
/// taken away, so that what was said before and comes later does not bring it back. `seen` is the version of the tweet
/// that it is about.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum TweetTags {
    Table,
    TweetId,
    Tag,
    Seen,
    At,
    IsOn,
    UserId,
}

#[derive(DeriveIden)]
enum TweetNotes {
    Table,
    TweetId,
    UserId,
    Seen,
    At,
    Text,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tags = Table::create()
            .table(TweetTags::Table)
            .col(big_integer(TweetTags::TweetId))
            .col(string(TweetTags::Tag))
            .col(big_integer(TweetTags::Seen))
            .col(big_integer(TweetTags::At))
            .col(boolean(TweetTags::IsOn))
            .col(big_integer(TweetTags::UserId))
            .primary_key(Index::create().col(TweetTags::TweetId).col(TweetTags::Tag))
            .to_owned();
        manager.create_table(tags).await?;
        let notes = Table::create()
            .table(TweetNotes::Table)
            .col(big_integer(TweetNotes::TweetId))
            .col(big_integer(TweetNotes::UserId))
            .col(big_integer(TweetNotes::Seen))
            .col(big_integer(TweetNotes::At))
            .col(binary(TweetNotes::Text))
            .primary_key(Index::create().col(TweetNotes::TweetId).col(TweetNotes::UserId))
            .to_owned();
        manager.create_table(notes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TweetNotes::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(TweetTags::Table).to_owned()).await
    }
}
