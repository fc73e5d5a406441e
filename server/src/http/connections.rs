//! Connections: how many at once, and how long one may take to say what it wants.

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::Layer;

/// Limits of the connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections that are served at once; others wait to be accepted.
    pub at_once: usize,
    /// The head of a request must be complete in that time. A connection without a request is closed after as long.
    pub head_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 1024, head_timeout: Duration::from_secs(30) }
    }
}

/// Before trying again where none could be accepted: the system is out of file descriptors, most likely.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until `stop`, then finishes the requests that are being answered.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    // HTTP/2 comes with TLS, which a proxy ends. Looking for it first would wait for bytes without any limit of time.
    let mut server = Builder::new(TokioExecutor::new()).http1_only();
    server.http1().timer(TokioTimer::new()).header_read_timeout(limits.head_timeout);
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.at_once));
    loop {
        let next = tokio::select! {
            next = accept(&listener, &places) => next,
            () = stop.cancelled() => break,
        };
        let Some((stream, peer, place)) = next else { continue };
        let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router.clone()));
        let connection = open.watch(server.serve_connection(TokioIo::new(stream), service).into_owned());
        tokio::spawn(async move {
            // What fails here is the client's side: it went away, or was too slow.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(error = %error, "a connection could not be accepted");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const LIMITS: Limits = Limits { at_once: 2, head_timeout: Duration::from_millis(300) };

    async fn server() -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(600)).await;
            "done"
        };
        let who = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
        let router = Router::new().route("/slow", get(slow)).route("/who", get(who));
        (address, stop.clone(), tokio::spawn(serve(listener, router, LIMITS, stop)))
    }

    async fn send(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn read(mut stream: TcpStream) -> String {
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test]
    async fn who_says_nothing_or_drips_makes_room_for_others() {
        let (address, _stop, _server) = server().await;
        let silent = send(address, "").await;
        let half = send(address, "GET /who HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
        // Both places are taken; this one is served when their time is over.
        let third = send(address, "GET /who HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let own = third.local_addr().unwrap().to_string();
        let answer = tokio::time::timeout(Duration::from_secs(10), read(third)).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&own), "{answer}");
        assert!(!read(silent).await.contains("200 OK") && !read(half).await.contains("200 OK"));
    }

    #[tokio::test]
    async fn what_is_being_answered_is_finished_when_it_is_to_stop() {
        let (address, stop, server) = server().await;
        let request = send(address, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        stop.cancel();
        assert!(read(request).await.ends_with("done"));
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
