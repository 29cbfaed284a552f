//! What a `kafka://` URL and the environment say.

use crate::url::{Address, WrongUrl};
use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;

const PORT: u16 = 9092;

/// What a record's partition goes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    /// A visitor's events keep their order; an event of nobody goes by its `messageId`.
    AnonymousId,
    /// Copies of an event meet in one partition.
    MessageId,
}

/// What is needed to produce.
pub(crate) struct Settings {
    address: Address,
    pub(super) name: String,
    pub(super) topic: String,
    pub(super) key: Key,
    brokers: String,
    tls: bool,
    user: Option<(String, String)>,
    ca: Option<String>,
}

impl Settings {
    pub(crate) fn of(mut address: Address, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, WrongUrl> {
        let name = address.take_name()?;
        let topic = address.path().to_owned();
        if topic.len() > 249 || !topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
            return Err(address.wrong("a topic's name is up to 249 of a-z A-Z 0-9 . _ -: write kafka://host:port/topic"));
        }
        let key = match address.take("key").as_deref() {
            None | Some("anonymousId") => Key::AnonymousId,
            Some("messageId") => Key::MessageId,
            Some(_) => return Err(address.wrong("key must be anonymousId or messageId")),
        };
        let tls = match address.take("tls").as_deref() {
            None => false,
            Some("required") => true,
            Some(_) => return Err(address.wrong("tls must be required, or be left out")),
        };
        address.finish(&["key", "tls", "name"])?;
        let brokers = address.hosts(PORT).join(",");
        let user = environment("KAFKA_USERNAME").zip(environment("KAFKA_PASSWORD"));
        Ok(Settings { address, name, topic, key, brokers, tls, user, ca: environment("KAFKA_CA") })
    }

    /// A producer that repeats nothing on its own retries, and counts a record as delivered once all in-sync replicas have it.
    pub(super) fn producer(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", "tidegate")
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("linger.ms", "5")
            // As Kafka's own clients choose a partition.
            .set("partitioner", "murmur2_random")
            .set("message.timeout.ms", "20000");
        let security = match (self.tls, &self.user) {
            (false, None) => "plaintext",
            (true, None) => "ssl",
            (false, Some(_)) => "sasl_plaintext",
            (true, Some(_)) => "sasl_ssl",
        };
        config.set("security.protocol", security);
        if let Some((user, password)) = &self.user {
            config.set("sasl.mechanism", "PLAIN").set("sasl.username", user).set("sasl.password", password);
        }
        if let Some(file) = &self.ca {
            config.set("ssl.ca.location", file);
        }
        config
    }

    pub(super) fn wrong(&self, error: &KafkaError) -> WrongUrl {
        let remedy = if self.tls { "; TLS needs a tidegate built with --features kafka-tls" } else { "" };
        self.address.wrong(format!("the Kafka client refuses these settings: {error}{remedy}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Result<Settings, WrongUrl> {
        Settings::of(Address::parse(url).unwrap(), &|_| None)
    }

    #[test]
    fn what_the_url_leaves_out_has_a_default() {
        let settings = of("kafka://a,b:5/web.events").unwrap();
        assert_eq!((settings.brokers.as_str(), settings.topic.as_str()), ("a:9092,b:5", "web.events"));
        assert_eq!((settings.name.as_str(), settings.key), ("kafka:web.events", Key::AnonymousId));
        assert_eq!(of("kafka://a/t?key=messageId").unwrap().key, Key::MessageId);
        let with = Settings::of(Address::parse("kafka://a/t?tls=required").unwrap(), &|name| Some(name.into())).unwrap();
        let config = with.producer();
        assert_eq!((config.get("security.protocol"), config.get("sasl.password")), (Some("sasl_ssl"), Some("KAFKA_PASSWORD")));
    }

    #[test]
    fn each_fault_is_named() {
        for (url, word) in [
            ("kafka://a/a/b", "a topic's name"),
            ("kafka://a/t?key=userId", "key must be"),
            ("kafka://a/t?tls=maybe", "tls must be"),
            ("kafka://a/t?acks=1", "\"acks\" is unknown"),
        ] {
            let text = of(url).err().unwrap().to_string();
            assert!(text.contains(word), "{url}: {text}");
        }
    }
}
