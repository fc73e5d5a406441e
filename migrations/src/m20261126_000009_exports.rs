use sea_orm_migration::sea_orm::DatabaseBackend;
use sea_orm_migration::{prelude::*, schema::*};

/// Exports that are made in the background, and the audit: who did what and when, in a chain that shows every change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// `request` is what was asked for, sealed: in new rows it stands in the place of `filter`. `file` names the files in
/// the folder of exports; `claim` is the process that works on it, until `lease_until` unless it is renewed.
/// `written` rows and `bytes` are in the file for sure.
#[derive(DeriveIden, Clone, Copy)]
enum Exports {
    Table,
    State,
    Request,
    Matching,
    Written,
    Bytes,
    Removed,
    File,
    Claim,
    LeaseUntil,
    FinishedAt,
    ExpiresAt,
    Reason,
}

/// `details` are sealed. `hash` covers all of the row and the hash of the row before.
#[derive(DeriveIden)]
enum Audit {
    Table,
    Number,
    At,
    UserId,
    Action,
    Subject,
    Details,
    Hash,
}

#[derive(DeriveIden)]
enum Counters {
    Table,
    Name,
    Value,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in new_columns() {
            let alter = Table::alter().table(Exports::Table).add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        let by_state = Index::create().name("exports_state").table(Exports::Table).col(Exports::State).to_owned();
        manager.create_index(by_state).await?;
        manager.create_table(audit()).await?;
        let first = Query::insert()
            .into_table(Counters::Table)
            .columns([Counters::Name, Counters::Value])
            .values_panic(["audit".into(), 0i64.into()])
            .to_owned();
        manager.execute(first).await?;
        for statement in append_only(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Audit::Table).to_owned()).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_is_append_only()").await?;
        }
        let counter =
            Query::delete().from_table(Counters::Table).and_where(Expr::col(Counters::Name).eq("audit")).to_owned();
        manager.execute(counter).await?;
        manager.drop_index(Index::drop().name("exports_state").table(Exports::Table).to_owned()).await?;
        for column in COLUMNS.into_iter().rev() {
            let alter = Table::alter().table(Exports::Table).drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}

const COLUMNS: [Exports; 12] = [
    Exports::State,
    Exports::Request,
    Exports::Matching,
    Exports::Written,
    Exports::Bytes,
    Exports::Removed,
    Exports::File,
    Exports::Claim,
    Exports::LeaseUntil,
    Exports::FinishedAt,
    Exports::ExpiresAt,
    Exports::Reason,
];

/// An export from before was sent while it was made.
fn new_columns() -> [ColumnDef; 12] {
    COLUMNS.map(|column| match column {
        Exports::State => string(column).default("sent").to_owned(),
        Exports::Request => binary_null(column),
        Exports::Written | Exports::Bytes | Exports::Removed => big_integer(column).default(0).to_owned(),
        Exports::File | Exports::Claim => string_null(column),
        Exports::Reason => text_null(column),
        _ => big_integer_null(column),
    })
}

fn audit() -> TableCreateStatement {
    Table::create()
        .table(Audit::Table)
        .col(big_integer(Audit::Number).primary_key())
        .col(big_integer(Audit::At))
        .col(big_integer_null(Audit::UserId))
        .col(string(Audit::Action))
        .col(string(Audit::Subject))
        .col(binary(Audit::Details))
        .col(binary(Audit::Hash))
        .to_owned()
}

/// Nothing in the audit is changed or deleted by accident. Who may change the schema can get past this: then the
/// chain shows it.
fn append_only(backend: DatabaseBackend) -> &'static [&'static str] {
    match backend {
        DatabaseBackend::Postgres => &[
            "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$",
            "CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit \
             FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
        ],
        _ => &[
            "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit \
             BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
            "CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit \
             BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END",
        ],
    }
}
