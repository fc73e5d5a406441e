use super::canvas::{Anchor, PARTS, block, label, legend, note};
use super::{Cell, Drawn, Name, Row, Table, nothing, title};
use crate::format::{grouped, percent, share};
use crate::markup::{Element, svg};
use model::stats::{Activity, ActivityGroup};
use model::texts::{common, plots as say};
use service::plots::Plotted;

/// Height of a group with its two bars.
const STEP: f64 = 38.0;

/// How many tweets the authors posted each: beside each other, how many authors and how many tweets.
pub fn activity(of: &Plotted, data: &Activity) -> Drawn {
    let title = title(of.plot);
    let sum = |count: fn(&ActivityGroup) -> u64| data.groups.iter().map(count).sum::<u64>();
    let (authors, tweets) = (sum(|group| group.authors), sum(|group| group.tweets));
    let Some(first) = data.groups.first().filter(|_| authors > 0) else { return nothing(title) };
    let unknown = match data.unknown {
        0 => String::new(),
        count => format!(" {}", say::unknown(count)),
    };
    let alone = percent(share(first.authors, authors));
    let summary = say::posted(&common::authors(authors), &common::tweets(tweets), &alone) + &unknown;
    let keys = vec![(PARTS[0], say::of_authors().to_owned()), (PARTS[1], say::of_tweets().to_owned())];
    let (mut shapes, top) = legend(keys, 0.0);
    let groups = data.groups.iter().enumerate();
    shapes.extend(groups.map(|(place, group)| bars(group, authors, tweets, top + 4.0 + place as f64 * STEP)));
    let height = top + 4.0 + data.groups.len() as f64 * STEP;
    Drawn { title, summary, height, shapes, table: table(data, authors, tweets) }
}

fn name(group: &ActivityGroup) -> String {
    if group.from == group.to {
        return common::tweets(group.from);
    }
    say::range(&grouped(group.from), &common::tweets(group.to))
}

fn bars(group: &ActivityGroup, authors: u64, tweets: u64, y: f64) -> Element {
    let (of_authors, of_tweets) = (share(group.authors, authors), share(group.tweets, tweets));
    let words = say::each_told(&name(group), &common::authors(group.authors), &common::tweets(group.tweets));
    let numbers = format!("{} · {}", percent(of_authors), percent(of_tweets));
    svg("g")
        .add(svg("title").add(words))
        .add(label(0.0, y + 14.0, Anchor::Start, say::each(&name(group))))
        .add(note(100.0, y + 14.0, Anchor::End, numbers))
        .add(block(PARTS[0], 0.0, y + 19.0, of_authors * 100.0, 6.0))
        .add(block(PARTS[1], 0.0, y + 26.0, of_tweets * 100.0, 6.0))
}

fn table(data: &Activity, authors: u64, tweets: u64) -> Table {
    let row = |group: &ActivityGroup| Row {
        name: Name::Text(name(group)),
        href: None,
        cells: vec![
            Cell::Count(group.authors),
            Cell::Share(share(group.authors, authors)),
            Cell::Count(group.tweets),
            Cell::Share(share(group.tweets, tweets)),
        ],
    };
    let heads = [say::each_posted(), say::authors(), say::share_of_authors(), say::tweets(), say::share_of_tweets()];
    let heads = heads.map(str::to_owned);
    Table { heads: heads.into(), rows: data.groups.iter().map(row).collect() }
}
