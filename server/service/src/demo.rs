//! The sample collection of `roost demo`.

use crate::schedules::{self, NewSchedule};
use crate::{Error, Service};
use model::schedule::{Expansions, Reads};

/// Names of the demo's schedules and their queries, in X's language: a topic each, in several languages.
const QUERIES: [(&str, &str); 5] = [
    (
        "space",
        "launch OR lander OR rover OR booster OR telescope OR satellite OR capsule OR docking OR \
         countdown OR NASA OR cohete OR sonda OR satélite OR despegue OR foguete OR lançamento OR \
         cápsula OR Rakete OR Sonde OR fusée OR ロケット OR 衛星 OR 探査 OR 打ち上げ OR 宇宙 OR 로켓 OR 위성 OR القمر OR \
         هبوط OR الصاروخ OR 火箭 OR 卫星",
    ),
    (
        "football",
        "keeper OR striker OR midfield OR derby OR penalty OR gaffer OR final OR portero OR árbitro OR \
         delantero OR hinchada OR capitán OR goleiro OR juiz OR zaga OR técnico OR Tor OR Trainer OR \
         gardien OR キーパー OR 後半 OR 決勝 OR 監督 OR ベンチ OR 골키퍼 OR 감독 OR الحارس OR المدرب OR kaleci OR kiper",
    ),
    (
        "technology",
        "chip OR GPU OR node OR wafer OR fab OR yield OR packaging OR scanner OR keynote OR benchmark OR \
         Chips OR Fabrik OR 半导体 OR 芯片 OR 반도체 OR 新作 OR ゲーム OR #AI OR #Chips OR earnings OR shares OR \
         rate OR bond OR سهم OR السوق OR hisse OR acciones",
    ),
    (
        "weather",
        "storm OR heat OR hail OR fog OR snow OR wind OR thunderstorm OR flood OR tormenta OR calor OR \
         granizo OR niebla OR nevada OR chuva OR temporal OR neblina OR Sturm OR Gewitter OR Regen OR \
         orage OR pluie OR 台風 OR 大雨 OR 初雪 OR 強風 OR 雷 OR 停電 OR 비 OR مطر OR الأرصاد OR yağmur OR hujan OR \
         ฝน OR बारिश",
    ),
    (
        "music and food",
        "album OR tour OR encore OR remix OR single OR setlist OR sourdough OR recipe OR soup OR \
         canción OR disco OR concierto OR gira OR tortilla OR cena OR paella OR refrão OR show OR \
         álbum OR almoço OR feijoada OR Rezept OR Brot OR recette OR 新曲 OR ライブ OR ツアー OR ラーメン OR ごはん OR \
         カレー OR 콘서트 OR คอนเสิร์ต OR ร้อง",
    ),
];

/// X allows 450 requests in 15 minutes: these are 225, and the rest is for the backlog.
const CADENCE: &str = "every 20 seconds";

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
        let new = NewSchedule {
            collection: "Demo",
            credential,
            name,
            reads: Reads::recent(query),
            expansions: Expansions::ALL,
            cadence: CADENCE,
        };
        schedules::create(service, new).await?;
    }
    Ok(())
}
