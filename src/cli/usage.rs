//! How the command is used, and the ways it can fail.

use std::io::Write;

/// Why a verb did not do its work.
pub(crate) enum Failure {
    /// The input is at fault: one line a fault.
    Input(String),
    /// The command line is at fault.
    Usage(String),
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Failure::Usage(error.to_string())
    }
}

/// Writes to stdout. Whoever closed it does not want the text.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(())
}

pub(crate) const ALL: &str = "\
Usage: tidegate <verb> [options]

  check <config.json>   validate a config and its tag templates
  dead-letters          list what sinks refused for good, or try it again
  decode <string>       show what a consent string or cookie says
  export                write the stored events as warehouse tables
  import gtm <container.json>
                        turn a Google Tag Manager export into a config
  serve                 run the collector, the demo store and the live view
  vendors <list> <config.json>
                        fill in what vendors are registered with

Options:
  -h, --help            this text; after a verb, its own
  -V, --version         the version
";

pub(crate) const CHECK: &str = "\
Usage: tidegate check [--vendor-list FILE] <config.json>
       tidegate check --forward <forward.json>

Validates a config and the tag templates that it names, which are looked for in
templates/ beside the config, in dist/templates/ and in js/templates/.
Each fault is a line on stderr: file, JSON pointer, what to write instead.
The same as one JSON document on stdout. Exits with 1 if there is a fault.

With --vendor-list the config's vendors must be as IAB Europe's Global Vendor List,
a JSON file, registers them. With --forward it is a file for serve --forward.
";

pub(crate) const VENDORS: &str = "\
Usage: tidegate vendors <vendor-list.json> <config.json>

Prints the config with the purposes, legal bases and special features of its
consent.vendors as IAB Europe's Global Vendor List, a JSON file, has them by ID:
https://vendor-list.consensu.org/v3/vendor-list.json
A vendor that the list does not have is a line on stderr. Exits with 1 then.
";

pub(crate) const IMPORT: &str = "\
Usage: tidegate import gtm <container.json>

Turns a container that Google Tag Manager has exported (Admin, Export Container)
into a config. Prints one JSON document: the config, and a report that lists every
tag, trigger, variable and template of the container with what became of it:
carried, changed (what is different) or left-out (why, and what to do instead).
No code of the container is run. A file that cannot be read is a line on stderr:
file, JSON pointer, what to do. Exits with 1 then.
";

pub(crate) const DECODE: &str = "\
Usage: tidegate decode <string>
       tidegate decode -

Shows what a TC string, GPP string, US Privacy string, OptanonConsent or
CookieConsent cookie says, as one JSON document. A string that cannot be decoded
is a line on stderr: where, and what is wrong. Exits with 1 then. A string that
can be decoded and must not be relied on is told on stderr too.

With - reads one string a line from stdin and prints one JSON line each; one that
cannot be decoded prints {\"error\": ...}, and that does not change the exit code.
For a string that begins with - write: tidegate decode -- <string>
";

#[cfg(feature = "export")]
pub(crate) const EXPORT: &str = "\
Usage: tidegate export --store FILE --format parquet|ndjson --out DIR

Writes the events that a collector keeps as tables in Segment's warehouse layout:
tracks, pages, screens, identifies, groups, aliases, users, accounts, and a table
for each event, as DIR/<table>/day=YYYY-MM-DD/part-0000.<format>, by the day (UTC) on
which events were received. Beside them duckdb.sql, snowflake.sql and bigquery.sql
make and load the tables. The collector may be running.

Prints what was written, as one JSON document, which is DIR/manifest.json too.
Run it again into the same directory: files that would not change are left alone.

      --store FILE          where a collector keeps events
      --format FORMAT       parquet or ndjson
      --out DIR             a new directory, or that of an earlier export
  -h, --help                this text
";

pub(crate) const DEAD_LETTERS: &str = "\
Usage: tidegate dead-letters --store FILE
       tidegate dead-letters --store FILE --again [--sink URL] [--forward FILE]

Lists what sinks refused for good, a JSON line each: sink, event, when and why.
With --again hands them to these sinks once more, which are named as for serve, and
prints a JSON line for each sink. What it takes is a dead letter no more. Exits with 1
where a sink cannot be reached: what is left stays. The collector may be running.

      --store FILE          where a collector keeps events
      --again               tries them again
      --sink URL, --forward FILE
                            as for serve; repeatable
  -h, --help                this text
";

pub(crate) const SERVE: &str = "\
Usage: tidegate serve [options]

Receives events on /v1/batch and its siblings, stores them, and serves the demo
store and the live view. Ctrl-C stops it.

      --config FILE         the site's config            [www/tidegate.json]
      --store FILE          where events are kept        [.data/events.db]
  -p, --port N              the port; 0: any free one    [4100]
      --bind ADDRESS        the address to listen on     [127.0.0.1]
      --www DIR             the files behind /           [www]
      --dist DIR            the files behind /dist/      [dist]
      --host NAME           another name that reads may use; repeatable
      --read-token TOKEN    allows reads from other machines that send it as
                            \"Authorization: Bearer TOKEN\"
      --sink URL            hands events on once they are stored; repeatable
      --forward FILE        sends them to the destinations of this config, as far as
                            the consent stamped on each event allows it
      --keep-hours N        lets events go so long after every sink has them;
                            without it they stay
      --drop-sink NAME      keeps no more events for a sink that was there
      --max-queue N         batches that may wait before more are turned away
                            with 429                     [256]
      --max-connections N   connections served at a time [512]
  -h, --help                this text

A sink is a stream of NATS JetStream or a topic of Kafka. Several hosts have commas
between them; what stands behind the ? may be left out:

  nats://HOST:PORT/STREAM?subject=S&replicas=3&window=10m&tls=required&name=NAME
  kafka://HOST:PORT/TOPIC?key=messageId&tls=required&name=NAME

NAME is what the store calls it, otherwise nats:STREAM or kafka:TOPIC. Credentials are
taken from the environment. NATS_CREDS and NATS_NKEY name files; or NATS_USER with
NATS_PASSWORD, or NATS_TOKEN; for TLS the files NATS_CA, and NATS_CERT with NATS_KEY.
KAFKA_USERNAME with KAFKA_PASSWORD; for TLS the file KAFKA_CA.
";
