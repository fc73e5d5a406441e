//! Are the bytes the same on every machine? Whoever changes what is generated changes these sums too, knowingly.

use ring::digest::{SHA256, digest};

const END: i64 = 1_795_435_200_000_000; // 2026-11-23T12:00:00Z

fn sum(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_demo_of_seed_1_is_what_it_was_when_this_was_written() {
    let mut file = Vec::new();
    tweetgen::write_pages(&mut file, 1, 20_000, END).unwrap();
    assert_eq!(sum(&file), "ccd950493a2f6983be4fbd0dc39d150d0ab1c356915a6d0901fd1b48d9ab7c83");
}
