//! Questions that show what can be asked, one click away.

use model::texts::{Text, sql as say};

/// A name for forms, what it asks, and how.
pub struct Sample {
    pub name: &'static str,
    pub title: Text,
    pub question: &'static str,
}

pub const SAMPLES: [Sample; 6] = [
    Sample {
        name: "days",
        title: say::sample_days,
        question: "SELECT day, lang, count(*) AS tweets\nFROM tweets\nGROUP BY day, lang\nORDER BY day",
    },
    Sample {
        name: "hashtags",
        title: say::sample_hashtags,
        question: "SELECT tag, count(*) AS tweets\nFROM (SELECT unnest(hashtag) AS tag FROM tweets)\nGROUP BY tag\n\
                   ORDER BY tweets DESC, tag\nLIMIT 20",
    },
    Sample {
        name: "hours",
        title: say::sample_hours,
        question: "SELECT date_part('hour', created) AS hour_utc, count(*) AS tweets, round(avg(likes), 2) AS likes\n\
                   FROM tweets\nGROUP BY hour_utc\nORDER BY hour_utc",
    },
    Sample {
        name: "authors",
        title: say::sample_authors,
        question: "SELECT author, count(*) AS tweets, sum(likes) AS likes, max(followers) AS followers\nFROM tweets\n\
                   GROUP BY author\nORDER BY likes DESC NULLS LAST\nLIMIT 20",
    },
    Sample {
        name: "overlap",
        title: say::sample_overlap,
        question: "WITH member AS (SELECT id, unnest(collection) AS name FROM tweets)\n\
                   SELECT a.name || ' + ' || b.name AS collections, count(*) AS tweets\n\
                   FROM member a JOIN member b ON a.id = b.id AND a.name < b.name\nGROUP BY collections\n\
                   ORDER BY tweets DESC",
    },
    Sample {
        name: "tweets",
        title: say::sample_tweets,
        question: "SELECT id, created, text, likes\nFROM tweets\nWHERE text ILIKE '%the%'\nORDER BY likes DESC NULLS LAST\n\
                   LIMIT 50",
    },
];

/// The question of that name.
pub fn sample(name: &str) -> Option<&'static str> {
    SAMPLES.iter().find(|sample| sample.name == name).map(|sample| sample.question)
}
