//! Who writes: accounts per language, few very active, most nearly silent.

use super::dice::{Dice, Domain};
use super::vocabulary::{LANGUAGES, Language, total_weight};
use super::{canaries, hostile};
use crate::snowflake;
use crate::time::{DAY, timestamp};
use crate::wire::{Id, User, UserMetrics};

/// Zipf-Mandelbrot: the tail's exponent is 1.2; its integral's is this.
const POWER: f64 = 1.0 - 1.2;
/// So many ranks are flattened at the head, so that nobody writes a tenth of everything.
const FLAT_HEAD: f64 = 5.0;
/// A share of the accounts instead: then an author's mean and median do not depend on the number of tweets.
const FLAT_SHARE: f64 = 0.003;
const TWEETS_PER_ACCOUNT: u64 = 5;
const FEWEST_ACCOUNTS: u64 = 2_000;
const BOT_SHARE: u64 = 50; // one in
const BIOGRAPHY: i64 = 1 << 40;
const FIRST_DAY: i64 = 14_700; // 2010-04-01
const SYLLABLES: [&str; 20] = [
    "ka", "mi", "ro", "su", "ta", "no", "ha", "ri", "yu", "ki", "ne", "lo", "sa", "mo", "di", "vi", "ze", "na", "to",
    "el",
];

/// An account: its place in the order of all accounts, and its language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Account {
    pub index: u32,
    pub language: usize,
}

pub struct Accounts {
    seed: u64,
    /// Then a few accounts have names that are looked for where they must not be.
    is_measured: bool,
    pools: Vec<Pool>,
}

/// The accounts of a language.
struct Pool {
    first: u32,
    size: u32,
    /// So many ranks are as active as the first.
    flat: f64,
    /// Where drawing begins and ends.
    low: f64,
    high: f64,
}

impl Pool {
    fn new(first: u32, size: u32, flat: f64) -> Self {
        let (low, high) = (libm::pow(flat, POWER), libm::pow(flat + f64::from(size), POWER));
        Self { first, size, flat, low, high }
    }
}

impl Accounts {
    pub fn new(seed: u64, tweets: u64, is_measured: bool) -> Self {
        let total = (tweets / TWEETS_PER_ACCOUNT).clamp(FEWEST_ACCOUNTS, u64::from(u32::MAX) / 2);
        let mut first = 0;
        let pools = LANGUAGES
            .iter()
            .map(|language| {
                let size = (total * language.weight / total_weight()).max(2) as u32;
                first += size;
                let flat = if is_measured { FLAT_SHARE * f64::from(size) } else { FLAT_HEAD };
                Pool::new(first - size, size, flat)
            })
            .collect();
        Self { seed, is_measured, pools }
    }

    /// An account of the language, drawn by activity.
    pub fn draw(&self, language: usize, dice: &mut Dice) -> Account {
        let pool = &self.pools[language];
        let rank = libm::pow(pool.low + dice.unit() * (pool.high - pool.low), 1.0 / POWER) - pool.flat;
        Account { index: pool.first + (rank.max(0.0) as u32).min(pool.size - 1), language }
    }

    pub fn is_bot(&self, account: Account) -> bool {
        Dice::new(self.seed, Domain::Account, i64::from(account.index)).below(BOT_SHARE) == 0
    }

    pub fn id(&self, account: Account) -> Id {
        let index = i64::from(account.index);
        let mut dice = Dice::new(self.seed, Domain::Account, index);
        let (_, recent) = (dice.next(), dice.chance(0.5));
        if recent {
            let micros = dice.between(16_500, 20_000) * DAY;
            return Id(snowflake::first_id_at(micros) + u64::from(account.index));
        }
        Id(20_000 + index as u64 * 331 + dice.below(331))
    }

    pub fn username(&self, account: Account) -> String {
        let mut dice = Dice::new(self.seed, Domain::Account, !i64::from(account.index));
        let language = &LANGUAGES[account.language];
        let stem = &language.stems[dice.below(language.stems.len() as u64) as usize];
        let mut username = String::with_capacity(16);
        match stem {
            Some(stem) => username.push_str(stem),
            None => (0..3).for_each(|_| username.push_str(dice.pick(&SYLLABLES))),
        }
        if dice.chance(0.3) {
            username.push('_');
        }
        username.push_str(&account.index.to_string());
        username
    }

