//! Which credential fetches which schedule. The same input gives the same answer in whatever order it comes, and nobody
//! is moved without need.

use crate::share::ScheduleId;
use model::Timestamp;
use model::time::MINUTE;
use std::collections::BTreeMap;

/// Number of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(pub i64);

/// A window of X that is used up is over after 15 minutes; that is no reason to go elsewhere.
const PATIENCE: i64 = 20 * MINUTE;

/// A credential, at one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    /// Requests in X's window.
    pub limit: u32,
    pub standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Usable,
    /// Its window, its credits or its monthly cap are used up until then.
    ClosedUntil(Timestamp),
    /// X refuses it, until somebody sees to it.
    Refused,
}

impl Standing {
    /// Whether it is of use now, or will be as soon as a window of X that is used up is over.
    pub fn is_in_service(self, now: Timestamp) -> bool {
        match self {
            Self::Usable => true,
            Self::ClosedUntil(until) => until.0 <= now.0 + PATIENCE,
            Self::Refused => false,
        }
    }
}

/// A schedule that needs a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub schedule: ScheduleId,
    pub weight: u16,
    /// Those that it may use.
    pub allowed: Vec<CredentialId>,
    /// The one that it has.
    pub current: Option<CredentialId>,
}

/// A credential for each schedule that can have one.
///
/// Who has one that is in service keeps it. The others, the heaviest first, get the one with the least weight for its
/// limit. Where none is in service, a schedule waits with the one that it has, or for the one that opens first.
pub fn assign(needs: &[Need], credentials: &[Credential], now: Timestamp) -> BTreeMap<ScheduleId, CredentialId> {
    let is_in_service = |credential: &Credential| credential.standing.is_in_service(now);
    let mut assigned = BTreeMap::new();
    let mut loads: BTreeMap<CredentialId, u64> = BTreeMap::new();
    let mut give = |need: &Need, credential: CredentialId, loads: &mut BTreeMap<CredentialId, u64>| {
        assigned.insert(need.schedule, credential);
        *loads.entry(credential).or_default() += u64::from(need.weight.max(1));
    };
    let current = |need: &Need| {
        let may_keep =
            |credential: &&Credential| Some(credential.id) == need.current && need.allowed.contains(&credential.id);
        credentials.iter().find(may_keep)
    };
    let (keep, mut others): (Vec<&Need>, Vec<&Need>) =
        needs.iter().partition(|need| current(need).is_some_and(is_in_service));
    keep.iter().filter_map(|need| Some((need, current(need)?))).for_each(|(need, own)| give(need, own.id, &mut loads));
    others.sort_by_key(|need| (std::cmp::Reverse(need.weight), need.schedule));
    for need in others {
        let load = |credential: &Credential| {
            let weight = loads.get(&credential.id).copied().unwrap_or_default() + u64::from(need.weight.max(1));
            // Exact, and without a fraction: the weight of each millionth of a request.
            weight * 1_000_000 / u64::from(credential.limit.max(1))
        };
        let allowed = || credentials.iter().filter(|credential| need.allowed.contains(&credential.id));
        let serving = allowed().filter(|credential| is_in_service(credential));
        let opens = |credential: &Credential| match credential.standing {
            Standing::ClosedUntil(until) => Some((until, credential.id)),
            Standing::Usable | Standing::Refused => None,
        };
        let best = serving.min_by_key(|credential| (load(credential), credential.id)).map(|credential| credential.id);
        let own = current(need).filter(|own| own.standing != Standing::Refused).map(|own| own.id);
        let first_open = || allowed().filter_map(opens).min().map(|(_, id)| id);
        if let Some(credential) = best.or(own).or_else(first_open) {
            give(need, credential, &mut loads);
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::DAY;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_795_435_200_000_000);

    fn credential(id: i64, standing: Standing) -> Credential {
        Credential { id: CredentialId(id), limit: 450, standing }
    }

    fn need(schedule: i64, weight: u16, current: Option<i64>) -> Need {
        let allowed = vec![CredentialId(1), CredentialId(2), CredentialId(3)];
        Need { schedule: ScheduleId(schedule), weight, allowed, current: current.map(CredentialId) }
    }

    fn given(needs: &[Need], credentials: &[Credential]) -> Vec<i64> {
        assign(needs, credentials, NOW).into_values().map(|credential| credential.0).collect()
    }

    #[test]
    fn schedules_are_spread_by_weight_and_limit() {
        let credentials =
            [credential(1, Standing::Usable), Credential { limit: 150, ..credential(2, Standing::Usable) }];
        let needs = [need(1, 1, None), need(2, 3, None), need(3, 1, None), need(4, 1, None)];
        assert_eq!(given(&needs, &credentials), [2, 1, 1, 1]);
    }

    #[test]
    fn a_window_that_is_used_up_moves_nobody_but_a_monthly_cap_does() {
        let needs = [need(1, 1, Some(1)), need(2, 1, Some(1))];
        let closed =
            |micros| [credential(1, Standing::ClosedUntil(Timestamp(NOW.0 + micros))), credential(2, Standing::Usable)];
        assert_eq!(given(&needs, &closed(10 * MINUTE)), [1, 1]);
        assert_eq!(given(&needs, &closed(10 * DAY)), [2, 2]);
        let moved = [need(1, 1, Some(2)), need(2, 1, Some(2))];
        let open_again = [credential(1, Standing::Usable), credential(2, Standing::Usable)];
        assert_eq!(given(&moved, &open_again), [2, 2], "and stays");
    }

    #[test]
    fn where_none_serves_it_waits_for_its_own_or_for_the_first_that_opens() {
        let later = |days| Standing::ClosedUntil(Timestamp(NOW.0 + days * DAY));
        let credentials = [credential(1, later(9)), credential(2, later(3)), credential(3, Standing::Refused)];
        assert_eq!(given(&[need(1, 1, Some(1)), need(2, 1, Some(3)), need(3, 1, None)], &credentials), [1, 2, 2]);
        assert!(given(&[need(1, 1, Some(3))], &[credential(3, Standing::Refused)]).is_empty());
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter_and_nobody_moves_without_need(
            drawn in prop::collection::vec((1_u16..9, prop::option::of(1_i64..4)), 1..12),
            standings in prop::collection::vec(0_u8..3, 3), turn in 0_usize..12,
        ) {
            let standing = |kind: u8| match kind {
                0 => Standing::Usable,
                1 => Standing::ClosedUntil(Timestamp(NOW.0 + DAY)),
                _ => Standing::Refused,
            };
            let mut credentials: Vec<Credential> =
                standings.iter().enumerate().map(|(number, kind)| credential(number as i64 + 1, standing(*kind))).collect();
            let mut needs: Vec<Need> =
                drawn.iter().enumerate().map(|(number, (weight, current))| need(number as i64, *weight, *current)).collect();
            let first = assign(&needs, &credentials, NOW);
            for need in &needs {
                let own = credentials.iter().find(|credential| Some(credential.id) == need.current);
                if own.is_some_and(|own| own.standing == Standing::Usable) {
                    prop_assert_eq!(first.get(&need.schedule), need.current.as_ref());
                }
            }
            let turn = turn % needs.len();
            needs.rotate_left(turn);
            credentials.reverse();
            prop_assert_eq!(&first, &assign(&needs, &credentials, NOW));
            needs.iter_mut().for_each(|need| need.current = first.get(&need.schedule).copied());
            prop_assert_eq!(&first, &assign(&needs, &credentials, NOW), "a second time changes nothing");
        }
    }
}
