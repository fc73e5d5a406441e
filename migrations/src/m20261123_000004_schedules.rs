use sea_orm_migration::{prelude::*, schema::*};

/// Credentials for the X API (sealed), schedules that use them, and the runs of these.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Credentials {
    Table,
    Id,
    Name,
    BaseUrl,
    BearerToken,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Schedules {
    Table,
    Id,
    CollectionId,
    CredentialId,
    Name,
    Query,
    IntervalSeconds,
    Enabled,
    SinceId,
    ResumeBelow,
    ResumeNewest,
    LastRunAt,
}

#[derive(DeriveIden)]
enum Runs {
    Table,
    Id,
    ScheduleId,
    Status,
    StartedAt,
    FinishedAt,
    Pages,
    Read,
    New,
    Updated,
    Duplicate,
    Rejected,
    Reason,
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
                    .table(Credentials::Table)
                    .col(big_integer(Credentials::Id).primary_key().auto_increment())
                    .col(string_uniq(Credentials::Name))
                    .col(string(Credentials::BaseUrl))
                    .col(binary(Credentials::BearerToken))
                    .col(big_integer(Credentials::CreatedAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Schedules::Table)
                    .col(big_integer(Schedules::Id).primary_key().auto_increment())
                    .col(big_integer(Schedules::CollectionId))
                    .col(big_integer(Schedules::CredentialId))
                    .col(string(Schedules::Name))
                    .col(text(Schedules::Query))
                    .col(integer(Schedules::IntervalSeconds))
                    .col(boolean(Schedules::Enabled))
                    .col(big_integer_null(Schedules::SinceId))
                    .col(big_integer_null(Schedules::ResumeBelow))
                    .col(big_integer_null(Schedules::ResumeNewest))
                    .col(big_integer_null(Schedules::LastRunAt))
                    .to_owned(),
            )
            .await?;
        manager.create_table(runs()).await?;
        manager
            .create_index(
                Index::create().name("runs_schedule").table(Runs::Table).col(Runs::ScheduleId).col(Runs::Id).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Runs::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Schedules::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Credentials::Table).to_owned()).await
    }
}

fn runs() -> TableCreateStatement {
    Table::create()
        .table(Runs::Table)
        .col(big_integer(Runs::Id).primary_key().auto_increment())
        .col(big_integer(Runs::ScheduleId))
        .col(string(Runs::Status))
        .col(big_integer(Runs::StartedAt))
        .col(big_integer_null(Runs::FinishedAt))
        .col(integer(Runs::Pages))
        .col(big_integer(Runs::Read))
        .col(big_integer(Runs::New))
        .col(big_integer(Runs::Updated))
        .col(big_integer(Runs::Duplicate))
        .col(big_integer(Runs::Rejected))
        .col(text_null(Runs::Reason))
        .to_owned()
}
