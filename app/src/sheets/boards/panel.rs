use super::{Open, post};
use crate::components::Here;
use crate::markup::{Element, el, link};
use crate::sheets::plots::{counted, draw, failed, trust};
use crate::url::ExploreUrl;
use model::board::{Panel, Shows};
use model::texts::{boards as say, sheets};
use service::boards::{Found, Shown};

/// A panel: what it is about, how much that is, its plot, and for those who may, what can be done with it.
pub fn panel(open: &Open<'_>, (panel, found): &Shown, place: usize, is_last: bool) -> Element {
    let content = match found {
        Ok(found) => plot(open, panel, found),
        Err(error) => failed(panel.plot, &error.to_string()),
    };
    el("section")
        .class("plot")
        .attr("id", format!("panel-{}", panel.id))
        .attr("data-plot", panel.plot.kind.name())
        .add(content)
        .add(open.may_change.then(|| edit(open, panel, place == 0, is_last)))
}

fn plot(open: &Open<'_>, panel: &Panel, found: &Found) -> Vec<Element> {
    let url = ExploreUrl::parse(&panel.collection, &found.query).with_text(found.filter.clone());
    let here = Here { now: open.now, ..Here::at(url, None) };
    let name = match (&found.view, &panel.shows) {
        (Some(view), _) => format!("{view} ({})", found.collection),
        (None, Shows::Filter(filter)) if !filter.is_empty() => format!("{}: {filter}", found.collection),
        (None, _) => sheets::all_tweets_of(&found.collection),
    };
    let source = el("p").class("source").add(link(here.url.href()).add(el("bdi").add(name)));
    let mut content = draw(&here, &found.plotted).figure(&here, panel.plot);
    // What holds for all of them stands above them.
    let count = if open.trust().is_some() { counted(&found.plotted) } else { trust(&found.plotted) };
    content.splice(1..1, [source, count]);
    content
}

fn edit(open: &Open<'_>, panel: &Panel, is_first: bool, is_last: bool) -> Element {
    let act = |action: &str, word: &'static str, is_off: bool| {
        let button = el("button").class("quiet").attr("type", "submit").flag("disabled", is_off).add(word);
        post(open.act(&format!("panels/{}/{action}", panel.id))).add(button)
    };
    let acts = [act("up", say::up(), is_first), act("down", say::down(), is_last), act("remove", say::remove(), false)];
    el("details").class("edit").add(el("summary").add(say::edit())).add(el("div").class("actions").add(acts))
}
