//! The way out: where it does not go, what it does not take in, and what its errors do not tell.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{answer, ask, client_of, kind, scripted};
use flate2::Compression;
use flate2::write::GzEncoder;
use secrecy::SecretString;
use source::search::SearchRequest;
use source::{Auth, Egress, Expansions, PATIENCE, Reach, RefusalKind, Request, SourceError, XClient, backoff};
use source::{connect, search, usage};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const QUERY: &str = "a-private-query";

fn request() -> Request {
    search::recent(&SearchRequest { query: QUERY, ..SearchRequest::default() })
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What a server's answer is taken for.
async fn taken(answer: Vec<u8>) -> Result<Vec<u8>, SourceError> {
    let (address, _) = scripted(vec![answer]).await;
    client_of(&address).send(&request()).await.and_then(|answer| answer.body)
}

#[tokio::test]
async fn what_is_no_answer_of_x_is_an_error_that_tells_no_secret() {
    let good = br#"{"meta":{"result_count":0}}"#;
    let gzip = "content-encoding: gzip\r\n";
    assert_eq!(taken(answer("200 OK", "", good)).await.unwrap(), good);
    assert_eq!(taken(answer("200 OK", gzip, &packed(good))).await.unwrap(), good);
    let bomb = packed(&vec![b' '; 4 << 20]);
    let too_long = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{\"meta\":{\"result_count\":0}}".to_vec();
    for (name, answer) in [
        ("plain text that says it is packed", answer("200 OK", gzip, good)),
        ("half of what was packed", answer("200 OK", gzip, &packed(good)[..20])),
        ("a packing that nobody asked for", answer("200 OK", "content-encoding: br\r\n", good)),
        ("a bomb", answer("200 OK", gzip, &bomb)),
        ("a page of somebody in between", answer("200 OK", "content-type: text/html\r\n", b"<html>Log in")),
        ("half of an answer", answer("200 OK", "", &good[..10])),
        ("nothing", answer("200 OK", "", b"")),
        ("less than it says", too_long),
        ("a broken head", b"HTTP/1.1 2".to_vec()),
        ("no word", Vec::new()),
        ("another protocol", b"SSH-2.0-OpenSSH\r\n".to_vec()),
    ] {
        let error = taken(answer).await.expect_err(name);
        let told = format!("{error} {error:?}");
        assert!(
            !told.contains(QUERY) && !told.contains("a-secret-token") && !told.contains("127.0.0.1"),
            "{name}: {told}"
        );
        let is_an_attack = matches!(error, SourceError::Inflated(_));
        assert_eq!(backoff::again(&error, 1, common::START, 0.0).is_none(), is_an_attack, "{name}: {error}");
    }
}

#[tokio::test]
async fn no_redirect_is_followed_and_the_token_goes_nowhere_else() {
    let (elsewhere, asked) = scripted(vec![answer("200 OK", "", b"{}")]).await;
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let redirect = answer(status, &format!("location: {elsewhere}/2/tweets\r\n"), b"");
        let error = taken(redirect).await.unwrap_err();
        assert_eq!(kind(&error), RefusalKind::Redirect, "{status}");
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let sending = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        common::head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut sent = 0_usize;
        while socket.write_all(&[b'x'; 1 << 16]).await.is_ok() {
            sent += 1 << 16;
        }
        sent
    });
    let error = client_of(&address).send(&request()).await.unwrap_err();
    assert!(matches!(error, SourceError::TooLarge(32)), "{error}");
    assert!(sending.await.unwrap() < 64 << 20);
}

