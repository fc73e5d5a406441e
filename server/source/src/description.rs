//! `GET /2/openapi.json`: X's own description of its API, which everyone may read.

use crate::endpoint::OPENAPI;
use crate::request::Request;

pub fn openapi() -> Request {
    Request::new(&OPENAPI)
}
