//! Tables of tweets: CSV between commas, semicolons or tabs.

mod columns;
mod fields;
mod records;
mod row;

use crate::{
    files::{ReadError, damage, emit::Emitter},
    ids::{LOOK_AHEAD, Window, bare},
};
use columns::{Columns, by_position};
use fields::Field;
use model::TweetId;
use records::{Cells, Dialect, Found, Records};
use row::{OTHER_IDS, Row};
use std::{collections::BTreeMap, io::BufRead};

/// Reads a table. `head` is its beginning, which the reader gives again.
pub fn read(head: &[u8], reader: impl BufRead, file: &str, emitter: &mut Emitter<'_, '_>) -> Result<(), ReadError> {
    let mut records = Records::new(reader, Dialect::of(head));
    let first = records.next().map_err(|error| ReadError::Io { file: file.to_owned(), error })?;
    let refuse = |problem| ReadError::Columns { file: file.to_owned(), problem };
    let Some(Found::Record { line, cells }) = first else {
        return Err(refuse("its first line is not closed: a quote in it is opened and never ends".to_owned()));
    };
    let no_header = by_position(&emitter.options.map);
    let header: Vec<String> = match no_header {
        true => (1..=cells.len()).map(|number| format!("#{number}")).collect(),
        false => cells.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect(),
    };
    let columns = Columns::find(&header, &emitter.options.map).map_err(refuse)?;
    records.expect(header.len(), columns.at(Field::Id).unwrap_or(0));
    let mut table = Table { file, header, columns, windows: Default::default(), damaged: BTreeMap::new(), emitter };
    let mut block = Vec::with_capacity(LOOK_AHEAD);
    if no_header {
        block.push(Found::Record { line, cells });
    }
    let end = loop {
        match records.next() {
            Ok(Some(found)) => block.push(found),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
        if block.len() == LOOK_AHEAD {
            table.block(&mut block)?;
        }
    };
    table.block(&mut block)?;
    if let Some(error) = end {
        table.emitter.reject(file, records.line(), damage(&error), Vec::new())?;
    }
    table.report()
}

struct Table<'t, 'e, 'o, 's> {
    file: &'t str,
    header: Vec<String>,
    columns: Columns,
    /// For the tweet's id and [`OTHER_IDS`].
    windows: [Window; 1 + OTHER_IDS.len()],
    /// How many ids were left out, by column.
    damaged: BTreeMap<String, u64>,
    emitter: &'e mut Emitter<'o, 's>,
}

impl Table<'_, '_, '_, '_> {
    /// Decodes records that follow each other.
    fn block(&mut self, block: &mut Vec<Found>) -> Result<(), ReadError> {
        let rounded = self.rounded(block);
        for found in block.drain(..) {
            match found {
                Found::Record { line, cells } => self.record(line, &cells, &rounded)?,
                Found::Broken { line, reason, content } => self.emitter.reject(self.file, line, reason, content)?,
            }
        }
        Ok(())
    }

    /// The fields whose ids are rounded around here.
    fn rounded(&mut self, block: &[Found]) -> Vec<Field> {
        let mut rounded = Vec::new();
        for (field, window) in [Field::Id].into_iter().chain(OTHER_IDS).zip(&mut self.windows) {
            let Some(at) = self.columns.at(field) else { continue };
            let cells = block.iter().filter_map(|found| match found {
                Found::Record { cells, .. } => std::str::from_utf8(cells.iter().nth(at)?).ok(),
                Found::Broken { .. } => None,
            });
            let ids = cells.filter_map(|cell| bare(cell).parse().ok()).map(|TweetId(id)| id);
            if window.are_rounded(ids) {
                rounded.push(field);
            }
        }
        rounded
    }

    fn record(&mut self, line: u64, cells: &Cells, rounded: &[Field]) -> Result<(), ReadError> {
        let row = match self.row(cells, rounded) {
            Ok(row) => row,
            Err(reason) => {
                let cells: Vec<_> = cells.iter().map(String::from_utf8_lossy).collect();
                let content = serde_json::to_vec(&cells).unwrap_or_default();
                return self.emitter.reject(self.file, line, reason, content);
            }
        };
        match row.decode(self.emitter.observed_at) {
            Ok(record) => {
                let damaged: Vec<_> = row.damaged_ids().filter_map(|field| self.columns.at(field)).collect();
                for at in damaged {
                    *self.damaged.entry(self.header[at].clone()).or_default() += 1;
                }
                self.emitter.record(self.file, line, record)
            }
            Err(reason) => self.emitter.reject(self.file, line, reason, row.raw().into_bytes()),
        }
    }

    fn row<'r>(&'r self, cells: &'r Cells, rounded: &'r [Field]) -> Result<Row<'r>, String> {
        let (header, columns) = (&self.header, &self.columns);
        let texts: Result<Vec<&str>, _> = cells.iter().map(std::str::from_utf8).collect();
        let Ok(mut texts) = texts else {
            let bad = cells.iter().position(|cell| std::str::from_utf8(cell).is_err()).unwrap_or(0);
            let name = header.get(bad).map_or("?", String::as_str);
            return Err(format!("the column \"{name}\" is not UTF-8. Save the file as UTF-8"));
        };
        while texts.len() > header.len() && texts.last().is_some_and(|cell| cell.trim().is_empty()) {
            texts.pop();
        }
        if texts.len() != header.len() {
            return Err(format!(
                "it has {} columns and the header {}: a quote or delimiter in a text is not escaped, or it is cut off",
                texts.len(),
                header.len()
            ));
        }
        Ok(Row { header, columns, cells: texts, rounded })
    }

    /// Says what became of the columns.
    fn report(self) -> Result<(), ReadError> {
        let mut words = self.columns.in_words(&self.header);
        for (column, count) in &self.damaged {
            words += &format!("; ids left out of {column}, as they look rounded by a spreadsheet: {count}");
        }
        self.emitter.note(self.file, words)
    }
}
