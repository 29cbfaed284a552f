//! What the collector hands committed events to: brokers, each by a URL, and destinations over HTTP.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod http;
#[cfg(feature = "kafka")]
mod kafka;
mod label;
mod nats;
mod url;

pub use http::{Faults, destinations};
use tidegate_collector::Sink;
use url::Address;
pub use url::WrongUrl;

/// The sink of a `--sink` URL. Credentials come from `environment`, by the name of a variable; nothing is connected to yet.
pub fn open(url: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Box<dyn Sink>, WrongUrl> {
    let address = Address::parse(url)?;
    match address.scheme() {
        "nats" => Ok(Box::new(nats::Nats::new(nats::Settings::of(address, environment)?))),
        #[cfg(feature = "kafka")]
        "kafka" => Ok(Box::new(kafka::Kafka::new(kafka::Settings::of(address, environment)?)?)),
        #[cfg(not(feature = "kafka"))]
        "kafka" => Err(address.wrong("this tidegate was built without Kafka: build it with cargo build --features kafka")),
        _ => Err(address.wrong("a sink is nats://… or kafka://…")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_what_a_url_opens() {
        let name = |url: &str| open(url, &|_| None).map(|sink| sink.name().to_owned()).map_err(|error| error.to_string());
        assert_eq!(name("nats://localhost/E"), Ok("nats:E".into()));
        assert!(name("amqp://localhost/E").is_err_and(|text| text.contains("nats://… or kafka://…")));
        match cfg!(feature = "kafka") {
            true => assert_eq!(name("kafka://localhost/t"), Ok("kafka:t".into())),
            false => assert!(name("kafka://localhost/t").is_err_and(|text| text.contains("--features kafka"))),
        }
        #[cfg(all(feature = "kafka", not(feature = "kafka-tls")))]
        assert!(name("kafka://localhost/t?tls=required").is_err_and(|text| text.contains("--features kafka-tls")));
    }
}
