use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "runs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub schedule_id: i64,
    pub status: String,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    pub pages: i32,
    pub read: i64,
    pub new: i64,
    pub updated: i64,
    pub duplicate: i64,
    pub rejected: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub requests: i32,
    pub removed: i32,
    pub waits_until: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub waits_for: Option<String>,
    pub cancelled_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub remark: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
