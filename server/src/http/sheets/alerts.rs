//! Alerts: the list, what can be done about each, and making one.

use super::Asked;
use crate::http::AppState;
use app::components::Here;
use app::sheets::alert_fields::AlertForm;
use app::sheets::alert_form::{Outlook, alert_form, webhook_told};
use app::sheets::alerts::{Alerts, alerts};
use app::url::{ExploreUrl, pairs};
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::account::Role;
use model::texts::alerts as say;
use model::view::SavedView;
use service::alerts::{self as use_cases, BackTest};
use service::{Error, collections, views};

/// The alerts that the person may see.
pub async fn show(asked: Asked, State(state): State<AppState>) -> Response {
    let found = async {
        let list = use_cases::list(&state.service, &asked.user).await?;
        Ok::<_, Error>((list, use_cases::troubles(&state.service).await?))
    };
    match found.await {
        Ok((list, troubles)) => {
            let shown = Alerts {
                alerts: &list,
                troubles: &troubles,
                mail: use_cases::sends_mail(&state.service),
                is_admin: asked.user.role == Role::Admin,
                now: state.service.now(),
            };
            asked.show(say::title(), alerts(&shown))
        }
        Err(error) => asked.refused(error),
    }
}

/// The form for a new alert on what the query describes, with when it would have fired.
pub async fn new(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    show_form(&asked, &state, &collection, &query.unwrap_or_default(), None).await
}

/// Saves the alert that the form's fields describe.
pub async fn save(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawForm(fields): RawForm,
) -> Response {
    let fields = String::from_utf8_lossy(&fields).into_owned();
    let query = ExploreUrl::parse(&collection, &fields).view_query();
    let saved = match AlertForm::parse(&pairs(&fields), None).alert(&query) {
        Ok(new) => use_cases::create(&state.service, &asked.user, &collection, new).await,
        Err(why) => Err(Error::Invalid(why)),
    };
    let id = match saved {
        Ok(id) => id,
        Err(Error::Internal) => return asked.refused(Error::Internal),
        Err(error) => return show_form(&asked, &state, &collection, &fields, Some(error.to_string())).await,
    };
    match use_cases::webhook_secret(&state.service, &asked.user, id).await {
        Ok(Some(secret)) => asked.show(say::saved(), webhook_told(secret)),
        Ok(None) => Redirect::to("/alerts").into_response(),
        Err(error) => asked.refused(error),
    }
}

async fn show_form(
    asked: &Asked,
    state: &AppState,
    collection: &str,
    fields: &str,
    refused: Option<String>,
) -> Response {
    let found = async {
        let collection = collections::find(&state.service, &asked.user, collection).await?;
        let views = views::list(&state.service, &asked.user, &collection.slug).await?;
        Ok::<_, Error>((collection, views))
    };
    let (collection, views) = match found.await {
        Ok(found) => found,
        Err(error) => return asked.refused(error),
    };
    let url = ExploreUrl::parse(&collection.slug, fields);
    let form = AlertForm::parse(&pairs(fields), unchanged_view(&url, &views));
    let back_test = look_back(asked, state, &url, &form).await;
    let here = Here::at(url, None);
    let outlook = Outlook {
        here: &here,
        views: &views,
        mail: use_cases::sends_mail(&state.service),
        webhooks: use_cases::sends_webhooks(&state.service),
        back_test: back_test.as_ref().map_err(Clone::clone),
        refused,
    };
    asked.show(say::new(), alert_form(&form, &outlook))
}

/// The view that is open, if the page still shows what it stands for.
fn unchanged_view(url: &ExploreUrl, views: &[SavedView]) -> Option<i64> {
    let open = views.iter().find(|view| Some(view.id) == url.view)?;
    let kept = ExploreUrl::parse(&url.collection, &open.query).view_query();
    (kept == url.view_query()).then_some(open.id)
}

/// When the alert would have fired, or why there is no telling.
async fn look_back(asked: &Asked, state: &AppState, url: &ExploreUrl, form: &AlertForm) -> Result<BackTest, String> {
    let (rule, pace) = (form.rule()?, form.pace()?);
    let watching = form.watching(&url.view_query());
    let found = async {
        let query = use_cases::query_of(&state.service, &asked.user, &url.collection, &watching).await?;
        use_cases::back_test(&state.service, &asked.user, &url.collection, &query, &rule, pace, form.days()).await
    };
    found.await.map_err(|error| error.to_string())
}

/// Does one thing about an alert, as the path says, and shows the list again.
pub async fn act(
    asked: Asked,
    State(state): State<AppState>,
    Path((id, action)): Path<(i64, String)>,
    RawForm(fields): RawForm,
) -> Response {
    let (service, user) = (&state.service, &asked.user);
    let fields = pairs(&String::from_utf8_lossy(&fields));
    let email = fields.into_iter().find(|(key, _)| key == "email").map(|(_, value)| value.trim().to_owned());
    let done = match action.as_str() {
        "pause" => use_cases::pause(service, user, id).await,
        "resume" => use_cases::resume(service, user, id).await,
        "delete" => use_cases::delete(service, user, id).await,
        "subscribe" => use_cases::subscribe(service, user, id, email.filter(|email| !email.is_empty())).await,
        "unsubscribe" => use_cases::unsubscribe(service, user.id, id).await,
        _ => Err(Error::NotFound(say::nothing_to_do().to_owned())),
    };
    match done {
        Ok(()) => Redirect::to("/alerts").into_response(),
        Err(error) => asked.refused(error),
    }
}
