//! The web server: which path is answered by what, and what stands before every answer.

mod accounts;
mod assets;
mod client;
pub mod connections;
mod exports;
mod health;
mod language;
mod layers;
mod links;
mod pages;
mod session;
mod settings;
mod sheets;

use crate::config::Config;
use axum::Router;
use axum::extract::FromRef;
use axum::http::{HeaderMap, header::HOST};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use leptos::config::LeptosOptions;
use leptos_axum::LeptosRoutes;
use service::Service;

/// What the handlers share.
#[derive(Clone, FromRef)]
pub struct AppState {
    service: Service,
    leptos: LeptosOptions,
    site: app::site::SitePkg,
    installation: app::site::Installation,
    cookies: session::Cookies,
    proxies: client::TrustedProxies,
    public_url: Option<url::Url>,
}

impl AppState {
    /// The address of this site, without a slash at its end: the configured one, or the one that was asked.
    fn address(&self, headers: &HeaderMap) -> String {
        let asked = || headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost").to_owned();
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}", asked()),
        }
    }
}

/// Every route there is.
pub fn router(config: &Config, service: Service) -> anyhow::Result<Router> {
    let site = config.site_folder()?;
    let state = AppState {
        service,
        leptos: LeptosOptions::builder().output_name("roost").build(),
        site: assets::manifest(&site)?,
        installation: app::site::Installation {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            landscape: config.landscape.clone(),
        },
        cookies: session::Cookies { secure: config.is_https() },
        proxies: client::TrustedProxies(config.trusted_proxies),
        public_url: config.public_url.clone(),
    };
    let routes = leptos_axum::generate_route_list(app::App);
    let pages = Router::new()
        .leptos_routes_with_context(&state, routes, pages::context(state.clone()), app::shell)
        .route_layer(from_fn_with_state(state.clone(), pages::prepare));

    let router = Router::new()
        // for everybody
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/sign-in", get(sheets::gate::show_sign_in).post(accounts::sign_in))
        .route("/setup", get(sheets::gate::show_setup).post(links::setup))
        .route("/settings", post(settings::choose))
        .route("/welcome", get(links::welcome).post(links::sign_in_once))
        .route("/unsubscribe", get(sheets::unsubscribe::show).post(sheets::unsubscribe::end))
        .merge(assets::router(&site))
        // for whoever is signed in; each function checks it
        .route("/", get(sheets::collections::show))
        .route("/sign-out", post(accounts::sign_out))
        .route("/zone", get(sheets::zone::show))
        .route("/c/{collection}/export", get(sheets::exports::show).post(sheets::exports::begin))
        .route("/c/{collection}/export/offer", post(sheets::exports::offer))
        .route("/exports", get(sheets::exports::list))
        .route("/exports/{id}/cancel", post(sheets::exports::cancel))
        .route("/exports/{id}/see", post(sheets::exports::see))
        .route("/exports/{id}/file", get(sheets::exports::file))
        .route("/exports/{id}/about.json", get(sheets::exports::about))
        .route("/c/{collection}/views", get(sheets::views::show).post(sheets::views::create))
        .route("/c/{collection}/views/new", get(sheets::views::show_new))
        .route("/c/{collection}/views/{id}", get(sheets::views::show_one).post(sheets::views::manage))
        .route("/c/{collection}/views/{id}/save", post(sheets::views::save_over))
        .route("/c/{collection}/views/{id}/delete", post(sheets::views::delete))
        .route("/c/{collection}/access", get(sheets::access::show).post(sheets::access::save))
        .route("/c/{collection}/share", get(sheets::share::show).post(sheets::share::shorten))
        .route("/c/{collection}/selection", get(sheets::selection::show))
        .route("/c/{collection}/selection/tag", post(sheets::selection::tag))
        .route("/c/{collection}/tweet/{id}", get(sheets::selection::show_one))
        .route("/c/{collection}/tweet/{id}/annotate/{act}", post(sheets::selection::annotate))
        .route("/c/{collection}/tweet/{id}/metrics.csv", get(sheets::selection::metrics))
        .route("/c/{collection}/explain", get(sheets::explain::show))
        .route("/c/{collection}/plots", get(sheets::plots::show))
        .route("/c/{collection}/bars", get(sheets::plots::bars))
        .route("/c/{collection}/plot.svg", get(sheets::plots::svg))
        .route("/c/{collection}/plot.csv", get(sheets::plots::csv))
        .route("/c/{collection}/column", get(sheets::column::show))
        .route("/c/{collection}/alerts/new", get(sheets::alerts::new))
        .route("/c/{collection}/alerts", post(sheets::alerts::save))
        .route("/alerts", get(sheets::alerts::show))
        .route("/alerts/{id}/{action}", post(sheets::alerts::act))
        .route("/boards", get(sheets::boards::list).post(sheets::boards::create))
        .route("/boards/{id}", get(sheets::boards::show))
        .route("/boards/{id}/add", get(sheets::boards::add))
        .route("/boards/{id}/panels", post(sheets::boards::add_panel))
        .route("/boards/{id}/{action}", post(sheets::boards::act))
        .route("/boards/{id}/panels/{panel}/{action}", post(sheets::boards::act_on_panel))
        .route("/notices", get(sheets::notices::show))
        .route("/notices/read", post(sheets::notices::read))
        .route("/notices/{id}/open", post(sheets::notices::open))
        .route("/s/{code}", get(sheets::share::follow))
        .route("/marks.css", get(sheets::selection::style))
        .route("/gate.css", get(sheets::gate::style))
        // for analysts and admins; to others it is not there
        .route("/sql", get(sheets::sql::show).post(sheets::sql::run))
        .route("/sql.js", get(sheets::sql::script))
        .route("/sql.css", get(sheets::sql::style))
        // for admins; to others it is not there
        .route("/credentials", get(sheets::credentials::show))
        .route("/credentials.css", get(sheets::credentials::style))
        .route("/credentials/{id}/tier", post(sheets::credentials::set_tier))
        .route("/limits", post(sheets::credentials::set_limit))
        .route("/pipeline", get(sheets::pipeline::show))
        .route("/pipeline.css", get(sheets::pipeline::style))
        .route("/runs/{run}/log", get(sheets::pipeline::run_log))
        .route("/schedules/{id}", get(sheets::schedule::show))
        .route("/schedules/{id}/runs/{run}/cancel", post(sheets::schedule::cancel))
        .route("/schedule.css", get(sheets::schedule::style))
        .route("/pipeline/quarantine/{last_id}/{action}", post(sheets::pipeline::act))
        // in development
        .route("/dev/gallery", get(sheets::gallery::show))
        .route("/dev/gallery.css", get(sheets::gallery::style))
        .merge(pages)
        .fallback(sheets::nowhere)
        .with_state(state.clone());
    layers::around(router, &state, config)
}
