//! Writing many rows by few statements.
//!
//! A statement of the same text is parsed once and then only bound, so rows go by statements of few lengths. What was
//! measured besides stands in `docs/decisions/012-postgres-bulk.md`.

use crate::error::Result;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, Statement, Value};
use std::fmt::Write;

/// Values that a statement binds: few enough for every engine, enough that the statement itself costs nothing.
const BINDS: usize = 2_000;

/// What becomes of a row that is there already.
pub(super) enum OnKnown {
    /// The new one takes its place. The key is a column, or several with commas between them.
    Replace { key: &'static str },
    /// It stays.
    Keep,
}

/// An insert into a table, for rows of `N` values.
pub(super) struct BulkInsert<const N: usize> {
    pub table: &'static str,
    pub columns: [&'static str; N],
    pub on_known: OnKnown,
}

impl<const N: usize> BulkInsert<N> {
    pub async fn execute(&self, transaction: &DatabaseTransaction, rows: Vec<[Value; N]>) -> Result<()> {
        execute(transaction, rows, |engine, rows| self.text(engine, rows)).await
    }

    fn text(&self, engine: DatabaseBackend, rows: usize) -> String {
        let (columns, values) = (self.columns.join(", "), values(engine, N, rows));
        let mut text = format!("INSERT INTO {} ({columns}) {values}", self.table);
        match self.on_known {
            OnKnown::Keep => text.push_str(" ON CONFLICT DO NOTHING"),
            OnKnown::Replace { key } => {
                let set: Vec<String> = self
                    .columns
                    .iter()
                    .filter(|column| !key.split(", ").any(|key| key == **column))
                    .map(|column| format!("{column} = excluded.{column}"))
                    .collect();
                _ = write!(text, " ON CONFLICT ({key}) DO UPDATE SET {}", set.join(", "));
            }
        }
        text
    }
}

/// An update of rows that are there, each once, for rows of `N` values: the first is the key, the others are set.
pub(super) struct BulkUpdate<const N: usize> {
    pub table: &'static str,
    pub columns: [&'static str; N],
}

impl<const N: usize> BulkUpdate<N> {
    pub async fn execute(&self, transaction: &DatabaseTransaction, rows: Vec<[Value; N]>) -> Result<()> {
        execute(transaction, rows, |engine, rows| self.text(engine, rows)).await
    }

    /// Both engines call the columns of `VALUES` column1, column2 and so on.
    fn text(&self, engine: DatabaseBackend, rows: usize) -> String {
        let (table, key, values) = (self.table, self.columns[0], values(engine, N, rows));
        let set = |(place, column): (usize, &&str)| format!("{column} = news.column{}", place + 1);
        let set: Vec<String> = self.columns.iter().enumerate().skip(1).map(set).collect();
        format!("UPDATE {table} SET {} FROM ({values}) AS news WHERE {table}.{key} = news.column1", set.join(", "))
    }
}

/// Executes statements, each for as many rows as its text is made for, until all rows are bound.
async fn execute<const N: usize>(
    transaction: &DatabaseTransaction,
    rows: Vec<[Value; N]>,
    text: impl Fn(DatabaseBackend, usize) -> String,
) -> Result<()> {
    let engine = transaction.get_database_backend();
    let most = (BINDS / N).next_power_of_two() / 2;
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        // The rest goes by powers of two.
        let take = if rows.len() >= most { most } else { 1 << rows.len().ilog2() };
        let values = rows.by_ref().take(take).flatten();
        let statement = Statement::from_sql_and_values(engine, text(engine, take), values);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

/// `VALUES` for so many rows of so many values.
fn values(engine: DatabaseBackend, columns: usize, rows: usize) -> String {
    let mut text = "VALUES ".to_owned();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for value in 0..columns {
            text.push_str(if value == 0 { "" } else { ", " });
            match engine {
                DatabaseBackend::Postgres => _ = write!(text, "${}", row * columns + value + 1),
                _ => text.push('?'),
            }
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_every_value_in_the_words_of_the_engine() {
        let insert = BulkInsert { table: "t", columns: ["a", "b"], on_known: OnKnown::Replace { key: "a" } };
        let known = "ON CONFLICT (a) DO UPDATE SET b = excluded.b";
        let sqlite = format!("INSERT INTO t (a, b) VALUES (?, ?), (?, ?) {known}");
        assert_eq!(insert.text(DatabaseBackend::Sqlite, 2), sqlite);
        let postgres = format!("INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) {known}");
        assert_eq!(insert.text(DatabaseBackend::Postgres, 2), postgres);
    }

    #[test]
    fn an_update_sets_all_but_the_key() {
        let update = BulkUpdate { table: "t", columns: ["a", "b", "c"] };
        let text =
            "UPDATE t SET b = news.column2, c = news.column3 FROM (VALUES (?, ?, ?)) AS news WHERE t.a = news.column1";
        assert_eq!(update.text(DatabaseBackend::Sqlite, 1), text);
    }
}
