use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedules")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub collection_id: i64,
    pub credential_id: i64,
    pub name: String,
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub query: String,
    pub reads_from: Option<i64>,
    pub reads_to: Option<i64>,
    pub days: Option<i32>,
    pub account: Option<Vec<u8>>,
    pub expands_users: bool,
    pub expands_tweets: bool,
    pub expands_attachments: bool,
    #[sea_orm(column_type = "Text")]
    pub cadence: String,
    pub enabled: bool,
    pub since_id: Option<i64>,
    pub last_run_at: Option<i64>,
    pub last_tick: Option<i64>,
    pub running: Option<i64>,
    pub settled_id: Option<i64>,
    pub unsettled_since: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
