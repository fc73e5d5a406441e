//! Numbers for the words of a column that hold across segments, so that counts of segments can be added.

use crate::error::Result;
use crate::schema::folded_keyword;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;

/// No word: where a number has no home.
const NOWHERE: (u32, u32) = (u32::MAX, u32::MAX);

/// Gives every word of a column a number. Words that differ only in case share one.
///
/// It keeps 128 bits of each word's hash, not the word: by a key drawn at random, so that nobody can make two
/// words meet, and wide enough that none ever will by chance. A new segment costs only its own words.
#[derive(Default)]
pub(crate) struct Interner {
    numbers: HashMap<[u64; 2], u32, BuildHasherDefault<AlreadyHashed>>,
    keys: [RandomState; 2],
    maps: HashMap<SegmentId, Arc<[u32]>>,
}

impl Interner {
    fn hash(&self, word: &[u8]) -> [u64; 2] {
        let folded;
        let word = match std::str::from_utf8(word) {
            Ok(text) if !text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()) => {
                folded = folded_keyword(text);
                folded.as_bytes()
            }
            _ => word,
        };
        [self.keys[0].hash_one(word), self.keys[1].hash_one(word)]
    }

    /// For each place in the segment's dictionary, the number of its word.
    fn map(&mut self, id: SegmentId, words: Option<&StrColumn>) -> Result<Arc<[u32]>> {
        if let Some(map) = self.maps.get(&id) {
            return Ok(map.clone());
        }
        let mut map = Vec::new();
        if let Some(words) = words {
            map.reserve_exact(words.num_terms());
            let mut stream = words.dictionary().stream()?;
            while stream.advance() {
                let hash = self.hash(stream.key());
                let next = self.numbers.len() as u32;
                map.push(*self.numbers.entry(hash).or_insert(next));
            }
        }
        let map: Arc<[u32]> = map.into();
        self.maps.insert(id, map.clone());
        Ok(map)
    }
}

/// The keys are hashes already.
#[derive(Default)]
pub(crate) struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks_exact(8) {
            self.write_u64(part.iter().fold(0, |all, byte| (all << 8) | u64::from(*byte)));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 ^= value;
    }

    fn write_usize(&mut self, _length: usize) {}
}

/// The numbers of a column's words in one view.
pub(crate) struct Vocabulary {
    /// For each segment and each place in its dictionary, the number of the word.
    pub maps: Vec<Arc<[u32]>>,
    /// For each number, a segment and a place in its dictionary where the word stands.
    homes: Vec<(u32, u32)>,
    interner: Arc<Mutex<Interner>>,
}

impl Vocabulary {
    pub fn new(slot: &mut Arc<Mutex<Interner>>, segments: &[(SegmentId, Option<&StrColumn>)]) -> Result<Self> {
        let words: usize = segments.iter().map(|(_, words)| words.map_or(0, |words| words.num_terms())).sum();
        if slot.lock().unwrap_or_else(PoisonError::into_inner).numbers.len() > 2 * words + 1000 {
            // Most of its words are gone. Older views keep the old one.
            *slot = Arc::default();
        }
        let mut interner = slot.lock().unwrap_or_else(PoisonError::into_inner);
        interner.maps.retain(|id, _| segments.iter().any(|(known, _)| known == id));
        let maps = segments.iter().map(|(id, words)| interner.map(*id, *words)).collect::<Result<Vec<_>>>()?;
        let mut homes = vec![NOWHERE; interner.numbers.len()];
        // Backwards, so that the first place in the first segment stays.
        for (segment, map) in maps.iter().enumerate().rev() {
            for (place, number) in map.iter().enumerate().rev() {
                homes[*number as usize] = (segment as u32, place as u32);
            }
        }
        drop(interner);
        Ok(Self { maps, homes, interner: slot.clone() })
    }

    /// One more than the highest number.
    pub fn len(&self) -> usize {
        self.homes.len()
    }

    /// The number of a word in any case, if it is in use.
    pub fn find(&self, word: &str) -> Option<u32> {
        let interner = self.interner.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *interner.numbers.get(&interner.hash(word.as_bytes()))?;
        self.homes.get(number as usize).is_some_and(|home| *home != NOWHERE).then_some(number)
    }

    /// Where the word of that number stands: a segment and a place in its dictionary.
    pub fn home(&self, number: u32) -> Option<(usize, u64)> {
        let home = self.homes.get(number as usize).filter(|home| **home != NOWHERE)?;
        Some((home.0 as usize, u64::from(home.1)))
    }
}
