//! What a topic brings besides words: emoji, sites it links to, X's own annotation of it.

pub struct Extras {
    /// X's "context annotation" entity for the topic.
    pub entity: &'static str,
    pub emoji: &'static [&'static str],
    pub sites: &'static [&'static str],
    pub cashtags: &'static [&'static str],
}

const NONE: &[&str] = &[];

/// The extras of a topic named in the vocabulary files.
pub fn extras(topic: &str) -> Extras {
    let (entity, emoji, sites, cashtags): (_, &[&str], &[&str], &[&str]) = match topic {
        "space" => (
            "Space",
            &["🚀", "🛰️", "🌕", "👩‍🚀", "👨🏽‍🚀", "🪐", "🔭", "🇯🇵🚀"],
            &["orbitdaily.example", "launchlog.example", "skywatch.example"],
            &["RKLB", "LMT"],
        ),
        "football" => (
            "Football",
            &["⚽", "🏆", "🧤", "🙌🏿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇧🇷", "🇦🇷", "😭"],
            &["touchline.example", "matchday.example"],
            &["MANU"],
        ),
        "cricket" => ("Cricket", &["🏏", "🇮🇳", "🙌🏽", "🔥"], &["overbyover.example"], NONE),
        "cooking" => (
            "Food",
            &["🍞", "🍜", "👩‍🍳", "🧑🏻‍🍳", "🌮", "😋", "🍰", "☕"],
            &["thelongtable.example", "recipes.example"],
            NONE,
        ),
        "chips" => (
            "Semiconductors",
            &["🤖", "💻", "👩🏾‍💻", "📈", "🔬", "🇹🇼"],
            &["siliconnotes.example", "waferwatch.example"],
            &["NVDA", "TSM", "AMD", "INTC", "ASML"],
        ),
        "markets" => (
            "Business & finance",
            &["📈", "📉", "💸", "🤷🏽‍♀️", "🏦"],
            &["openingbell.example", "ledgerline.example"],
            &["SPY", "AAPL", "TSLA", "BTC", "XOM"],
        ),
        "weather" => ("Weather", &["⛈️", "🌡️", "❄️", "🌊", "🥵", "☔"], &["stormdesk.example", "radar.example"], NONE),
        "music" => {
            ("Music", &["🎧", "🎸", "🎶", "💜", "👩‍🎤", "🥁", "🕺🏼"], &["sideb.example", "gigguide.example"], &["SPOT"])
        }
        "transit" => ("Transport", &["🚆", "🚲", "🚋", "😤", "✈️"], &["linestatus.example"], NONE),
        "books" => ("Books", &["📚", "📖", "🧙🏻‍♂️", "😭"], &["marginalia.example"], NONE),
        "games" => ("Gaming", &["🎮", "👾", "🕹️", "🧑‍💻", "💀"], &["savepoint.example"], &["NTDOY", "EA"]),
        "pets" => ("Pets", &["🐈", "🐈‍⬛", "🐕", "🦜", "😻", "🐢"], &["goodboys.example"], NONE),
        "science" => ("Science", &["🧪", "👩‍🔬", "🧬", "🌍", "🧊"], &["preprints.example"], NONE),
        "film" | "tv" => ("Movies & TV", &["🎬", "🍿", "😭", "👏🏼"], &["lastreel.example"], &["NFLX"]),
        _ => ("Viral", &["✨", "🫶🏽", "🏳️‍🌈", "👀", "👨‍👩‍👧‍👦"], &["linkinbio.example"], NONE),
    };
    Extras { entity, emoji, sites, cashtags }
}
