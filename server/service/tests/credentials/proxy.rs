//! A proxy of HTTP with a name and a password, that notes what it sees.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

pub struct Proxy {
    address: String,
    /// Heads of the requests that it let pass.
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub async fn start(login: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (kept, word) = (Arc::clone(&heads), format!("proxy-authorization: basic {}", STANDARD.encode(login)));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(pass(socket, word.clone(), Arc::clone(&kept)));
            }
        });
        Self { address, heads }
    }

    /// Its address for somebody with that name and password.
    pub fn with(&self, login: &str) -> String {
        format!("http://{login}@{}", self.address)
    }

    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    pub fn passed(&self) -> usize {
        self.heads.lock().unwrap().len()
    }
}

async fn pass(mut client: TcpStream, word: String, heads: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let said = head.lines().find(|line| line.to_lowercase().starts_with("proxy-authorization: "));
    if said.is_none_or(|said| said.to_lowercase() != word.to_lowercase()) {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let _ = client.write_all(refusal).await;
        return;
    }
    heads.lock().unwrap().push(head.clone());
    if head.starts_with("CONNECT ") {
        // It goes no further than to say so: what follows is under TLS, for somebody who is not here.
        let _ = client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await;
        return;
    }
    // `GET http://host:port/path HTTP/1.1`
    let (method, rest) = head.split_once(' ').unwrap();
    let (target, rest) = rest.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let own = |line: &&str| !line.to_lowercase().starts_with("proxy-authorization:");
    let lines: Vec<&str> = rest.trim_end().split("\r\n").filter(own).collect();
    let request = format!("{method} /{}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
    let mut server = TcpStream::connect(target).await.unwrap();
    server.write_all(request.as_bytes()).await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}
