use super::*;
use proptest::prelude::*;

fn terms(text: &str) -> Vec<(usize, String)> {
    let mut analyzer = manager().get(SOCIAL).unwrap();
    let mut stream = analyzer.token_stream(text);
    let mut terms = Vec::new();
    while stream.advance() {
        terms.push((stream.token().position, stream.token().text.clone()));
    }
    terms
}

fn joined(text: &str) -> String {
    terms(text).into_iter().map(|(position, text)| format!("{position}:{text}")).collect::<Vec<_>>().join(" ")
}

/// Whether the wanted terms of a question stand in the text as they should: what a phrase query does.
fn finds(text: &str, question: &str) -> bool {
    let terms = terms(text);
    let wanted = wanted(question);
    let starts = 0..=terms.last().map_or(0, |(position, _)| *position);
    !wanted.is_empty()
        && starts.into_iter().any(|start| {
            wanted.iter().all(|want| {
                let at = start + want.position - wanted[0].position;
                terms.iter().any(|(position, text)| *position == at && *text == want.text)
            })
        })
}

#[test]
fn words_signs_links_and_emoji() {
    assert_eq!(joined("Launch day!"), "0:launch 1:day");
    assert_eq!(joined("#Moon by @NASA $TSLA"), "0:#moon 0:moon 1:by 2:@nasa 2:nasa 3:$tsla 3:tsla");
    assert_eq!(joined("a@b c#d # x"), "0:a 1:b 2:c 3:d 4:x");
    assert_eq!(joined("see https://t.co/aB1"), "0:see 1:https 2:t 3:co 4:ab1");
    assert_eq!(joined("go 👩‍🚀❤️🇩🇪!"), "0:go 1:👩\u{200d}🚀 2:❤ 3:🇩🇪");
    assert_eq!(joined("Café CAFE\u{301} İs ＮＡＳＡ"), "0:cafe 1:cafe 2:is 3:nasa");
    assert_eq!(joined("NASA’s"), "0:nasa 1:s");
}

#[test]
fn scripts_without_spaces_are_pairs_and_singles() {
    assert_eq!(joined("宇宙開"), "0:宇宙 0:宇 1:宙開 1:宙 2:開");
    assert_eq!(joined("#日本2026 x"), "0:#日本2026 0:日本 0:日 1:本 2:2026 3:x");
    assert_eq!(joined("한국어 소식"), "0:한국 0:한 1:국어 1:국 2:어 3:소식 3:소 4:식");
    assert!(finds("ภาษาไทยง่าย", "ไทย"));
    assert!(finds("हिन्दी में", "हिन्दी"));
}

#[test]
fn a_phrase_needs_its_words_next_to_each_other() {
    assert!(finds("the launch day of it", "launch day"));
    assert!(!finds("the launch of the day", "launch day"));
    assert!(finds("次の宇宙開発計画", "宇宙開発"));
    assert!(!finds("宇宙の開発", "宇宙開発"));
    assert!(finds("#moon landing", "moon landing") && finds("#moon landing", "#moon landing"));
    assert!(!finds("moon landing", "#moon"));
}

#[test]
fn what_has_no_substance_wants_nothing() {
    assert_eq!(wanted("… “” \u{200b} "), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_word_of_a_text_finds_it(text in "([a-zA-Z0-9äéß#@$_'’.:/ -]|宇|宙|カ|한|ไ|👍|🏽|\u{200d}|\u{fe0f}|\u{301}|\\PC){0,60}") {
        for word in text.split_whitespace().filter(|word| !wanted(word).is_empty()) {
            prop_assert!(finds(&text, word), "{word:?} in {text:?}: {} / {:?}", joined(&text), wanted(word));
        }
    }

    #[test]
    fn every_part_of_a_dense_run_finds_it(
        before in "[a-z ]{0,4}", run in "[\u{4e00}-\u{4fff}ぁ-んァ-ヴกขค]{2,12}", after in "[ a-z0-9]{0,4}",
        start in 0usize..12, length in 2usize..12,
    ) {
        let chars: Vec<char> = run.chars().collect();
        let start = start.min(chars.len() - 2);
        let part: String = chars[start..(start + length).min(chars.len())].iter().collect();
        let text = format!("{before}{run}{after}");
        prop_assert!(finds(&text, &part));
    }
}

#[test]
fn words_beside_links_are_told_from_pieces_of_links() {
    let text = "Launch https://t.co/AbC12 (http://nasa.gov/Moon) https://t.co/xy月 #Mars";
    for word in ["launch", "月", "mars", "#mars"] {
        assert!(super::stands_beside_links(text, word), "{word}");
    }
    for word in ["https", "t", "co", "abc12", "nasa", "moon", "xy"] {
        assert!(!super::stands_beside_links(text, word), "{word}");
    }
}
