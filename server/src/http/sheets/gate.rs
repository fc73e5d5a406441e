//! The ways in, for those who are not signed in.

use super::{Anybody, own_file};
use app::sheets::gate::Problem;
use app::sheets::{setup, sign_in};
use app::site::local_path;
use axum::extract::Query;
use axum::response::Response;
use model::texts::gate as say;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Gate {
    #[serde(default)]
    next: String,
    #[serde(default)]
    token: String,
    error: Option<String>,
}

impl Gate {
    fn problem(&self) -> Option<Problem> {
        self.error.as_deref().map(Problem::named)
    }
}

/// What only these pages look like.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/gate.css"))
}

/// The form to sign in.
pub async fn show_sign_in(Query(gate): Query<Gate>, anybody: Anybody) -> Response {
    let form = sign_in(local_path(&gate.next), gate.problem());
    anybody.gate(say::sign_in(), form)
}

/// The form that makes the first admin.
pub async fn show_setup(Query(gate): Query<Gate>, anybody: Anybody) -> Response {
    let form = setup(&gate.token, gate.problem());
    anybody.gate(say::set_up_title(), form)
}
