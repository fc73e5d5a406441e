use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "windows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub schedule_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub from_id: i64,
    pub to_id: i64,
    pub expected: Option<f64>,
    pub is_counted: bool,
    pub state: String,
    pub cause: Option<String>,
    pub page_limit: Option<i32>,
    pub pages: i32,
    pub posts: i64,
    pub newest: Option<i64>,
    pub reached: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub cursor_token: Option<String>,
    pub cursor_since: Option<i64>,
    pub cursor_until: Option<i64>,
    pub not_before: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
