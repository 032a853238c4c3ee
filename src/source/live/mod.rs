//! A live server as a source: where it is, how to get in, what is there, what it makes of a table.

mod answers;
mod ask;
mod closed;
mod connect;
mod environment;
mod error;
mod fetch;
mod grants;
mod held;
mod identify;
mod interrupt;
mod introspect;
mod object_rows;
mod objects;
mod options;
mod parameters;
mod prompt;
mod quirks;
mod rights;
mod rows;
mod scratch;
mod session;
mod show_create;
mod signatures;
mod tls_failure;
mod unshown;
mod url;

pub use ask::ask;
pub use connect::may_prompt;
pub use error::LiveError;
pub use held::{read_all_held, read_full_held, read_held, read_with_statements_held};
pub use quirks::as_shown;
pub use scratch::{Scratch, ScratchError, StatementError};
pub use show_create::{ShownStatement, ShownStatements, parse_statement};
pub use url::{DatabaseUrl, Deadline, POOL_LIMIT, UrlError};

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::model::{GENERATED_KEY, Schema};
use crate::server::{Capability, Server, Vendor};
use crate::source::{Hidden, Loaded, ServerSource};
use answers::Answers;
use closed::{damaged, locked_tables};
use connect::{Connection, Entrance, Opened, open};

use fetch::{Dictionary, Mismatch, add_srids, fetch, fetch_again, mismatch};
use introspect::Assembly;

/// Reads the database that the URL names. Writes nothing, and needs no more than SELECT on it
/// (on MariaDB any other right besides, such as SHOW VIEW, where there are foreign keys).
pub fn read(url: &DatabaseUrl) -> Result<Loaded, LiveError> {
    Ok(read_to(url, Depth::Bulk, None)?.0)
}

/// As [`read`], to be compared with another schema: where that one says what `information_schema`
/// doesn't tell (MySQL's COLUMN_FORMAT, TABLESPACE and the like), the tables of those names are
/// read whole.
pub fn read_compared_with(url: &DatabaseUrl, other: &Schema) -> Result<Loaded, LiveError> {
    Ok(read_to(url, Depth::Bulk, Some(other))?.0)
}

/// As [`read`], and what only SHOW CREATE TABLE tells besides: on MySQL the order of the indexes
/// and clauses such as COLUMN_FORMAT and AUTOEXTEND_SIZE. It costs a statement for each table, many
/// of them at once, so that it takes several times as long. Gives the statements too, to hold
/// against what was read.
pub fn read_full(url: &DatabaseUrl) -> Result<(Loaded, ShownStatements), LiveError> {
    read_to(url, Depth::EveryTable, None)
}

/// As [`read`], or where there is another schema as [`read_compared_with`], and with it SHOW CREATE TABLE
/// of every table, to hold against it. Costs as much as [`read_full`].
pub fn read_with_statements(
    url: &DatabaseUrl,
    other: Option<&Schema>,
) -> Result<(Loaded, ShownStatements), LiveError> {
    read_to(url, Depth::WithStatements, other)
}

/// As [`read`], to be compared with another server's schema: with the clauses that are in no view,
/// which either of them may have. On MySQL that costs as much as [`read_full`].
pub fn read_unreported(url: &DatabaseUrl) -> Result<Loaded, LiveError> {
    Ok(read_to(url, Depth::Unreported, None)?.0)
}

/// Which tables SHOW CREATE TABLE is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Those of which the bulk queries leave something open.
    Bulk,
    /// All of them where any may have a clause that is in no view, else those of `Bulk`.
    Unreported,
    /// All of them.
    EveryTable,
    /// All of them, but only those of `Bulk` count in what is read.
    WithStatements,
}

fn read_to(
    url: &DatabaseUrl,
    depth: Depth,
    other: Option<&Schema>,
) -> Result<(Loaded, ShownStatements), LiveError> {
    ask_bulk(url)?.read_to(depth, other)
}

/// A database that has answered the bulk queries, and may be asked for what these leave open.
pub struct Answered {
    url: DatabaseUrl,
    connection: Connection,
    server: Server,
    dictionary: Dictionary,
    /// The kinds of objects that the account doesn't see all of.
    hidden: Vec<Hidden>,
    folds_table_names: bool,
    implicit_timestamps: Option<bool>,
}

/// Asks the database that the URL names the bulk queries, which need nothing but the URL.
pub fn ask_bulk(url: &DatabaseUrl) -> Result<Answered, LiveError> {
    ask_by(url, |connection, entrance, server| fetch(connection, url, entrance, server))
}

/// The same, one query after the other.
fn ask_in_turn(url: &DatabaseUrl) -> Result<Answered, LiveError> {
    ask_by(url, |connection, _, server| fetch_again(connection, server))
}

fn ask_by(
    url: &DatabaseUrl,
    fetch: impl FnOnce(&mut Connection, &Entrance, &Server) -> Result<Dictionary, LiveError>,
) -> Result<Answered, LiveError> {
    if url.database().is_none() {
        return Err(LiveError::NoDatabase { endpoint: url.endpoint() });
    }
    let Opened { mut connection, server, entrance, folds_table_names, implicit_timestamps } =
        open(url)?;
    let mut dictionary = match fetch(&mut connection, &entrance, &server) {
        Err(LiveError::Locked { endpoint, .. }) => {
            return Err(LiveError::Locked { endpoint, tables: locked_tables(&mut connection) });
        }
        outcome => outcome?,
    };
    rights::check(&mut connection, url, server.vendor, &dictionary)?;
    if mismatch(&dictionary).is_some() {
        // A schema change came between the queries: once more, and then it is an error.
        dictionary = fetch_again(&mut connection, &server)?;
        if let Some(mismatch) = mismatch(&dictionary) {
            return Err(changed_while_read(mismatch, &mut connection, url));
        }
    }
    let hidden = rights::hidden(&mut connection, url, &server)?;
    let url = url.clone();
    Ok(Answered {
        url,
        connection,
        server,
        dictionary,
        hidden,
        folds_table_names,
        implicit_timestamps,
    })
}

