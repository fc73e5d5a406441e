//! What tests share: stores on both engines, builders for observations, and the loss of power.

mod builders;
mod engines;
#[cfg(target_os = "linux")]
pub mod power;
mod write;

pub use builders::{author, batch, tweet};
pub use engines::{TestStore, execute, postgres, sqlite};
pub use write::write;

/// Runs each of the named stories on SQLite and on PostgreSQL.
///
/// A story is `async fn story(test: testing::TestStore)`. Without `ROOST_TEST_POSTGRES_URL` the PostgreSQL half says
/// that it was skipped; `make test` always sets it.
#[macro_export]
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $story() {
                super::$story($crate::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $story() {
                if let Some(test) = $crate::postgres().await {
                    super::$story(test).await;
                }
            })+
        }
    };
}
