use sea_orm::{ConnectionTrait, Database, Statement};
use store::{Settings, Store};
use tempfile::TempDir;

/// A store of its own for one test; its folder goes when the test ends.
pub struct TestStore {
    pub store: Store,
    pub settings: Settings,
    pub folder: TempDir,
}

impl TestStore {
    pub fn is_postgres(&self) -> bool {
        self.settings.database_url.is_some()
    }

    /// Does to the database what Roost itself does not: a statement, past the store.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&self, statement: &str) -> Result<(), String> {
        execute(&self.settings, statement).await
    }

    /// The number that a query counts, past the store.
    pub async fn count(&self, query: &str) -> i64 {
        let database = Database::connect(address(&self.settings)).await.expect("the database answers");
        let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), query)).await;
        let row = row.expect("the query is right").expect("a count is one row");
        row.try_get_by_index(0).expect("a count is a number")
    }
}

/// A statement on the database of these settings, past the store.
///
/// # Errors
/// What the database says.
pub async fn execute(settings: &Settings, statement: &str) -> Result<(), String> {
    let database = Database::connect(address(settings)).await.expect("the database answers");
    let done = database.execute_unprepared(statement).await.map(|_| ()).map_err(|error| error.to_string());
    database.close().await.expect("the connection closes");
    done
}

fn address(settings: &Settings) -> String {
    let file = || format!("sqlite://{}", settings.data.join("roost.db").display());
    settings.database_url.clone().unwrap_or_else(file)
}

/// A new SQLite store.
pub async fn sqlite() -> TestStore {
    let folder = TempDir::new().expect("a temporary folder");
    open(folder, None).await
}

/// A store in a new database of the test cluster; `None` where there is no cluster.
pub async fn postgres() -> Option<TestStore> {
    #[expect(clippy::disallowed_methods, reason = "`make test` tells by a variable where its throw-away cluster is")]
    let Ok(cluster) = std::env::var("ROOST_TEST_POSTGRES_URL") else {
        eprintln!("SKIPPED: ROOST_TEST_POSTGRES_URL is not set (`make test` sets it)");
        return None;
    };
    let folder = TempDir::new().expect("a temporary folder");
    // The folder's name is random: no two tests share a database.
    let random = folder.path().file_name().expect("a temporary folder has a name").to_string_lossy();
    let name: String = random.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let name = format!("roost_{name}");
    let admin = Database::connect(&cluster).await.expect("the test cluster answers");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a new database");
    admin.close().await.expect("the connection closes");
    let (server, _) = cluster.rsplit_once('/').expect("the cluster's address names a database");
    Some(open(folder, Some(format!("{server}/{name}"))).await)
}

async fn open(folder: TempDir, database_url: Option<String>) -> TestStore {
    let settings = Settings { data: folder.path().to_owned(), database_url };
    let store = Store::open(&settings).await.expect("a new store opens");
    TestStore { store, settings, folder }
}
