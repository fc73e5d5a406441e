use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alerts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub view_id: i64,
    pub collection_id: i64,
    pub owner_id: i64,
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub rule: String,
    pub cool_down_minutes: i32,
    pub max_per_day: i32,
    pub daily_at: Option<i32>,
    pub webhook: Option<Vec<u8>>,
    pub paused: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub progress: String,
    pub version: i64,
    pub last_fired_at: Option<i64>,
    pub created_at: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub quiet: Option<String>,
    pub all_clear: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
