/// Why something was not sent, in words for the person who looks after the alert. Never an address of a person or a
/// path of a webhook: those are secrets.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    #[error("Roost sends no mail here. Ask your admin to set smtp_host")]
    NoMail,
    #[error("this is no mail address. Write it as name@host")]
    NoAddress,
    #[error("mail goes only to addresses at {0}. Ask your admin to add the domain to mail_domains")]
    Domain(String),
    #[error("the setting {name} is wrong: {why}")]
    Setting { name: &'static str, why: String },
    #[error("the mail server did not take it: {0}")]
    Mail(String),
    #[error("a webhook needs an address that begins with https://")]
    NoWebhook,
    #[error("webhooks to {0} are not allowed. Ask your admin to add the host to webhook_hosts")]
    Host(String),
    #[error("{0} is an address inside a network, where webhooks do not go")]
    Inside(String),
    #[error("the webhook's host cannot be reached: {0}")]
    Network(String),
    #[error("the webhook's host answered {0}")]
    Answer(u16),
}

impl NotifyError {
    /// Whether it may go well another time.
    pub fn may_pass(&self) -> bool {
        match self {
            NotifyError::Mail(_) | NotifyError::Network(_) => true,
            NotifyError::Answer(status) => *status >= 500 || *status == 429 || *status == 408,
            _ => false,
        }
    }
}
