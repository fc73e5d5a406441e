use sea_orm_migration::{prelude::*, schema::*};

/// Credentials of other kinds than bearer tokens, which of them X refuses, and who takes over then.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `bearer_token` is the sealed secret of whatever `kind`. A refresh of a person's tokens changes it and `refreshed_at`, not
/// `created_at`, which is when somebody entered the secret.
#[derive(DeriveIden)]
enum Credentials {
    Table,
    Kind,
    ClientId,
    ExpiresAt,
    RefreshedAt,
}

/// X refuses a credential at an endpoint until somebody sees to it.
#[derive(DeriveIden)]
enum Refusals {
    Table,
    CredentialId,
    Endpoint,
    At,
    Reason,
}

/// Which credentials may fetch a schedule. `schedules.credential_id` is the one that does now.
#[derive(DeriveIden)]
enum ScheduleCredentials {
    Table,
    ScheduleId,
    CredentialId,
}

/// What is to be said of a run beside how it ended.
#[derive(DeriveIden)]
enum Runs {
    Table,
    Remark,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kind = string(Credentials::Kind).default("bearer").to_owned();
        let others = [
            text_null(Credentials::ClientId),
            big_integer_null(Credentials::ExpiresAt),
            big_integer_null(Credentials::RefreshedAt),
        ];
        for column in std::iter::once(kind).chain(others) {
            manager.alter_table(Table::alter().table(Credentials::Table).add_column(column).to_owned()).await?;
        }
        let remark = Table::alter().table(Runs::Table).add_column(text_null(Runs::Remark)).to_owned();
        manager.alter_table(remark).await?;
        manager.create_table(refusals()).await?;
        manager.create_table(schedule_credentials()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ScheduleCredentials::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Refusals::Table).to_owned()).await?;
        manager.alter_table(Table::alter().table(Runs::Table).drop_column(Runs::Remark).to_owned()).await?;
        for column in [Credentials::RefreshedAt, Credentials::ExpiresAt, Credentials::ClientId, Credentials::Kind] {
            manager.alter_table(Table::alter().table(Credentials::Table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn refusals() -> TableCreateStatement {
    Table::create()
        .table(Refusals::Table)
        .col(big_integer(Refusals::CredentialId))
        .col(string(Refusals::Endpoint))
        .col(big_integer(Refusals::At))
        .col(text(Refusals::Reason))
        .primary_key(Index::create().col(Refusals::CredentialId).col(Refusals::Endpoint))
        .to_owned()
}

fn schedule_credentials() -> TableCreateStatement {
    Table::create()
        .table(ScheduleCredentials::Table)
        .col(big_integer(ScheduleCredentials::ScheduleId))
        .col(big_integer(ScheduleCredentials::CredentialId))
        .primary_key(Index::create().col(ScheduleCredentials::ScheduleId).col(ScheduleCredentials::CredentialId))
        .to_owned()
}
