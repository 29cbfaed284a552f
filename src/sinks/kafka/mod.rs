//! Kafka: every event is a record of a topic, and counts as handed over once all in-sync replicas have it.
//! <https://kafka.apache.org/documentation/#producerconfigs>

mod settings;

use crate::label::{copy_id, iso, plain};
use crate::url::WrongUrl;
use futures_util::future::join_all;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};
use serde::Deserialize;
pub(crate) use settings::{Key, Settings};
use std::borrow::Cow;
use tidegate_collector::{HandingOver, Sink, StoredEvent, Verdict};
use tokio::sync::Mutex;

/// How many records may be on their way without an acknowledgement.
const AT_ONCE: usize = 1_000;

/// A topic.
pub(crate) struct Kafka {
    settings: Settings,
    producer: Mutex<FutureProducer>,
}

impl Kafka {
    /// Connects to nothing yet. Fails where librdkafka refuses the settings.
    pub(crate) fn new(settings: Settings) -> Result<Self, WrongUrl> {
        let producer = settings.producer().create().map_err(|error| settings.wrong(&error))?;
        Ok(Kafka { settings, producer: Mutex::new(producer) })
    }

    /// Enqueues in order without waiting, then waits for every acknowledgement.
    async fn produce(&self, events: &[StoredEvent]) -> Vec<Verdict> {
        let mut producer = self.producer.lock().await;
        let mut sent = Vec::with_capacity(events.len());
        for event in events {
            let key = key(self.settings.key, event);
            let headers = headers(event);
            let record = FutureRecord::to(&self.settings.topic).key(key.as_ref()).payload(&event.body).headers(headers);
            match producer.send_result(record) {
                Ok(delivery) => sent.push(async move {
                    match delivery.await {
                        Ok(Ok(_)) => Ok(()),
                        Ok(Err((error, _))) => Err(error),
                        Err(_) => Err(KafkaError::Canceled),
                    }
                }),
                // What is not enqueued is tried again, and nothing behind it goes first.
                Err(_) => break,
            }
        }
        let refused_locally = events.len() - sent.len();
        let mut verdicts: Vec<Verdict> = join_all(sent).await.into_iter().map(verdict).collect();
        verdicts.extend((0..refused_locally).map(|_| Verdict::again("the producer's queue is full")));
        // An idempotent producer that has lost count is of no more use.
        if let Some((_, reason)) = producer.client().fatal_error() {
            eprintln!("tidegate: the sink {} begins anew, since its producer failed: {reason}", self.settings.name);
            if let Ok(new) = self.settings.producer().create() {
                *producer = new;
            }
        }
        verdicts
    }
}

fn verdict(result: Result<(), KafkaError>) -> Verdict {
    let Err(error) = result else { return Verdict::Acknowledged };
    match error.rdkafka_error_code() {
        Some(code @ (RDKafkaErrorCode::MessageSizeTooLarge | RDKafkaErrorCode::InvalidRecord)) => {
            Verdict::Refused(code.to_string())
        }
        Some(code) => Verdict::again(code.to_string()),
        None => Verdict::again(error.to_string()),
    }
}

/// What decides the partition: events of one key keep their order.
fn key(by: Key, event: &StoredEvent) -> Cow<'_, str> {
    #[derive(Deserialize)]
    struct Identity {
        #[serde(rename = "anonymousId")]
        anonymous_id: Option<String>,
    }
    let of_visitor = || serde_json::from_str::<Identity>(&event.body).ok()?.anonymous_id;
    match by {
        Key::AnonymousId => of_visitor().map_or(Cow::Borrowed(event.message_id.as_str()), Cow::Owned),
        Key::MessageId => Cow::Borrowed(&event.message_id),
    }
}

fn headers(event: &StoredEvent) -> OwnedHeaders {
    let add = |headers: OwnedHeaders, key: &str, value: &str| headers.insert(Header { key, value: Some(value) });
    let mut headers = OwnedHeaders::new_with_capacity(4);
    headers = add(headers, "tidegate-id", &copy_id(event));
    headers = add(headers, "tidegate-write-key", &plain(&event.write_key));
    headers = add(headers, "tidegate-received-at", &iso(event.received_at));
    match &event.sent_at {
        Some(sent_at) => add(headers, "tidegate-sent-at", &plain(sent_at)),
        None => headers,
    }
}

impl Sink for Kafka {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn hand_over<'a>(&'a self, events: &'a [StoredEvent]) -> HandingOver<'a> {
        Box::pin(self.produce(events))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_visitor_or_else_the_message() {
        let event = |body: &str| StoredEvent {
            id: 1,
            write_key: "k".into(),
            message_id: "m".into(),
            received_at: 0,
            sent_at: None,
            body: body.into(),
        };
        for (body, visitor) in
            [(r#"{"anonymousId":"a"}"#, "a"), (r#"{"anonymousId":null}"#, "m"), (r#"{"anonymousId":7}"#, "m"), ("{}", "m")]
        {
            let event = event(body);
            assert_eq!((key(Key::AnonymousId, &event), key(Key::MessageId, &event)), (visitor.into(), "m".into()), "{body}");
        }
    }
}
