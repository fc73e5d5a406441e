//! Pagination tokens: opaque to clients, without state, bound to their query.

const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
const CHARACTERS: usize = 20; // 12 bytes in base32hex, 4 bits unused

/// The token that continues `query` with tweets older than `last_id`.
pub fn encode(last_id: u64, query: &str) -> String {
    let mut bits = u128::from(last_id) << 32 | u128::from(checksum(last_id, query));
    let mut letters = [0_u8; CHARACTERS];
    for letter in letters.iter_mut().rev() {
        *letter = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    letters.iter().map(|&letter| char::from(letter)).collect()
}

/// The id in a token that was made for `query`.
pub fn decode(token: &str, query: &str) -> Option<u64> {
    if token.len() != CHARACTERS {
        return None;
    }
    let mut bits = 0_u128;
    for letter in token.bytes() {
        let value = ALPHABET.iter().position(|&known| known == letter)?;
        bits = bits << 5 | value as u128;
    }
    let last_id = u64::try_from(bits >> 32).ok()?;
    (checksum(last_id, query) == bits as u32).then_some(last_id)
}

/// FNV-1a of both.
fn checksum(last_id: u64, query: &str) -> u32 {
    let bytes = last_id.to_le_bytes().into_iter().chain(query.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_as_its_id_and_only_with_its_query() {
        let token = encode(2_062_938_000_000_000_123, "moon");
        assert_eq!(decode(&token, "moon"), Some(2_062_938_000_000_000_123));
        assert_eq!(decode(&token, "sun"), None);
        assert_eq!(decode("nonsense", "moon"), None);
        assert_eq!(decode("", "moon"), None);
    }
}
