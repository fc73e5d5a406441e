//! The browser's files. Their names hold a hash of their content, so browsers keep them for good.

use anyhow::Context;
use app::site::SitePkg;
use axum::Router;
use axum::http::{HeaderValue, header};
use std::path::Path;
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// The names of the files, as the build wrote them down.
pub fn manifest(site: &Path) -> anyhow::Result<SitePkg> {
    let path = site.join("manifest.json");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: build the browser's files with `make build`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged: run `make build`", path.display()))
}

/// Serves them, compressed beforehand.
pub fn router<S: Clone + Send + Sync + 'static>(site: &Path) -> Router<S> {
    let cached = |value| SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(value));
    let pkg = ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip();
    let pkg = ServiceBuilder::new().layer(cached("public, max-age=31536000, immutable")).service(pkg);
    let file = |name: &str| {
        ServiceBuilder::new().layer(cached("public, max-age=86400")).service(ServeFile::new(site.join(name)))
    };
    Router::new()
        .nest_service("/pkg", pkg)
        .route_service("/favicon.svg", file("favicon.svg"))
        .route_service("/robots.txt", file("robots.txt"))
}
