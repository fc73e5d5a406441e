use model::Timestamp;
use reqwest::header::HeaderMap;

/// What X says of its limits with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests in a window of 15 minutes.
    pub limit: u32,
    /// Requests left in this window.
    pub remaining: u32,
    /// When the next window begins.
    pub reset: Timestamp,
}

impl RateLimits {
    /// Reads `x-rate-limit-*`; X sometimes leaves them out.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        Some(Self {
            limit: u32::try_from(number("x-rate-limit-limit")?).ok()?,
            remaining: u32::try_from(number("x-rate-limit-remaining")?).ok()?,
            reset: Timestamp::from_seconds(number("x-rate-limit-reset")?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_or_absent_but_never_guessed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-rate-limit-limit", "450".parse().unwrap());
        headers.insert("x-rate-limit-remaining", "449".parse().unwrap());
        assert_eq!(RateLimits::from_headers(&headers), None);
        headers.insert("x-rate-limit-reset", "1795420800".parse().unwrap());
        let limits = RateLimits::from_headers(&headers).unwrap();
        assert_eq!((limits.limit, limits.remaining, limits.reset), (450, 449, Timestamp::from_seconds(1_795_420_800)));
    }
}
