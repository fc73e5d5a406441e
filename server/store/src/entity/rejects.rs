use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rejects")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub schedule_id: i64,
    pub run_id: i64,
    pub at: i64,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub content: Vec<u8>,
    pub kind: String,
    pub shape: String,
    pub collection_id: Option<i64>,
    pub observed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
