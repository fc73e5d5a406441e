use sea_orm_migration::{prelude::*, schema::*};

/// How far fetching is, so that it goes on where it was: windows that are read, what was missed, requests that X still
/// allows, and who fetches.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// A stretch of a schedule's ids, from `from_id` to before `to_id`. `number` is its number within the schedule, `cause`
/// why it is missed or read in part, `cursor_*` where X goes on.
#[derive(DeriveIden)]
enum Windows {
    Table,
    ScheduleId,
    Number,
    FromId,
    ToId,
    Expected,
    IsCounted,
    State,
    Cause,
    PageLimit,
    Pages,
    Posts,
    Newest,
    Reached,
    CursorToken,
    CursorSince,
    CursorUntil,
    NotBefore,
}

/// Tweets that were not fetched, and why; `missed` is their estimated number.
#[derive(DeriveIden)]
enum Gaps {
    Table,
    Id,
    ScheduleId,
    RunId,
    FromId,
    ToId,
    Missed,
    Cause,
    NotedAt,
}

/// The requests that X lets a credential make at an endpoint.
#[derive(DeriveIden)]
enum Buckets {
    Table,
    CredentialId,
    Endpoint,
    Most,
    Remaining,
    Reset,
    ClosedUntil,
}

/// Who does a work until when. Each that takes it over gets a greater `token`.
#[derive(DeriveIden)]
enum Leases {
    Table,
    Name,
    Token,
    Until,
}

/// What was read up to `settled_id` is not read again; the first of what lies above it was read at `unsettled_since`.
#[derive(DeriveIden)]
enum Schedules {
    Table,
    SettledId,
    UnsettledSince,
}

/// `waits_until` is when a run goes on that waits, `cancelled_at` when somebody asked it to end.
#[derive(DeriveIden)]
enum Runs {
    Table,
    Requests,
    WaitsUntil,
    WaitsFor,
    CancelledAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [windows(), gaps(), buckets(), leases()] {
            manager.create_table(table).await?;
        }
        let of_schedule =
            Index::create().name("gaps_schedule").table(Gaps::Table).col(Gaps::ScheduleId).col(Gaps::FromId).to_owned();
        manager.create_index(of_schedule).await?;
        for column in [big_integer_null(Schedules::SettledId), big_integer_null(Schedules::UnsettledSince)] {
            manager.alter_table(Table::alter().table(Schedules::Table).add_column(column).to_owned()).await?;
        }
        let requests = integer(Runs::Requests).default(0).to_owned();
        let others =
            [big_integer_null(Runs::WaitsUntil), text_null(Runs::WaitsFor), big_integer_null(Runs::CancelledAt)];
        for column in std::iter::once(requests).chain(others) {
            manager.alter_table(Table::alter().table(Runs::Table).add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            Runs::Requests.into_iden(),
            Runs::WaitsUntil.into_iden(),
            Runs::WaitsFor.into_iden(),
            Runs::CancelledAt.into_iden(),
        ] {
            manager.alter_table(Table::alter().table(Runs::Table).drop_column(column).to_owned()).await?;
        }
        for column in [Schedules::SettledId, Schedules::UnsettledSince] {
            manager.alter_table(Table::alter().table(Schedules::Table).drop_column(column).to_owned()).await?;
        }
        let tables = [
            Leases::Table.into_iden(),
            Buckets::Table.into_iden(),
            Gaps::Table.into_iden(),
            Windows::Table.into_iden(),
        ];
        for table in tables {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn windows() -> TableCreateStatement {
    Table::create()
        .table(Windows::Table)
        .col(big_integer(Windows::ScheduleId))
        .col(big_integer(Windows::Number))
        .col(big_integer(Windows::FromId))
        .col(big_integer(Windows::ToId))
        .col(double_null(Windows::Expected))
        .col(boolean(Windows::IsCounted))
        .col(string(Windows::State))
        .col(string_null(Windows::Cause))
        .col(integer_null(Windows::PageLimit))
        .col(integer(Windows::Pages))
        .col(big_integer(Windows::Posts))
        .col(big_integer_null(Windows::Newest))
        .col(big_integer_null(Windows::Reached))
        .col(text_null(Windows::CursorToken))
        .col(big_integer_null(Windows::CursorSince))
        .col(big_integer_null(Windows::CursorUntil))
        .col(big_integer_null(Windows::NotBefore))
        .primary_key(Index::create().col(Windows::ScheduleId).col(Windows::Number))
        .to_owned()
}

fn gaps() -> TableCreateStatement {
    Table::create()
        .table(Gaps::Table)
        .col(big_integer(Gaps::Id).primary_key().auto_increment())
        .col(big_integer(Gaps::ScheduleId))
        .col(big_integer(Gaps::RunId))
        .col(big_integer(Gaps::FromId))
        .col(big_integer(Gaps::ToId))
        .col(big_integer_null(Gaps::Missed))
        .col(string(Gaps::Cause))
        .col(big_integer(Gaps::NotedAt))
        .to_owned()
}

fn buckets() -> TableCreateStatement {
    Table::create()
        .table(Buckets::Table)
        .col(big_integer(Buckets::CredentialId))
        .col(string(Buckets::Endpoint))
        .col(integer(Buckets::Most))
        .col(integer(Buckets::Remaining))
        .col(big_integer(Buckets::Reset))
        .col(big_integer_null(Buckets::ClosedUntil))
        .primary_key(Index::create().col(Buckets::CredentialId).col(Buckets::Endpoint))
        .to_owned()
}

fn leases() -> TableCreateStatement {
    Table::create()
        .table(Leases::Table)
        .col(string(Leases::Name).primary_key())
        .col(big_integer(Leases::Token))
        .col(big_integer(Leases::Until))
        .to_owned()
}
