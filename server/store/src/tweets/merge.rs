//! What a later observation lacks, it does not erase.
//!
//! Sources tell different things: a file with ids and texts knows no counters, an old archive no views. So of every
//! field the latest value *that was told* is kept. A list that is empty was not told. Text and entities go together,
//! for entities point into the text: an observation without any leaves both as they are known.

use model::Tweet;
use model::observed::Identity;
use model::time::SECOND;
use model::tweet::{AuthorStats, Entities, Link, Metrics};

/// Fills what `later` lacks. Returns whether it lacked anything that was known.
pub(super) fn fill_tweet(later: &mut Tweet, known: Tweet) -> bool {
    // An id tells its time to the millisecond, X to the second: files without times must not move a tweet about.
    if (later.created_at - known.created_at).abs() < SECOND {
        later.created_at = known.created_at;
    }
    let lacking = [
        keep(&mut later.author, known.author),
        keep(&mut later.lang, known.lang),
        keep(&mut later.source, known.source),
        keep(&mut later.conversation, known.conversation),
        keep(&mut later.reply_to_author, known.reply_to_author),
        keep_list(&mut later.references, known.references),
        fill_metrics(&mut later.metrics, known.metrics),
        fill_text(&mut later.text, &mut later.entities, known.text, known.entities),
        keep_list(&mut later.media, known.media),
        keep(&mut later.poll, known.poll),
        keep(&mut later.place, known.place),
        keep_list(&mut later.annotations, known.annotations),
        keep(&mut later.sensitive, known.sensitive),
        keep(&mut later.reply_settings, known.reply_settings),
        keep(&mut later.paid_partnership, known.paid_partnership),
        keep_list(&mut later.edit_history, known.edit_history),
        keep_list(&mut later.withheld_in, known.withheld_in),
    ];
    lacking.contains(&true)
}

/// Fills what `later` lacks. Returns whether it lacked anything that was known.
pub(super) fn fill_stats(later: &mut AuthorStats, known: AuthorStats) -> bool {
    let lacking = [
        keep(&mut later.followers, known.followers),
        keep(&mut later.following, known.following),
        keep(&mut later.tweets, known.tweets),
        keep(&mut later.verified, known.verified),
        keep(&mut later.created_at, known.created_at),
    ];
    lacking.contains(&true)
}

/// Fills what `later` lacks.
pub(super) fn fill_identity(later: &mut Identity, known: Identity) {
    keep(&mut later.handle, known.handle);
    keep(&mut later.name, known.name);
    keep(&mut later.description, known.description);
    keep(&mut later.location, known.location);
    keep(&mut later.url, known.url);
    keep(&mut later.picture, known.picture);
}

fn fill_metrics(later: &mut Metrics, known: Metrics) -> bool {
    let lacking = [
        keep(&mut later.likes, known.likes),
        keep(&mut later.reposts, known.reposts),
        keep(&mut later.replies, known.replies),
        keep(&mut later.quotes, known.quotes),
        keep(&mut later.bookmarks, known.bookmarks),
        keep(&mut later.views, known.views),
    ];
    lacking.contains(&true)
}

fn fill_text(text: &mut String, entities: &mut Entities, known_text: String, known: Entities) -> bool {
    if *text == known_text {
        let lacking = [
            keep_list(&mut entities.hashtags, known.hashtags),
            keep_list(&mut entities.cashtags, known.cashtags),
            keep_list(&mut entities.mentions, known.mentions),
            fill_links(&mut entities.links, known.links),
        ];
        return lacking.contains(&true);
    }
    if entities.is_empty() && !known.is_empty() {
        (*text, *entities) = (known_text, known);
        return true;
    }
    false
}

/// Where a short link leads is known only to those whom X told.
fn fill_links(later: &mut Vec<Link>, known: Vec<Link>) -> bool {
    if later.is_empty() {
        return keep_list(later, known);
    }
    let mut lacking = false;
    for link in later {
        let Some(known) = known.iter().find(|known| known.url == link.url) else { continue };
        lacking |= keep(&mut link.expanded, known.expanded.clone());
        lacking |= keep(&mut link.display, known.display.clone());
        lacking |= keep(&mut link.title, known.title.clone());
    }
    lacking
}

fn keep<T>(later: &mut Option<T>, known: Option<T>) -> bool {
    let lacking = later.is_none() && known.is_some();
    if lacking {
        *later = known;
    }
    lacking
}

fn keep_list<T>(later: &mut Vec<T>, known: Vec<T>) -> bool {
    let lacking = later.is_empty() && !known.is_empty();
    if lacking {
        *later = known;
    }
    lacking
}
