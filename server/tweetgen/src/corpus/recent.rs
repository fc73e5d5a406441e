//! Plans of tweets that were looked at lately: most tweets refer to others, some to many.

use std::sync::Mutex;

use super::plan::Plan;

/// A power of two; each takes a hundred bytes.
const KEPT: usize = 1 << 14;

/// Who finds it in use computes anew: no answer waits for another.
pub struct Recent(Mutex<Vec<Option<Plan>>>);

impl Recent {
    pub fn new() -> Self {
        Self(Mutex::new(vec![None; KEPT]))
    }

    pub fn get_or_make(&self, ordinal: i64, make: impl FnOnce() -> Plan) -> Plan {
        let place = ordinal as usize % KEPT;
        let kept = self.0.try_lock().ok().and_then(|plans| plans[place]);
        if let Some(plan) = kept.filter(|plan| plan.ordinal == ordinal) {
            return plan;
        }
        let plan = make();
        if let Ok(mut plans) = self.0.try_lock() {
            plans[place] = Some(plan);
        }
        plan
    }
}
