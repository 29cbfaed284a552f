//! The built command as a process, which a test may kill.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

pub(crate) const CONFIG: &str = r#"{
  "version": 1,
  "writeKey": "demo",
  "consent": { "model": "opt-in", "purposes": { "analytics": {} } },
  "destinations": [ { "id": "collector", "kind": "segment", "url": "/v1/batch", "consent": { "allOf": ["analytics"] } } ]
}"#;

const TIDEGATE: &str = env!("CARGO_BIN_EXE_tidegate");

/// Runs the command to its end: exit status, stdout, stderr.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_with(folder, arguments, &[])
}

/// The same with something on stdin.
pub(crate) fn run_with(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(TIDEGATE);
    command.current_dir(folder).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    let Output { status, stdout, stderr } = std::thread::scope(|scope| {
        // What does not read its stdin closes it.
        scope.spawn(move || drop(stdin.write_all(input)));
        process.wait_with_output().unwrap()
    });
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A `tidegate serve`; killed when dropped.
pub(crate) struct Serving {
    pub(crate) process: Child,
    pub(crate) address: SocketAddr,
    /// What it said of its addresses.
    pub(crate) greeting: Vec<String>,
}

impl Serving {
    /// Starts it on the folder's `tidegate.json` and `events.db`, and waits until it listens.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::by(Command::new(TIDEGATE), folder)
    }

    /// The same with more options and variables; what it says on stderr lands in the folder's `stderr.txt`.
    pub(crate) fn start_with(folder: &Path, options: &[&str], variables: &[(&str, &str)]) -> Self {
        let said = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("stderr.txt")).unwrap();
        let mut command = Command::new(TIDEGATE);
        command.envs(variables.iter().copied()).stderr(said);
        Self::with(command, folder, options)
    }

    /// Starts it so that a write beyond the process's file size limit fails, as on a full disk, and does not kill.
    pub(crate) fn start_to_fill_disk(folder: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", TIDEGATE]);
        Self::by(shell, folder)
    }

    fn by(mut command: Command, folder: &Path) -> Self {
        command.stderr(Stdio::null());
        Self::with(command, folder, &[])
    }

    fn with(mut command: Command, folder: &Path, options: &[&str]) -> Self {
        std::fs::write(folder.join("tidegate.json"), CONFIG).unwrap();
        let mut process = command
            .current_dir(folder)
            .args(["serve", "--port", "0", "--config", "tidegate.json", "--store", "events.db"])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let greeting: Vec<String> = lines.take(3).map(|line| line.unwrap()).collect();
        let (_, rest) = greeting[0].split_once("http://").unwrap();
        let address = rest.trim_end_matches('/').parse().unwrap();
        Serving { process, address, greeting }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
