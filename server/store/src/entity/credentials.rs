use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub base_url: String,
    /// Sealed. The column is from when bearer tokens were all there was.
    #[sea_orm(column_name = "bearer_token")]
    pub secret: Vec<u8>,
    pub created_at: i64,
    pub kind: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub client_id: Option<String>,
    pub expires_at: Option<i64>,
    pub refreshed_at: Option<i64>,
    pub tier: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
