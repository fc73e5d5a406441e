//! Identifiers. X's ids exceed 2^53, so they are strings wherever JSON or CSV is spoken.

use crate::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Milliseconds of X's epoch (2010-11-04T01:42:54.657Z), from which snowflake ids count.
const SNOWFLAKE_EPOCH_MS: i64 = 1_288_834_974_657;

/// The last of the ids before snowflakes: numbers in sequence, which hold no time.
const LAST_SEQUENCE: u64 = 29_700_859_247;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                parse_id(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

number_id! {
    /// The id of a tweet: a snowflake since 2010, which holds its creation time.
    TweetId
}
number_id! {
    /// The id of an X account. Personal data: it is sealed before anything is stored.
    UserId
}

/// Bits of a snowflake below its millisecond.
const SNOWFLAKE_LOW_BITS: u32 = 22;
/// The last millisecond that 63 bits can hold in X's way of counting.
const SNOWFLAKE_LAST_MS: i64 = i64::MAX >> SNOWFLAKE_LOW_BITS;

impl TweetId {
    /// The smallest id of the millisecond that holds `time`, in X's way of counting.
    pub fn first_at(time: Timestamp) -> Self {
        let ms = (time.0.div_euclid(1000) - SNOWFLAKE_EPOCH_MS).clamp(0, SNOWFLAKE_LAST_MS);
        Self(ms.unsigned_abs() << SNOWFLAKE_LOW_BITS)
    }

    /// The beginning of the millisecond in which the id was made, in X's way of counting: that of its epoch for ids from
    /// before.
    pub fn time(self) -> Timestamp {
        Timestamp::from_millis((self.0 >> SNOWFLAKE_LOW_BITS) as i64 + SNOWFLAKE_EPOCH_MS)
    }

    /// The creation time in the id, for snowflakes (tweets since 2010-11-04).
    pub fn snowflake_ms(self) -> Option<i64> {
        let ms = (self.0 >> SNOWFLAKE_LOW_BITS) as i64;
        (self.0 > LAST_SEQUENCE).then_some(ms + SNOWFLAKE_EPOCH_MS)
    }
}

/// Why a text is not an id, in words for the person who has the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    #[error("the id is empty")]
    Empty,
    #[error(
        "the id \"{0}\" was rounded by a spreadsheet (scientific notation); its last digits are lost. \
         Export again with the id column as text"
    )]
    Scientific(String),
    #[error("the id \"{0}\" is larger than any id of X (9223372036854775807)")]
    TooLarge(String),
    #[error("\"{0}\" is not an id (1 to 19 digits)")]
    NotAnId(String),
}

/// Up to here tools that take ids for floating point numbers (pandas, spreadsheets, JavaScript) keep all digits.
pub const EXACT_AS_FLOAT: u64 = 1 << 53;

/// Reads an X id: decimal digits only, never rounded or guessed. A fraction of zeros, as pandas writes it, may
/// follow a number that a float holds exactly.
fn parse_id(text: &str) -> Result<u64, BadId> {
    let digits = text.trim();
    if digits.is_empty() {
        return Err(BadId::Empty);
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 19 {
        let id = digits.parse().ok().filter(|id| i64::try_from(*id).is_ok());
        return id.ok_or_else(|| BadId::TooLarge(shorten(digits)));
    }
    if let Some(id) = whole_float(digits) {
        return Ok(id);
    }
    if is_fraction(digits) {
        return Err(BadId::Scientific(shorten(digits)));
    }
    Err(BadId::NotAnId(shorten(digits)))
}

/// `1.2E+18`, `12.5`, `1,5`: what programs for tables make of an id.
fn is_fraction(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let whole = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    let has_digits = (!whole.is_empty() || !fraction.is_empty()) && !exponent.is_empty();
    has_digits && [whole, fraction, exponent].into_iter().all(are_digits) && text.contains(['e', 'E', '.', ','])
}

/// `2244994945.0`, if it is exact.
fn whole_float(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.')?;
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    let digits = is_whole && whole.bytes().all(|byte| byte.is_ascii_digit());
    whole.parse().ok().filter(|id| digits && *id < EXACT_AS_FLOAT)
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The pseudonym of an author: 128 bits of a keyed hash of the account's id, as 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(pub [u8; 16]);

impl Pid {
    /// The first digits, for people: enough to tell the authors on one page apart.
    pub fn short(self) -> String {
        let hex = self.to_string();
        format!("{}·{}", &hex[..4], &hex[4..6])
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pid({self})")
    }
}

impl FromStr for Pid {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId::NotAnId(shorten(text));
        if text.len() != 32 || !text.is_ascii() {
            return Err(bad());
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| bad())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| bad())?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Pid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The number of a collection in this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CollectionId(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_json_as_a_string() {
        let id: TweetId = serde_json::from_str("\"570306133677760513\"").unwrap();
        assert_eq!(id, TweetId(570_306_133_677_760_513));
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"570306133677760513\"");
    }

    #[test]
    fn an_id_damaged_by_a_spreadsheet_is_named_as_such() {
        for damaged in ["5.70306E+17", "5.70306e17", "5,70306E+17", "570306133677760500.0"] {
            assert!(matches!(damaged.parse::<TweetId>(), Err(BadId::Scientific(_))), "{damaged}");
        }
        assert!(matches!("12ab".parse::<TweetId>(), Err(BadId::NotAnId(_))));
        assert!(matches!("-3".parse::<TweetId>(), Err(BadId::NotAnId(_))));
        assert_eq!(" ".parse::<TweetId>(), Err(BadId::Empty));
    }

    #[test]
    fn a_float_that_is_exact_is_its_id() {
        assert_eq!("2244994945.0".parse(), Ok(UserId(2_244_994_945)));
        assert!(matches!("9007199254740993.0".parse::<UserId>(), Err(BadId::Scientific(_))));
        assert!(matches!("12.5".parse::<UserId>(), Err(BadId::Scientific(_))));
        assert!(matches!("+12.0".parse::<UserId>(), Err(BadId::Scientific(_))));
    }

    #[test]
    fn an_id_has_63_bits() {
        assert_eq!("9223372036854775807".parse(), Ok(TweetId(i64::MAX as u64)));
        let error = "9223372036854775808".parse::<TweetId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the id \"9223372036854775808\" is larger than any id of X (9223372036854775807)"
        );
    }

    #[test]
    fn a_snowflake_holds_its_time() {
        // https://docs.x.com: this id was made at 2015-02-24T19:35:52.xxxZ
        assert_eq!(TweetId(570_306_133_677_760_513).snowflake_ms().map(|ms| ms / 1000), Some(1_424_806_552));
        assert_eq!(TweetId(20).snowflake_ms(), None);
    }

    #[test]
    fn a_pid_is_32_hex_digits() {
        let pid = Pid([0xab; 16]);
        assert_eq!(pid.to_string().parse::<Pid>(), Ok(pid));
        assert!("é".repeat(16).parse::<Pid>().is_err());
    }
}
