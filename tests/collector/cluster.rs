//! Real NATS servers on loopback, on ports and in folders of their own.

use async_nats::jetstream::consumer::pull::OrderedConfig;
use async_nats::jetstream::stream::Stream;
use async_nats::jetstream::{self, Context};
use futures_util::StreamExt;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Some servers; killed when dropped.
pub(crate) struct Cluster {
    servers: Vec<Server>,
    _folder: TempDir,
}

struct Server {
    name: String,
    port: u16,
    config: PathBuf,
    process: Option<Child>,
}

impl Cluster {
    /// Starts so many, with more settings for each, and waits until streams can be made.
    pub(crate) async fn start(servers: usize, settings: &str) -> Self {
        let cluster = Self::prepared(servers, settings).run();
        cluster.ready().await;
        cluster
    }

    /// Configures them, and starts none.
    pub(crate) fn prepared(servers: usize, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // All are taken before one is given back, so that none is given twice.
        let listeners: Vec<TcpListener> = (0..servers * 2).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let ports: Vec<u16> = listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        let (clients, routes) = ports.split_at(servers);
        let all: Vec<String> = routes.iter().map(|port| format!("\"nats://127.0.0.1:{port}\"")).collect();
        let one = |(index, (port, route)): (usize, (&u16, &u16))| {
            let name = format!("n{index}");
            let cluster = match servers {
                1 => String::new(),
                _ => format!("cluster {{ name: test, listen: \"127.0.0.1:{route}\", routes: [{}] }}", all.join(", ")),
            };
            let store = folder.path().join(&name);
            let text = format!(
                "server_name: {name}\nlisten: \"127.0.0.1:{port}\"\njetstream {{ store_dir: {store:?} }}\n{cluster}\n{settings}\n"
            );
            let config = folder.path().join(format!("{name}.conf"));
            std::fs::write(&config, text).unwrap();
            Server { name, port: *port, config, process: None }
        };
        let servers = clients.iter().zip(routes).enumerate().map(one).collect();
        Cluster { servers, _folder: folder }
    }

    /// Starts those that do not run.
    pub(crate) fn run(mut self) -> Self {
        for server in &mut self.servers {
            let mut command = Command::new(program());
            command.arg("-c").arg(&server.config).stdout(Stdio::null()).stderr(Stdio::null());
            server.process.get_or_insert_with(|| command.spawn().unwrap());
        }
        self
    }

    async fn ready(&self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if let Ok(client) = async_nats::connect(self.addresses()).await
                && jetstream::new(client).query_account().await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the servers did not come up");
    }

    /// Their addresses, as a URL of a sink has them.
    pub(crate) fn hosts(&self) -> String {
        self.addresses().join(",")
    }

    fn addresses(&self) -> Vec<String> {
        self.servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect()
    }

    /// The stream, once it is there.
    pub(crate) async fn stream(&self, name: &str) -> Stream {
        let context = self.context().await;
        for _ in 0..600 {
            if let Ok(stream) = context.get_stream(name).await {
                return stream;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("there is no stream {name}");
    }

    async fn context(&self) -> Context {
        jetstream::new(async_nats::connect(self.addresses()).await.unwrap())
    }

    /// Kills the server that leads a stream, without warning; tells its name.
    pub(crate) async fn kill_leader_of(&mut self, stream: &str) -> String {
        let leader = self.stream(stream).await.cached_info().cluster.as_ref().unwrap().leader.clone().unwrap();
        let server = self.servers.iter_mut().find(|server| server.name == leader).unwrap();
        let mut process = server.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        leader
    }

    /// What a stream holds, in its order: the messages' IDs and texts.
    pub(crate) async fn read(&self, name: &str) -> Vec<(String, String)> {
        let stream = self.stream(name).await;
        let count = stream.cached_info().state.messages as usize;
        let mut consumer = stream.create_consumer(OrderedConfig::default()).await;
        // The server that was killed may have led the cluster too, which then makes no consumer for some seconds.
        for _ in 0..10 {
            if consumer.is_err() {
                consumer = stream.create_consumer(OrderedConfig::default()).await;
            }
        }
        let consumer = consumer.unwrap();
        let messages = consumer.messages().await.unwrap().take(count);
        let each = messages.map(|message| {
            let message = message.unwrap();
            let id = message.headers.as_ref().unwrap().get("Nats-Msg-Id").unwrap().to_string();
            (id, String::from_utf8(message.payload.to_vec()).unwrap())
        });
        tokio::time::timeout(Duration::from_secs(60), each.collect()).await.unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for process in self.servers.iter_mut().filter_map(|server| server.process.as_mut()) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// As `js/scripts/tools.mjs` finds it.
fn program() -> PathBuf {
    const VERSION: &str = "2.15.1";
    if let Some(named) = std::env::var_os("NATS_SERVER") {
        return named.into();
    }
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/tidegate");
    let cache = std::env::var_os("TIDEGATE_CACHE").map_or_else(home, PathBuf::from);
    let program = cache.join(format!("nats-server-{VERSION}/bin/nats-server"));
    assert!(program.exists(), "{} is missing: node js/scripts/setup.mjs --tests installs it", program.display());
    program
}
