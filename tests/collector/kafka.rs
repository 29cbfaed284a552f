//! `--sink kafka://…`, against librdkafka's stand-in for a cluster, which speaks the protocol.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;
mod sink;

use http::{batch, get, post};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use running::Collector;
use sink::wait_until;
use std::time::{Duration, Instant};

const TOPIC: &str = "events";

type Mock = MockCluster<'static, DefaultProducerContext>;

fn cluster() -> Mock {
    let cluster = MockCluster::new(3).unwrap();
    cluster.create_topic(TOPIC, 4, 3).unwrap();
    cluster
}

fn collector(cluster: &Mock, query: &str) -> Collector {
    let url = format!("kafka://{}/{TOPIC}{query}", cluster.bootstrap_servers());
    let sink = tidegate_sinks::open(&url, &|_| None).unwrap();
    Collector::forwarding(tempfile::tempdir().unwrap(), vec![sink], |_| {})
}

fn metric(collector: &Collector, name: &str) -> i64 {
    let text = get(collector.address, "/metrics").text();
    let line = format!("{name}{{sink=\"kafka:{TOPIC}\"}} ");
    text.lines().find_map(|known| known.strip_prefix(&line)).unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

/// What the topic holds: partition, key, the header `tidegate-id` and the text of each record.
fn read(cluster: &Mock, records: usize) -> Vec<(i32, String, String, String)> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap_servers()).set("group.id", "test");
    let consumer: BaseConsumer = config.create().unwrap();
    let mut all = TopicPartitionList::new();
    for partition in 0..4 {
        all.add_partition_offset(TOPIC, partition, Offset::Beginning).unwrap();
    }
    consumer.assign(&all).unwrap();
    let mut found = Vec::new();
    let start = Instant::now();
    let mut quiet_since = Instant::now();
    // A little longer than it takes, so that a copy would be seen.
    while (found.len() < records || quiet_since.elapsed() < Duration::from_secs(1)) && start.elapsed() < Duration::from_secs(30) {
        let Some(Ok(record)) = consumer.poll(Duration::from_millis(100)) else { continue };
        quiet_since = Instant::now();
        let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap().to_vec()).unwrap();
        let id = record.headers().unwrap().iter().find(|header| header.key == "tidegate-id").unwrap();
        found.push((record.partition(), text(record.key()), text(id.value), text(record.payload())));
    }
    found
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("m{n}")).collect()
}

#[test]
fn every_event_is_a_record_and_a_visitors_events_keep_their_order() {
    let cluster = cluster();
    let collector = collector(&cluster, "");
    let event = |n: usize| format!(r#"{{"type":"track","event":"E","messageId":"m{n}","anonymousId":"v{}"}}"#, n % 5);
    let events: Vec<String> = (0..500).map(event).collect();
    post(collector.address, "/v1/batch", format!(r#"{{"writeKey":"demo","batch":[{}]}}"#, events.join(",")));
    wait_until("the topic to have everything", || metric(&collector, "tidegate_sink_lag_events") == 0);
    let records = read(&cluster, 500);
    assert_eq!(records.len(), 500);
    for visitor in 0..5 {
        let of_visitor: Vec<_> = records.iter().filter(|(_, key, ..)| *key == format!("v{visitor}")).collect();
        let texts: Vec<&String> = of_visitor.iter().map(|(.., text)| text).collect();
        let wanted: Vec<String> = (0..500).filter(|n| n % 5 == visitor).map(event).collect();
        assert_eq!(texts, wanted.iter().collect::<Vec<_>>());
        assert!(of_visitor.windows(2).all(|two| two[0].0 == two[1].0), "one visitor, one partition");
    }
    assert!(records.iter().any(|(_, _, id, _)| id == "demo:m7"));
}

#[test]
fn what_the_brokers_turn_away_is_sent_again_by_the_client_and_leaves_one_copy() {
    let cluster = cluster();
    let collector = collector(&cluster, "?key=messageId");
    let errors =
        [RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT];
    cluster.request_errors(RDKafkaApiKey::Produce, &errors);
    post(collector.address, "/v1/batch", batch(&ids(300)));
    wait_until("the topic to have everything", || metric(&collector, "tidegate_sink_lag_events") == 0);
    let mut found: Vec<String> = read(&cluster, 300).into_iter().map(|(_, key, ..)| key).collect();
    found.sort();
    let mut wanted = ids(300);
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn what_a_broker_never_takes_is_a_dead_letter() {
    let cluster = cluster();
    let collector = collector(&cluster, "");
    cluster.request_errors(RDKafkaApiKey::Produce, &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE]);
    post(collector.address, "/v1/batch", batch(&["a"]));
    wait_until("the verdict", || metric(&collector, "tidegate_sink_dead_letters_total") == 1);
    post(collector.address, "/v1/batch", batch(&["b"]));
    wait_until("the topic to have the other", || metric(&collector, "tidegate_sink_handed_over_total") == 1);
    assert_eq!(metric(&collector, "tidegate_sink_lag_events"), 0);
}

#[test]
fn brokers_that_are_down_for_a_while_get_everything_when_they_are_back() {
    let cluster = cluster();
    let collector = collector(&cluster, "");
    for broker in 1..=3 {
        cluster.broker_down(broker).unwrap();
    }
    post(collector.address, "/v1/batch", batch(&ids(100)));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(metric(&collector, "tidegate_sink_lag_events"), 100);
    for broker in 1..=3 {
        cluster.broker_up(broker).unwrap();
    }
    wait_until("the topic to have everything", || metric(&collector, "tidegate_sink_lag_events") == 0);
    assert_eq!(read(&cluster, 100).len(), 100);
}
