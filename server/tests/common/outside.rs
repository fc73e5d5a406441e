//! What stands outside of Roost in stories: a mail server and a receiver of webhooks, on this machine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a story waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail as the mail server took it.
#[derive(Debug)]
pub struct ReceivedMail {
    pub to: String,
    pub headers: BTreeMap<String, String>,
    /// As people read it.
    pub text: String,
}

/// A mail server that keeps what it is given.
pub struct MailServer {
    pub port: u16,
    mails: Receiver<ReceivedMail>,
}

impl MailServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (keep, mails) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(mail) = take_mail(stream) {
                    let _ = keep.send(mail);
                }
            }
        });
        Self { port, mails }
    }

    /// The next mail; fails if none comes.
    pub fn next(&self) -> ReceivedMail {
        self.mails.recv_timeout(PATIENCE).expect("a mail comes")
    }

    /// Whether there is no mail now.
    pub fn is_empty(&self) -> bool {
        self.mails.try_recv().is_err()
    }
}

/// One conversation in SMTP (RFC 5321).
fn take_mail(mut stream: TcpStream) -> Option<ReceivedMail> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut say = move |words: &str| stream.write_all(format!("{words}\r\n").as_bytes()).ok();
    say("220 mail.test ESMTP")?;
    let (mut to, mut mail) = (String::new(), None);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return mail;
        }
        let command = line.to_ascii_uppercase();
        if command.starts_with("RCPT TO:") {
            line.split(['<', '>']).nth(1)?.clone_into(&mut to);
            say("250 ok")?;
        } else if command.starts_with("DATA") {
            say("354 go on")?;
            mail = Some(read_mail(&mut lines, &to)?);
            say("250 taken")?;
        } else if command.starts_with("QUIT") {
            say("221 bye")?;
            return mail;
        } else {
            say("250 ok")?;
        }
        if mail.is_some() {
            return mail;
        }
    }
}

fn read_mail(lines: &mut impl BufRead, to: &str) -> Option<ReceivedMail> {
    let mut whole = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        match line.as_str() {
            ".\r\n" => break,
            _ => whole += line.strip_prefix('.').unwrap_or(&line),
        }
    }
    let (head, body) = whole.split_once("\r\n\r\n")?;
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers: BTreeMap<String, String> = unfolded
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let text = match headers.get("content-transfer-encoding").map(String::as_str) {
        Some("quoted-printable") => from_quoted_printable(body),
        _ => body.replace("\r\n", "\n"),
    };
    Some(ReceivedMail { to: to.to_owned(), headers, text })
}

fn from_quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "").replace("\r\n", "\n");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'=' {
            let (hex, after) = rest.split_at(2);
            bytes.push(u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap());
            rest = after;
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A webhook as it was received.
#[derive(Debug)]
pub struct ReceivedHook {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// A server that takes webhooks and answers with the given statuses, the last of them for ever.
pub struct HookServer {
    pub host: String,
    hooks: Receiver<ReceivedHook>,
}

impl HookServer {
    pub fn start(statuses: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (keep, hooks) = channel();
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                let status = statuses[number.min(statuses.len() - 1)];
                if let Some(hook) = take_hook(stream, status) {
                    let _ = keep.send(hook);
                }
            }
        });
        Self { host, hooks }
    }

    /// The next webhook; fails if none comes.
    pub fn next(&self) -> ReceivedHook {
        self.hooks.recv_timeout(PATIENCE).expect("a webhook comes")
    }

    /// Whether there is no webhook now.
    pub fn is_empty(&self) -> bool {
        self.hooks.try_recv().is_err()
    }
}

fn take_hook(mut stream: TcpStream, status: &str) -> Option<ReceivedHook> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    lines.read_exact(&mut body).ok()?;
    let answer = format!("HTTP/1.1 {status}\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).ok()?;
    Some(ReceivedHook { path, headers, body: String::from_utf8(body).ok()? })
}