impl Answered {
    /// As [`read_compared_with`], from where the bulk queries are answered.
    pub fn read_compared_with(self, other: &Schema) -> Result<Loaded, LiveError> {
        Ok(self.read_to(Depth::Bulk, Some(other))?.0)
    }

    /// The tables that are there.
    fn tables(&self) -> BTreeSet<String> {
        let tables = self.dictionary.tables.iter().filter(|row| row.is_table());
        tables.map(|row| row.name.clone()).collect()
    }

    fn read_to(
        mut self,
        depth: Depth,
        other: Option<&Schema>,
    ) -> Result<(Loaded, ShownStatements), LiveError> {
        let mut open = show_create::needed(&self.dictionary, self.server.vendor);
        open.extend(
            other.iter().flat_map(|it| show_create::needed_for_comparison(&self.dictionary, it)),
        );
        let (server, url) = (self.server, &self.url);
        let (mut loaded, statements) =
            complete(&mut self.connection, self.dictionary, &server, url, (depth, open))?;
        loaded.notes.extend(rights::note(&self.hidden));
        loaded.hidden = self.hidden;
        loaded.folds_table_names = self.folds_table_names;
        loaded.implicit_timestamps = self.implicit_timestamps;
        Ok((loaded, statements))
    }
}

/// Asks what the bulk queries leave open, in those tables or in all, and puts it all together.
fn complete(
    answers: &mut impl Answers,
    mut dictionary: Dictionary,
    server: &Server,
    url: &DatabaseUrl,
    (depth, open): (Depth, BTreeSet<String>),
) -> Result<(Loaded, ShownStatements), LiveError> {
    add_srids(&mut dictionary, answers, server.vendor)?;
    let reported = unshown::ask_defaults(&mut dictionary, answers, server.vendor)?;
    let depth = match depth {
        Depth::Unreported if quirks::has_unreported(server.vendor) => Depth::EveryTable,
        Depth::Unreported => Depth::Bulk,
        depth => depth,
    };
    let (mut statements, unshown) = match depth {
        Depth::Bulk | Depth::Unreported => show_create::statements(answers, &open)?,
        Depth::EveryTable | Depth::WithStatements => {
            show_create::statements(answers, &show_create::all(&dictionary))?
        }
    };
    let now = dictionary.now.as_deref().and_then(|now| now.parse().ok());
    let objects = objects::read(answers, server, &dictionary)?;
    if server.vendor == Vendor::MariaDb {
        for (table, keys) in quirks::bare_backticks(&dictionary.key_columns, &dictionary.name) {
            if let Some(statement) = statements.get_mut(table) {
                statement.spell(&keys);
            }
        }
    }
    unshown::add_defaults(&mut statements, &reported);
    let mut shown = show_create::read(&statements, unshown, server);
    // Nothing depends on what was only asked for to be held against.
    shown.retain(|name, _| open.contains(name) || depth == Depth::EveryTable);
    let assembly = Assembly { vendor: server.vendor, endpoint: url.endpoint(), shown: &shown };
    let schema = assembly.schema(dictionary, objects)?;
    let loaded = Loaded {
        label: url.label(),
        server: Some(*server),
        server_source: ServerSource::Live,
        notes: generated_keys_note(&schema, server).into_iter().collect(),
        schema,
        now,
        ..Loaded::default()
    };
    Ok((loaded, statements))
}

/// MySQL makes an invisible primary key for a table without one where
/// `sql_generate_invisible_primary_key` is on. Nobody wrote it, so it is compared with nothing but
/// a primary key that is declared, to which it has to make room.
fn generated_keys_note(schema: &Schema, server: &Server) -> Option<Diagnostic> {
    let tables: Vec<&str> = schema
        .tables
        .values()
        .filter(|table| table.has_generated_key())
        .map(|table| table.name.as_str())
        .collect();
    if tables.is_empty() || !server.can(Capability::GeneratedKeys) {
        return None;
    }
    let names = tables.join("`, `");
    let (noun, verb) = if tables.len() == 1 { ("table", "has") } else { ("tables", "have") };
    Some(Diagnostic::note(format!(
        "{noun} `{names}` {verb} an invisible primary key that the server generated, \
         `{GENERATED_KEY}`, which counts as no primary key"
    )))
}

fn changed_while_read(
    mismatch: Mismatch,
    connection: &mut Connection,
    url: &DatabaseUrl,
) -> LiveError {
    let endpoint = url.endpoint();
    match mismatch {
        Mismatch::NoColumns(tables) => match damaged(connection, &tables) {
            Some((table, text)) => LiveError::Unreadable {
                endpoint,
                element: format!("table `{table}`"),
                reason: "the server can't open it".to_owned(),
                text,
            },
            None => LiveError::Locked { endpoint, tables },
        },
        Mismatch::Other(what) => LiveError::Changing { endpoint, what },
    }
}

#[cfg(test)]
mod tests;
