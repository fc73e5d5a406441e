use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "buckets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub endpoint: String,
    pub most: i32,
    pub remaining: i32,
    pub reset: i64,
    pub closed_until: Option<i64>,
    pub is_told: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
