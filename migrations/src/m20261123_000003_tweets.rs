use sea_orm_migration::{prelude::*, schema::*};

/// Tweets, their authors, and the collections they are in.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `change` numbers every change that the index must follow; `detail` holds the lists as JSON; `raw` is the
/// tweet as it came, compressed and sealed.
#[derive(DeriveIden)]
enum Tweets {
    Table,
    Id,
    Version,
    Change,
    ContentHash,
    FirstSeen,
    CreatedAt,
    Author,
    Text,
    Lang,
    Source,
    Conversation,
    Likes,
    Reposts,
    Replies,
    Quotes,
    Bookmarks,
    Views,
    Detail,
    Raw,
}

/// `handle_key` is a keyed hash, to find an author by handle; `identity` is sealed.
#[derive(DeriveIden)]
enum Authors {
    Table,
    Pid,
    Version,
    HandleKey,
    Identity,
    Followers,
    Following,
    Tweets,
    Verified,
    AccountCreated,
}

/// `schedule_id` is 0 for an import.
#[derive(DeriveIden)]
enum TweetCollections {
    Table,
    TweetId,
    CollectionId,
    ScheduleId,
}

/// The last change number given out.
#[derive(DeriveIden)]
enum Counters {
    Table,
    Name,
    Value,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(tweets()).await?;
        manager.create_table(authors()).await?;
        manager.create_table(tweet_collections()).await?;
        let index = |name: &str, table: DynIden, column: DynIden| {
            Index::create().name(name).table(table).col(column).to_owned()
        };
        manager.create_index(index("tweets_change", Tweets::Table.into_iden(), Tweets::Change.into_iden())).await?;
        manager.create_index(index("tweets_author", Tweets::Table.into_iden(), Tweets::Author.into_iden())).await?;
        manager
            .create_index(index("authors_handle", Authors::Table.into_iden(), Authors::HandleKey.into_iden()))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Counters::Table)
                    .col(string(Counters::Name).primary_key())
                    .col(big_integer(Counters::Value))
                    .to_owned(),
            )
            .await?;
        let first = Query::insert()
            .into_table(Counters::Table)
            .columns([Counters::Name, Counters::Value])
            .values_panic(["change".into(), 0i64.into()])
            .to_owned();
        manager.execute(first).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Counters::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(TweetCollections::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Authors::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Tweets::Table).to_owned()).await
    }
}

fn tweets() -> TableCreateStatement {
    Table::create()
        .table(Tweets::Table)
        .col(big_integer(Tweets::Id).primary_key())
        .col(big_integer(Tweets::Version))
        .col(big_integer(Tweets::Change))
        .col(big_integer(Tweets::ContentHash))
        .col(big_integer(Tweets::FirstSeen))
        .col(big_integer(Tweets::CreatedAt))
        .col(binary_null(Tweets::Author))
        .col(text(Tweets::Text))
        .col(string_null(Tweets::Lang))
        .col(string_null(Tweets::Source))
        .col(big_integer_null(Tweets::Conversation))
        .col(big_integer_null(Tweets::Likes))
        .col(big_integer_null(Tweets::Reposts))
        .col(big_integer_null(Tweets::Replies))
        .col(big_integer_null(Tweets::Quotes))
        .col(big_integer_null(Tweets::Bookmarks))
        .col(big_integer_null(Tweets::Views))
        .col(text(Tweets::Detail))
        .col(binary(Tweets::Raw))
        .to_owned()
}

fn authors() -> TableCreateStatement {
    Table::create()
        .table(Authors::Table)
        .col(binary(Authors::Pid).primary_key())
        .col(big_integer(Authors::Version))
        .col(binary_null(Authors::HandleKey))
        .col(binary(Authors::Identity))
        .col(big_integer_null(Authors::Followers))
        .col(big_integer_null(Authors::Following))
        .col(big_integer_null(Authors::Tweets))
        .col(boolean_null(Authors::Verified))
        .col(big_integer_null(Authors::AccountCreated))
        .to_owned()
}

fn tweet_collections() -> TableCreateStatement {
    Table::create()
        .table(TweetCollections::Table)
        .col(big_integer(TweetCollections::TweetId))
        .col(big_integer(TweetCollections::CollectionId))
        .col(big_integer(TweetCollections::ScheduleId))
        .primary_key(
            Index::create()
                .col(TweetCollections::TweetId)
                .col(TweetCollections::CollectionId)
                .col(TweetCollections::ScheduleId),
        )
        .to_owned()
}
