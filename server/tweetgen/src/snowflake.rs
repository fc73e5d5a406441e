//! Tweet ids: milliseconds since X's epoch in the upper bits, 22 low bits below.
//!
//! Corpus tweets use low bits up to `999 << 12 | 0xfff`; everything above is free for ids of
//! other things (earlier versions, media), which therefore never equal a tweet's id.

const EPOCH_MILLIS: i64 = 1_288_834_974_657;
const SPARE_LOW_BITS: u64 = 1_000 << 12;

/// The id of the tweet `ordinal` written at `micros` (µs UTC); grows with both.
pub fn id_at(micros: i64, ordinal: i64) -> u64 {
    let low = (micros.rem_euclid(1_000) as u64) << 12 | (ordinal as u64 & 0xfff);
    first_id_at(micros) | low
}

/// The smallest id of the millisecond that holds `micros`.
pub fn first_id_at(micros: i64) -> u64 {
    ((micros.div_euclid(1_000) - EPOCH_MILLIS).max(0) as u64) << 22
}

/// An id of the same millisecond that no corpus tweet has; `number` is below 4,096.
pub fn spare_id_at(micros: i64, number: u64) -> u64 {
    first_id_at(micros) | SPARE_LOW_BITS | (number & 0xfff)
}

/// Whether an id is none of a corpus tweet's: that of an earlier version, or of a picture.
pub fn is_spare(id: u64) -> bool {
    id & 0x3f_ffff >= SPARE_LOW_BITS
}

/// The moment (µs UTC) an id stands for, exact to the millisecond.
pub fn micros_of(id: u64) -> i64 {
    ((id >> 22) as i64 + EPOCH_MILLIS) * 1_000
}
