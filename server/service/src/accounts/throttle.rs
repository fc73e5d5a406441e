use model::Timestamp;
use model::time::SECOND;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;

/// Tries from one address: a few at once, then one now and then.
const PER_ADDRESS: Rate = Rate { burst: 5, every: 20 * SECOND };
/// Tries for one account: more than one address has, so that no single one can lock another person out.
const PER_ACCOUNT: Rate = Rate { burst: 20, every: 8 * SECOND };
/// Addresses and accounts that are remembered, at most. Beyond, whoever tried longest ago is forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Clone, Copy)]
struct Rate {
    burst: i64,
    /// Microseconds until one more try is allowed.
    every: i64,
}

/// Slows down those who guess passwords and links.
#[derive(Default)]
pub(super) struct Throttle {
    addresses: Buckets,
    accounts: Buckets,
}

impl Throttle {
    /// Whether one more try for the account is allowed now. It counts as one.
    pub(super) fn allow(&self, from: IpAddr, account: &str, now: Timestamp) -> bool {
        self.allow_address(from, now) && self.accounts.take(account, PER_ACCOUNT, now)
    }

    /// Whether the address may try anything now. It counts as one try.
    pub(super) fn allow_address(&self, from: IpAddr, now: Timestamp) -> bool {
        self.addresses.take(network(from), PER_ADDRESS, now)
    }
}

/// Whoever has one IPv6 address has a whole /64 of them. An IPv4 address is one, also where it is written as IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

/// For each key the time at which its bucket will be full again. Of keys only a hash is kept, so that none is longer
/// than another; it is secret, so that nobody can aim for another's bucket.
#[derive(Default)]
struct Buckets {
    full_at: Mutex<HashMap<u64, i64>>,
    hasher: RandomState,
}

impl Buckets {
    fn take(&self, key: impl Hash, rate: Rate, now: Timestamp) -> bool {
        let key = self.hasher.hash_one(key);
        let Ok(mut full_at) = self.full_at.lock() else { return false };
        let time = full_at.get(&key).copied().unwrap_or(0).max(now.0) + rate.every;
        let allowed = time <= now.0 + rate.burst * rate.every;
        if allowed {
            if full_at.len() >= REMEMBERED && !full_at.contains_key(&key) {
                make_room(&mut full_at, now);
            }
            full_at.insert(key, time);
        }
        allowed
    }
}

/// Forgets buckets that are full again; if there are none, the quarter that will be so first.
fn make_room(full_at: &mut HashMap<u64, i64>, now: Timestamp) {
    full_at.retain(|_, time| *time > now.0);
    if full_at.len() >= REMEMBERED {
        let mut times: Vec<i64> = full_at.values().copied().collect();
        let (_, quarter, _) = times.select_nth_unstable(REMEMBERED / 4);
        let quarter = *quarter;
        full_at.retain(|_, time| *time > quarter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_000_000 + seconds)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn five_tries_at_once_and_one_more_every_twenty_seconds() {
        let throttle = Throttle::default();
        let from = address("192.0.2.1");
        for attempt in 0..5 {
            assert!(throttle.allow(from, &format!("account {attempt}"), at(0)));
        }
        assert!(!throttle.allow(from, "another", at(0)));
        assert!(!throttle.allow(from, "another", at(19)));
        assert!(throttle.allow(from, "another", at(20)));
        assert!(!throttle.allow(from, "another", at(20)));
        assert!(throttle.allow(address("192.0.2.2"), "another", at(20)));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let throttle = Throttle::default();
        for host in 1..=5 {
            assert!(throttle.allow(address(&format!("2001:db8::{host}")), "a", at(0)));
        }
        assert!(!throttle.allow(address("2001:db8::6"), "a", at(0)));
        assert!(throttle.allow(address("2001:db8:0:1::6"), "a", at(0)));
    }

    #[test]
    fn ipv4_addresses_are_told_apart_where_all_are_written_as_ipv6() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert!(throttle.allow(address("::ffff:192.0.2.1"), "a", at(0)));
        }
        assert!(!throttle.allow(address("192.0.2.1"), "a", at(0)));
        assert!(throttle.allow(address("::ffff:192.0.2.2"), "a", at(0)));
    }

    #[test]
    fn one_foreign_address_that_never_stops_locks_nobody_out() {
        let throttle = Throttle::default();
        for second in 0..7200 {
            throttle.allow(address("192.0.2.66"), "ann", at(second));
            if second % 600 == 599 {
                assert!(throttle.allow(address("192.0.2.1"), "ann", at(second)), "after {second} s");
            }
        }
    }

    #[test]
    fn many_addresses_take_no_more_memory_than_allowed_and_the_most_eager_stay_known() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.allow_address(address("192.0.2.1"), at(0));
        }
        for number in 0..3 * REMEMBERED as u32 {
            assert!(throttle.allow_address(IpAddr::from(0x0a00_0000_u32.wrapping_add(number).to_be_bytes()), at(1)));
            assert!(throttle.addresses.full_at.lock().unwrap().len() <= REMEMBERED);
        }
        assert!(!throttle.allow_address(address("192.0.2.1"), at(2)));
    }
}
