//! The lake in a bucket: SeaweedFS on this machine speaks S3's language. `make test-long` brings it.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::*;
use lake::{Lake, LakeError, Location};
use model::TweetId;
use model::change::Change;
use model::time::HOUR;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A store of objects; it is ended when the test ends.
struct Weed {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Weed {
    async fn start() -> Option<Self> {
        let Some(program) = std::env::var_os("ROOST_TEST_WEED").filter(|name| !name.is_empty()) else {
            eprintln!("SKIPPED: ROOST_TEST_WEED is not set (`make test-long` sets it): the program weed of SeaweedFS");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let keys = r#"{"identities":[{"name":"roost","credentials":[{"accessKey":"roost","secretKey":"hunter2"}],
            "actions":["Admin","Read","Write","List"]}]}"#;
        std::fs::write(folder.path().join("keys.json"), keys).unwrap();
        let [master, volume, filer, port] = [(); 4].map(|()| free_port());
        let flag = |name: &str, value: &dyn std::fmt::Display| format!("-{name}={value}");
        let child = Command::new(program)
            .arg("server")
            .args([flag("ip", &"127.0.0.1"), flag("ip.bind", &"127.0.0.1"), flag("dir", &folder.path().display())])
            .args([flag("master.port", &master), flag("volume.port", &volume), "-filer".to_owned()])
            .args([flag("filer.port", &filer), "-s3".to_owned(), flag("s3.port", &port)])
            .args([flag("s3.config", &folder.path().join("keys.json").display()), flag("volume.max", &20)])
            .arg(flag("master.volumeSizeLimitMB", &64))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let weed = Self { child, port, _folder: folder };
        weed.make_bucket().await;
        Some(weed)
    }

    /// Waits until it answers.
    async fn make_bucket(&self) {
        for _ in 0..600 {
            let made = Command::new("curl")
                .args(["-sf", "-o", "/dev/null", "-X", "PUT", "--user", "roost:hunter2"])
                .args(["--aws-sigv4", "aws:amz:us-east-1:s3", &format!("http://127.0.0.1:{}/tweets", self.port)])
                .status();
            if made.unwrap().success() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("SeaweedFS does not answer");
    }

    fn lake(&self, work: &Path) -> Lake {
        let location = Location::S3 {
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            bucket: "tweets".to_owned(),
            prefix: "roost/lake".to_owned(),
            region: "us-east-1".to_owned(),
            access_key: "roost".to_owned(),
            secret_key: "hunter2".to_owned().into(),
        };
        Lake::open(&location, work).unwrap()
    }
}

impl Drop for Weed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    // It also listens 10,000 above, for its own kind.
    std::iter::repeat_with(|| std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
        .find(|port| *port < 50_000)
        .unwrap()
}

#[tokio::test]
#[ignore = "needs SeaweedFS: make test-long"]
async fn a_lake_in_a_bucket_does_what_one_in_a_folder_does() {
    let Some(weed) = Weed::start().await else { return };
    let work = TempDir::new().unwrap();
    let lake = weed.lake(work.path());
    assert!(lake.lead(NOW).await.unwrap());
    let mut rows: Vec<_> = (1..=600).map(|id| row(id, (id % 3) as u32, 5, "moon")).collect();
    for (position, part) in rows.chunks(60).enumerate() {
        lake.apply(puts(part.to_vec())).await.unwrap();
        lake.commit(position as u64 + 1, NOW).await.unwrap();
    }
    lake.apply((1..=10).map(|id| Change::Remove(TweetId(id))).chain(puts([row(20, 0, 9, "later")])).collect())
        .await
        .unwrap();
    lake.commit(11, NOW).await.unwrap();
    rows.drain(..10);
    rows[9] = row(20, 0, 9, "later");
    assert_eq!(lake.days().await.unwrap(), digests(&rows));
    lake.compact(i64::MAX, NOW).await.unwrap();
    let later = model::Timestamp(NOW.0 + 1_000_000 * HOUR);
    assert!(lake.vacuum(later, later).await.unwrap() > 20);
    assert_eq!((lake.position(), lake.days().await.unwrap()), (11, digests(&rows)));
    assert_eq!(
        lines(&lake, "select text, count(*) from tweets group by text order by text").await,
        ["later 1", "moon 589"]
    );

    // A second installation has a lock of its own, but not this commit.
    let elsewhere = TempDir::new().unwrap();
    let rival = weed.lake(elsewhere.path());
    assert!(rival.lead(NOW).await.unwrap());
    lake.commit(12, NOW).await.unwrap();
    assert!(matches!(rival.commit(12, NOW).await, Err(LakeError::Conflict(_))));
    assert!(rival.lead(NOW).await.unwrap());
    assert_eq!((rival.position(), rival.days().await.unwrap()), (12, digests(&rows)));
}
