//! Counts of the values of a column.

use crate::error::Result;
use crate::matches::Matches;
use crate::reader::Reader;
use crate::view::View;
use crate::words::Vocabulary;
use model::columns::{Column, Kind};
use model::explore::{Facet, FacetValue};
use model::filter::Filter;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Up to so many words of equal count are read and compared; of more, each segment offers its first.
const FEW: usize = 64;

/// How many matching documents have each word.
pub(crate) struct Counts {
    vocabulary: Arc<Vocabulary>,
    by_number: Vec<u32>,
    with_value: u64,
}

/// Counts the words of a keyword column.
pub(crate) fn count_words(view: &View, matches: &Matches, column: &'static Column) -> Result<Counts> {
    let vocabulary = view.vocabulary(column)?;
    let mut by_number = vec![0_u32; vocabulary.len()];
    let mut with_value = 0;
    let mut by_place: Vec<u32> = Vec::new();
    for (segment, docs) in matches.docs.iter().enumerate() {
        let map = &*vocabulary.maps[segment];
        let mut reader = Reader::new(&view.cells(segment, column)?.values);
        // Of many documents, count the segment's own words first: that takes one random access each, not two.
        let many = docs.len() > map.len();
        by_place.clear();
        by_place.resize(if many { map.len() } else { 0 }, 0);
        docs.for_each_chunk(|chunk| {
            let (owners, places) = reader.read(chunk);
            with_value += owners.len() as u64;
            if many {
                places.iter().for_each(|place| by_place[*place as usize] += 1);
            } else {
                places.iter().for_each(|place| by_number[map[*place as usize] as usize] += 1);
            }
        });
        for (number, count) in map.iter().zip(&by_place) {
            by_number[*number as usize] += count;
        }
    }
    Ok(Counts { vocabulary, by_number, with_value })
}

impl Counts {
    /// Documents that have any word.
    pub fn with_value(&self) -> u64 {
        self.with_value
    }

    pub fn distinct(&self) -> u64 {
        self.by_number.iter().filter(|count| **count > 0).count() as u64
    }

    /// The facet: the `size` most frequent words, and those that the filter chooses or excludes.
    pub fn facet(&self, view: &View, column: &'static Column, matches: &Matches, ask: Wanted<'_>) -> Result<Facet> {
        let mut listed = self.most_frequent(view, column, ask.size)?;
        for chosen in ask.chosen(column) {
            let number = self.vocabulary.find(chosen);
            let known = number.map(|number| self.word(view, column, number)).transpose()?.flatten();
            let value = known.unwrap_or_else(|| chosen.to_owned());
            if !listed.iter().any(|listed| listed.value == value) {
                let count = number.map_or(0, |number| self.by_number[number as usize]);
                listed.push(FacetValue { value, count: u64::from(count) });
            }
        }
        sort(&mut listed);
        Ok(Facet {
            column: column.name.to_owned(),
            values: listed,
            missing: matches.total - self.with_value,
            total: matches.total,
            distinct: self.distinct(),
        })
    }

    fn most_frequent(&self, view: &View, column: &'static Column, size: usize) -> Result<Vec<FacetValue>> {
        let least = self.least_listed(size);
        let mut above = Vec::new();
        let mut equal = Vec::new();
        for (number, count) in self.by_number.iter().enumerate() {
            match count.cmp(&least) {
                std::cmp::Ordering::Greater => above.push(number as u32),
                std::cmp::Ordering::Equal => equal.push(number as u32),
                std::cmp::Ordering::Less => {}
            }
        }
        let room = size - above.len();
        if equal.len() > room && equal.len() > FEW {
            equal = self.first_words(least, room);
        }
        let mut values = self.values(view, column, &above)?;
        let mut ties = self.values(view, column, &equal)?;
        sort(&mut ties);
        ties.truncate(room);
        values.append(&mut ties);
        Ok(values)
    }

    /// The count of the last word that is listed; at least 1.
    fn least_listed(&self, size: usize) -> u32 {
        let mut highest = BinaryHeap::with_capacity(size + 1);
        let mut least = 0;
        for count in &self.by_number {
            if *count > least {
                highest.push(Reverse(*count));
                if highest.len() > size {
                    highest.pop();
                    least = highest.peek().map_or(u32::MAX - 1, |Reverse(least)| *least);
                }
            }
        }
        match highest.peek() {
            Some(Reverse(least)) if highest.len() == size => *least,
            // Fewer words than wanted: all that occur are listed.
            _ if size > 0 => 1,
            _ => u32::MAX,
        }
    }

