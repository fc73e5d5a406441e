use sea_orm::{ConnectionTrait, Database};
use store::{Settings, Store};
use tempfile::TempDir;

/// A store of its own for one test; its folder goes when the test ends.
pub struct TestStore {
    pub store: Store,
    pub settings: Settings,
    pub folder: TempDir,
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
