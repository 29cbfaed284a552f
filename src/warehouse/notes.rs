//! What the first reading of a store writes down for the second one: which events are rows of which table and day, and what was last
//! said of each user and group. It is a SQLite file, so that memory does not grow with the store.

use crate::error::ExportError;
use crate::event::Event;
use crate::shape::Entity;
use rusqlite::{Connection, Params, Row, params};
use std::path::{Path, PathBuf};

/// The most traits of one user or group: those that were said last. Every one is in the table of the calls.
const MAX_TRAITS: i64 = 1_000;

const SCHEMA: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE rows (tab INTEGER, day INTEGER, event INTEGER, own INTEGER, PRIMARY KEY (tab, day, event)) WITHOUT ROWID;
    CREATE TABLE entities (tab INTEGER, write_key TEXT, id TEXT, day INTEGER, event INTEGER, PRIMARY KEY (tab, write_key, id));
    CREATE TABLE traits (entity INTEGER, write_key TEXT, id TEXT, name TEXT, json TEXT, said INTEGER,
        PRIMARY KEY (entity, write_key, id, name));
    BEGIN";

/// The notes of one export.
pub(crate) struct Notes {
    connection: Connection,
    path: PathBuf,
}

/// A user or a group: the write key of the site that knows it, and its identifier there.
pub(crate) struct Known<'a> {
    pub(crate) entity: Entity,
    pub(crate) write_key: &'a str,
    pub(crate) id: &'a str,
}

impl Notes {
    /// Begins a file.
    pub(crate) fn create(path: &Path) -> Result<Self, ExportError> {
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(path)?;
            connection.execute_batch(SCHEMA)?;
            Ok(connection)
        };
        match open() {
            Ok(connection) => Ok(Notes { connection, path: path.to_owned() }),
            Err(error) => Err(ExportError::Notes(path.to_owned(), error)),
        }
    }

    /// An event is a row of a table. `own` is the table that its properties or traits are in.
    pub(crate) fn add_row(&self, table: usize, own: usize, day: i64, event: i64) -> Result<(), ExportError> {
        self.execute("INSERT INTO rows VALUES (?1, ?2, ?3, ?4)", params![table as i64, day, event, own as i64])
    }

    /// An event tells of a user or a group, whose row it is until another does.
    pub(crate) fn add_traits(
        &self,
        table: usize,
        known: &Known<'_>,
        (day, id): (i64, i64),
        event: &Event<'_>,
    ) -> Result<(), ExportError> {
        self.execute(
            "INSERT INTO entities VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET day = excluded.day, event = excluded.event",
            params![table as i64, known.write_key, known.id, day, id],
        )?;
        for (name, json) in event.traits() {
            self.execute(
                "INSERT INTO traits VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET json = excluded.json, said = excluded.said",
                params![number(known.entity), known.write_key, known.id, name, json, id],
            )?;
        }
        Ok(())
    }

    /// Every event was read: users and groups become rows.
    pub(crate) fn finish(&self) -> Result<(), ExportError> {
        self.execute("INSERT INTO rows SELECT tab, day, event, tab FROM entities", [])
    }

    /// The days of a table, with their numbers of rows.
    pub(crate) fn days(&self, table: usize) -> Result<Vec<(i64, u64)>, ExportError> {
        let sql = "SELECT day, count(*) FROM rows WHERE tab = ?1 GROUP BY day ORDER BY day";
        self.query(sql, [table as i64], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))
    }

    /// Up to `limit` events of a table's day behind `after`, in the order they were received, each with its own table.
    pub(crate) fn events(&self, table: usize, day: i64, after: i64, limit: usize) -> Result<Vec<(i64, usize)>, ExportError> {
        let sql = "SELECT event, own FROM rows WHERE tab = ?1 AND day = ?2 AND event > ?3 ORDER BY event LIMIT ?4";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)? as usize));
        self.query(sql, params![table as i64, day, after, limit as i64], read)
    }

    /// The latest traits of a user or a group, by name, as JSON.
    pub(crate) fn traits(&self, known: &Known<'_>) -> Result<Vec<(String, String)>, ExportError> {
        let sql = "SELECT name, json FROM
                     (SELECT name, json FROM traits WHERE entity = ?1 AND write_key = ?2 AND id = ?3 AND json <> 'null'
                      ORDER BY said DESC, name LIMIT ?4)
                   ORDER BY name";
        let of = params![number(known.entity), known.write_key, known.id, MAX_TRAITS];
        self.query(sql, of, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn execute(&self, sql: &str, parameters: impl Params) -> Result<(), ExportError> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(parameters));
        done.map(drop).map_err(|error| self.fault(error))
    }

    fn query<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ExportError> {
        let rows = || -> rusqlite::Result<Vec<T>> { self.connection.prepare_cached(sql)?.query_map(parameters, read)?.collect() };
        rows().map_err(|error| self.fault(error))
    }

    fn fault(&self, error: rusqlite::Error) -> ExportError {
        ExportError::Notes(self.path.clone(), error)
    }
}

fn number(entity: Entity) -> i64 {
    match entity {
        Entity::User => 0,
        Entity::Group => 1,
    }
}
