//! What Roost tells the world by itself: mails over SMTP and signed webhooks.
//!
//! Both leave only to where the operator's settings allow it, so that whoever may sign in cannot make Roost talk to
//! other services, or send tweets to anybody.

mod error;
mod hosts;
mod mail;
mod webhook;

pub use error::NotifyError;
pub use hosts::Hosts;
pub use mail::{Mail, MailSettings, Mailer, Security};
pub use webhook::{Hook, Hooks};
