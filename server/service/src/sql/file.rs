//! An answer as a file, by the rules of exports: no text is taken for a formula, and no id is rounded.

use crate::Error;
use crate::exports::is_formula;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use model::Timestamp;
use model::export::ExportFormat;
use model::sql::{Answer, Cell};
use serde_json::{Map, Value as Json};

/// Whole numbers above it are rounded by most that read JSON, so they are written as text.
const EXACT: u64 = 1 << 53;

/// A file to be saved.
pub struct File {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl File {
    pub(super) fn new(answer: &Answer, format: ExportFormat, now: Timestamp) -> Result<Self, Error> {
        let bytes = match format {
            ExportFormat::Jsonl => jsonl(answer)?,
            _ => csv(answer, format == ExportFormat::Csv)?,
        };
        let name = format!("roost-sql-{}.{}", now.format("%Y-%m-%d"), format.extension());
        Ok(Self { name, media_type: format.media_type(), bytes })
    }
}

fn csv(answer: &Answer, for_spreadsheets: bool) -> Result<Vec<u8>, Error> {
    let start = if for_spreadsheets { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let quotes = if for_spreadsheets { QuoteStyle::Always } else { QuoteStyle::Necessary };
    let mut writer = WriterBuilder::new().quote_style(quotes).terminator(Terminator::CRLF).from_writer(start);
    let safe = |text: String| if for_spreadsheets && is_formula(&text) { format!("'{text}") } else { text };
    let heads = answer.columns.iter().map(|column| safe(column.name.clone()));
    writer.write_record(heads).map_err(failed)?;
    for row in &answer.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Whole(_) | Cell::Decimal(_) => cell.text(),
            _ => safe(cell.text()),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| failed(error.into_error()))
}

fn jsonl(answer: &Answer) -> Result<Vec<u8>, Error> {
    let mut lines = Vec::new();
    for row in &answer.rows {
        let fields = answer.columns.iter().zip(row);
        let object: Map<String, Json> =
            fields.map(|(column, cell)| (column.name.clone(), json(cell, column.is_id()))).collect();
        serde_json::to_writer(&mut lines, &object).map_err(failed)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn json(cell: &Cell, is_id: bool) -> Json {
    match cell {
        Cell::None => Json::Null,
        Cell::Flag(flag) => (*flag).into(),
        Cell::Whole(number) if is_id || number.unsigned_abs() > EXACT => number.to_string().into(),
        Cell::Whole(number) => (*number).into(),
        Cell::Decimal(number) => (*number).into(),
        Cell::Text(text) => text.as_str().into(),
        Cell::List(cells) => cells.iter().map(|cell| json(cell, false)).collect(),
    }
}

/// Writing to memory fails only for reasons that are ours.
fn failed(error: impl std::error::Error) -> Error {
    tracing::error!(error = %error, "an answer could not be written as a file");
    Error::Internal
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::sql::{AnswerColumn, CellKind};

    fn file(format: ExportFormat) -> String {
        let column = |name: &str, kind| AnswerColumn { name: name.into(), kind, ..AnswerColumn::default() };
        let columns =
            vec![column("id", CellKind::Whole), column("=what", CellKind::Text), column("n", CellKind::Whole)];
        let rows = vec![
            vec![Cell::Whole(1), Cell::Text("=1+1, \"x\"".into()), Cell::Whole(-2)],
            vec![Cell::None, Cell::List(vec![Cell::Text("a".into()), Cell::None]), Cell::Whole(1 << 60)],
        ];
        let answer = Answer { columns, rows, ..Answer::default() };
        String::from_utf8(File::new(&answer, format, Timestamp(0)).unwrap().bytes).unwrap()
    }

    #[test]
    fn no_text_is_taken_for_a_formula_and_no_number_for_a_text() {
        let lines = "\u{feff}\"id\",\"'=what\",\"n\"\r\n\"1\",\"'=1+1, \"\"x\"\"\",\"-2\"\r\n\"\",\"a, \",\"1152921504606846976\"\r\n";
        assert_eq!(file(ExportFormat::Csv), lines);
        assert!(file(ExportFormat::CsvExact).starts_with("id,=what,n\r\n1,\"=1+1, \"\"x\"\"\",-2\r\n"));
    }

    #[test]
    fn ids_and_large_numbers_are_texts_in_json() {
        let lines = file(ExportFormat::Jsonl);
        let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0], serde_json::json!({ "id": "1", "=what": "=1+1, \"x\"", "n": -2 }));
        assert_eq!(lines[1], serde_json::json!({ "id": null, "=what": ["a", null], "n": "1152921504606846976" }));
    }
}
