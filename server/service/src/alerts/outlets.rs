//! How alerts leave Roost: what the settings allow, and what is signed with what.

use crate::{Error, Service};
use notify::{Hooks, Hosts, MailSettings, Mailer, NotifyError};
use url::Url;

/// What the operator has set.
#[derive(Clone, Debug, Default)]
pub struct OutletSettings {
    /// Without it no mail is sent.
    pub mail: Option<MailSettings>,
    /// Hosts that webhooks may go to, like `hooks.example.com, chat.example.com:8443`.
    pub webhook_hosts: String,
}

/// Ready to send.
pub struct Outlets {
    pub(super) mailer: Option<Mailer>,
    pub(super) hooks: Hooks,
}

impl Outlets {
    pub(crate) fn new(settings: &OutletSettings, loopback: bool) -> Result<Self, Error> {
        let mailer = settings.mail.as_ref().map(Mailer::new).transpose()?;
        Ok(Self { mailer, hooks: Hooks { hosts: Hosts::new(&settings.webhook_hosts, loopback) } })
    }

    pub(super) fn check_email(&self, address: &str) -> Result<String, Error> {
        Ok(self.mailer.as_ref().ok_or(NotifyError::NoMail)?.check(address)?)
    }

    pub(super) fn check_webhook(&self, address: &str) -> Result<Url, Error> {
        Ok(self.hooks.hosts.check(address)?)
    }
}

/// Whether mails can be sent.
pub fn sends_mail(service: &Service) -> bool {
    service.outlets.mailer.is_some()
}

/// Whether there is a host that webhooks may go to.
pub fn sends_webhooks(service: &Service) -> bool {
    !service.outlets.hooks.hosts.is_empty()
}

/// What an alert's webhook is signed with, as hex digits.
pub(super) fn webhook_secret(service: &Service, alert: i64) -> String {
    let secret = service.store.vault().signature("webhook", &alert.to_string());
    secret.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<NotifyError> for Error {
    fn from(error: NotifyError) -> Self {
        let mut words = error.to_string();
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Error::Invalid(words + ".")
    }
}
