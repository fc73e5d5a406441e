//! Pages of a generator that knows what must be left, over a transport on a bad day.

use crate::common::NOW;
use model::observed::Role;
use std::collections::BTreeSet;
use tweetgen::{Corpus, Profile, Transport, World, write_pages};

#[test]
fn every_generated_tweet_is_read_from_faulty_pages_also_the_hostile_ones() {
    let corpus = Corpus::new(World::week(Profile::Full, 5, 4_000, NOW.0));
    let mut pages = Vec::new();
    write_pages(&mut pages, &corpus, Transport::Faulty).unwrap();
    let (mut read, mut rows, mut partial_errors) = (BTreeSet::new(), 0, 0);
    for page in pages.split(|&byte| byte == b'\n').filter(|page| !page.is_empty()) {
        let page = process::decode_page(page, NOW).unwrap();
        assert!(page.rejected.is_empty(), "{:?}", page.rejected);
        partial_errors += page.partial_errors;
        let own = page.batch.tweets.iter().filter(|observed| observed.role == Role::Row);
        for observed in own {
            rows += 1;
            read.insert(observed.tweet.id.0);
        }
    }
    let before_anything_happened = 0;
    let made = corpus.final_tweets(corpus.first_week(), before_anything_happened).map(|tweet| tweet.id.0);
    assert_eq!(read, made.collect());
    assert_eq!(rows, 4_000 + 4_000 / 100 * 8, "8 of 100 came twice");
    assert!(partial_errors > 0);
}
