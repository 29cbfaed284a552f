//! A server that answers as a test says and remembers what came; on loopback, gone with the test.
#![allow(dead_code, reason = "each test file uses a part")]

use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Clone)]
pub(crate) enum Reply {
    Is {
        status: u16,
        content_type: &'static str,
        body: String,
    },
    /// A status by the body.
    If(fn(&str) -> u16),
    /// A 200 after so many milliseconds.
    After(u64),
    /// No answer at all.
    Hang,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Reply::Is { status, content_type: "text/plain", body: String::new() }
    }

    pub(crate) fn json(body: &str) -> Self {
        Reply::Is { status: 200, content_type: "application/json", body: body.into() }
    }

    pub(crate) fn page(body: &str) -> Self {
        Reply::Is { status: 200, content_type: "text/html", body: body.into() }
    }
}

pub(crate) struct Seen {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    status: u16,
}

#[derive(Default)]
struct State {
    replies: HashMap<String, Reply>,
    seen: Vec<Seen>,
    /// Requests that wait for their answer, and how many did at most.
    open: usize,
    peak: usize,
}

pub(crate) struct Recorder {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Recorder {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Recorder { address, state }
    }

    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    pub(crate) fn reply(&self, name: &str, reply: Reply) {
        self.state.lock().unwrap().replies.insert(name.into(), reply);
    }

    pub(crate) fn forget(&self, name: &str) {
        self.state.lock().unwrap().seen.retain(|seen| name_of(&seen.path) != name);
    }

    fn of<T>(&self, name: &str, what: impl Fn(&Seen) -> Option<T>) -> Vec<T> {
        let state = self.state.lock().unwrap();
        state.seen.iter().filter(|seen| name_of(&seen.path) == name).filter_map(what).collect()
    }

    pub(crate) fn bodies(&self, name: &str) -> Vec<Value> {
        self.of(name, |seen| serde_json::from_str(&seen.body).ok())
    }

    /// Those that were answered with a 2xx.
    pub(crate) fn accepted(&self, name: &str) -> Vec<Value> {
        self.of(name, |seen| serde_json::from_str(&seen.body).ok().filter(|_| seen.status / 100 == 2))
    }

    pub(crate) fn paths(&self, name: &str) -> Vec<String> {
        self.of(name, |seen| Some(seen.path.clone()))
    }

    /// How many requests waited for an answer at a time, at most.
    pub(crate) fn peak(&self) -> usize {
        self.state.lock().unwrap().peak
    }

    pub(crate) fn headers(&self, name: &str) -> Vec<Vec<(String, String)>> {
        self.of(name, |seen| Some(seen.headers.clone()))
    }
}

fn name_of(path: &str) -> &str {
    path.trim_start_matches('/').split('?').next().unwrap_or("")
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.is_empty() {
            return;
        }
        let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
                break;
            }
            let (name, value) = line.trim().split_once(": ").unwrap_or((line.trim(), ""));
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let body = String::from_utf8(body).unwrap();
        let reply = state.lock().unwrap().replies.get(name_of(&path)).cloned().unwrap_or_else(|| Reply::status(200));
        let (status, content_type, answer) = match &reply {
            Reply::Is { status, content_type, body } => (*status, *content_type, body.as_str()),
            Reply::If(status) => (status(&body), "text/plain", ""),
            Reply::After(_) => (200, "text/plain", ""),
            Reply::Hang => (0, "", ""),
        };
        {
            let mut state = state.lock().unwrap();
            state.seen.push(Seen { path, headers, body, status });
            state.open += 1;
            state.peak = state.peak.max(state.open);
        }
        if let Reply::After(ms) = reply {
            std::thread::sleep(std::time::Duration::from_millis(ms));
        }
        state.lock().unwrap().open -= 1;
        if status == 0 {
            // Until the client goes.
            let _ = reader.read(&mut [0]);
            return;
        }
        let text =
            format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
        if writer.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}
