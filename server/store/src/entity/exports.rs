use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exports")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    pub collection_id: i64,
    /// Only in rows from before there was `request`.
    #[sea_orm(column_type = "Text")]
    pub filter: String,
    pub format: String,
    pub tweets: i64,
    pub has_content: bool,
    pub at: i64,
    pub state: String,
    pub request: Option<Vec<u8>>,
    pub matching: Option<i64>,
    pub written: i64,
    pub bytes: i64,
    pub removed: i64,
    pub file: Option<String>,
    pub claim: Option<String>,
    pub lease_until: Option<i64>,
    pub finished_at: Option<i64>,
    pub expires_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// When its owner was told that it has ended.
    pub seen_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
