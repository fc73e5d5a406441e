//! Boards, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use model::account::Role;
use model::board::Shows;
use model::plot::{Plot, PlotKind};
use store::boards::{self, NewPanel};
use store::{collections, users};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

testing::on_both_engines!(
    a_board_comes_back_as_it_was_made_to_those_who_may_see_it,
    panels_keep_the_order_that_they_are_put_in,
    everyone_begins_with_a_board_of_their_own_choice,
    a_deleted_board_leaves_nothing,
);

struct Story {
    test: TestStore,
    bea: i64,
    ana: i64,
    board: i64,
}

impl Story {
    async fn new(test: TestStore, is_shared: bool) -> Self {
        let bea = users::create(&test.store, "bea", "hash", Role::Viewer, NOW).await.unwrap();
        let ana = users::create(&test.store, "ana", "hash", Role::Viewer, NOW).await.unwrap();
        let board = boards::create(&test.store, bea, "Launches".to_owned(), is_shared, NOW).await.unwrap();
        Self { test, bea, ana, board }
    }

    async fn add(&self, kind: PlotKind, shows: Shows) -> i64 {
        let collection = collections::find_or_create(&self.test.store, "moon", "Moon", NOW).await.unwrap().id;
        let new = NewPanel { plot: Plot::new(kind, Some("source")), collection, shows };
        boards::add_panel(&self.test.store, self.board, new).await.unwrap()
    }

    async fn panels(&self) -> Vec<i64> {
        let board = boards::find(&self.test.store, self.board, self.bea).await.unwrap().unwrap();
        board.panels.iter().map(|panel| panel.id).collect()
    }
}

async fn a_board_comes_back_as_it_was_made_to_those_who_may_see_it(test: TestStore) {
    let story = Story::new(test, false).await;
    let store = &story.test.store;
    story.add(PlotKind::Top, Shows::View(7)).await;
    story.add(PlotKind::Week, Shows::Filter("launch lang:en".to_owned())).await;
    let board = boards::find(store, story.board, story.bea).await.unwrap().unwrap();
    assert_eq!((board.name.as_str(), board.owner.as_str(), board.is_mine), ("Launches", "bea", true));
    let [top, week] = board.panels.as_slice() else { panic!("{board:?}") };
    assert_eq!((top.plot, &top.shows), (Plot::new(PlotKind::Top, Some("source")), &Shows::View(7)));
    assert_eq!((week.plot, week.collection.as_str()), (Plot::new(PlotKind::Week, None), "moon"));
    assert_eq!(week.shows, Shows::Filter("launch lang:en".to_owned()));
    assert!(boards::list(store, story.ana).await.unwrap().is_empty(), "it is bea's alone");
    assert_eq!(boards::find(store, story.board, story.ana).await.unwrap(), None);
    boards::change(store, story.board, "Starts".to_owned(), true).await.unwrap();
    let seen = boards::list(store, story.ana).await.unwrap().remove(0);
    assert_eq!((seen.name.as_str(), seen.is_mine, seen.is_shared, seen.panels.len()), ("Starts", false, true, 2));
}

async fn panels_keep_the_order_that_they_are_put_in(test: TestStore) {
    let story = Story::new(test, false).await;
    let mut ids = Vec::new();
    for kind in [PlotKind::Top, PlotKind::Week, PlotKind::Volume] {
        ids.push(story.add(kind, Shows::Filter(String::new())).await);
    }
    assert_eq!(story.panels().await, ids);
    let turned = [ids[2], ids[0], ids[1]];
    boards::order_panels(&story.test.store, story.board, &turned).await.unwrap();
    assert_eq!(story.panels().await, turned);
    boards::remove_panel(&story.test.store, story.board, ids[0]).await.unwrap();
    let new = story.add(PlotKind::Spread, Shows::Filter(String::new())).await;
    assert_eq!(story.panels().await, [ids[2], ids[1], new]);
    boards::remove_panel(&story.test.store, story.board + 1, new).await.unwrap();
    assert_eq!(story.panels().await.len(), 3, "a panel of another board stays");
}

async fn everyone_begins_with_a_board_of_their_own_choice(test: TestStore) {
    let story = Story::new(test, true).await;
    let store = &story.test.store;
    assert_eq!(boards::start(store, story.bea).await.unwrap(), None);
    for board in [story.board + 5, story.board] {
        boards::set_start(store, story.bea, Some(board)).await.unwrap();
        assert_eq!(boards::start(store, story.bea).await.unwrap(), Some(board));
    }
    assert_eq!(boards::start(store, story.ana).await.unwrap(), None);
    boards::set_start(store, story.bea, None).await.unwrap();
    assert_eq!(boards::start(store, story.bea).await.unwrap(), None);
}

async fn a_deleted_board_leaves_nothing(test: TestStore) {
    let story = Story::new(test, true).await;
    let store = &story.test.store;
    story.add(PlotKind::Top, Shows::View(7)).await;
    boards::set_start(store, story.ana, Some(story.board)).await.unwrap();
    boards::delete(store, story.board).await.unwrap();
    assert!(boards::list(store, story.bea).await.unwrap().is_empty());
    assert_eq!(boards::start(store, story.ana).await.unwrap(), None);
    let again = boards::create(store, story.bea, "Launches".to_owned(), false, NOW).await.unwrap();
    assert!(boards::find(store, again, story.bea).await.unwrap().unwrap().panels.is_empty());
}
