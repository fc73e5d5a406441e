use sea_orm_migration::{prelude::*, schema::*};

/// Quiet hours of alerts (JSON), and whether it is told as well that something is over.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum Alerts {
    Table,
    Quiet,
    AllClear,
}

#[derive(DeriveIden, Clone, Copy)]
enum AlertFirings {
    Table,
    AllClear,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alerts = || Table::alter().table(Alerts::Table).to_owned();
        manager.alter_table(alerts().add_column(text_null(Alerts::Quiet)).to_owned()).await?;
        manager.alter_table(alerts().add_column(boolean(Alerts::AllClear).default(false)).to_owned()).await?;
        let all_clear = boolean(AlertFirings::AllClear).default(false).to_owned();
        manager.alter_table(Table::alter().table(AlertFirings::Table).add_column(all_clear).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alerts = || Table::alter().table(Alerts::Table).to_owned();
        manager.alter_table(alerts().drop_column(Alerts::Quiet).to_owned()).await?;
        manager.alter_table(alerts().drop_column(Alerts::AllClear).to_owned()).await?;
        let firings = Table::alter().table(AlertFirings::Table).drop_column(AlertFirings::AllClear).to_owned();
        manager.alter_table(firings).await
    }
}
