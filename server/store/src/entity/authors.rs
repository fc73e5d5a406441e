use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pid: Vec<u8>,
    pub version: i64,
    pub handle_key: Option<Vec<u8>>,
    pub identity: Vec<u8>,
    pub followers: Option<i64>,
    pub following: Option<i64>,
    pub tweets: Option<i64>,
    pub verified: Option<bool>,
    pub account_created: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