#[tokio::test]
async fn an_answer_that_comes_drop_by_drop_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        common::head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await.unwrap();
        while socket.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let egress = common::egress(&address, Arc::new(|| common::START)).answered_within(Duration::from_millis(400));
    let begun = Instant::now();
    let error = XClient::new(egress, Auth::app("a")).send(&request()).await.unwrap_err();
    assert!(matches!(error, SourceError::Timeout), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_line_without_end_is_cut_off() {
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n{\"data\":{\"id\":\"1\"}}\r\n".to_vec();
    endless.resize(6 << 20, b'x');
    let (address, _) = scripted(vec![endless]).await;
    let mut stream = client_of(&address).stream(&connect(Expansions::NONE, None), PATIENCE).await.unwrap();
    assert!(stream.next().await.is_ok());
    assert!(matches!(stream.next().await, Err(SourceError::TooLarge(4))));
}

#[tokio::test]
async fn fields_are_asked_under_the_names_that_x_takes() {
    let unknown = br#"{"errors":[{"parameters":{"post.fields":["x"]},"message":"The query parameter [post.fields] is not one of [query]"}],"title":"Invalid Request","type":"https://api.twitter.com/2/problems/invalid-request"}"#;
    let good = answer("200 OK", "", b"{}");
    let (address, asked) = scripted(vec![answer("400 Bad Request", "", unknown), good.clone(), good.clone()]).await;
    let client = client_of(&address);
    assert!(ask(&client, &request()).await.body.is_ok());
    assert!(ask(&client, &request()).await.body.is_ok());
    let names = asked.lock().unwrap().iter().map(|head| head.contains("tweet.fields=")).collect::<Vec<_>>();
    assert_eq!(names, [false, true, true], "once more, and from then on at once");

    let last = answer("400 Bad Request", "x-rate-limit-remaining: 0\r\n", unknown);
    let (address, asked) = scripted(vec![last, good.clone()]).await;
    assert!(ask(&client_of(&address), &request()).await.body.is_err());
    assert_eq!(asked.lock().unwrap().len(), 1, "no request was left for another try");

    let other = br#"{"errors":[{"parameters":{"query":["x"]},"message":"no"}],"title":"Invalid Request"}"#;
    let (address, asked) = scripted(vec![answer("400 Bad Request", "", other), good]).await;
    assert!(ask(&client_of(&address), &request()).await.body.is_err());
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stream_is_asked_again_in_the_other_words_too() {
    let unknown =
        br#"{"errors":[{"parameters":{"tweet.fields":["x"]},"message":"unknown"}],"title":"Invalid Request"}"#;
    let line = b"HTTP/1.1 200 OK\r\n\r\n\r\n".to_vec();
    let (address, asked) = scripted(vec![answer("400 Bad Request", "", unknown), line]).await;
    let client = client_of(&address);
    let mut stream = client.stream(&connect(Expansions::ALL, None), PATIENCE).await.unwrap();
    assert_eq!(stream.next().await.unwrap(), source::Event::Alive);
    let asked = asked.lock().unwrap();
    assert!(asked[0].contains("tweet.fields=") && asked[1].contains("post.fields="), "{asked:?}");
    assert!(asked.iter().all(|head| head.contains("accept-encoding: identity")), "what is packed comes late");
}

/// What a proxy sees of a request to X: the host's name, and then only what is under TLS.
#[tokio::test]
async fn a_proxy_learns_the_host_and_cannot_pretend_to_be_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://roost:proxy-password@{}", listener.local_addr().unwrap());
    let proxy = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let head = common::head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
        let mut hello = vec![0; 4_096];
        let length = socket.read(&mut hello).await.unwrap();
        hello.truncate(length);
        socket.write_all(&answer("200 OK", "", b"{}")).await.unwrap();
        socket.shutdown().await.ok();
        (head, hello)
    });
    let secret = SecretString::from(address);
    let egress = Egress::new("https://api.x.com", Reach::X, Some(&secret), Arc::new(|| common::START)).unwrap();
    let client = XClient::new(egress, Auth::app("a-secret-token"));
    let error = client.send(&usage::posts(1)).await.unwrap_err();
    let (head, hello) = proxy.await.unwrap();
    assert!(head.starts_with("CONNECT api.x.com:443 ") && head.to_lowercase().contains("proxy-authorization: basic"));
    assert!(!head.contains("a-secret-token"));
    const HANDSHAKE: u8 = 0x16;
    assert_eq!(hello[0], HANDSHAKE);
    assert!(hello.windows(9).any(|bytes| bytes == b"api.x.com"), "the name that the certificate must have");
    assert!(!hello.windows(14).any(|bytes| bytes == b"a-secret-token"));
    assert!(matches!(error, SourceError::Network(_)) && !error.to_string().contains("proxy-password"), "{error}");
}

/// Nothing in the sources may turn the check of certificates off.
#[test]
fn certificates_are_always_checked() {
    let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        assert!(!source.contains("danger"), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 15);
}
