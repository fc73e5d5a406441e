use model::Timestamp;
use model::time::SECOND;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Mutex;

/// Tries from one address: a few at once, then one now and then.
const PER_ADDRESS: Rate = Rate { burst: 5, every: 20 * SECOND };
/// Tries for one account: looser, so that nobody can lock another out.
const PER_ACCOUNT: Rate = Rate { burst: 20, every: 30 * SECOND };
/// Addresses and accounts that are remembered; beyond, those that are full again are forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Clone, Copy)]
struct Rate {
    burst: i64,
    /// Microseconds until one more try is allowed.
    every: i64,
}

/// Slows down those who guess passwords.
#[derive(Default)]
pub(super) struct Throttle {
    addresses: Buckets<IpAddr>,
    accounts: Buckets<String>,
}

impl Throttle {
    /// Whether one more try is allowed now. It counts as one.
    pub(super) fn allow(&self, from: IpAddr, account: &str, now: Timestamp) -> bool {
        self.addresses.take(network(from), PER_ADDRESS, now) && self.accounts.take(account.to_owned(), PER_ACCOUNT, now)
    }
}

/// Whoever has one IPv6 address has a whole /64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
    }
}

/// For each key the time at which its bucket will be full again.
struct Buckets<K>(Mutex<HashMap<K, i64>>);

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Buckets<K> {
    fn take(&self, key: K, rate: Rate, now: Timestamp) -> bool {
        let Ok(mut full_at) = self.0.lock() else { return false };
        if full_at.len() > REMEMBERED {
            full_at.retain(|_, time| *time > now.0);
        }
        let time = full_at.get(&key).copied().unwrap_or(0).max(now.0) + rate.every;
        let allowed = time <= now.0 + rate.burst * rate.every;
        if allowed {
            full_at.insert(key, time);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_at_once_and_one_more_every_twenty_seconds() {
        let throttle = Throttle::default();
        let from: IpAddr = "192.0.2.1".parse().unwrap();
        let at = |seconds: i64| Timestamp::from_seconds(1_000_000 + seconds);
        for attempt in 0..5 {
            assert!(throttle.allow(from, &format!("account {attempt}"), at(0)));
        }
        assert!(!throttle.allow(from, "another", at(0)));
        assert!(!throttle.allow(from, "another", at(19)));
        assert!(throttle.allow(from, "another", at(20)));
        assert!(!throttle.allow(from, "another", at(20)));
        assert!(throttle.allow("192.0.2.2".parse().unwrap(), "another", at(20)));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let throttle = Throttle::default();
        let at = Timestamp::from_seconds(1_000_000);
        for host in 1..=5 {
            assert!(throttle.allow(format!("2001:db8::{host}").parse().unwrap(), "a", at));
        }
        assert!(!throttle.allow("2001:db8::6".parse().unwrap(), "a", at));
        assert!(throttle.allow("2001:db8:0:1::6".parse().unwrap(), "a", at));
    }
}
