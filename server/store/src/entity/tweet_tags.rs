use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tweet_tags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tweet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
    pub seen: i64,
    pub at: i64,
    pub is_on: bool,
    pub user_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
