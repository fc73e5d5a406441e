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
    let expected = "ccd950493a2f6983be4fbd0dc39d150d0ab1c356915a6d0901fd1b48d9ab7c83";
    assert_eq!(pages(Profile::Demo, 20_000, Transport::Clean), expected);
}

#[test]
fn so_are_the_tweets_of_benchmarks() {
    for (profile, transport, expected) in [
        (Profile::Lean, Transport::Clean, "372213aabea52eab90bf2be85ffd1eb3f29c14f4a41ce16b2b09288a9a30e9b5"),
        (Profile::Full, Transport::Clean, "179d346968695a6dfaf155c7e4464b983cdcb648e41b24284145a3528f9ed4e1"),
        (Profile::Full, Transport::Faulty, "c98cb3796f2a0947b927c0ce47d5656ff833687b605a2d0849a454a67606f44e"),
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
