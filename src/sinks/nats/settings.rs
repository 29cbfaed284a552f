//! What a `nats://` URL and the environment say.

use crate::url::{Address, WrongUrl};
use std::path::PathBuf;
use std::time::Duration;

const PORT: u16 = 4222;

/// NATS remembers a message's ID for two minutes by default. A collector that was killed hands the last events over again
/// when it is back, which takes longer than that more often than not.
const WINDOW: Duration = Duration::from_secs(600);

/// As many as NATS allows.
const MOST_REPLICAS: usize = 5;

/// What is needed to connect and to publish.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(super) name: String,
    pub(super) servers: Vec<String>,
    pub(super) stream: String,
    pub(super) subject: String,
    /// Of a stream that is made.
    pub(super) replicas: usize,
    /// Of a stream that is made: for how long a copy of a message is known.
    pub(super) window: Duration,
    pub(super) tls: bool,
    pub(super) credentials: Credentials,
}

/// As the `nats` command takes them from the environment, and a token.
/// <https://docs.nats.io/using-nats/nats-tools/nats_cli>
#[derive(Default)]
pub(super) struct Credentials {
    pub(super) creds: Option<PathBuf>,
    pub(super) nkey: Option<PathBuf>,
    pub(super) user: Option<(String, String)>,
    pub(super) token: Option<String>,
    pub(super) ca: Option<PathBuf>,
    pub(super) certificate: Option<(PathBuf, PathBuf)>,
}

/// Says nothing: it would be a password.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

impl Settings {
    pub(crate) fn of(mut address: Address, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, WrongUrl> {
        let name = address.take_name()?;
        let stream = address.path().to_owned();
        if stream.contains(['.', '*', '>', '/', '\\', ' ']) {
            return Err(address.wrong("a stream's name has none of . * > / \\ and no space: write nats://host:port/STREAM"));
        }
        let subject = address.take("subject").unwrap_or_else(|| stream.clone());
        if subject.is_empty() || subject.contains(['*', '>', ' ']) {
            return Err(address.wrong("subject must be one subject, without * and > and spaces"));
        }
        let replicas = match address.take("replicas").map(|text| text.parse()) {
            None => 1,
            Some(Ok(number @ 1..=MOST_REPLICAS)) => number,
            Some(_) => {
                return Err(address.wrong(format!("replicas must be 1 to {MOST_REPLICAS}; 3 outlive the loss of a server")));
            }
        };
        let window = match address.take("window").map(|text| duration(&text)) {
            None => WINDOW,
            Some(Some(window)) => window,
            Some(None) => return Err(address.wrong("window must be a number with s, m or h behind it, as in window=10m")),
        };
        let tls = match address.take("tls").as_deref() {
            None | Some("optional") => false,
            Some("required") => true,
            Some(_) => return Err(address.wrong("tls must be optional, which leaves it to the server, or required")),
        };
        address.finish(&["subject", "replicas", "window", "tls", "name"])?;
        let pair = |one, two| environment(one).zip(environment(two));
        let credentials = Credentials {
            creds: environment("NATS_CREDS").map(PathBuf::from),
            nkey: environment("NATS_NKEY").map(PathBuf::from),
            user: pair("NATS_USER", "NATS_PASSWORD"),
            token: environment("NATS_TOKEN"),
            ca: environment("NATS_CA").map(PathBuf::from),
            certificate: pair("NATS_CERT", "NATS_KEY").map(|(one, two)| (one.into(), two.into())),
        };
        let servers = address.hosts(PORT).iter().map(|host| format!("nats://{host}")).collect();
        Ok(Settings { name, servers, stream, subject, replicas, window, tls, credentials })
    }
}

fn duration(text: &str) -> Option<Duration> {
    let seconds = match text.chars().next_back()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        _ => return None,
    };
    let number: u64 = text.get(..text.len() - 1)?.parse().ok()?;
    number.checked_mul(seconds).filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Result<Settings, WrongUrl> {
        Settings::of(Address::parse(url).unwrap(), &|_| None)
    }

    #[test]
    fn what_the_url_leaves_out_has_a_default() {
        let settings = of("nats://a,b:5/EVENTS").unwrap();
        assert_eq!(settings.servers, ["nats://a:4222", "nats://b:5"]);
        assert_eq!((settings.name.as_str(), settings.subject.as_str()), ("nats:EVENTS", "EVENTS"));
        assert_eq!((settings.replicas, settings.window, settings.tls), (1, WINDOW, false));
        let settings = of("nats://a/EVENTS?subject=web.events&replicas=3&window=2h&tls=required&name=eu").unwrap();
        assert_eq!((settings.name.as_str(), settings.subject.as_str()), ("eu", "web.events"));
        assert_eq!((settings.replicas, settings.window, settings.tls), (3, Duration::from_secs(7_200), true));
    }

    #[test]
    fn each_fault_is_named() {
        for (url, word) in [
            ("nats://a/E.X", "a stream's name"),
            ("nats://a/E?subject=a.>", "subject must"),
            ("nats://a/E?replicas=9", "replicas must be 1 to 5"),
            ("nats://a/E?window=10", "window must"),
            ("nats://a/E?window=0s", "window must"),
            ("nats://a/E?window=", "window must"),
            ("nats://a/E?tls=yes", "tls must"),
            ("nats://a/E?replica=3", "\"replica\" is unknown"),
            ("nats://a/E?replicas=3&replicas=3", "replicas is there twice"),
            ("nats://a/E?name=", "name must"),
        ] {
            let text = of(url).unwrap_err().to_string();
            assert!(text.contains(word), "{url}: {text}");
        }
    }

    #[test]
    fn credentials_are_the_environments_and_are_not_shown() {
        let known = |name: &str| Some(format!("secret {name}"));
        let settings = Settings::of(Address::parse("nats://a/E").unwrap(), &known).unwrap();
        assert_eq!(settings.credentials.user, Some(("secret NATS_USER".into(), "secret NATS_PASSWORD".into())));
        assert_eq!(settings.credentials.token.as_deref(), Some("secret NATS_TOKEN"));
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
