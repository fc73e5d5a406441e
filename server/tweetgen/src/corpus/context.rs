//! What X believes a tweet is about.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::value::RawValue;

use super::dice::Dice;
use super::plan::Plan;
use super::topics;
use super::vocabulary::{LANGUAGES, Language};
use crate::wire::{ContextAnnotation, Id};

const ENTITY: u64 = 847_000_000_000_000_000;
/// In a hundred tweets with all fields, so many have annotations.
const ANNOTATED: f64 = 0.76;
/// Of these, so many have many.
const MANY: f64 = 0.2;

/// Domains of X's taxonomy: number, name, description.
const DOMAINS: [(u64, &str, &str); 9] = [
    (3, "TV Shows", "Television programmes from all over the world"),
    (6, "Sports Event", "Matches, races and tournaments, past and to come"),
    (10, "Person", "People who are known by name, such as Marie Curie"),
    (
        30,
        "Entities [Entity Service]",
        "The top of the taxonomy: whatever the service of entities knows is in this domain",
    ),
    (46, "Business Taxonomy", "Branches of trade and industry, by which companies and brands are told apart"),
    (47, "Brand", "Companies and what they sell"),
    (65, "Interests and Hobbies Vertical", "Wide fields of interest, for instance eating, travelling or building"),
    (
        67,
        "Interests and Hobbies",
        "What people, groups or cultures like and do, for instance regional cooking or theme parks",
    ),
    (123, "Ongoing News Story", "Stories that are in the news at the moment"),
];

/// A domain or an entity.
#[derive(Serialize)]
struct Named {
    id: Id,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
}

/// All that can be said of the topics of a language.
struct Topics {
    /// Of the demo: one per topic.
    one: Vec<Box<RawValue>>,
    /// Of the other profiles: one per topic and thing.
    several: Vec<Vec<Box<RawValue>>>,
}

static TAXONOMY: LazyLock<Box<RawValue>> =
    LazyLock::new(|| raw(&Named { id: Id(131), name: "Unified Twitter Taxonomy", description: None }));
static DOMAIN_OBJECTS: LazyLock<Vec<Box<RawValue>>> = LazyLock::new(|| {
    let object = |&(id, name, description)| raw(&Named { id: Id(id), name, description: Some(description) });
    DOMAINS.iter().map(object).collect()
});
static TOPICS: LazyLock<Vec<Topics>> = LazyLock::new(|| LANGUAGES.iter().map(topics_of).collect());

fn raw(object: &Named) -> Box<RawValue> {
    serde_json::value::to_raw_value(object).expect("an object of strings can be written")
}

fn topics_of(language: &Language) -> Topics {
    let one = language.topics.iter().map(|topic| {
        let name = topics::extras(topic.name).entity;
        let number = name.bytes().fold(17_u64, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
        raw(&Named { id: Id(ENTITY + number), name, description: None })
    });
    let several = language.topics.iter().enumerate().map(|(index, topic)| {
        let plain: Vec<&'static str> = topic.lines.iter().copied().filter(|line| !line.contains('{')).collect();
        let thing = |(number, &name): (usize, &&'static str)| {
            // one in three is described
            let description = plain.get(number).copied().filter(|_| number % 3 == 0);
            raw(&Named { id: Id(ENTITY + (index * 100 + number) as u64), name, description })
        };
        topic.things.iter().enumerate().map(thing).collect()
    });
    Topics { one: one.collect(), several: several.collect() }
}

/// The one annotation of a tweet of the demo.
pub fn one(plan: &Plan) -> ContextAnnotation {
    let topics = &TOPICS[plan.theme.language];
    ContextAnnotation { domain: &TAXONOMY, entity: &topics.one[plan.theme.topic] }
}

/// None or several, with descriptions, as in answers with all fields.
pub fn several(plan: &Plan, dice: &mut Dice) -> Vec<ContextAnnotation> {
    if !dice.chance(ANNOTATED) {
        return Vec::new();
    }
    let entities = &TOPICS[plan.theme.language].several[plan.theme.topic];
    let rare = if dice.chance(MANY) { 4 + dice.below(8) } else { 0 };
    let count = 1 + dice.below(4) + dice.below(5) + rare;
    (0..count)
        .map(|_| {
            let domain = &DOMAIN_OBJECTS[dice.below(DOMAINS.len() as u64) as usize];
            let entity = &entities[dice.below(entities.len() as u64) as usize];
            ContextAnnotation { domain, entity }
        })
        .collect()
}
