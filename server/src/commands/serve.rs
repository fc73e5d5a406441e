use crate::config::Config;
use crate::http::{self, connections};
use anyhow::Context;
use axum::Router;
use service::{Background, Service, accounts, alerts, exports, fetch, index, pipeline, stream};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long requests and pages in flight may take when Roost is told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(clap::Args)]
pub struct Serve {
    /// Address to serve on.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
}

pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let service = super::open(&config).await?;
    let router = http::router(&config, service.clone())?;
    let listener = listen(config.listen).await?;
    let address = address(&config, &listener)?;
    println!("Roost is at {address}");
    if let Some(token) = accounts::setup_token(&service).await? {
        println!(
            "There is no account yet. Make yours (once, within 24 hours): {address}/setup?token={}",
            token.reveal()
        );
    }
    serve(service, router, listener, address, stop_signal()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Binds the address, with a clear error where it is taken.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot serve on {address} (is it taken?): choose another with --listen"))
}

/// Under which address people open Roost.
pub fn address(config: &Config, listener: &TcpListener) -> anyhow::Result<String> {
    match &config.public_url {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => Ok(format!("http://{}", listener.local_addr()?)),
    }
}

/// Serves and works until `stop`, then finishes what is in flight.
pub async fn serve(
    service: Service,
    router: Router,
    listener: TcpListener,
    address: String,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let background = Background::start().context("threads for work in the background cannot be started")?;
    let tasks = TaskTracker::new();
    tasks.spawn(index::warm_up(service.clone()));
    tasks.spawn_on(index::follow(service.clone(), stop.clone()), background.handle());
    tasks.spawn_on(pipeline::follow(service.clone(), stop.clone()), background.handle());
    #[cfg(feature = "lake")]
    {
        tasks.spawn_on(service::lake::follow(service.clone(), stop.clone()), background.handle());
        tasks.spawn_on(service::lake::maintain(service.clone(), stop.clone()), background.handle());
    }
    tasks.spawn_on(exports::follow(service.clone(), stop.clone()), background.handle());
    tasks.spawn_on(alerts::follow(service.clone(), address, stop.clone()), background.handle());
    tasks.spawn(fetch::follow_schedules(service.clone(), stop.clone()));
    tasks.spawn(stream::follow(service.clone(), stream::Manner::default(), stop.clone()));
    let serving = tokio::spawn(connections::serve(listener, router, connections::Limits::default(), stop.clone()));
    stop.cancelled().await;
    tasks.close();
    let finished = async {
        tasks.wait().await;
        serving.await
    };
    if let Ok(served) = tokio::time::timeout(PATIENCE, finished).await {
        served.context("the server broke down")?;
    }
    Ok(service.close().await?)
}

/// Is cancelled by Ctrl+C or SIGTERM.
pub fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    tokio::spawn(async move {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        let terminated = async {
            match &mut terminate {
                Some(terminate) => terminate.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated => {}
        }
        signalled.cancel();
    });
    stop
}
