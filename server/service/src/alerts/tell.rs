//! Mails and webhooks of what fired.

use super::outlets::webhook_secret;
use crate::{Error, Service, access};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::time::{HOUR, MINUTE, SECOND};
use model::{Pid, Row, Timestamp};
use notify::{Hook, Mail, NotifyError};
use serde_json::json;
use store::alerts::deliveries::{self, Fired, Parcel, Receiver};
use store::alerts::subscriptions::{self, Subscribed};
use tokio::task::JoinSet;

/// Deliveries that are claimed at a time.
const AT_ONCE: u64 = 50;
/// When a delivery that failed is tried again; after the last it is given up.
const BACK_OFF: [i64; 6] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR];
/// Characters of a post that a mail shows.
const EXCERPT: usize = 280;

/// Sends what is due. Returns how many mails and webhooks arrived.
///
/// One that arrived and could not be noted is sent again; its id is the same then, by which receivers can tell.
pub async fn tell_due(service: &Service, address: &str) -> Result<usize, Error> {
    let parcels = deliveries::claim(&service.store, service.now(), AT_ONCE).await?;
    let mut sending = JoinSet::new();
    for parcel in parcels {
        let (service, address) = (service.clone(), address.to_owned());
        sending.spawn(async move { deliver(&service, &address, &parcel).await });
    }
    let mut arrived = 0;
    while let Some(delivered) = sending.join_next().await {
        arrived += usize::from(matches!(delivered, Ok(Ok(true))));
    }
    Ok(arrived)
}

async fn deliver(service: &Service, address: &str, parcel: &Parcel) -> Result<bool, Error> {
    if !may_be_told(service, parcel).await? {
        deliveries::settle(&service.store, parcel, service.now()).await?;
        return Ok(false);
    }
    let sent = match &parcel.receiver {
        Receiver::Mail { subscription, email } => {
            let mail = mail(service, address, parcel, *subscription, email).await?;
            match &service.outlets.mailer {
                Some(mailer) => mailer.send(mail).await,
                None => Err(NotifyError::NoMail),
            }
        }
        Receiver::Webhook(url) => {
            let secret = webhook_secret(service, parcel.alert);
            let hook = Hook {
                url,
                id: name_of(parcel),
                timestamp: service.now().0 / SECOND,
                body: body(service, address, parcel).await?,
                secret: secret.as_bytes(),
            };
            service.outlets.hooks.post(&hook).await
        }
    };
    let now = service.now();
    let Err(error) = sent else {
        deliveries::settle(&service.store, parcel, now).await?;
        return Ok(true);
    };
    let wait = BACK_OFF.get(parcel.attempts as usize).filter(|_| error.may_pass());
    let again_at = wait.map(|wait| Timestamp(now.0 + wait));
    tracing::warn!(alert = parcel.alert, error = %error, given_up = again_at.is_none(), "an alert was not delivered");
    deliveries::put_off(&service.store, parcel, error.to_string(), again_at, now).await?;
    Ok(false)
}

/// Whether who is told may open the collection still: of a webhook that is who made the alert.
async fn may_be_told(service: &Service, parcel: &Parcel) -> Result<bool, Error> {
    let person = match &parcel.receiver {
        Receiver::Mail { subscription, .. } => {
            subscriptions::find(&service.store, *subscription).await?.map(|found| found.user)
        }
        Receiver::Webhook(_) => store::alerts::find(&service.store, parcel.alert).await?.map(|alert| alert.owner),
    };
    match person {
        Some(person) => access::may_open(service, person, &parcel.collection).await,
        None => Ok(false),
    }
}

fn name_of(parcel: &Parcel) -> String {
    let newest = parcel.ids.last().copied().unwrap_or_default();
    format!("alert-{}-{newest}", parcel.alert)
}

async fn mail(
    service: &Service,
    address: &str,
    parcel: &Parcel,
    subscription: i64,
    email: &str,
) -> Result<Mail, Error> {
    let unsubscribe = format!("{address}/unsubscribe?token={}", unsubscribe_token(service, subscription));
    let mut text = String::new();
    for fired in &parcel.firings {
        text += &paragraph(service, address, parcel, fired).await?;
    }
    text += &format!(
        "--\nYou get this because you are subscribed to the alert \"{}\".\nNo more of it: {unsubscribe}\n",
        parcel.alert_name
    );
    Ok(Mail { to: email.to_owned(), subject: subject(parcel), text, id: name_of(parcel), unsubscribe })
}

