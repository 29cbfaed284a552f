//! The export itself.

use crate::catalog::Catalog;
use crate::directory::{Directory, part};
use crate::error::ExportError;
use crate::event::Event;
use crate::files::Writer;
use crate::manifest::{FileEntry, Manifest, TableEntry};
use crate::notes::{Known, Notes};
use crate::options::Options;
use crate::sql;
use crate::table::Layout;
use crate::time;
use tidegate_collector::{Record, Snapshot, StoreError};

/// The file that says what was written.
const MANIFEST: &str = "manifest.json";

/// How many events, or their identifiers, are in memory at a time.
const PAGE: usize = 200;

/// Exports a store, as it stands now, and tells what was written.
///
/// # Errors
/// See [`ExportError`]. The directory then holds what it held before, unless the disk failed while files took their places; running
/// it again mends that.
pub fn export(options: &Options) -> Result<Manifest, ExportError> {
    let unreadable = |error: StoreError| ExportError::Store(options.store.clone(), error);
    if !options.store.is_file() {
        return Err(ExportError::NoStore(options.store.clone()));
    }
    let snapshot = Snapshot::open(&options.store).map_err(unreadable)?;
    let mut directory = Directory::open(&options.out)?;
    let notes = Notes::create(&directory.notes())?;
    let store = Store { snapshot, unreadable: &unreadable };

    let (events, tables) = survey(&store, &notes)?;
    let source = Source { store: &store, notes: &notes, tables: &tables };
    let mut order: Vec<(usize, &Layout)> = tables.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| (a.shape, &a.name).cmp(&(b.shape, &b.name)));
    let mut entries = Vec::with_capacity(order.len());
    for (at, table) in order {
        entries.push(source.write(&mut directory, options, at, table)?);
    }
    let manifest = Manifest { format: options.format, events, tables: entries };
    let moves = |name: &str| tables.iter().any(|table| table.name == name && table.shape.entity().is_some());
    if let Ok(earlier) = std::fs::read_to_string(options.out.join(MANIFEST))
        && manifest.lacks_rows_of(&earlier, moves)
        && source.store.snapshot.has_forgotten().map_err(unreadable)?
    {
        return Err(ExportError::Forgotten(options.out.clone()));
    }
    for (name, text) in sql::scripts(&manifest) {
        directory.stage_text(name, &text)?;
    }
    // The last one to take its place.
    directory
        .stage_text(MANIFEST, &(manifest.text().map_err(|error| ExportError::File(MANIFEST.into(), error.into()))? + "\n"))?;
    drop(notes);
    directory.publish()?;
    Ok(manifest)
}

/// The store, with the words for what is wrong with it.
struct Store<'a> {
    snapshot: Snapshot,
    unreadable: &'a dyn Fn(StoreError) -> ExportError,
}

impl Store<'_> {
    fn each(&self, mut take: impl FnMut(&Record) -> Result<(), ExportError>) -> Result<(), ExportError> {
        let mut after = i64::MIN;
        loop {
            let page = self.snapshot.page(after, PAGE).map_err(self.unreadable)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.iter().try_for_each(&mut take)?;
        }
    }

    fn get(&self, id: i64) -> Result<Record, ExportError> {
        let found = self.snapshot.get(id).map_err(self.unreadable)?;
        found.ok_or_else(|| ExportError::Event { id, what: "it is gone".into() })
    }
}

/// Reads every event once, for the columns and for which event goes where.
fn survey(store: &Store<'_>, notes: &Notes) -> Result<(u64, Vec<Layout>), ExportError> {
    let mut catalog = Catalog::new();
    let mut events = 0;
    store.each(|record| {
        let event = Event::parse(record)?;
        let day = time::day(record.received_at);
        let (table, own) = catalog.learn(&event);
        notes.add_row(table, own, day, record.id)?;
        if own != table {
            notes.add_row(own, own, day, record.id)?;
        }
        if let Some((entity, id)) = event.entity() {
            let table = catalog.learn_entity(entity, &event);
            let known = Known { entity, write_key: &record.write_key, id: &id };
            notes.add_traits(table, &known, (day, record.id), &event)?;
        }
        events += 1;
        Ok(())
    })?;
    notes.finish()?;
    Ok((events, catalog.finish()))
}

/// Where rows come from.
struct Source<'a> {
    store: &'a Store<'a>,
    notes: &'a Notes,
    tables: &'a [Layout],
}

impl Source<'_> {
    /// Writes the files of a table.
    fn write(&self, directory: &mut Directory, options: &Options, at: usize, table: &Layout) -> Result<TableEntry, ExportError> {
        let mut files = Vec::new();
        for (day, rows) in self.notes.days(at)? {
            let path = format!("{}/day={}/{}", table.name, time::date(day), part(options.format));
            let staged = directory.stage(&path)?;
            let mut writer = Writer::create(options.format, &staged, table)?;
            let mut after = i64::MIN;
            loop {
                let page = self.notes.events(at, day, after, PAGE)?;
                let Some((last, _)) = page.last() else { break };
                after = *last;
                for (id, own) in &page {
                    self.push(&mut writer, table, *own, &self.store.get(*id)?)?;
                }
            }
            writer.finish()?;
            files.push(FileEntry { path, rows });
        }
        let rows = files.iter().map(|file| file.rows).sum();
        Ok(TableEntry { name: table.name.clone(), rows, files, columns: table.columns.iter().map(Into::into).collect() })
    }

    /// Writes the row of an event, or of the user or group that it tells of.
    fn push(&self, writer: &mut Writer<'_>, table: &Layout, own: usize, record: &Record) -> Result<(), ExportError> {
        let own = self.tables.get(own).map_or("", |own| own.name.as_str());
        let event = Event::parse(record)?;
        match event.entity() {
            Some((entity, id)) if table.shape.entity().is_some() => {
                let traits = self.notes.traits(&Known { entity, write_key: &record.write_key, id: &id })?;
                writer.push(&table.row(&event.with_traits(&traits), own))
            }
            _ => writer.push(&table.row(&event, own)),
        }
    }
}
