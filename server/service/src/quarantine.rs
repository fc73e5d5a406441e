//! What could not be understood: kept as it came, seen by what it has in common, and tried again when a later Roost may
//! read it.

use crate::written::hand_over;
use crate::{Error, Service};
use model::Timestamp;
use model::observed::Batch;
use process::{Rejected, decode_page};
use serde_json::Value;
use store::rejects::{self, NewReject, RejectKind};
use store::tweets::{Delivery, Origin, Sealer};

pub use store::rejects::{Group, Reject};

/// Field names of a shape, and characters of a name.
const NAMES: usize = 24;
const NAME: usize = 30;
/// What is tried again at a time.
const SLICE: u64 = 200;

/// The groups, the most frequent first.
pub async fn groups(service: &Service) -> Result<Vec<Group>, Error> {
    Ok(rejects::groups(&service.store).await?)
}

/// The group with that number of its last, as it was when that came.
///
/// # Errors
/// `NotFound` if that one is not kept any more.
pub async fn find(service: &Service, last_id: i64) -> Result<Group, Error> {
    let found = rejects::group_up_to(&service.store, last_id).await?;
    found.ok_or_else(|| Error::NotFound(model::texts::refusals::no_group().to_owned()))
}

/// The first of a group, as it came: it names people. That somebody (`by`) looks is audited before they see it.
pub async fn sample(service: &Service, group: &Group, by: i64) -> Result<Option<Reject>, Error> {
    let first = rejects::of_group(&service.store, &group.shape, &group.reason, i64::MIN, 1).await?.pop();
    if let Some(reject) = &first {
        rejects::note_look(&service.store, reject, by, service.now()).await?;
    }
    Ok(first)
}

/// What became of a group that was tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Understood now, and stored.
    pub stored: u64,
    /// Still not understood; they stay.
    pub left: u64,
}

/// Tries a group again. What is understood now is stored as of the time when it was observed. It is audited; `by` is
/// who asks for it.
pub async fn replay(service: &Service, group: &Group, by: i64) -> Result<Replayed, Error> {
    rejects::note_replay(&service.store, group, by, service.now()).await?;
    let (mut replayed, mut after) = (Replayed::default(), i64::MIN);
    loop {
        let some = rejects::of_group(&service.store, &group.shape, &group.reason, after, SLICE).await?;
        let Some(last) = some.last() else { return Ok(replayed) };
        after = last.id;
        let read = some.len() as u64;
        let understood: Vec<(i64, Delivery)> =
            some.iter().filter_map(|reject| Some((reject.id, again(reject)?))).collect();
        let (ids, deliveries): (Vec<i64>, Vec<Delivery>) = understood.into_iter().unzip();
        if !ids.is_empty() {
            let ready = Sealer::new(&service.store, service.now()).await?.prepare(deliveries)?;
            let written = store::tweets::write(&service.store, ready, None, service.now()).await?;
            hand_over(service, written.handover).await;
            // Dropped after it was stored: ended in between, it is stored again, which changes nothing.
            rejects::drop(&service.store, &ids).await?;
        }
        replayed.stored += ids.len() as u64;
        replayed.left += read - ids.len() as u64;
    }
}

/// Drops a group for good, and not what has come to it since. It is audited; `by` is who says so. Returns how many
/// there were.
pub async fn drop(service: &Service, group: &Group, by: i64) -> Result<u64, Error> {
    Ok(rejects::drop_group(&service.store, group, by, service.now()).await?)
}

/// What a reject brings, if it is understood now.
fn again(reject: &Reject) -> Option<Delivery> {
    let collection = reject.collection?;
    let content: &[u8] = &reject.content;
    let page = match reject.kind {
        RejectKind::Page => decode_page(content, reject.observed_at),
        RejectKind::Tweet => decode_page(&[br#"{"data":["#, content, b"]}"].concat(), reject.observed_at),
    };
    let decoded = page.ok().filter(|page| page.rejected.is_empty() && page.batch != Batch::default())?;
    let origin = Origin { collection, schedule: (reject.schedule != 0).then_some(reject.schedule) };
    Some(Delivery { origin, run: None, batch: decoded.batch, rejected: Vec::new() })
}

/// Objects in a page that are no tweets.
pub(crate) fn tweets(rejected: Vec<Rejected>, observed_at: Timestamp) -> Vec<NewReject> {
    let new = |Rejected { reason, content }| {
        let shape = shape(&content);
        NewReject { kind: RejectKind::Tweet, reason, shape, content, observed_at }
    };
    rejected.into_iter().map(new).collect()
}

/// A whole page that cannot be read.
pub(crate) fn page(body: Vec<u8>, reason: String, observed_at: Timestamp) -> NewReject {
    let content = String::from_utf8_lossy(&body).into_owned();
    NewReject { kind: RejectKind::Page, reason, shape: shape(&content), content, observed_at }
}

/// The names of an object's fields, sorted; of another value its type. Names that no API would give are left out:
/// they might hold anything.
fn shape(content: &str) -> String {
    match serde_json::from_str(content) {
        Ok(Value::Object(fields)) => {
            let is_name = |name: &&String| {
                name.len() <= NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            let mut names: Vec<&str> = fields.keys().filter(is_name).map(String::as_str).collect();
            names.sort_unstable();
            names.truncate(NAMES);
            format!("object of {}", names.join(", "))
        }
        Ok(Value::Array(_)) => "list".to_owned(),
        Ok(Value::String(_)) => "text".to_owned(),
        Ok(Value::Number(_)) => "number".to_owned(),
        Ok(Value::Bool(_)) => "true or false".to_owned(),
        Ok(Value::Null) => "null".to_owned(),
        Err(_) => "no JSON".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_shape_has_names_of_fields_and_nothing_of_their_content() {
        assert_eq!(shape(r#"{"text":"secret","id":1,"nested":{"a":1}}"#), "object of id, nested, text");
        assert_eq!(shape(r#"{"someone@example.com":1,"id":2}"#), "object of id");
        assert_eq!((shape("[1]").as_str(), shape("{").as_str()), ("list", "no JSON"));
    }
}
