//! From where a request comes, with or without proxies in between.

use super::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{HeaderMap, StatusCode, request::Parts};
use std::net::{IpAddr, SocketAddr};

/// The address of whoever asks.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// How many proxies stand before Roost. Each adds to `x-forwarded-for` the address from which it was asked; what
/// stands before those is what a client says of itself, and worth nothing.
#[derive(Clone, Copy, Debug)]
pub struct TrustedProxies(pub u8);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, StatusCode> {
        let peer = ConnectInfo::<SocketAddr>::from_request_parts(parts, state).await;
        let ConnectInfo(peer) = peer.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok(Self(client_of(&parts.headers, peer.ip(), state.proxies)))
    }
}

/// The address that the outermost of our own proxies saw. Where the header is not as they would write it, the peer.
fn client_of(headers: &HeaderMap, peer: IpAddr, TrustedProxies(proxies): TrustedProxies) -> IpAddr {
    let Some(hops) = usize::from(proxies).checked_sub(1) else { return peer };
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    entries.iter().rev().nth(hops).and_then(|entry| address(entry.trim())).unwrap_or(peer)
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: u8, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        client_of(&headers, "127.0.0.1".parse().unwrap(), TrustedProxies(proxies)).to_string()
    }

    #[test]
    fn without_proxies_nobody_can_say_who_they_are() {
        assert_eq!(client(0, &["192.0.2.66"]), "127.0.0.1");
    }

    #[test]
    fn hops_are_counted_from_the_right() {
        assert_eq!(client(1, &["203.0.113.9, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(client(2, &["203.0.113.9, 192.0.2.1", "10.0.0.7"]), "192.0.2.1");
        assert_eq!(client(1, &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(client(1, &["192.0.2.1:4711"]), "192.0.2.1");
    }

    #[test]
    fn a_header_that_is_missing_or_wrong_leaves_the_peer() {
        for lines in [&[][..], &["unknown"], &[""]] {
            assert_eq!(client(1, lines), "127.0.0.1", "{lines:?}");
        }
        assert_eq!(client(2, &["192.0.2.1"]), "127.0.0.1");
    }
}
