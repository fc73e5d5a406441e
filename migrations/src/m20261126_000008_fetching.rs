use sea_orm_migration::{prelude::*, schema::*};

/// Who runs a schedule, until when the X API is not to be asked, and what of its answers could not be understood.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `running` is the run that has claimed the schedule; its claim ends at `lease_until` unless it is renewed.
#[derive(DeriveIden)]
enum Schedules {
    Table,
    Running,
    LeaseUntil,
}

/// An endpoint that takes no request of a credential before a time.
#[derive(DeriveIden)]
enum ClosedWindows {
    Table,
    CredentialId,
    Endpoint,
    Until,
}

/// Objects in X's answers that are no tweets; `content` is sealed.
#[derive(DeriveIden)]
enum Rejects {
    Table,
    Id,
    ScheduleId,
    RunId,
    At,
    Reason,
    Content,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [Schedules::Running, Schedules::LeaseUntil] {
            let alter = Table::alter().table(Schedules::Table).add_column(big_integer_null(column)).to_owned();
            manager.alter_table(alter).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table(ClosedWindows::Table)
                    .col(big_integer(ClosedWindows::CredentialId))
                    .col(string(ClosedWindows::Endpoint))
                    .col(big_integer(ClosedWindows::Until))
                    .primary_key(Index::create().col(ClosedWindows::CredentialId).col(ClosedWindows::Endpoint))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Rejects::Table)
                    .col(big_integer(Rejects::Id).primary_key().auto_increment())
                    .col(big_integer(Rejects::ScheduleId))
                    .col(big_integer(Rejects::RunId))
                    .col(big_integer(Rejects::At))
                    .col(text(Rejects::Reason))
                    .col(binary(Rejects::Content))
                    .to_owned(),
            )
            .await?;
        let of_schedule = Index::create()
            .name("rejects_schedule")
            .table(Rejects::Table)
            .col(Rejects::ScheduleId)
            .col(Rejects::Id)
            .to_owned();
        manager.create_index(of_schedule).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Rejects::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(ClosedWindows::Table).to_owned()).await?;
        for column in [Schedules::LeaseUntil, Schedules::Running] {
            let alter = Table::alter().table(Schedules::Table).drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
