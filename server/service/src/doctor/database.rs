//! The database, and the key that opens what is sealed in it.

use super::Check;
use std::path::Path;
use store::inspect::{self, Inspection};
use store::{Settings, Store, StoreError};

const NAME: &str = "database";

/// What to say of a database that does not open.
pub fn unopened(settings: &Settings, error: &StoreError) -> Check {
    let why = "nothing works without it: it is the truth that all else is made from";
    if settings.database_url.is_some() {
        let what = format!("PostgreSQL does not answer: {error}");
        return Check::failed(NAME, what, why, "see whether it runs, and whether ROOST_DATABASE_URL is right");
    }
    let file = inspect::database_file(&settings.data);
    match file.exists() {
        false => {
            let what = format!("{} is not there", file.display());
            Check::failed(NAME, what, "there are no data", "name their folder with --data, or restore a backup")
        }
        true => {
            let what = format!("{} does not open: {error}", file.display());
            Check::failed(
                NAME,
                what,
                why,
                "see who may read it; if that is right, move the data folder away and `roost restore` the latest backup",
            )
        }
    }
}

/// Returns the store, to be read only, if the database is whole, of this version, and opened by the key.
pub async fn examine(database: &Inspection, data: &Path, checks: &mut Vec<Check>) -> Option<Store> {
    let (is_whole, check) = wholeness(database).await;
    checks.push(check);
    let (is_current, check) = schema(database).await;
    checks.push(check);
    let (fits, check) = key(database, data).await;
    checks.push(check);
    if !(is_whole && is_current && fits) {
        return None;
    }
    database.store().await.inspect_err(|error| tracing::error!(error = %error, "the store cannot be opened")).ok()
}

async fn wholeness(database: &Inspection) -> (bool, Check) {
    let problems = database.damage().await;
    if let Some(first) = problems.first() {
        let check = Check::failed(
            NAME,
            format!("damaged: {first}"),
            "what is read from it may be wrong, and backups of it are refused",
            "stop Roost, move the data folder away, and `roost restore` the latest backup; check the disk",
        );
        return (false, check);
    }
    match database.counts().await {
        Ok(counts) => {
            let kind = if database.is_sqlite() { "read from end to end and whole" } else { "PostgreSQL answers" };
            let what =
                format!("{kind}: {} tweets, {} users, change {}", counts.tweets, counts.users, counts.last_change);
            (true, Check::ok(NAME, what))
        }
        Err(error) => {
            let what = format!("its tables cannot be counted: {error}");
            (
                false,
                Check::failed(
                    NAME,
                    what,
                    "it is not one of Roost's, or of another version",
                    "see what is said of the schema",
                ),
            )
        }
    }
}

async fn schema(database: &Inspection) -> (bool, Check) {
    const NAME: &str = "schema";
    let schema = match database.schema().await {
        Ok(schema) => schema,
        Err(error) => {
            let what = format!("its steps cannot be read: {error}");
            let check = Check::failed(NAME, what, "it is not a database of Roost", "name the right folder with --data");
            return (false, check);
        }
    };
    if let Some(step) = schema.unknown().first() {
        let what = format!("it has {step}, which this version does not know");
        let check = Check::failed(NAME, what, "a newer Roost has used these data", "use that version again");
        return (false, check);
    }
    match schema.pending().len() {
        0 => (true, Check::ok(NAME, format!("up to date ({} steps)", schema.steps.len()))),
        pending => {
            let what = format!("{pending} steps behind this version");
            let why = "an older Roost has used these data last; the rest cannot be looked at";
            (
                false,
                Check::warning(NAME, what, why, "make a backup; then `roost migrate`, or the next start, takes them"),
            )
        }
    }
}

async fn key(database: &Inspection, data: &Path) -> (bool, Check) {
    const NAME: &str = "key";
    let file = inspect::key_file(data);
    let why = "nothing that is sealed can be opened: authors, credentials, raw tweets";
    match database.check_key(&file).await {
        Ok(keys) => {
            (true, Check::ok(NAME, format!("{} fits, and is its owner's only ({keys} data keys)", file.display())))
        }
        Err(StoreError::Sealed(_)) => {
            let what = format!("{} is another's, or a data key in the database is damaged", file.display());
            (
                false,
                Check::failed(
                    NAME,
                    what,
                    why,
                    "put the key there that these data were made with, from where you keep its copy",
                ),
            )
        }
        Err(StoreError::KeyFile { reason, .. }) => {
            let what = format!("{}: {reason}", file.display());
            (false, Check::failed(NAME, what, why, "put it right as said, or put its copy there (chmod 400)"))
        }
        Err(error) => (
            false,
            Check::failed(
                NAME,
                format!("the data keys cannot be read: {error}"),
                why,
                "see what is said of the database",
            ),
        ),
    }
}
