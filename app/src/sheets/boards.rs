//! Boards: the list, and one of them.

mod add;
mod panel;

pub use add::{Addable, add};

use super::plots::how_far;
use super::sheet;
use crate::format;
use crate::markup::{Element, el, page_link};
use model::Timestamp;
use model::board::{Board, LAST, MAX_NAME, MOST_PANELS, TimeRange};
use model::texts::{boards as say, sheets};
use service::boards::Shown;

/// The boards that somebody may open. `start` is the one that they begin with, `refused` why none could be made.
pub fn boards(list: &[Board], start: Option<i64>, refused: Option<&str>) -> Element {
    let none = list.is_empty().then(|| el("p").class("quiet").add(say::none()));
    let items = list.iter().map(|board| item(board, start == Some(board.id)));
    let content = vec![
        el("div").add(refused.map(problem)).add(none),
        el("ul").class("collections").each(items),
        el("h2").add(say::new()),
        name_form("/boards".to_owned(), "", false, button(say::make()).class("primary")),
    ];
    sheet("boards", say::title(), content)
}

fn problem(why: &str) -> Element {
    el("p").class("problem-note").attr("role", "alert").add(why.to_owned())
}

fn item(board: &Board, is_start: bool) -> Element {
    let whose = match (board.is_mine, board.is_shared) {
        (true, true) => say::shared().to_owned(),
        (true, false) => say::yours().to_owned(),
        (false, _) => say::by(&board.owner),
    };
    let whose = if is_start { say::is_start(&whose) } else { whose };
    let link = page_link(format!("/boards/{}", board.id))
        .add(el("b").add(el("bdi").add(board.name.clone())))
        .add(el("span").class("number").add(say::panels(board.panels.len() as u64)))
        .add(el("span").class("quiet").add(el("bdi").add(whose)));
    el("li").add(link)
}

fn name_form(action: String, name: &str, is_shared: bool, button: Element) -> Element {
    let input = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("required", "")
        .attr("maxlength", MAX_NAME.to_string())
        .attr("value", name.to_owned());
    let shared =
        el("input").attr("type", "checkbox").attr("name", "shared").attr("value", "1").flag("checked", is_shared);
    post(action)
        .class("plot-form")
        .add(el("label").add(el("span").add(say::name())).add(input))
        .add(el("label").class("check").add(shared).add(say::share()))
        .add(button)
}

fn post(action: String) -> Element {
    el("form").attr("method", "post").attr("action", action)
}

fn button(word: &'static str) -> Element {
    el("button").attr("type", "submit").add(word)
}

/// What a board is shown with.
pub struct Open<'a> {
    pub board: &'a Board,
    pub range: TimeRange,
    pub panels: &'a [Shown],
    pub may_change: bool,
    /// Whether the person begins with it.
    pub is_start: bool,
    pub now: Timestamp,
}

impl Open<'_> {
    /// The address of the board in a range of time.
    fn href(&self, range: TimeRange) -> String {
        with_range(format!("/boards/{}", self.board.id), range)
    }

    /// How far the counts can be trusted, if that is the same for all of several panels.
    fn trust(&self) -> Option<Element> {
        let told = |(_, found): &Shown| {
            let plotted = &found.as_ref().ok()?.plotted;
            Some((plotted.newest, format::written(plotted.as_of, "%H:%M")))
        };
        let mut all = self.panels.iter().filter_map(told);
        let first = all.next()?;
        let (_, shown) = self.panels.iter().find(|(_, found)| found.is_ok())?;
        let words = el("p").class("trust").each(how_far(&shown.as_ref().ok()?.plotted));
        (self.panels.len() > 1 && all.all(|other| other == first)).then_some(words)
    }

    /// The address that does something with the board, and comes back to the same range.
    fn act(&self, action: &str) -> String {
        with_range(format!("/boards/{}/{action}", self.board.id), self.range)
    }
}

