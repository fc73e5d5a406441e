//! Are the bytes the same on every machine? Whoever changes what is generated changes these sums too, knowingly.

use ring::digest::{SHA256, digest};
use tweetgen::{Corpus, Profile, Transport, World, write_lines, write_pages};

const END: i64 = 1_795_435_200_000_000; // 2026-11-23T12:00:00Z

fn corpus(profile: Profile, tweets: u64) -> Corpus {
    Corpus::new(World::week(profile, 1, tweets, END))
}

fn sum(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pages(profile: Profile, tweets: u64, transport: Transport) -> String {
    let mut file = Vec::new();
    write_pages(&mut file, &corpus(profile, tweets), transport).expect("memory takes all");
    sum(&file)
}

#[test]
fn the_demo_of_seed_1_is_what_it_was_when_this_was_written() {
    let expected = "5c68bcfc788b7d94443958bc8a27b07d462c9b37712d0053b6a67a2fdc0508d0";
    assert_eq!(pages(Profile::Demo, 20_000, Transport::Clean), expected);
}

#[test]
fn so_are_the_tweets_of_benchmarks() {
    for (profile, transport, expected) in [
        (Profile::Lean, Transport::Clean, "372213aabea52eab90bf2be85ffd1eb3f29c14f4a41ce16b2b09288a9a30e9b5"),
        (Profile::Full, Transport::Clean, "b1e605bf4e03b8a50a3cdc5e487386b8f8560999fd9c5eb5b1d07ea448eeda9c"),
        (Profile::Full, Transport::Faulty, "c1667d75f8b5b03ffae2a5c8d72ff2e2188e163737283c2d7200155ba1a0b921"),
    ] {
        assert_eq!(pages(profile, 10_000, transport), expected, "{profile:?}, {transport:?}");
    }
}

#[test]
fn and_the_lines_of_a_stream() {
    let mut file = Vec::new();
    write_lines(&mut file, &corpus(Profile::Full, 3_000), Transport::Faulty).unwrap();
    assert_eq!(sum(&file), "236f856d62c5ce9c4f251a9c66b4ed48037e9d7025b5bb884be37db33e79f993");
}
