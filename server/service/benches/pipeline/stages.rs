//! What the steps of the way cost, one after the other on one thread.

use crate::usage::Usage;
use model::Timestamp;
use service::{Service, Settings, SystemClock, collections};
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use store::tweets::{Delivery, Origin, Sealer};

/// Pages that are measured, and how many of them go together.
const PAGES: usize = 400;
const TOGETHER: usize = 25;

pub fn measure(pages: &Path) {
    let lines = std::io::BufReader::new(std::fs::File::open(pages).unwrap()).split(b'\n');
    let bodies: Vec<Vec<u8>> = lines.take(PAGES).map(|line| line.unwrap()).collect();
    let tweets = 100 * bodies.len() as u64;
    let compressed = timed("compress the page", tweets, || {
        bodies.iter().map(|body| zstd::bulk::compress(body, 1).unwrap()).collect::<Vec<_>>()
    });
    timed("decompress the page", tweets, || {
        compressed.iter().map(|page| zstd::bulk::decompress(page, 10 << 20).unwrap().len()).sum::<usize>()
    });
    timed("read only its meta", tweets, || bodies.iter().filter(|body| process::page_meta(body).is_ok()).count());
    let decoded = timed("decode the page", tweets, || {
        bodies.iter().map(|body| process::decode_page(body, Timestamp(crate::END)).unwrap().batch).collect::<Vec<_>>()
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let folder = tempfile::tempdir_in(pages.parent().unwrap()).unwrap();
    let service = runtime.block_on(Service::open(&Settings::folder(folder.path()), Arc::new(SystemClock))).unwrap();
    let collection = runtime.block_on(collections::find_or_create(&service, "Bench")).unwrap().id;
    drop(runtime.block_on(service.close()));
    let store = runtime.block_on(store::Store::open(&store::Settings::sqlite(folder.path()))).unwrap();
    let sealer = runtime.block_on(Sealer::new(&store, Timestamp(crate::END))).unwrap();
    let origin = Origin { collection, schedule: None };
    let mut decoded = decoded.into_iter();
    let mut batches = Vec::new();
    while decoded.len() > 0 {
        batches.push(decoded.by_ref().take(TOGETHER).map(|batch| Delivery::of(origin, batch)).collect::<Vec<_>>());
    }
    let ready = timed("make pseudonyms, compress and seal", tweets, || {
        batches.into_iter().map(|batch| sealer.prepare(batch).unwrap()).collect::<Vec<_>>()
    });
    timed("write to SQLite", tweets, || {
        runtime.block_on(async {
            for ready in ready {
                store::tweets::write(&store, ready, None, Timestamp(crate::END)).await.unwrap();
            }
        });
    });
}

fn timed<T>(what: &str, tweets: u64, work: impl FnOnce() -> T) -> T {
    let usage = Usage::start();
    let done = work();
    usage.print(what, tweets);
    done
}
