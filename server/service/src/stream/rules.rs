//! The rules of X, made to be those that schedules need. One that others have made is left alone, and used where it says the
//! same: X takes no rule twice.

use model::Timestamp;
use source::rules::{self, Changed, Mode, NewRule, Rule, Rules};
use source::{Request, SourceError, XClient};
use std::collections::{BTreeMap, BTreeSet};

/// Rules of Roost are marked so; the number of a schedule follows.
const TAG: &str = "roost-";

/// What is wanted: a schedule by its query. Of several with one query the rule is marked for the first.
pub(super) type Wanted = BTreeMap<String, i64>;

/// What rules there are now.
#[derive(Debug, Default)]
pub(super) struct Ruled {
    /// Their ids, by query.
    pub ids: BTreeMap<String, String>,
    /// Those that were not there before.
    pub added: BTreeSet<String>,
    /// Why X does not take a query, in plain words.
    pub refused: BTreeMap<String, String>,
    /// When X was asked what there is.
    pub asked_at: Option<Timestamp>,
}

/// What has to be done.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plan {
    delete: Vec<String>,
    add: Vec<NewRule>,
    ids: BTreeMap<String, String>,
}

/// Has X have these rules.
///
/// # Errors
/// When X could not be asked, or said no.
pub(super) async fn reconcile(client: &XClient, wanted: &Wanted, now: Timestamp) -> Result<Ruled, SourceError> {
    let Plan { delete, add, ids } = plan(wanted, &list(client).await?);
    let mut ruled = Ruled { ids, asked_at: Some(now), ..Ruled::default() };
    for ids in delete.chunks(rules::MOST) {
        Changed::read(&ask(client, &rules::delete(ids, Mode::Do)).await?)?;
    }
    for rules in add.chunks(rules::MOST) {
        let Changed { added, refused, .. } = Changed::read(&ask(client, &rules::add(rules, Mode::Do)).await?)?;
        for rule in added {
            ruled.added.insert(rule.value.clone());
            ruled.ids.insert(rule.value, rule.id);
        }
        for refused in refused {
            let query = refused.value.clone();
            match refused.id {
                // It was there under other words, or somebody has just made it.
                Some(id) => _ = ruled.ids.insert(query, id),
                None => _ = ruled.refused.insert(query, in_words(&refused.title, &refused.detail)),
            }
        }
    }
    // A rule that X names in none of both is asked about again.
    Ok(ruled)
}

async fn list(client: &XClient) -> Result<Vec<Rule>, SourceError> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let Rules { rules, next_token } = Rules::read(&ask(client, &rules::list(next.as_deref())).await?)?;
        all.extend(rules);
        match next_token {
            Some(token) if next.as_ref() != Some(&token) => next = Some(token),
            _ => return Ok(all),
        }
    }
}

pub(super) async fn ask(client: &XClient, request: &Request) -> Result<Vec<u8>, SourceError> {
    client.send(request).await?.body
}

fn plan(wanted: &Wanted, there: &[Rule]) -> Plan {
    let mut plan = Plan::default();
    for rule in there {
        if wanted.contains_key(&rule.value) {
            plan.ids.insert(rule.value.clone(), rule.id.clone());
        } else if rule.tag.as_deref().is_some_and(is_ours) {
            plan.delete.push(rule.id.clone());
        }
    }
    let missing = wanted.iter().filter(|(query, _)| !plan.ids.contains_key(*query));
    plan.add = missing
        .map(|(query, schedule)| NewRule { value: query.clone(), tag: Some(format!("{TAG}{schedule}")) })
        .collect();
    plan
}

fn is_ours(tag: &str) -> bool {
    tag.strip_prefix(TAG).is_some_and(|number| number.parse::<i64>().is_ok())
}

fn in_words(title: &str, detail: &str) -> String {
    let words: String = detail.chars().filter(|letter| !letter.is_control()).take(300).collect();
    match title {
        "RulesCapExceeded" => format!("X takes no more rules of this app; end another stream first. It says: {words}"),
        _ if words.is_empty() => format!("X does not take the query as a rule of a stream ({title})"),
        _ => format!("X does not take the query as a rule of a stream; change it. It says: {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, value: &str, tag: Option<&str>) -> Rule {
        Rule { id: id.to_owned(), value: value.to_owned(), tag: tag.map(str::to_owned) }
    }

    #[test]
    fn what_is_there_is_kept_and_only_what_is_ours_goes() {
        let wanted = Wanted::from([("moon".to_owned(), 1), ("sun".to_owned(), 2), ("star".to_owned(), 3)]);
        let there = [
            rule("11", "moon", Some("roost-1")),
            rule("12", "mars", Some("roost-2")),
            rule("13", "star", Some("of somebody")),
            rule("14", "venus", Some("roost-er")),
            rule("15", "pluto", None),
        ];
        let Plan { delete, add, ids } = plan(&wanted, &there);
        assert_eq!(delete, ["12"]);
        assert_eq!(add, [NewRule { value: "sun".to_owned(), tag: Some("roost-2".to_owned()) }]);
        assert_eq!(ids.values().collect::<Vec<_>>(), ["11", "13"], "one of somebody else serves as well");
        assert_eq!(plan(&Wanted::new(), &there).delete, ["11", "12"]);
    }
}