    /// Every account, also those that write nothing.
    pub fn all(&self) -> impl Iterator<Item = Account> {
        let pools = self.pools.iter().enumerate();
        pools.flat_map(|(language, pool)| {
            (pool.first..pool.first + pool.size).map(move |index| Account { index, language })
        })
    }

    /// The start of the day on which the account was opened (µs UTC).
    pub fn born_micros(&self, account: Account) -> i64 {
        born_day(&mut Dice::new(self.seed, Domain::Account, i64::from(account.index) + BIOGRAPHY)) * DAY
    }

    pub fn user(&self, account: Account) -> User {
        let bot = self.is_bot(account);
        let language = &LANGUAGES[account.language];
        let username = self.username(account);
        let mut dice = Dice::new(self.seed, Domain::Account, i64::from(account.index) + BIOGRAPHY);
        let born = born_day(&mut dice);
        let followers = (dice.pareto() * 90.0).min(6e7) as u64;
        let city = dice.pick(&language.cities);
        let verified = dice.chance(0.06);
        User {
            id: self.id(account),
            name: match self.is_measured && canaries::is_marked(self.seed, account) {
                true => canaries::name(self.seed, account),
                false => display_name(language, bot, &mut dice),
            },
            created_at: timestamp(born * DAY + dice.between(0, DAY)),
            description: if bot { "🤖 Automated account".to_owned() } else { bio(language, city, &mut dice) },
            location: dice.chance(0.6).then_some(city),
            url: dice.chance(0.2).then(|| format!("https://t.co/{}", code(&mut dice))),
            profile_image_url: format!(
                "https://pbs.twimg.com/profile_images/{}/{}_normal.jpg",
                snowflake::spare_id_at(born * DAY, 0),
                code(&mut dice)
            ),
            protected: false,
            verified,
            verified_type: match verified {
                true => dice.pick(&["blue", "blue", "blue", "business", "government"]),
                false => "none",
            },
            public_metrics: user_metrics(followers, &mut dice),
            username,
        }
    }
}

/// A day since 1970; the first thing that is decided about an account's looks.
fn born_day(dice: &mut Dice) -> i64 {
    FIRST_DAY + dice.below(5_500) as i64
}

/// Ten letters and digits, as in t.co links and picture names.
pub fn code(dice: &mut Dice) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut bits = dice.next();
    (0..10)
        .map(|_| {
            let letter = ALPHABET[(bits % 62) as usize];
            bits /= 62;
            char::from(letter)
        })
        .collect()
}

fn display_name(language: &Language, bot: bool, dice: &mut Dice) -> String {
    if dice.chance(0.002) {
        return hostile::text(dice).chars().take(50).collect();
    }
    let (name, surname) = (dice.pick(&language.names), dice.pick(&language.surnames));
    let mut full = match dice.below(4) {
        0 => name.to_owned(),
        _ if language.joins_names() => format!("{surname}{name}"),
        _ => format!("{name} {surname}"),
    };
    if bot {
        full.push_str(" Bot");
    } else if dice.chance(0.12) {
        full.push_str(dice.pick(&[" 🌙", " 🚀", " 🇺🇦", " 🏳️‍🌈", " ✨", " 🧶", " 👩🏾‍💻", " ⚽"]));
    }
    full
}

fn bio(language: &Language, city: &str, dice: &mut Dice) -> String {
    let mut parts: Vec<&str> = (0..dice.below(4)).map(|_| dice.pick(&language.bios)).collect();
    parts.dedup();
    let number = dice.between(2, 6).to_string();
    parts.join(" · ").replace("{city}", city).replace("{n}", &number)
}

fn user_metrics(followers: u64, dice: &mut Dice) -> UserMetrics {
    let tweets = 1 + (dice.pareto() * 900.0).min(2e6) as u64;
    UserMetrics {
        followers_count: followers,
        following_count: dice.below(1_200),
        tweet_count: tweets,
        listed_count: followers / (60 + dice.below(400)),
        like_count: tweets * dice.below(9),
        media_count: tweets / (5 + dice.below(30)),
    }
}
