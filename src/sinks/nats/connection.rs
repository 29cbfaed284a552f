//! A connection to the servers, and the stream that it publishes to.

use super::{AT_ONCE, Settings};
use async_nats::jetstream::context::ContextBuilder;
use async_nats::jetstream::stream::{Config, StorageType};
use async_nats::jetstream::{Context, stream};
use async_nats::{ConnectOptions, connection::State};
use std::time::Duration;

/// How long connecting may take, an answer, or an acknowledgement.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connection at hand where it stands, else a new one. Fails with what to tell the operator.
pub(super) async fn current(known: Option<Context>, settings: &Settings) -> Result<Context, String> {
    if let Some(context) = known
        && context.client().connection_state() == State::Connected
    {
        return Ok(context);
    }
    let servers = settings.servers.join(", ");
    let connecting = options(settings).await?.connect(settings.servers.clone());
    // It tries one server after the other, each for so long.
    let patience = PATIENCE * settings.servers.len() as u32;
    let client = tokio::time::timeout(patience, connecting)
        .await
        .map_err(|_| format!("no answer from {servers}"))?
        .map_err(|error| format!("cannot connect to {servers}: {error}"))?;
    // Twice as many, since what was given up still counts until its own time is over.
    let context = ContextBuilder::new().timeout(PATIENCE).ack_timeout(PATIENCE).max_ack_inflight(2 * AT_ONCE).build(client);
    ensure_stream(&context, settings).await?;
    Ok(context)
}

async fn options(settings: &Settings) -> Result<ConnectOptions, String> {
    let credentials = &settings.credentials;
    let mut options = ConnectOptions::new().name("tidegate").connection_timeout(PATIENCE).require_tls(settings.tls);
    if let Some(file) = &credentials.creds {
        let unreadable = |error| format!("cannot read {}, which NATS_CREDS names: {error}", file.display());
        options = options.credentials_file(file).await.map_err(unreadable)?;
    }
    if let Some(file) = &credentials.nkey {
        let unreadable = |error| format!("cannot read {}, which NATS_NKEY names: {error}", file.display());
        options = options.nkey(std::fs::read_to_string(file).map_err(unreadable)?.trim().to_owned());
    }
    if let Some((user, password)) = &credentials.user {
        options = options.user_and_password(user.clone(), password.clone());
    }
    if let Some(token) = &credentials.token {
        options = options.token(token.clone());
    }
    if let Some(file) = &credentials.ca {
        options = options.add_root_certificates(file.clone());
    }
    if let Some((certificate, key)) = &credentials.certificate {
        options = options.add_client_certificate(certificate.clone(), key.clone());
    }
    Ok(options)
}

/// Makes the stream if it is missing. One that is there stays as it is.
async fn ensure_stream(context: &Context, settings: &Settings) -> Result<(), String> {
    let wanted = Config {
        name: settings.stream.clone(),
        subjects: vec![settings.subject.clone()],
        storage: StorageType::File,
        num_replicas: settings.replicas,
        duplicate_window: settings.window,
        // What is full turns events away, and they wait in the store; the default would drop the oldest.
        discard: stream::DiscardPolicy::New,
        ..Config::default()
    };
    let stream = context.get_or_create_stream(wanted).await;
    let stream = stream.map_err(|error| format!("the stream {} cannot be used: {error}", settings.stream))?;
    let found = &stream.cached_info().config;
    if found.storage != StorageType::File || found.num_replicas < settings.replicas {
        eprintln!(
            "tidegate: the stream {} keeps {} copies on {:?}, where {} on File were asked for: change it with nats stream edit",
            settings.stream, found.num_replicas, found.storage, settings.replicas
        );
    }
    Ok(())
}
