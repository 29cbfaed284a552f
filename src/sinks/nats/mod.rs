//! NATS JetStream: every event is a message of a stream, and counts as handed over once the stream has acknowledged it.
//! <https://docs.nats.io/nats-concepts/jetstream>

mod connection;
mod settings;

use crate::label::{copy_id, iso, plain};
use async_nats::HeaderMap;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::{self, Context, ErrorCode};
use futures_util::future::join_all;
pub(crate) use settings::Settings;
use std::error::Error;
use tidegate_collector::{HandingOver, Sink, StoredEvent, Verdict};
use tokio::sync::Mutex;

/// How many messages may be on their way without an acknowledgement.
const AT_ONCE: usize = 500;

/// A stream.
pub(crate) struct Nats {
    settings: Settings,
    /// Nothing before the first hand-over, and after a failure that a new connection may end.
    connection: Mutex<Option<Context>>,
}

impl Nats {
    pub(crate) fn new(settings: Settings) -> Self {
        Nats { settings, connection: Mutex::new(None) }
    }

    /// Publishes in order without waiting, then waits for every acknowledgement.
    async fn publish(&self, events: &[StoredEvent]) -> Vec<Verdict> {
        let mut connection = self.connection.lock().await;
        let context = match connection::current(connection.take(), &self.settings).await {
            Ok(context) => context,
            Err(reason) => return vec![Verdict::again(reason); events.len()],
        };
        let mut sent = Vec::with_capacity(events.len());
        for event in events {
            let publishing = context.send_publish(self.settings.subject.clone(), self.message(event)).await;
            // What is too large for the server was not sent; behind any other failure nothing would be.
            let is_stuck = publishing.as_ref().is_err_and(|error| error.kind() != PublishErrorKind::MaxPayloadExceeded);
            sent.push(async move { publishing?.await });
            if is_stuck {
                break;
            }
        }
        let acknowledgements = join_all(sent).await;
        let lacks_stream = |result: &Result<_, PublishError>| {
            result.as_ref().is_err_and(|error| error.kind() == PublishErrorKind::StreamNotFound)
        };
        // A new connection makes sure of the stream first.
        if !acknowledgements.iter().any(lacks_stream) {
            *connection = Some(context);
        }
        acknowledgements
            .into_iter()
            .map(|result| result.map_or_else(|error| self.verdict(&error), |_| Verdict::Acknowledged))
            .collect()
    }

    fn message(&self, event: &StoredEvent) -> PublishMessage {
        let mut headers = HeaderMap::new();
        headers.insert("Tidegate-Write-Key", plain(&event.write_key));
        headers.insert("Tidegate-Received-At", iso(event.received_at));
        if let Some(sent_at) = &event.sent_at {
            headers.insert("Tidegate-Sent-At", plain(sent_at));
        }
        PublishMessage::build()
            .headers(headers)
            .message_id(copy_id(event))
            .expected_stream(&self.settings.stream)
            .payload(event.body.clone().into())
    }

    fn verdict(&self, error: &PublishError) -> Verdict {
        let Settings { stream, subject, .. } = &self.settings;
        let said = error.source().and_then(|source| source.downcast_ref::<jetstream::Error>());
        let code = said.map(jetstream::Error::error_code);
        match (error.kind(), code) {
            (PublishErrorKind::MaxPayloadExceeded, _)
            | (_, Some(ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM | ErrorCode::STREAM_HEADER_EXCEEDS_MAXIMUM)) => {
                Verdict::Refused(error.to_string())
            }
            (PublishErrorKind::StreamNotFound, _) => {
                Verdict::again(format!("no stream takes the subject {subject}: add it to the subjects of {stream}"))
            }
            (_, Some(ErrorCode::STREAM_NOT_MATCH)) => Verdict::again(format!(
                "another stream than {stream} takes the subject {subject}: name one of its own by subject=…"
            )),
            (PublishErrorKind::TimedOut, _) => Verdict::again(format!("the stream {stream} did not acknowledge in time")),
            _ => Verdict::again(error.to_string()),
        }
    }
}

impl Sink for Nats {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn hand_over<'a>(&'a self, events: &'a [StoredEvent]) -> HandingOver<'a> {
        Box::pin(self.publish(events))
    }
}
