//! `tidegate serve`.

use crate::usage::{self, Failure};
use lexopt::{Arg, Parser, ValueExt};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tidegate_collector::{Options, Server, Sink, StartError};
use tokio::signal::unix::{SignalKind, signal};

/// Serves until SIGINT or SIGTERM; a second one does not wait for open requests.
pub(crate) fn run(mut arguments: Parser) -> Result<(), Failure> {
    let Some((options, sinks)) = parse(&mut arguments)? else { return usage::print(usage::SERVE) };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::Input(format!("tidegate: {error}")))?;
    runtime.block_on(async {
        let stop = stop_signal().map_err(|error| Failure::Input(format!("tidegate: no signal handler: {error}")))?;
        let store = options.store.clone();
        for (folder, remedy) in [(&options.www, "name one with --www"), (&options.dist, "npm run build makes it")] {
            if !folder.is_dir() {
                eprintln!("tidegate: the folder {} is missing: {remedy}", folder.display());
            }
        }
        let server = Server::bind_with(options, sinks).await.map_err(|error| match error {
            StartError::ReadTokenIsPublic | StartError::SameSink(_) | StartError::NoSuchSink(..) => {
                Failure::Usage(error.to_string())
            }
            StartError::ConfigFaults(..) => Failure::Input(error.to_string()),
            _ => Failure::Input(format!("tidegate: {error}")),
        })?;
        usage::print(&greeting(server.address(), &store))?;
        server.run(stop).await;
        Ok(())
    })
}

fn greeting(address: SocketAddr, store: &Path) -> String {
    let port = address.port();
    let here = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
        _ => address,
    };
    format!(
        "Demo store  http://{here}/\n\
         Live view   http://{here}/live\n\
         Collector   http://{here}/v1/batch  (keeps events in {})\n",
        store.display()
    )
}

type Sinks = Vec<Box<dyn Sink>>;

fn parse(arguments: &mut Parser) -> Result<Option<(Options, Sinks)>, Failure> {
    let (mut options, mut sinks) = (Options::default(), Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("config") => options.config = arguments.value()?.into(),
            Arg::Long("store") => options.store = arguments.value()?.into(),
            Arg::Long("port") | Arg::Short('p') => options.port = arguments.value()?.parse()?,
            Arg::Long("bind") => options.bind = arguments.value()?.parse()?,
            Arg::Long("www") => options.www = arguments.value()?.into(),
            Arg::Long("dist") => options.dist = arguments.value()?.into(),
            Arg::Long("host") => options.hosts.push(arguments.value()?.string()?),
            Arg::Long("read-token") => options.read_token = Some(read_token(arguments.value()?.string()?)?),
            Arg::Long("sink") => sinks.push(sink(&arguments.value()?.string()?)?),
            Arg::Long("forward") => sinks.extend(forward(&arguments.value()?.string()?)?),
            Arg::Long("keep-hours") => options.keep = Some(Duration::from_secs(3_600) * hours(arguments)?),
            Arg::Long("drop-sink") => options.drop_sinks.push(arguments.value()?.string()?),
            Arg::Long("max-queue") => options.max_queue = positive(arguments)?,
            Arg::Long("max-connections") => options.max_connections = positive(arguments)?,
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some((options, sinks)))
}

pub(crate) fn sink(url: &str) -> Result<Box<dyn Sink>, Failure> {
    tidegate_sinks::open(url, &variable).map_err(|error| Failure::Usage(error.to_string()))
}

pub(crate) fn forward(file: &str) -> Result<Sinks, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| Failure::Input(format!("{file}: {error}")))?;
    tidegate_sinks::destinations(&text, &variable).map_err(|faults| {
        let line = |(pointer, message): &(String, String)| {
            format!("{file}: {}: {message}", if pointer.is_empty() { "/" } else { pointer })
        };
        let lines: Vec<String> = faults.0.iter().map(line).collect();
        Failure::Input(lines.join("\n"))
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn hours(arguments: &mut Parser) -> Result<u32, Failure> {
    match arguments.value()?.parse()? {
        0 => Err(Failure::Usage("--keep-hours 0 would keep nothing to hand over again: give 1 or more".into())),
        hours => Ok(hours),
    }
}

fn read_token(token: String) -> Result<String, Failure> {
    const SHORTEST: usize = 16;
    if token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let rule = "at least 16 visible ASCII characters, for example from: openssl rand -hex 16";
        return Err(Failure::Usage(format!("--read-token must be a secret of {rule}")));
    }
    Ok(token)
}

fn positive(arguments: &mut Parser) -> Result<usize, Failure> {
    match arguments.value()?.parse()? {
        0 => Err(Failure::Usage("a bound of 0 would serve nobody: give 1 or more".into())),
        number => Ok(number),
    }
}

/// Completes at the first SIGINT or SIGTERM; the second then ends the process.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut next = async move || tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} };
    Ok(async move {
        next().await;
        tokio::spawn(async move {
            next().await;
            std::process::exit(130);
        });
    })
}
