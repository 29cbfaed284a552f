//! The `tidegate` command. Results go to stdout, diagnostics to stderr; it exits with 0 when done, 1 when the input
//! is at fault, 2 on wrong usage.

mod check;
mod contradictions;
mod dead_letters;
mod decode;
#[cfg(feature = "export")]
mod export;
mod import;
mod serve;
mod usage;
mod vendors;

use lexopt::{Arg, Parser};
use std::process::ExitCode;
use usage::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Input(text)) => {
            eprintln!("{text}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(text)) => {
            eprintln!("tidegate: {text}\ntry: tidegate --help");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut arguments = Parser::from_env();
    match arguments.next()? {
        Some(Arg::Value(verb)) => match verb.to_str() {
            Some("check") => check::run(arguments),
            Some("dead-letters") => dead_letters::run(arguments),
            Some("decode") => decode::run(arguments),
            #[cfg(feature = "export")]
            Some("export") => export::run(arguments),
            #[cfg(not(feature = "export"))]
            Some("export") => {
                Err(Failure::Usage("this tidegate was built without export: build it with --features export".into()))
            }
            Some("import") => import::run(arguments),
            Some("serve") => serve::run(arguments),
            Some("vendors") => vendors::run(arguments),
            _ => Err(Failure::Usage(format!(
                "unknown verb {verb:?}: the verbs are check, dead-letters, decode, export, import, serve and vendors"
            ))),
        },
        Some(Arg::Long("help") | Arg::Short('h')) => usage::print(usage::ALL),
        Some(Arg::Long("version") | Arg::Short('V')) => usage::print(concat!("tidegate ", env!("CARGO_PKG_VERSION"), "\n")),
        Some(argument) => Err(argument.unexpected().into()),
        None => Err(Failure::Usage("name a verb: check, dead-letters, decode, export, import, serve or vendors".into())),
    }
}
