use sea_orm_migration::{prelude::*, schema::*};

/// Schedules of other kinds than recent search, when each is due in words, and what happened in their runs. What fetching kept in `schedules` before it
/// had windows and leases goes.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `reads_from` and `reads_to` bound what of an archive is read, `days` what is looked at again; `account` is a sealed number;
/// `last_tick` is the moment of the cadence that was begun last.
#[derive(Clone, Copy, DeriveIden)]
enum Schedules {
    Table,
    Kind,
    ReadsFrom,
    ReadsTo,
    Days,
    Account,
    ExpandsUsers,
    ExpandsTweets,
    ExpandsAttachments,
    Cadence,
    LastTick,
    IntervalSeconds,
    ResumeBelow,
    ResumeNewest,
    LeaseUntil,
}

/// `removed` counts the tweets that a run looked up and that were gone.
#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    Table,
    Removed,
}

/// What happened in a run, in plain words.
#[derive(Clone, Copy, DeriveIden)]
enum RunLog {
    Table,
    Id,
    RunId,
    At,
    Text,
}

/// What was an interval in seconds; the shortest and the longest that there are now.
const IN_WORDS: &str = "UPDATE schedules SET last_tick = last_run_at, cadence = 'every ' || CAST(CASE
    WHEN interval_seconds < 5 THEN 5 WHEN interval_seconds > 2678400 THEN 2678400 ELSE interval_seconds END AS varchar)
    || ' seconds'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            string(Schedules::Kind).default("recent").to_owned(),
            big_integer_null(Schedules::ReadsFrom),
            big_integer_null(Schedules::ReadsTo),
            integer_null(Schedules::Days),
            binary_null(Schedules::Account),
            boolean(Schedules::ExpandsUsers).default(true).to_owned(),
            boolean(Schedules::ExpandsTweets).default(true).to_owned(),
            boolean(Schedules::ExpandsAttachments).default(true).to_owned(),
            text(Schedules::Cadence).default("").to_owned(),
            big_integer_null(Schedules::LastTick),
        ] {
            manager.alter_table(Table::alter().table(Schedules::Table).add_column(column).to_owned()).await?;
        }
        let removed = integer(Runs::Removed).default(0).to_owned();
        manager.alter_table(Table::alter().table(Runs::Table).add_column(removed).to_owned()).await?;
        let log = Table::create()
            .table(RunLog::Table)
            .col(big_integer(RunLog::Id).primary_key().auto_increment())
            .col(big_integer(RunLog::RunId))
            .col(big_integer(RunLog::At))
            .col(text(RunLog::Text))
            .to_owned();
        manager.create_table(log).await?;
        let of_run = Index::create().name("run_log_run").table(RunLog::Table).col(RunLog::RunId).to_owned();
        manager.create_index(of_run).await?;
        manager.get_connection().execute_unprepared(IN_WORDS).await?;
        for column in
            [Schedules::IntervalSeconds, Schedules::ResumeBelow, Schedules::ResumeNewest, Schedules::LeaseUntil]
        {
            manager.alter_table(Table::alter().table(Schedules::Table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(RunLog::Table).to_owned()).await?;
        manager.alter_table(Table::alter().table(Runs::Table).drop_column(Runs::Removed).to_owned()).await?;
        for column in [
            integer(Schedules::IntervalSeconds).default(3600).to_owned(),
            big_integer_null(Schedules::ResumeBelow),
            big_integer_null(Schedules::ResumeNewest),
            big_integer_null(Schedules::LeaseUntil),
        ] {
            manager.alter_table(Table::alter().table(Schedules::Table).add_column(column).to_owned()).await?;
        }
        for column in [
            Schedules::Kind,
            Schedules::ReadsFrom,
            Schedules::ReadsTo,
            Schedules::Days,
            Schedules::Account,
            Schedules::ExpandsUsers,
            Schedules::ExpandsTweets,
            Schedules::ExpandsAttachments,
            Schedules::Cadence,
            Schedules::LastTick,
        ] {
            manager.alter_table(Table::alter().table(Schedules::Table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
