//! The URL of a sink: `scheme://host[:port][,host[:port]…]/path?name=value&…`.

use std::fmt;

/// Why a URL names no sink; the text says what to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrongUrl {
    url: String,
    fault: String,
}

impl fmt::Display for WrongUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--sink {}: {}", self.url, self.fault)
    }
}

impl std::error::Error for WrongUrl {}

/// A URL, taken apart.
#[derive(Debug)]
pub(crate) struct Address {
    url: String,
    scheme: String,
    hosts: Vec<String>,
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, WrongUrl> {
        let form = "write scheme://host:port/name, several hosts with commas between them";
        let wrong = |fault: &str| Err(WrongUrl { url: url.into(), fault: fault.into() });
        let Some((scheme, rest)) = url.split_once("://") else { return wrong(form) };
        if let Some((_, behind)) = rest.rsplit_once('@') {
            // What is before it may be a password: it is not repeated.
            return Err(WrongUrl {
                url: format!("{scheme}://…@{behind}"),
                fault: "a command line can be read by every user of this machine: give credentials in the environment, see \
                        tidegate serve --help"
                    .into(),
            });
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let Some((hosts, path)) = rest.split_once('/') else { return wrong(form) };
        let hosts: Vec<String> = hosts.split(',').map(str::to_owned).collect();
        if path.is_empty() || hosts.iter().any(String::is_empty) {
            return wrong(form);
        }
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (name.into(), value.into()));
        Ok(Address { url: url.into(), scheme: scheme.into(), hosts, path: path.into(), query: query.collect() })
    }

    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Its hosts, each with a port.
    pub(crate) fn hosts(&self, port: u16) -> Vec<String> {
        let has_port = |host: &str| host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        self.hosts.iter().map(|host| if has_port(host) { host.clone() } else { format!("{host}:{port}") }).collect()
    }

    /// Takes a value out of the query.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.query.iter().position(|(known, _)| known == name)?;
        Some(self.query.remove(at).1)
    }

    /// The sink's name: `name` of the query, or else the scheme and the path, so that it outlives a change of hosts.
    pub(crate) fn take_name(&mut self) -> Result<String, WrongUrl> {
        let name = self.take("name").unwrap_or_else(|| format!("{}:{}", self.scheme, self.path));
        match name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Err(self.wrong("name must be visible ASCII characters, at least one")),
            false => Ok(name),
        }
    }

    /// Fails where something is left of the query; `known` are the names that may be there.
    pub(crate) fn finish(&self, known: &[&str]) -> Result<(), WrongUrl> {
        match self.query.first() {
            None => Ok(()),
            Some((name, _)) if known.contains(&name.as_str()) => Err(self.wrong(format!("{name} is there twice"))),
            Some((name, _)) => {
                Err(self.wrong(format!("{name:?} is unknown: what may stand behind the ? is {}", known.join(", "))))
            }
        }
    }

    pub(crate) fn wrong(&self, fault: impl Into<String>) -> WrongUrl {
        WrongUrl { url: self.url.clone(), fault: fault.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_hosts_a_path_and_a_query() {
        let mut address = Address::parse("nats://a:1,b,[::1]:7/EVENTS?replicas=3&name=x").unwrap();
        assert_eq!((address.scheme(), address.path()), ("nats", "EVENTS"));
        assert_eq!(address.hosts(4222), ["a:1", "b:4222", "[::1]:7"]);
        assert_eq!(address.take_name().unwrap(), "x");
        assert!(address.finish(&["name"]).unwrap_err().to_string().contains("\"replicas\" is unknown"));
        assert_eq!(address.take("replicas").as_deref(), Some("3"));
        address.finish(&[]).unwrap();
        assert_eq!(Address::parse("kafka://b/t").unwrap().take_name().unwrap(), "kafka:t");
    }

    #[test]
    fn a_wrong_url_says_what_to_write_and_repeats_no_password() {
        for url in ["nats", "nats://", "nats://h", "nats://h/", "nats://a,,b/s", "nats:///s"] {
            let text = Address::parse(url).unwrap_err().to_string();
            assert!(text.starts_with(&format!("--sink {url}: ")) && text.contains("scheme://host:port/name"), "{text}");
        }
        let text = Address::parse("nats://user:s3cr@t@host/S").unwrap_err().to_string();
        assert!(text.contains("environment") && text.contains("nats://…@host/S") && !text.contains("s3cr"), "{text}");
    }
}