fn with_range(path: String, range: TimeRange) -> String {
    match range.query() {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}

/// A board: its range of time, and its panels.
pub fn board(open: &Open<'_>) -> Element {
    let empty = open.panels.is_empty().then(|| {
        let advice = if open.may_change { say::first() } else { say::empty() };
        el("p").class("empty").add(advice)
    });
    let last = open.panels.len().saturating_sub(1);
    let panels = open.panels.iter().enumerate().map(|(place, shown)| panel::panel(open, shown, place, place == last));
    let content = vec![
        ranges(open),
        el("div").add(open.trust()).add(empty),
        el("div").class("plot-grid").each(panels),
        el("div").class("board-foot").add(foot(open)),
    ];
    sheet("board", el("bdi").add(open.board.name.clone()), content)
}

/// The one range of time of all panels.
fn ranges(open: &Open<'_>) -> Element {
    let choice = |range: TimeRange, words: String| {
        let current = (open.range == range).then_some("true");
        page_link(open.href(range)).class("button").attr_if("aria-current", current).add(words)
    };
    let last = LAST
        .into_iter()
        .zip([say::last_day(), say::last_week(), say::last_month()])
        .map(|(last, words)| choice(TimeRange::Last(last), words.to_owned()));
    let (from, to) = open.range.days();
    let day = |name: &'static str, word: &'static str, value: String| {
        let input = el("input").attr("type", "date").attr("name", name).attr("value", value);
        el("label").add(el("span").add(word)).add(input)
    };
    let days = el("form")
        .class("plot-form")
        .attr("method", "get")
        .attr("action", format!("/boards/{}", open.board.id))
        .add(day("from", say::from(), from))
        .add(day("to", say::to(), to))
        .add(button(say::show()));
    let quick = el("nav")
        .class("quick")
        .attr("aria-label", say::range())
        .each(last)
        .add(choice(TimeRange::All, say::all().to_owned()));
    el("div").class("ranges-row").add(quick).add(days)
}

fn foot(open: &Open<'_>) -> Vec<Element> {
    let (action, word) = if open.is_start { ("no-start", say::no_start()) } else { ("start", say::start()) };
    let start = post(open.act(action)).add(button(word));
    if !open.may_change {
        return vec![start];
    }
    let add =
        (open.panels.len() < MOST_PANELS).then(|| page_link(open.act("add")).class("button primary").add(say::add()));
    let delete = post(format!("/boards/{}/delete", open.board.id))
        .add(el("button").class("danger").attr("type", "submit").add(say::delete_everyone()));
    let settings = el("details").class("sure").add(el("summary").class("button").add(say::settings())).add(name_form(
        open.act("change"),
        &open.board.name,
        open.board.is_shared,
        button(sheets::save()),
    ));
    let sure = el("details").class("sure").add(el("summary").class("button danger").add(say::delete())).add(delete);
    add.into_iter().chain([start, settings, sure]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::board::{Panel, Shows};
    use model::explore::FacetValue;
    use model::plot::{Plot, PlotKind};
    use model::stats::ColumnStats;
    use service::Error;
    use service::boards::Found;
    use service::plots::{Data, Plotted};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn panels() -> Vec<Shown> {
        let plot = Plot::new(PlotKind::Top, Some("hashtag"));
        let panel = |id, shows| Panel { id, plot, collection: "space".to_owned(), shows };
        let top = vec![FacetValue { value: "moon".to_owned(), count: 7 }];
        let stats = ColumnStats { total: 9, filled: 8, distinct: Some(2), top, spread: None };
        let plotted = Plotted { plot, total: 9, newest: Some(NOW), as_of: NOW, data: Data::Column(stats) };
        let found = Found {
            collection: "Space".to_owned(),
            view: Some("<b>Launches".to_owned()),
            query: "q=launch&cols=text".to_owned(),
            filter: "launch created>=now-7d".to_owned(),
            plotted,
        };
        let gone = Err(Error::NotFound("The saved view of this panel was deleted.".to_owned()));
        vec![(panel(1, Shows::View(3)), Ok(found)), (panel(2, Shows::View(4)), gone)]
    }

    fn shown(may_change: bool) -> String {
        let panels = panels();
        let board = Board {
            id: 5,
            name: "Week".to_owned(),
            owner: "bea".to_owned(),
            is_mine: may_change,
            is_shared: true,
            panels: panels.iter().map(|(panel, _)| panel.clone()).collect(),
        };
        let range = TimeRange::read("7d", "", "");
        board_of(&board, range, &panels, may_change)
    }

    fn board_of(board: &Board, range: TimeRange, panels: &[Shown], may_change: bool) -> String {
        super::board(&Open { board, range, panels, may_change, is_start: false, now: NOW }).html()
    }

    #[test]
    fn panels_lead_to_their_tweets_in_the_range_of_the_board() {
        let html = shown(true);
        assert!(html.contains(r#"href="/boards/5?t=7d" rel="external" class="button" aria-current="true""#), "{html}");
        assert!(html.contains(r#"href="/c/space?q=launch+created%3E%3Dnow-7d&amp;cols=text""#), "{html}");
        assert!(html.contains("q=launch+created%3E%3Dnow-7d+%23moon"), "{html}");
        assert!(html.contains("<strong>9 tweets</strong>") && html.contains("&lt;b&gt;Launches"));
    }

    #[test]
    fn a_panel_that_fails_says_why_and_the_others_stand() {
        let html = shown(true);
        assert!(html.contains("The saved view of this panel was deleted.") && html.contains("#moon"));
        assert_eq!(html.matches("/remove?t=7d").count(), 2, "it can be removed: {html}");
    }

    #[test]
    fn who_may_not_change_it_is_offered_nothing_but_a_start_page() {
        let html = shown(false);
        assert!(html.contains("/boards/5/start?t=7d"));
        assert!(!html.contains("/remove") && !html.contains("/delete") && !html.contains("/add"));
    }
}
