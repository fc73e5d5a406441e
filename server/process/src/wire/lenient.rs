//! Fields that never fail: a value of an unexpected type reads as absent, so that one odd field loses no tweet.

use model::id::EXACT_AS_FLOAT;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor, value},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A text, or a number in its place (ids are seen as both). NUL, which no text has and PostgreSQL does not take,
/// is replaced by U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a>(pub Option<Cow<'a, str>>);

/// A count, or a text of digits in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Number(pub Option<u64>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub Option<bool>);

/// Whether a field is there and not null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present(pub bool);

/// An object.
#[derive(Clone, Debug, Default)]
pub struct Obj<T>(pub Option<T>);

/// A list; a single value counts as a list of one (R unboxes those, and writes `{}` for an empty list).
#[derive(Clone, Debug)]
pub struct List<T>(pub Vec<T>);

/// A list of objects as they came.
#[derive(Clone, Debug, Default)]
pub struct RawList<'a>(pub Vec<&'a RawValue>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl Text<'_> {
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The text unless it is empty.
    pub fn filled(&self) -> Option<&str> {
        self.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    pub fn parse<T: std::str::FromStr>(&self) -> Option<T> {
        self.as_str()?.parse().ok()
    }

    pub fn owned(&self) -> Option<String> {
        self.filled().map(str::to_owned)
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }

    /// Whether it may have been a number in the JSON: only those, and texts with escapes, are not borrowed.
    pub fn may_be_number(&self) -> bool {
        matches!(self.0, Some(Cow::Owned(_)))
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Some(if text.contains('\0') { without_nul(text).into() } else { text.into() }))
    }
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl<T> List<Obj<T>> {
    pub fn objects(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter_map(|item| item.0.as_ref())
    }
}

impl List<Text<'_>> {
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(Text::filled)
    }
}

/// Visitor methods for values of other types: read past them, then give `$value`.
macro_rules! otherwise {
    ($value:expr => $($kind:ident)*) => { $( otherwise!(@ $kind $value); )* };
    (@ unit $value:expr) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok($value) }
        fn visit_none<E>(self) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ bool $value:expr) => { fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok($value) } };
    (@ text $value:expr) => { fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok($value) } };
    (@ number $value:expr) => {
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok($value) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok($value) }
    };
    (@ list $value:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
    (@ object $value:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}

macro_rules! expecting_anything {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }
    };
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            expecting_anything!();
            otherwise!(Text(None) => unit bool list object);

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(text.into())
            }
            // A text with escapes.
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(without_nul(text)))))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(number.to_string()))))
            }
            // One that is not exact with its exponent, so that a rounded id is recognised as such.
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                let text = match Number::whole(number) {
                    Number(Some(whole)) => whole.to_string(),
                    Number(None) => format!("{number:E}"),
                };
                Ok(Text(Some(Cow::Owned(text))))
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl<'de> Visitor<'de> for NumberVisitor {
            type Value = Number;
            expecting_anything!();
            otherwise!(Number(None) => unit bool list object);

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Number::read(text))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Number(Some(number)))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Number(u64::try_from(number).ok()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Number::whole(number))
            }
        }
        deserializer.deserialize_any(NumberVisitor)
    }
}

impl Number {
    /// Reads `12` and `12.0`.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let whole = || text.parse().ok().and_then(|number| Self::whole(number).0);
        Self(text.parse().ok().or_else(whole))
    }

    fn whole(number: f64) -> Self {
        Self((number.fract() == 0.0 && (0.0..EXACT_AS_FLOAT as f64).contains(&number)).then_some(number as u64))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;
        impl<'de> Visitor<'de> for FlagVisitor {
            type Value = Flag;
            expecting_anything!();
            otherwise!(Flag(None) => unit number list object);

            fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
                Ok(Flag(Some(flag)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Flag::read(text))
            }
        }
        deserializer.deserialize_any(FlagVisitor)
    }
}

impl Flag {
    /// Reads `true`, `False`, `1`, `0`.
    pub fn read(text: &str) -> Self {
        Self(match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }
}

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<IgnoredAny>::deserialize(deserializer).map(|value| Self(value.is_some()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Obj<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjVisitor<T> {
            type Value = Obj<T>;
            expecting_anything!();
            otherwise!(Obj(None) => unit bool text number list);

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                T::deserialize(value::MapAccessDeserializer::new(object)).map(|object| Obj(Some(object)))
            }
        }
        deserializer.deserialize_any(ObjVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = List<T>;
            expecting_anything!();
            otherwise!(List::default() => unit bool number);

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                T::deserialize(value::MapAccessDeserializer::new(object)).map(|item| List(vec![item]))
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                T::deserialize(value::BorrowedStrDeserializer::new(text)).map(|item| List(vec![item]))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(value::StringDeserializer::new(text.to_owned())).map(|item| List(vec![item]))
            }
        }
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawList<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawListVisitor;
        impl<'de> Visitor<'de> for RawListVisitor {
            type Value = RawList<'de>;
            expecting_anything!();
            otherwise!(RawList::default() => unit bool text number object);

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(RawList(items))
            }
        }
        deserializer.deserialize_any(RawListVisitor)
    }
}