    /// Words of that count: the alphabetically first `room` of each segment, which hold the first of all.
    fn first_words(&self, count: u32, room: usize) -> Vec<u32> {
        let mut first = Vec::new();
        for map in &self.vocabulary.maps {
            let mut found = Vec::with_capacity(room);
            for number in map.iter().filter(|number| self.by_number[**number as usize] == count) {
                if !found.contains(number) {
                    found.push(*number);
                }
                if found.len() == room {
                    break;
                }
            }
            first.extend(found);
        }
        first.sort_unstable();
        first.dedup();
        first
    }

    fn values(&self, view: &View, column: &'static Column, numbers: &[u32]) -> Result<Vec<FacetValue>> {
        let mut values = Vec::with_capacity(numbers.len());
        for number in numbers {
            if let Some(value) = self.word(view, column, *number)? {
                values.push(FacetValue { value, count: u64::from(self.by_number[*number as usize]) });
            }
        }
        Ok(values)
    }

    /// Hands over every word that occurs, with its count.
    ///
    /// Reads each dictionary once from its start: looking up all its words one by one takes several times as long.
    pub fn for_each_word(&self, view: &View, column: &'static Column, mut visit: impl FnMut(FacetValue)) -> Result<()> {
        for (segment, map) in self.vocabulary.maps.iter().enumerate() {
            let Some(words) = &view.cells(segment, column)?.words else { continue };
            // A word of several segments is read in the first.
            let is_here = |place, number| self.vocabulary.home(number) == Some((segment, place));
            let here = (0..).zip(map.iter().copied()).filter(|(place, number)| is_here(*place, *number));
            let counted = here.map(|(place, number)| (place, self.of(number))).filter(|(_, count)| *count > 0);
            let (places, counts): (Vec<u64>, Vec<u64>) = counted.unzip();
            let mut counts = counts.into_iter();
            words.dictionary().sorted_ords_to_term_cb(&places, |word| {
                let value = String::from_utf8_lossy(word).into_owned();
                visit(FacetValue { value, count: counts.next().unwrap_or(0) });
            })?;
        }
        Ok(())
    }

    /// The numbers of the words that occur, with their counts.
    pub fn all(&self) -> impl Iterator<Item = (u32, u64)> {
        let counts = self.by_number.iter().enumerate().filter(|(_, count)| **count > 0);
        counts.map(|(number, count)| (number as u32, u64::from(*count)))
    }

    /// How many documents have the word of that number.
    pub fn of(&self, number: u32) -> u64 {
        self.by_number.get(number as usize).copied().map_or(0, u64::from)
    }

    pub fn word(&self, view: &View, column: &'static Column, number: u32) -> Result<Option<String>> {
        let Some((segment, place)) = self.vocabulary.home(number) else { return Ok(None) };
        let mut word = String::new();
        match &view.cells(segment, column)?.words {
            Some(words) if words.ord_to_str(place, &mut word)? => Ok(Some(word)),
            _ => Ok(None),
        }
    }
}

pub(crate) fn sort(values: &mut [FacetValue]) {
    values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
}

/// What of a facet is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub size: usize,
    pub filter: &'a Filter,
}

impl<'a> Wanted<'a> {
    fn chosen(self, column: &Column) -> impl Iterator<Item = &'a str> + use<'a> {
        self.filter.included(column).into_iter().chain(self.filter.excluded(column))
    }
}

/// The facet of a yes-or-no column.
pub(crate) fn flag_facet(view: &View, matches: &Matches, column: &'static Column, ask: Wanted<'_>) -> Result<Facet> {
    let mut counts = [0_u64; 2];
    for (segment, docs) in matches.docs.iter().enumerate() {
        let mut reader = Reader::new(&view.cells(segment, column)?.values);
        docs.for_each_chunk(|chunk| {
            reader.read(chunk).1.iter().for_each(|value| counts[usize::from(*value > 0)] += 1);
        });
    }
    let mut values: Vec<FacetValue> = ["no", "yes"]
        .into_iter()
        .zip(counts)
        .map(|(value, count)| FacetValue { value: value.to_owned(), count })
        .collect();
    let distinct = values.iter().filter(|value| value.count > 0).count() as u64;
    sort(&mut values);
    let mut place = 0;
    values.retain(|value| {
        place += 1;
        (value.count > 0 && place <= ask.size) || ask.chosen(column).any(|chosen| chosen == value.value)
    });
    let missing = matches.total - counts[0] - counts[1];
    Ok(Facet { column: column.name.to_owned(), values, missing, total: matches.total, distinct })
}

/// Whether this crate counts the values of such columns.
pub(crate) fn is_countable(column: &Column) -> bool {
    matches!(column.kind, Kind::Keyword | Kind::Flag)
}