fn subject(parcel: &Parcel) -> String {
    match parcel.firings.as_slice() {
        [one] => format!("{}: {}", parcel.alert_name, one.reason.told()),
        several => format!("{}: {} notices", parcel.alert_name, several.len()),
    }
}

async fn paragraph(service: &Service, address: &str, parcel: &Parcel, fired: &Fired) -> Result<String, Error> {
    let mut text = format!("{} UTC\n{}\n\n", fired.at.format("%Y-%m-%d %H:%M"), fired.reason.told());
    for row in store::tweets::by_ids(&service.store, &fired.samples).await? {
        let (author, time) = (author_of(&row), row.tweet.created_at.format("%Y-%m-%d %H:%M"));
        text += &format!("  {author}, {time} UTC\n  {}\n\n", excerpt(&row.tweet.text));
    }
    Ok(text + &format!("See them: {}\n\n", link(address, parcel, fired)))
}

fn link(address: &str, parcel: &Parcel, fired: &Fired) -> String {
    let path: String = url::form_urlencoded::byte_serialize(parcel.collection.as_bytes()).collect();
    format!("{address}/c/{path}?{}", fired.query)
}

/// Never a name or a handle: what is sent leaves Roost.
fn author_of(row: &Row) -> String {
    row.tweet.author.map_or_else(|| "unknown author".to_owned(), Pid::short)
}

/// The beginning of a text, in one line.
fn excerpt(text: &str) -> String {
    let line = text.chars().map(|character| if character.is_control() { ' ' } else { character });
    let mut excerpt: String = line.take(EXCERPT).collect();
    if text.chars().nth(EXCERPT).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// The body of a webhook. `text` is there for chat programs, which show it; the rest is for programs.
async fn body(service: &Service, address: &str, parcel: &Parcel) -> Result<String, Error> {
    let mut firings = Vec::with_capacity(parcel.firings.len());
    for fired in &parcel.firings {
        let rows = store::tweets::by_ids(&service.store, &fired.samples).await?;
        let samples = rows.iter().map(|row| {
            json!({
                "id": row.tweet.id,
                "author": row.tweet.author,
                "created_at": row.tweet.created_at.to_rfc3339(),
                "text": row.tweet.text,
            })
        });
        firings.push(json!({
            "at": fired.at.to_rfc3339(),
            "reason": fired.reason.told(),
            "count": fired.count,
            "all_clear": fired.all_clear,
            "url": link(address, parcel, fired),
            "samples": samples.collect::<Vec<_>>(),
        }));
    }
    let links = parcel.firings.iter().map(|fired| link(address, parcel, fired)).collect::<Vec<_>>().join("\n");
    let body = json!({
        "version": 1,
        "text": format!("{}\n{links}", subject(parcel)),
        "alert": { "id": parcel.alert.to_string(), "name": parcel.alert_name, "collection": parcel.collection },
        "firings": firings,
    });
    Ok(body.to_string())
}

/// Whoever holds it may end that one subscription, and nothing else.
fn unsubscribe_token(service: &Service, subscription: i64) -> String {
    let signature = service.store.vault().signature("unsubscribe", &subscription.to_string());
    format!("{subscription}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The subscription that a link in a mail ends. `None` if the link is not ours, or it has ended already.
pub async fn subscription_of(service: &Service, token: &str) -> Result<Option<Subscribed>, Error> {
    let parts = token
        .split_once('.')
        .and_then(|(id, signature)| Some((id.parse::<i64>().ok()?, URL_SAFE_NO_PAD.decode(signature).ok()?)));
    let Some((id, signature)) = parts else { return Ok(None) };
    if !service.store.vault().is_signature("unsubscribe", &id.to_string(), &signature) {
        return Ok(None);
    }
    Ok(subscriptions::find(&service.store, id).await?)
}
