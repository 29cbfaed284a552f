//! The listening side: connections, their limits, and an orderly end.

use crate::app::App;
use crate::error::StartError;
use crate::forward::{self, Forwarder, Sink, Status, keep};
use crate::guard::guard;
use crate::metrics::Metrics;
use crate::options::Options;
use crate::site::Site;
use crate::store::{Reader, Store};
use crate::writer::Writer;
use crate::{connection, demo, files, ingest, ledger, read};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// The config that the collector was given, which the demo store then runs by too.
async fn config(State(app): State<Arc<App>>) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, app.site.text().to_owned())
}

/// A collector that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    writer: JoinHandle<()>,
    app: Arc<App>,
    sinks: JoinHandle<()>,
    stop_sinks: watch::Sender<bool>,
}

impl Server {
    /// Opens the config and the store, then listens. Requests are taken from here on and answered by [`Server::run`].
    pub async fn bind(options: Options) -> Result<Self, StartError> {
        Self::bind_with(options, Vec::new()).await
    }

    /// The same, and hands what is stored on to `sinks`, whether they can be reached now or later.
    pub async fn bind_with(options: Options, sinks: Vec<Box<dyn Sink>>) -> Result<Self, StartError> {
        let site = Site::load(&options.config)?;
        if options.read_token.as_ref().is_some_and(|token| site.knows(token)) {
            return Err(StartError::ReadTokenIsPublic);
        }
        let address = SocketAddr::new(options.bind, options.port);
        let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(address, error))?;

        let path = &options.store;
        if let Some(folder) = path.parent() {
            // Where this fails, opening the store says why.
            let _ = std::fs::create_dir_all(folder);
        }
        let unusable = |error| StartError::Store(path.clone(), error);
        let mut store = Store::open(path).map_err(unusable)?;
        let cursors = cursors(&mut store, &options, &sinks)?;
        let reader = Reader::open(path).map_err(unusable)?;
        let metrics = Arc::new(Metrics::default());
        let (writer, thread) = Writer::start(store, options.max_queue, metrics.clone()).map_err(StartError::NoThread)?;
        writer.newest().send_replace(reader.newest().map_err(|error| unusable(error.into()))?);
        let (stop_sinks, stop) = watch::channel(false);
        let mut forwarders = Vec::with_capacity(sinks.len());
        for (sink, status) in sinks.into_iter().zip(&cursors) {
            let reader = Reader::open(path).map_err(unusable)?;
            forwarders.push(Forwarder::new(sink, reader, writer.clone(), status.clone(), stop.clone()));
        }
        let sinks = forward::start(forwarders, stop).map_err(StartError::NoThread)?;
        let (reader, hits) = (Mutex::new(reader), Mutex::default());
        let app = Arc::new(App { options, site, writer, reader, metrics, hits, sinks: cursors });
        Ok(Server { listener, address, router: router(&app), writer: thread, app, sinks, stop_sinks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` comes; then takes no more requests, answers those it has, and closes the store.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Server { listener, router, writer, app, sinks, stop_sinks, .. } = self;
        let keeping = app.options.keep.map(|time| tokio::spawn(keep(app.writer.clone(), time)));
        let permits = Arc::new(Semaphore::new(app.options.max_connections.max(1)));
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let accepted = async {
                let permit = permits.clone().acquire_owned().await;
                (permit, listener.accept().await)
            };
            let (permit, accepted) = tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next() => continue,
                accepted = accepted => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let connection = graceful.watch(connection::serve(stream, peer, router.clone(), &app.options));
                    connections.spawn(async move {
                        let _permit = permit;
                        // A client that breaks off or breaks the protocol harms only itself.
                        let _ = connection.await;
                    });
                }
                // Out of file descriptors, most likely: some will be free again.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        drop(listener);
        let patience = app.options.header_timeout + app.options.body_timeout;
        let _ = tokio::time::timeout(patience, graceful.shutdown()).await;
        connections.shutdown().await;
        stop_sinks.send_replace(true);
        let _ = tokio::task::spawn_blocking(|| sinks.join()).await;
        if let Some(keeping) = keeping {
            keeping.abort();
            let _ = keeping.await;
        }
        // The writer ends with the last way to it.
        drop((router, app));
        let _ = tokio::task::spawn_blocking(|| writer.join()).await;
    }
}

/// Where each sink goes on, and which are dropped.
fn cursors(store: &mut Store, options: &Options, sinks: &[Box<dyn Sink>]) -> Result<Vec<Arc<Status>>, StartError> {
    let unusable = |error: rusqlite::Error| StartError::Store(options.store.clone(), error.into());
    for name in &options.drop_sinks {
        if !store.drop_sink(name).map_err(unusable)? {
            return Err(StartError::NoSuchSink(name.clone(), store.sinks().map_err(unusable)?));
        }
    }
    let mut cursors: Vec<Arc<Status>> = Vec::with_capacity(sinks.len());
    for sink in sinks {
        let name = sink.name();
        if cursors.iter().any(|known| known.name == name) {
            return Err(StartError::SameSink(name.to_owned()));
        }
        cursors.push(Arc::new(Status::new(name, store.cursor(name).map_err(unusable)?)));
    }
    for name in store.sinks().map_err(unusable)? {
        if options.keep.is_some() && cursors.iter().all(|known| known.name != name) {
            eprintln!(
                "tidegate: events are kept for the sink {name}, which no --sink is: name it, or give it up with --drop-sink {name}"
            );
        }
    }
    Ok(cursors)
}

fn router(app: &Arc<App>) -> Router {
    let reads = Router::new()
        .route("/tidegate.json", get(config))
        .route("/healthz", get(read::health))
        .route("/metrics", get(read::metrics))
        .route("/api/events", get(read::events))
        .route("/ledger", get(ledger::ledger))
        .merge(demo::router())
        .fallback(files::serve)
        .layer(from_fn_with_state(app.clone(), guard));
    ingest::router().merge(reads).layer(from_fn_with_state(app.clone(), count)).with_state(app.clone())
}

async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    app.metrics.answered(response.status());
    response
}
