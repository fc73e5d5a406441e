//! The sample collection of `roost demo`.

use crate::schedules::{self, NewSchedule};
use crate::{Error, Service};

/// Names of the demo's schedules and their queries, in X's language: a topic each, in several languages.
const QUERIES: [(&str, &str); 5] = [
    (
        "space",
        "rocket OR launch OR moon OR satellite OR NASA OR countdown OR Rakete OR Raumfahrt OR Mond OR luna OR \
         lanzamiento OR cohete OR 宇宙 OR ロケット OR fusée OR lune OR foguete OR 로켓 OR 우주 OR القمر",
    ),
    (
        "football",
        "football OR goal OR match OR penalty OR keeper OR Bundesliga OR Tor OR Spiel OR fútbol OR gol OR partido OR \
         サッカー OR ゴール OR futebol OR jogo OR 축구 OR مباراة",
    ),
    (
        "technology",
        "chip OR chips OR GPU OR AI OR semiconductor OR software OR model OR KI OR Halbleiter OR 半導体 OR 반도체 OR \
         芯片 OR puce OR tecnología",
    ),
    (
        "weather",
        "weather OR storm OR rain OR snow OR heat OR Wetter OR Gewitter OR Schnee OR lluvia OR tormenta OR nieve OR \
         台風 OR 大雨 OR pluie OR neige OR chuva OR 비 OR مطر",
    ),
    (
        "music and food",
        "concert OR album OR song OR music OR bread OR recipe OR cooking OR coffee OR Brot OR Rezept OR Konzert OR \
         receta OR música OR ラーメン OR ごはん OR recette OR receita",
    ),
];

/// Seconds between runs. X allows 450 requests in 15 minutes: these are 150, and the rest is for the backlog.
const INTERVAL_SECONDS: u32 = 30;

/// Where the demo fetches from.
pub struct DemoSource<'a> {
    pub base_url: &'a str,
    pub bearer_token: &'a str,
}

/// Makes the demo's collection and its schedules; a second call only renews where it fetches from.
pub async fn prepare(service: &Service, demo: DemoSource<'_>) -> Result<(), Error> {
    let credential = schedules::save_credential(service, "simulator", demo.base_url, demo.bearer_token).await?;
    if !schedules::list(service).await?.is_empty() {
        return Ok(());
    }
    for (name, query) in QUERIES {
        let new = NewSchedule { collection: "Demo", credential, name, query, interval_seconds: INTERVAL_SECONDS };
        schedules::create(service, new).await?;
    }
    Ok(())
}
