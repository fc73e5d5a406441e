use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tweet_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tweet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: i64,
    pub seen: i64,
    pub at: i64,
    /// Sealed; empty where the note was taken away.
    pub text: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
