//! Reads a live server: its URL, the connection, the queries, and the schema that their answers
//! give.

mod answers;
mod ask;
mod closed;
mod connect;
mod contents;
mod environment;
mod error;
mod fetch;
mod grants;
mod held;
mod identify;
mod interrupt;
mod introspect;
mod needed_rights;
mod object_rows;
mod objects;
mod options;
mod parameters;
mod ping;
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
mod usage;
mod wait;
mod worker;

pub use ask::ask;
pub use connect::may_prompt;
pub use contents::{Content, drop_statement};
pub use error::LiveError;
pub use interrupt::{is_asked_to_stop, stop_between_statements};
pub use needed_rights::{AccountRights, NeededRight, RightsTask};
pub use ping::{ReachedServer, ReadOnlyState, TlsSession, ping};
pub use quirks::as_shown;
pub use scratch::{Scratch, ScratchError, StatementError};
pub use show_create::{ShownStatement, ShownStatements, parse_statement};
pub use url::{DatabaseUrl, Deadline, POOL_LIMIT, UrlError};
pub use usage::read_usage;
pub use wait::{ReadyServer, wait};
pub use worker::{RunError, TextRow, Worker};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::model::{GENERATED_KEY, Schema};
use crate::server::{Capability, Server, Vendor};
use crate::source::{Detail, Hidden, Hold, Loaded, ReadOptions, ServerSource};
use answers::Answers;
use closed::{damaged, locked_tables};
use connect::{Connection, Entrance, Opened, open};

use crate::alembic::{REVISIONS, VERSION_COLUMN, VERSION_TABLE};
use fetch::{Dictionary, Mismatch, add_srids, fetch, fetch_again, mismatch};
use introspect::Assembly;
use session::Failure;

/// Reads the database that the URL names. It writes nothing and needs only SELECT on the database.
/// On MariaDB it needs one more right, such as SHOW VIEW, if there are foreign keys.
pub fn read(url: &DatabaseUrl, options: &ReadOptions<'_>) -> Result<Loaded, LiveError> {
    match options.hold {
        Hold::Nothing => ask_bulk(url)?.read(options),
        Hold::Tables(_) | Hold::All => held::read(url, options),
    }
}

/// A database that has answered the bulk queries, and can be asked for what their answers leave
/// open.
pub struct Answered {
    url: DatabaseUrl,
    connection: Connection,
    server: Server,
    dictionary: Dictionary,
    /// The kinds of objects that the account may not see in full.
    hidden: Vec<Hidden>,
    folds_table_names: bool,
    implicit_timestamps: Option<bool>,
}

/// Sends the bulk queries to the database that the URL names. They depend on nothing but the URL.
pub fn ask_bulk(url: &DatabaseUrl) -> Result<Answered, LiveError> {
    ask_by(url, |connection, entrance, server| fetch(connection, url, entrance, server))
}

/// Like [`ask_bulk`], but on one connection, one query after the other.
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
        // The schema was changed between the queries. They are sent once more; if that happens
        // again, it is an error.
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
    /// Like [`read`] without holding tables, continuing from the answers to the bulk queries.
    pub fn read(mut self, options: &ReadOptions<'_>) -> Result<Loaded, LiveError> {
        let mut open = show_create::needed(&self.dictionary, self.server.vendor);
        let other = options.compared_with.iter();
        open.extend(other.flat_map(|it| show_create::needed_for_comparison(&self.dictionary, it)));
        let (server, url) = (self.server, &self.url);
        let asked = (options.detail, open);
        let has_alembic = self.has_alembic();
        let mut loaded = complete(&mut self.connection, self.dictionary, &server, url, asked)?;
        loaded.notes.extend(rights::note(&self.hidden));
        loaded.hidden = self.hidden;
        loaded.folds_table_names = self.folds_table_names;
        loaded.implicit_timestamps = self.implicit_timestamps;
        if has_alembic {
            loaded.alembic = alembic_revisions(&mut self.connection)?;
        }
        Ok(loaded)
    }

    /// Whether Alembic's table is there.
    fn has_alembic(&self) -> bool {
        let columns = &self.dictionary.columns;
        columns.iter().any(|it| it.table == VERSION_TABLE && it.name == VERSION_COLUMN)
    }

    /// The names of the tables in the database.
    fn tables(&self) -> BTreeSet<String> {
        let tables = self.dictionary.tables.iter().filter(|row| row.is_table());
        tables.map(|row| row.name.clone()).collect()
    }
}

/// What Alembic's table says; `None` if the account may not read it, or it is gone.
fn alembic_revisions(connection: &mut Connection) -> Result<Option<Vec<String>>, LiveError> {
    match connection.collect(REVISIONS, |mut row| row.text()) {
        Ok((revisions, _)) => Ok(Some(revisions)),
        Err(Failure::Server(_)) => Ok(None),
        Err(failure) => Err(connection.explain(failure)),
    }
}

/// Asks for what the bulk queries leave open, in the given tables or in all, and makes the schema
/// from all answers.
fn complete(
    answers: &mut impl Answers,
    mut dictionary: Dictionary,
    server: &Server,
    url: &DatabaseUrl,
    (detail, open): (Detail, BTreeSet<String>),
) -> Result<Loaded, LiveError> {
    add_srids(&mut dictionary, answers, server.vendor)?;
    let reported = unshown::ask_defaults(&mut dictionary, answers, server.vendor)?;
    let reads_all = match detail {
        Detail::Full => true,
        Detail::Unreported => quirks::has_unreported(server.vendor),
        Detail::Bulk | Detail::BulkWithStatements => false,
    };
    let (mut statements, unshown) = match reads_all || detail.keeps_statements() {
        true => show_create::statements(answers, &show_create::all(&dictionary))?,
        false => show_create::statements(answers, &open)?,
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
    // Statements that were read only for the self-check must not change what is read.
    shown.retain(|name, _| open.contains(name) || reads_all);
    let assembly = Assembly { vendor: server.vendor, endpoint: url.endpoint(), shown: &shown };
    let schema = assembly.schema(dictionary, objects)?;
    if !detail.keeps_statements() {
        statements.clear();
    }
    Ok(Loaded {
        label: url.label(),
        server: Some(*server),
        server_source: ServerSource::Live,
        notes: generated_keys_note(&schema, server).into_iter().collect(),
        schema,
        now,
        shown: Arc::new(statements),
        ..Loaded::default()
    })
}

/// MySQL gives a table without a primary key an invisible one if
/// `sql_generate_invisible_primary_key` is on. Nobody wrote this key, so it isn't compared. But if
/// a primary key is declared, the generated one has to be dropped for it.
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
