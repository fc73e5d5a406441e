use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tweets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub version: i64,
    pub change: i64,
    pub content_hash: i64,
    pub first_seen: i64,
    pub created_at: i64,
    pub author: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub lang: Option<String>,
    pub source: Option<String>,
    pub conversation: Option<i64>,
    pub likes: Option<i64>,
    pub reposts: Option<i64>,
    pub replies: Option<i64>,
    pub quotes: Option<i64>,
    pub bookmarks: Option<i64>,
    pub views: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub detail: String,
    pub raw: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
