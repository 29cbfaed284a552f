//! A small HTTP/1.1 client that sends exactly the bytes it is given: the tests need paths, headers and pauses that a
//! well-behaved client would not send.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The lines of an NDJSON answer.
    pub(crate) fn lines(&self) -> Vec<serde_json::Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// One connection.
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_write_timeout(Some(Duration::from_secs(20)))?;
        stream.set_nodelay(true)?;
        Ok(Client(BufReader::new(stream)))
    }

    /// Sends raw bytes. A server that has said enough may have stopped listening.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("not an answer: {status_line:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
                let start = answer.body.len();
                answer.body.resize(start + size, 0);
                self.0.read_exact(&mut answer.body[start..])?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = answer.header("content-length") {
            answer.body = vec![0; length.parse().map_err(io::Error::other)?];
            self.0.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// Whether the server has closed the connection; waits for it.
    pub(crate) fn closed(&mut self) -> bool {
        matches!(self.0.read(&mut [0; 1]), Ok(0))
            || matches!(self.0.read(&mut [0; 1]), Err(error) if error.kind() == io::ErrorKind::ConnectionReset)
    }

    pub(crate) fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> io::Result<Answer> {
        let mut request = request("POST", path, headers, Some(body.len())).into_bytes();
        request.extend_from_slice(body);
        self.send(&request)?;
        self.answer()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

/// The head of a request. `headers` are further lines, each with its line end.
pub(crate) fn request(method: &str, path: &str, headers: &str, length: Option<usize>) -> String {
    let host = if headers.to_ascii_lowercase().contains("host:") { "" } else { "Host: localhost\r\n" };
    let length = length.map_or(String::new(), |length| format!("Content-Length: {length}\r\n"));
    format!("{method} {path} HTTP/1.1\r\n{host}{headers}{length}\r\n")
}

/// One request on a connection of its own.
pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    let mut client = Client::connect(address).unwrap();
    let length = (!body.is_empty()).then_some(body.len());
    client.send(request(method, path, headers, length).as_bytes()).unwrap();
    // The server may answer and close before it has read all.
    let _ = client.send(body);
    let answer = if method == "HEAD" { client.head() } else { client.answer() };
    answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

impl Client {
    /// An answer without a body, whatever its header says.
    fn head(&mut self) -> io::Result<Answer> {
        let mut text = String::new();
        while !text.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut text)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let status = text.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
        let fields = text.lines().skip(1).filter_map(|line| line.split_once(':'));
        let headers = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        Ok(Answer { status, headers, body: Vec::new() })
    }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, "", b"")
}

pub(crate) fn post(address: SocketAddr, path: &str, body: impl AsRef<[u8]>) -> Answer {
    ask(address, "POST", path, "Content-Type: text/plain;charset=UTF-8\r\n", body.as_ref())
}

/// A batch of track events with these identifiers, all with the same properties.
pub(crate) fn batch(ids: &[impl AsRef<str>]) -> String {
    let events: Vec<String> =
        ids.iter().map(|id| format!(r#"{{"type":"track","event":"Seen","messageId":"{}"}}"#, id.as_ref())).collect();
    format!(r#"{{"writeKey":"demo","batch":[{}]}}"#, events.join(","))
}

/// The status of each result, in order.
pub(crate) fn statuses(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    let results = json["results"].as_array().unwrap();
    results.iter().map(|result| result["status"].as_str().unwrap().to_owned()).collect()
}
