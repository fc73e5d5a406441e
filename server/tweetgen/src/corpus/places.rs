//! Places tweets are tagged with.

use super::dice::Dice;
use crate::wire::{BoundingBox, Place};

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, [f64; 4]);

/// Language, id, name, full name, country code, west-south-east-north. The country is looked up by code.
const PLACES: [Row; 18] = [
    ("en", "457b4814b4240d87", "London", "London, England", "GB", [-0.51, 51.28, 0.33, 51.69]),
    ("en", "1d9a5370a355ab0c", "Chicago", "Chicago, IL", "US", [-87.94, 41.64, -87.52, 42.02]),
    ("en", "3797791ff9c0e4c6", "Toronto", "Toronto, Ontario", "CA", [-79.64, 43.4, -78.9, 43.85]),
    ("ja", "8ac29a5a9fcbb47e", "東京", "日本 東京", "JP", [139.56, 35.52, 139.92, 35.82]),
    ("ja", "4d50c8db1d1d9fbb", "大阪", "大阪 大阪市", "JP", [135.37, 34.59, 135.6, 34.77]),
    ("es", "206c436ce43a43a3", "Madrid", "Madrid, España", "ES", [-3.89, 40.31, -3.52, 40.64]),
    ("es", "7d93122509633720", "Bogotá", "Bogotá, Colombia", "CO", [-74.23, 4.47, -73.99, 4.83]),
    ("pt", "68e019afec7d0ba5", "São Paulo", "São Paulo, Brasil", "BR", [-46.83, -24.01, -46.37, -23.36]),
    ("pt", "97bcdfca1a2dca59", "Lisboa", "Lisboa, Portugal", "PT", [-9.23, 38.69, -9.09, 38.8]),
    ("ar", "00f5cb6e0a3d1b2c", "الرياض", "الرياض, المملكة العربية السعودية", "SA", [46.5, 24.5, 47.0, 24.95]),
    ("th", "018c6dcbcf5b9c7a", "กรุงเทพ", "กรุงเทพ, ประเทศไทย", "TH", [100.33, 13.49, 100.94, 13.96]),
    ("ko", "01a2b8f3c1d4e5f6", "서울", "대한민국 서울", "KR", [126.76, 37.43, 127.18, 37.7]),
    ("in", "0179ec447bdd5b39", "Jakarta", "Jakarta, Indonesia", "ID", [106.69, -6.37, 106.97, -6.08]),
    ("fr", "09f6a7707f18e0b1", "Paris", "Paris, France", "FR", [2.22, 48.82, 2.47, 48.9]),
    ("tr", "5e02a0f0d91c76d2", "İstanbul", "İstanbul, Türkiye", "TR", [28.6, 40.81, 29.38, 41.2]),
    ("de", "3078869807f9dd36", "Berlin", "Berlin, Deutschland", "DE", [13.09, 52.34, 13.76, 52.68]),
    ("hi", "317fcc4b21a604d5", "दिल्ली", "दिल्ली, भारत", "IN", [76.84, 28.4, 77.35, 28.88]),
    ("zh", "53ab6e1f4c2d9a70", "台北", "台北市, 台灣", "TW", [121.46, 24.96, 121.67, 25.21]),
];

/// A place where `language` is spoken, if the table has one.
pub fn choose(language: &str, dice: &mut Dice) -> Option<Place> {
    let near: Vec<&Row> = PLACES.iter().filter(|row| row.0 == language).collect();
    if near.is_empty() {
        return None;
    }
    let &(_, id, name, full_name, country_code, bbox) = dice.pick(&near);
    Some(Place {
        id,
        name,
        full_name,
        country: country(country_code),
        country_code,
        place_type: "city",
        geo: BoundingBox { kind: "Feature", bbox, properties: serde_json::Map::new() },
    })
}

fn country(code: &str) -> &'static str {
    match code {
        "GB" => "United Kingdom",
        "US" => "United States",
        "CA" => "Canada",
        "JP" => "Japan",
        "ES" => "Spain",
        "CO" => "Colombia",
        "BR" => "Brazil",
        "PT" => "Portugal",
        "SA" => "Saudi Arabia",
        "TH" => "Thailand",
        "KR" => "Republic of Korea",
        "ID" => "Indonesia",
        "FR" => "France",
        "TR" => "Türkiye",
        "DE" => "Germany",
        "IN" => "India",
        _ => "Taiwan",
    }
}
