//! Mails over SMTP.

use crate::NotifyError;
use lettre::message::header::{HeaderName, HeaderValue, MessageId};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// Time that one command of SMTP may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the connection to the mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// It begins in the clear and goes on over TLS, or ends there. Usual on port 587.
    StartTls,
    /// TLS from the first byte. Usual on port 465.
    Tls,
    /// None: only to a mail server on this machine.
    None,
}

impl Security {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "starttls" => Some(Security::StartTls),
            "tls" => Some(Security::Tls),
            "none" => Some(Security::None),
            _ => None,
        }
    }
}

/// Where mails are handed in, and where they may go.
#[derive(Clone, Debug)]
pub struct MailSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Name and password, if the server asks for them.
    pub login: Option<(String, SecretString)>,
    /// The sender: `Roost <roost@example.com>`.
    pub from: String,
    /// The domains that mails may go to, like `example.com, example.org`; none for that of the sender.
    pub domains: String,
}

/// Sends mails.
#[derive(Clone)]
pub struct Mailer {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domains: Vec<String>,
}

/// One mail, in plain text.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// Names it, the same each time it is tried, so that mail systems drop doubles.
    pub id: String,
    /// The link by which its receiver gets no more of them.
    pub unsubscribe: String,
}

impl Mailer {
    /// # Errors
    /// `Setting` names the one that is wrong.
    pub fn new(settings: &MailSettings) -> Result<Self, NotifyError> {
        let wrong = |name, why: String| NotifyError::Setting { name, why };
        let from: Mailbox = settings.from.parse().map_err(|_| {
            wrong("mail_from", format!("\"{}\" is no sender like Roost <roost@example.com>", settings.from))
        })?;
        let mut domains: Vec<String> = settings.domains.split(',').map(|domain| domain.trim().to_lowercase()).collect();
        domains.retain(|domain| !domain.is_empty());
        if domains.is_empty() {
            domains.push(from.email.domain().to_lowercase());
        }
        let tls = || TlsParameters::new(settings.host.clone()).map_err(|error| wrong("smtp_host", error.to_string()));
        let tls = match settings.security {
            Security::StartTls => Tls::Required(tls()?),
            Security::Tls => Tls::Wrapper(tls()?),
            Security::None if is_this_machine(&settings.host) => Tls::None,
            Security::None => {
                return Err(wrong("smtp_security", "without TLS a mail server must be on this machine".to_owned()));
            }
        };
        let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = &settings.login {
            smtp = smtp.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self { smtp: smtp.build(), from, domains })
    }

    /// Reads an address that mails may go to.
    ///
    /// # Errors
    /// `NoAddress`, or `Domain` if it is not at one of those that are allowed.
    pub fn check(&self, address: &str) -> Result<String, NotifyError> {
        let address: Address = address.trim().parse().map_err(|_| NotifyError::NoAddress)?;
        if self.domains.contains(&address.domain().to_lowercase()) {
            return Ok(address.to_string());
        }
        Err(NotifyError::Domain(self.domains.join(", ")))
    }

    /// Hands a mail to the mail server.
    ///
    /// # Errors
    /// Those of [`Mailer::check`], and `Mail` if the server does not take it.
    pub async fn send(&self, mail: Mail) -> Result<(), NotifyError> {
        let to = self.check(&mail.to)?;
        let message = self.message(mail, &to).map_err(|error| NotifyError::Mail(error.to_string()))?;
        match self.smtp.send(message).await {
            Ok(_) => Ok(()),
            // The server's words may hold the address.
            Err(error) => Err(NotifyError::Mail(error.to_string().replace(&to, "the address"))),
        }
    }

    fn message(&self, mail: Mail, to: &str) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let header = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to.parse()?)
            .subject(mail.subject)
            .header(MessageId::from(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .singlepart(SinglePart::plain(mail.text))?;
        let headers = message.headers_mut();
        headers.insert_raw(header("List-Unsubscribe", format!("<{}>", mail.unsubscribe)));
        // RFC 8058: mail programs may post to the link by themselves.
        headers.insert_raw(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        headers.insert_raw(header("Auto-Submitted", "auto-generated".to_owned()));
        Ok(message)
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MailSettings {
        MailSettings {
            host: "127.0.0.1".to_owned(),
            port: 25,
            security: Security::None,
            login: None,
            from: "Roost <roost@example.com>".to_owned(),
            domains: String::new(),
        }
    }

    #[test]
    fn mails_go_to_the_senders_domain_or_those_that_are_named() {
        let mailer = Mailer::new(&settings()).unwrap();
        assert_eq!(mailer.check(" bea@Example.com ").unwrap(), "bea@Example.com");
        for address in
            ["bea@example.org", "bea@sub.example.com", "bea", "a@b@example.com", "bea@example.com\r\nBcc: x@y.z", ""]
        {
            assert!(mailer.check(address).is_err(), "{address:?}");
        }
        let mailer = Mailer::new(&MailSettings { domains: "example.org, a.example".into(), ..settings() }).unwrap();
        assert!(mailer.check("bea@example.org").is_ok() && mailer.check("bea@example.com").is_err());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let error = |settings| Mailer::new(&settings).err().unwrap().to_string();
        assert!(error(MailSettings { from: "Roost".into(), ..settings() }).contains("mail_from"));
        assert!(error(MailSettings { host: "mail.example.com".into(), ..settings() }).contains("smtp_security"));
    }

    #[test]
    fn what_is_in_a_subject_stays_in_it() {
        let mailer = Mailer::new(&settings()).unwrap();
        let mail = Mail {
            to: "bea@example.com".into(),
            subject: "Launch\r\nBcc: eve@example.com".into(),
            text: "…".into(),
            id: "delivery-1".into(),
            unsubscribe: "https://roost.example/unsubscribe?token=x".into(),
        };
        let message = String::from_utf8(mailer.message(mail, "bea@example.com").unwrap().formatted()).unwrap();
        assert!(!message.lines().any(|line| line.starts_with("Bcc:")), "{message}");
        assert!(message.contains("Message-ID: <delivery-1@example.com>"), "{message}");
    }
}
