use sea_orm_migration::{prelude::*, schema::*};

/// Alerts on saved views, who is told of them, when they fired, and what became of every mail and webhook.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `progress` tells how far it has been evaluated; `version` grows with it, so that of two processes one writes.
/// `webhook` is a sealed address.
#[derive(DeriveIden)]
enum Alerts {
    Table,
    Id,
    ViewId,
    CollectionId,
    OwnerId,
    Name,
    Rule,
    CoolDownMinutes,
    MaxPerDay,
    DailyAt,
    Webhook,
    Paused,
    Problem,
    Progress,
    Version,
    LastFiredAt,
    CreatedAt,
}

/// People who are told; `email` is a sealed address.
#[derive(DeriveIden)]
enum AlertSubscriptions {
    Table,
    Id,
    AlertId,
    UserId,
    Email,
}

/// Moments at which an alert fired. `query` is that of the explore page that shows what it was about.
#[derive(DeriveIden)]
enum AlertFirings {
    Table,
    Id,
    AlertId,
    At,
    Reason,
    Count,
    Query,
    Samples,
}

/// What people find in the application, from `due_at` on.
#[derive(DeriveIden)]
enum AlertNotices {
    Table,
    Id,
    FiringId,
    AlertId,
    UserId,
    DueAt,
    ReadAt,
}

/// Mails (with a subscription) and webhooks (without), sent or to be sent.
#[derive(DeriveIden)]
enum AlertDeliveries {
    Table,
    Id,
    FiringId,
    AlertId,
    SubscriptionId,
    DueAt,
    Attempts,
    LeaseUntil,
    DoneAt,
    GivenUpAt,
    LastError,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [alerts(), subscriptions(), firings(), notices(), deliveries()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(AlertDeliveries::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AlertNotices::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AlertFirings::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AlertSubscriptions::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Alerts::Table).to_owned()).await
    }
}

fn alerts() -> TableCreateStatement {
    Table::create()
        .table(Alerts::Table)
        .col(big_integer(Alerts::Id).primary_key().auto_increment())
        .col(big_integer(Alerts::ViewId))
        .col(big_integer(Alerts::CollectionId))
        .col(big_integer(Alerts::OwnerId))
        .col(string(Alerts::Name))
        .col(text(Alerts::Rule))
        .col(integer(Alerts::CoolDownMinutes))
        .col(integer(Alerts::MaxPerDay))
        .col(integer_null(Alerts::DailyAt))
        .col(binary_null(Alerts::Webhook))
        .col(boolean(Alerts::Paused))
        .col(text_null(Alerts::Problem))
        .col(text(Alerts::Progress))
        .col(big_integer(Alerts::Version))
        .col(big_integer_null(Alerts::LastFiredAt))
        .col(big_integer(Alerts::CreatedAt))
        .to_owned()
}

fn subscriptions() -> TableCreateStatement {
    Table::create()
        .table(AlertSubscriptions::Table)
        .col(big_integer(AlertSubscriptions::Id).primary_key().auto_increment())
        .col(big_integer(AlertSubscriptions::AlertId))
        .col(big_integer(AlertSubscriptions::UserId))
        .col(binary_null(AlertSubscriptions::Email))
        .to_owned()
}

fn firings() -> TableCreateStatement {
    Table::create()
        .table(AlertFirings::Table)
        .col(big_integer(AlertFirings::Id).primary_key().auto_increment())
        .col(big_integer(AlertFirings::AlertId))
        .col(big_integer(AlertFirings::At))
        .col(text(AlertFirings::Reason))
        .col(big_integer(AlertFirings::Count))
        .col(text(AlertFirings::Query))
        .col(text(AlertFirings::Samples))
        .to_owned()
}

fn notices() -> TableCreateStatement {
    Table::create()
        .table(AlertNotices::Table)
        .col(big_integer(AlertNotices::Id).primary_key().auto_increment())
        .col(big_integer(AlertNotices::FiringId))
        .col(big_integer(AlertNotices::AlertId))
        .col(big_integer(AlertNotices::UserId))
        .col(big_integer(AlertNotices::DueAt))
        .col(big_integer_null(AlertNotices::ReadAt))
        .to_owned()
}

fn deliveries() -> TableCreateStatement {
    Table::create()
        .table(AlertDeliveries::Table)
        .col(big_integer(AlertDeliveries::Id).primary_key().auto_increment())
        .col(big_integer(AlertDeliveries::FiringId))
        .col(big_integer(AlertDeliveries::AlertId))
        .col(big_integer_null(AlertDeliveries::SubscriptionId))
        .col(big_integer(AlertDeliveries::DueAt))
        .col(integer(AlertDeliveries::Attempts))
        .col(big_integer_null(AlertDeliveries::LeaseUntil))
        .col(big_integer_null(AlertDeliveries::DoneAt))
        .col(big_integer_null(AlertDeliveries::GivenUpAt))
        .col(text_null(AlertDeliveries::LastError))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 5] {
    let index = |name: &str| Index::create().name(name).to_owned();
    [
        index("alerts_view").table(Alerts::Table).col(Alerts::ViewId).to_owned(),
        index("alert_subscriptions_user")
            .table(AlertSubscriptions::Table)
            .col(AlertSubscriptions::AlertId)
            .col(AlertSubscriptions::UserId)
            .unique()
            .to_owned(),
        index("alert_firings_alert")
            .table(AlertFirings::Table)
            .col(AlertFirings::AlertId)
            .col(AlertFirings::At)
            .to_owned(),
        index("alert_notices_user")
            .table(AlertNotices::Table)
            .col(AlertNotices::UserId)
            .col(AlertNotices::DueAt)
            .to_owned(),
        index("alert_deliveries_due")
            .table(AlertDeliveries::Table)
            .col(AlertDeliveries::DoneAt)
            .col(AlertDeliveries::DueAt)
            .to_owned(),
    ]
}
