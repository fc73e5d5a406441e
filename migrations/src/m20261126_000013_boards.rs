use sea_orm_migration::{prelude::*, schema::*};

/// Boards, their panels, and the board that somebody begins with.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Boards {
    Table,
    Id,
    OwnerId,
    Name,
    Shared,
    CreatedAt,
}

/// What a panel shows of a saved view or, without one, of a filter. `kind` is the plot, `of_column` its column.
#[derive(DeriveIden)]
enum BoardPanels {
    Table,
    Id,
    BoardId,
    Position,
    Kind,
    OfColumn,
    CollectionId,
    ViewId,
    Filter,
}

/// The board that somebody sees first.
#[derive(DeriveIden)]
enum StartBoards {
    Table,
    UserId,
    BoardId,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [boards(), panels(), starts()] {
            manager.create_table(table).await?;
        }
        let index =
            Index::create().name("board_panels_board").table(BoardPanels::Table).col(BoardPanels::BoardId).to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(StartBoards::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(BoardPanels::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Boards::Table).to_owned()).await
    }
}

fn boards() -> TableCreateStatement {
    Table::create()
        .table(Boards::Table)
        .col(big_integer(Boards::Id).primary_key().auto_increment())
        .col(big_integer(Boards::OwnerId))
        .col(string(Boards::Name))
        .col(boolean(Boards::Shared))
        .col(big_integer(Boards::CreatedAt))
        .to_owned()
}

fn panels() -> TableCreateStatement {
    Table::create()
        .table(BoardPanels::Table)
        .col(big_integer(BoardPanels::Id).primary_key().auto_increment())
        .col(big_integer(BoardPanels::BoardId))
        .col(integer(BoardPanels::Position))
        .col(string(BoardPanels::Kind))
        .col(string_null(BoardPanels::OfColumn))
        .col(big_integer(BoardPanels::CollectionId))
        .col(big_integer_null(BoardPanels::ViewId))
        .col(text(BoardPanels::Filter))
        .to_owned()
}

fn starts() -> TableCreateStatement {
    Table::create()
        .table(StartBoards::Table)
        .col(big_integer(StartBoards::UserId).primary_key())
        .col(big_integer(StartBoards::BoardId))
        .to_owned()
}
