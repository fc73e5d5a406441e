//! Boards: their panels, and who begins with which.

use crate::Store;
use crate::entity::{board_panels, boards, collections, start_boards, users};
use crate::error::Result;
use model::board::{Board, Panel, Shows};
use model::plot::{Plot, PlotKind};
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::{Condition, Expr, OnConflict};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set};
use std::collections::HashMap;

/// A panel to be added.
#[derive(Clone, Debug)]
pub struct NewPanel {
    pub plot: Plot,
    pub collection: CollectionId,
    pub shows: Shows,
}

/// The user's own boards and those that are shared, by name.
pub async fn list(store: &Store, user: i64) -> Result<Vec<Board>> {
    read(store, user, visible(user)).await
}

/// The board of that number, if it is the user's own or shared.
pub async fn find(store: &Store, id: i64, user: i64) -> Result<Option<Board>> {
    Ok(read(store, user, visible(user).filter(boards::Column::Id.eq(id))).await?.pop())
}

fn visible(user: i64) -> Select<boards::Entity> {
    let visible = Condition::any().add(boards::Column::OwnerId.eq(user)).add(boards::Column::Shared.eq(true));
    boards::Entity::find().filter(visible).order_by_asc(boards::Column::Name).order_by_asc(boards::Column::Id)
}

async fn read(store: &Store, user: i64, wanted: Select<boards::Entity>) -> Result<Vec<Board>> {
    let found = wanted.all(store.reader()).await?;
    let ids: Vec<i64> = found.iter().map(|board| board.id).collect();
    let owners: HashMap<i64, String> = users::Entity::find()
        .filter(users::Column::Id.is_in(found.iter().map(|board| board.owner_id)))
        .all(store.reader())
        .await?
        .into_iter()
        .map(|user| (user.id, user.name))
        .collect();
    let mut panels = panels_of(store, ids).await?;
    let board = |board: boards::Model| Board {
        id: board.id,
        name: board.name,
        owner: owners.get(&board.owner_id).cloned().unwrap_or_default(),
        is_mine: board.owner_id == user,
        is_shared: board.shared,
        panels: panels.remove(&board.id).unwrap_or_default(),
    };
    Ok(found.into_iter().map(board).collect())
}

/// The panels of each board, in their order.
async fn panels_of(store: &Store, boards: Vec<i64>) -> Result<HashMap<i64, Vec<Panel>>> {
    let found = board_panels::Entity::find()
        .filter(board_panels::Column::BoardId.is_in(boards))
        .order_by_asc(board_panels::Column::Position)
        .order_by_asc(board_panels::Column::Id)
        .all(store.reader())
        .await?;
    let slugs: HashMap<i64, String> = collections::Entity::find()
        .filter(collections::Column::Id.is_in(found.iter().map(|panel| panel.collection_id)))
        .all(store.reader())
        .await?
        .into_iter()
        .map(|collection| (collection.id, collection.slug))
        .collect();
    let mut panels: HashMap<i64, Vec<Panel>> = HashMap::new();
    for row in found {
        // A later version may know more plots.
        let Some(kind) = PlotKind::from_name(&row.kind) else { continue };
        let panel = Panel {
            id: row.id,
            plot: Plot::new(kind, row.of_column.as_deref()),
            collection: slugs.get(&row.collection_id).cloned().unwrap_or_default(),
            shows: row.view_id.map_or(Shows::Filter(row.filter), Shows::View),
        };
        panels.entry(row.board_id).or_default().push(panel);
    }
    Ok(panels)
}

/// Makes a board without panels. Returns its id.
pub async fn create(store: &Store, owner: i64, name: String, is_shared: bool, now: Timestamp) -> Result<i64> {
    let row = boards::ActiveModel {
        id: NotSet,
        owner_id: Set(owner),
        name: Set(name),
        shared: Set(is_shared),
        created_at: Set(now.0),
    };
    Ok(boards::Entity::insert(row).exec_with_returning(store.writer()).await?.id)
}

/// Gives a board another name, and shares it or not.
pub async fn change(store: &Store, id: i64, name: String, is_shared: bool) -> Result<()> {
    boards::Entity::update_many()
        .col_expr(boards::Column::Name, Expr::value(name))
        .col_expr(boards::Column::Shared, Expr::value(is_shared))
        .filter(boards::Column::Id.eq(id))
        .exec(store.writer())
        .await?;
    Ok(())
}

/// Deletes a board with its panels. Who began with it begins with the collections.
pub async fn delete(store: &Store, id: i64) -> Result<()> {
    let transaction = store.begin().await?;
    board_panels::Entity::delete_many().filter(board_panels::Column::BoardId.eq(id)).exec(&transaction).await?;
    start_boards::Entity::delete_many().filter(start_boards::Column::BoardId.eq(id)).exec(&transaction).await?;
    boards::Entity::delete_by_id(id).exec(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// Adds a panel after the others. Returns its id.
pub async fn add_panel(store: &Store, board: i64, new: NewPanel) -> Result<i64> {
    let transaction = store.begin().await?;
    let last = board_panels::Entity::find()
        .filter(board_panels::Column::BoardId.eq(board))
        .order_by_desc(board_panels::Column::Position)
        .one(&transaction)
        .await?;
    let (view_id, filter) = match new.shows {
        Shows::View(id) => (Some(id), String::new()),
        Shows::Filter(filter) => (None, filter),
    };
    let row = board_panels::ActiveModel {
        id: NotSet,
        board_id: Set(board),
        position: Set(last.map_or(0, |last| last.position + 1)),
        kind: Set(new.plot.kind.name().to_owned()),
        of_column: Set(new.plot.column.map(|column| column.name.to_owned())),
        collection_id: Set(new.collection.0),
        view_id: Set(view_id),
        filter: Set(filter),
    };
    let added = board_panels::Entity::insert(row).exec_with_returning(&transaction).await?;
    transaction.commit().await?;
    Ok(added.id)
}

/// Puts the panels of a board in that order; panels that it does not name come after them.
pub async fn order_panels(store: &Store, board: i64, order: &[i64]) -> Result<()> {
    let transaction = store.begin().await?;
    for (position, id) in (0_i32..).zip(order) {
        board_panels::Entity::update_many()
            .col_expr(board_panels::Column::Position, Expr::value(position))
            .filter(board_panels::Column::BoardId.eq(board))
            .filter(board_panels::Column::Id.eq(*id))
            .exec(&transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}

/// Takes a panel off its board.
pub async fn remove_panel(store: &Store, board: i64, panel: i64) -> Result<()> {
    board_panels::Entity::delete_many()
        .filter(board_panels::Column::BoardId.eq(board))
        .filter(board_panels::Column::Id.eq(panel))
        .exec(store.writer())
        .await?;
    Ok(())
}

/// The number of the board that the user begins with.
pub async fn start(store: &Store, user: i64) -> Result<Option<i64>> {
    Ok(start_boards::Entity::find_by_id(user).one(store.reader()).await?.map(|row| row.board_id))
}

/// Lets the user begin with a board, or with none.
pub async fn set_start(store: &Store, user: i64, board: Option<i64>) -> Result<()> {
    let Some(board) = board else {
        start_boards::Entity::delete_by_id(user).exec(store.writer()).await?;
        return Ok(());
    };
    let row = start_boards::ActiveModel { user_id: Set(user), board_id: Set(board) };
    let replace =
        OnConflict::column(start_boards::Column::UserId).update_column(start_boards::Column::BoardId).to_owned();
    start_boards::Entity::insert(row).on_conflict(replace).exec_without_returning(store.writer()).await?;
    Ok(())
}
