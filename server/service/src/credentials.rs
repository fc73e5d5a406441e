//! Credentials for the X API: entered, seen without their secrets, and given to schedules.

use crate::fetch::client::{self, egress};
use crate::{Error, Service, limits, schedules};
pub use model::credential::{Credential, Kind};
use secrecy::{ExposeSecret, SecretString};
use source::auth::oauth2::{self, App, Consent};
pub use store::credentials::{Keys, Secret, Tokens};
use url::Url;

/// No name of a credential is longer, in letters.
const LONGEST_NAME: usize = 100;
/// No part of a secret is longer, in bytes.
const LONGEST_SECRET: usize = 4096;

/// Seals a credential under a name, in place of an earlier one of that name. Returns its number.
///
/// # Errors
/// `Invalid`, without the secret, where something cannot be what X or the developer portal shows.
pub async fn save(service: &Service, name: &str, base_url: &str, secret: impl Into<Secret>) -> Result<i64, Error> {
    let secret = secret.into();
    let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if !is_name {
        return Err(Error::Invalid(format!("a credential needs a name, of {LONGEST_NAME} letters at most")));
    }
    egress(service, base_url).map_err(refused)?;
    for (part, value) in parts(&secret) {
        check(part, value.expose_secret())?;
    }
    if let Secret::Oauth2 { client_id, tokens, .. } = &secret {
        check("client id", client_id)?;
        let is_over = tokens.access.expose_secret().is_empty() || tokens.expires_at <= service.now();
        if is_over && tokens.refresh.is_none() {
            let what = "the refresh token is missing: without it, an access token is needed that has not ended";
            return Err(Error::Invalid(what.to_owned()));
        }
    }
    Ok(store::credentials::save(&service.store, name, base_url, secret, service.now()).await?)
}

/// All that there are, by name.
pub async fn list(service: &Service) -> Result<Vec<Credential>, Error> {
    Ok(store::credentials::list(&service.store).await?)
}

/// Says which access tier was bought for a credential; `by` is who says so, none where it is a command. What may be asked
/// follows within a second, unless X said it itself.
///
/// # Errors
/// `NotFound` where there is no such tier or credential.
pub async fn set_tier(service: &Service, credential: i64, tier: &str, by: Option<i64>) -> Result<(), Error> {
    limits::check_tier(&limits::list(service).await?, tier)?;
    match store::credentials::set_tier(&service.store, credential, tier, by, service.now()).await? {
        true => Ok(()),
        false => Err(Error::NotFound(format!("there is no credential {credential}"))),
    }
}

/// Says which credentials may fetch a schedule, in place of what was said before. The one that does now goes on if it is
/// among them and in service; if not, the process that fetches with it hands the schedule over.
///
/// # Errors
/// `NotFound` and `Invalid` where one could not.
pub async fn allow(service: &Service, schedule: i64, credentials: &[i64]) -> Result<(), Error> {
    let found = schedules::list(service).await?.into_iter().find(|known| known.id == schedule);
    let schedule = found.ok_or_else(|| Error::NotFound(format!("there is no schedule {schedule}")))?;
    let known = list(service).await?;
    let find = |id: &i64| known.iter().find(|known| known.id == *id);
    let mut address = None;
    for id in credentials {
        let Some(credential) = find(id) else { return Err(Error::NotFound(format!("there is no credential {id}"))) };
        if !client::may_fetch(credential.kind, &schedule.reads) {
            let name = &credential.name;
            return Err(Error::Invalid(format!("X takes no credential of the kind of \"{name}\" for this schedule")));
        }
        if *address.get_or_insert(&credential.base_url) != &credential.base_url {
            let what = "all credentials of a schedule must be for the same address: others have other tweets";
            return Err(Error::Invalid(what.to_owned()));
        }
    }
    Ok(store::assignments::allow(&service.store, schedule.id, credentials).await?)
}

/// A person's consent that is asked for (OAuth 2.0).
pub struct Asked {
    egress: source::Egress,
    app: App,
    consent: Consent,
}

impl Asked {
    /// Where the person's browser is to go.
    pub fn url(&self) -> &Url {
        &self.consent.url
    }
}

/// Asks for a person's consent. `redirect_uri` is one that the developer portal has for the app.
///
/// # Errors
/// `Invalid` where the address is none of X.
pub fn ask_consent(
    service: &Service,
    base_url: &str,
    client_id: &str,
    client_secret: Option<SecretString>,
    redirect_uri: &str,
) -> Result<Asked, Error> {
    let egress = egress(service, base_url).map_err(refused)?;
    let app = App { client_id: client_id.to_owned(), client_secret, redirect_uri: redirect_uri.to_owned() };
    let consent = oauth2::ask_consent(&egress, &app).map_err(refused)?;
    Ok(Asked { egress, app, consent })
}

/// What the person allowed, from the address that their browser came back to. X gives it half a minute, and one try.
///
/// # Errors
/// `Invalid` where the person did not consent, or X does not take it.
pub async fn consented(asked: Asked, returned: &SecretString) -> Result<Secret, Error> {
    let returned = Url::parse(returned.expose_secret().trim());
    let returned = returned.map_err(|_| Error::Invalid("that is no address: copy all of it".to_owned()))?;
    let find =
        |name: &str| returned.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    let Some((state, code)) = find("state").zip(find("code")) else {
        return Err(Error::Invalid("the address has no code: the person did not consent, or it is another".to_owned()));
    };
    let Asked { egress, app, consent } = asked;
    let code = SecretString::from(code);
    let oauth2::Tokens { access, refresh, expires_at } =
        oauth2::exchange(&egress, &app, &consent.pending, &state, &code).await.map_err(refused)?;
    let tokens = Tokens { access, refresh, expires_at };
    Ok(Secret::Oauth2 { client_id: app.client_id, client_secret: app.client_secret, tokens })
}

fn refused(error: source::SourceError) -> Error {
    Error::Invalid(error.to_string())
}

/// The parts of a secret that must be there, by what they are called.
fn parts(secret: &Secret) -> Vec<(&'static str, &SecretString)> {
    match secret {
        Secret::Bearer(token) => vec![("bearer token", token)],
        Secret::Oauth1(Keys { key, secret, token, token_secret }) => {
            vec![
                ("API key", key),
                ("API key secret", secret),
                ("access token", token),
                ("access token secret", token_secret),
            ]
        }
        Secret::Oauth2 { client_secret, tokens, .. } => {
            let access = (!tokens.access.expose_secret().is_empty()).then_some(("access token", &tokens.access));
            let client_secret = client_secret.as_ref().map(|secret| ("client secret", secret));
            let refresh = tokens.refresh.as_ref().map(|refresh| ("refresh token", refresh));
            [access, client_secret, refresh].into_iter().flatten().collect()
        }
    }
}

/// What is wrong is said without a letter of the secret.
fn check(part: &str, value: &str) -> Result<(), Error> {
    let wrong = if value.is_empty() {
        "is missing"
    } else if value.len() > LONGEST_SECRET {
        "is longer than any of X's"
    } else if !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) || value.trim() != value {
        "has letters that none of X's has: copy it anew, without what stands around it"
    } else if value.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        "begins with the word Bearer: leave that out"
    } else {
        return Ok(());
    };
    Err(Error::Invalid(format!("the {part} {wrong}")))
}
