//! How the server spells a table: it is created as a temporary table, read back and dropped.
//!
//! Needs CREATE TEMPORARY TABLES on the database. Nothing is left behind, because a temporary table
//! is visible only to its connection and ends with it.

use super::connect::{Connection, open};
use super::error::{LiveError, grant};
use super::session::Failure;
use super::show_create;
use super::url::DatabaseUrl;
use crate::ddl::create_table;
use crate::model::{Check, GENERATED_KEY, Index, IndexKind, Table, TableOptions};
use crate::server::{Capability, Server};
use crate::syntax::parse_create_table;
use crate::syntax::quote_identifier;

/// The temporary table's name, which no real table has: it would hide that one.
const NAME: &str = "driftline_asks_the_server";

/// Has the server spell each of the tables. What a temporary table can't have (foreign keys,
/// partitions, FULLTEXT, most of the table's options) is returned unchanged, and so is a table that
/// the model can't hold.
pub fn ask(url: &DatabaseUrl, tables: &[Table]) -> Result<Vec<Table>, LiveError> {
    if url.database().is_none() {
        return Err(LiveError::NoDatabase { endpoint: url.endpoint() });
    }
    let opened = open(url)?;
    let (mut connection, server) = (opened.connection, opened.server);
    tables.iter().map(|table| ask_one(&mut connection, url, &server, table)).collect()
}

fn ask_one(
    connection: &mut Connection,
    url: &DatabaseUrl,
    server: &Server,
    wanted: &Table,
) -> Result<Table, LiveError> {
    if !wanted.unsupported.is_empty() {
        return Ok(wanted.clone());
    }
    let statement = create_table(&temporary(wanted), server);
    let statement = statement.replacen("CREATE TABLE", "CREATE TEMPORARY TABLE", 1);
    connection.attempt(&statement).map_err(|error| refused(connection, url, wanted, error))?;
    let shown = connection.one_row_each(&[show_create::statement(NAME)], |mut row| {
        row.text();
        row.text()
    });
    connection.run(&format!("DROP TEMPORARY TABLE {}", quote_identifier(NAME)))?;
    let text = shown?.into_iter().next().unwrap_or_default();
    let spelled = parse_create_table(&text, server).map_err(|error| LiveError::Unreadable {
        endpoint: url.endpoint(),
        element: format!("table `{}`", wanted.name),
        reason: error.message,
        text,
    })?;
    Ok(restore(&spelled, wanted, server))
}

/// The table without what a temporary table can't have.
fn temporary(wanted: &Table) -> Table {
    let mut table = wanted.clone();
    NAME.clone_into(&mut table.name);
    table.foreign_keys.clear();
    // No server partitions a temporary table (error 1562).
    table.partitioning = None;
    table.indexes.retain(|index| index.kind != IndexKind::Fulltext);
    table.options = TableOptions {
        engine: wanted.options.engine.clone(),
        charset: wanted.options.charset.clone(),
        collation: wanted.options.collation.clone(),
        ..TableOptions::default()
    };
    // CHECKs get names of their own, because on MySQL a CHECK's name is unique in the database.
    for (number, check) in table.checks.iter_mut().enumerate() {
        check.name = check_name(number);
    }
    table
}

/// With leading zeros, so that the names sort like the numbers.
fn check_name(number: usize) -> String {
    format!("{NAME}_{number:05}")
}

/// The server's spelling under the wanted names, with the parts that the server was not asked
/// about.
fn restore(spelled: &Table, wanted: &Table, server: &Server) -> Table {
    // The server adds this key where `sql_generate_invisible_primary_key` is on. An ordinary
    // account can't switch it off.
    let keyed = server.can(Capability::GeneratedKeys)
        && wanted.column(GENERATED_KEY).is_none()
        && spelled.has_generated_key();
    let mut table = wanted.clone();
    table.columns.clone_from(&spelled.columns);
    // What the columns inherit from the table.
    table.options.charset.clone_from(&spelled.options.charset);
    table.options.collation.clone_from(&spelled.options.collation);
    if keyed {
        table.columns.retain(|column| column.name != GENERATED_KEY);
    } else {
        table.primary_key.clone_from(&spelled.primary_key);
    }
    table.indexes = wanted
        .indexes
        .iter()
        .map(|index| spelled.indexes.iter().find(|other| other.name == index.name))
        .zip(&wanted.indexes)
        .map(|(spelled, wanted): (Option<&Index>, &Index)| spelled.unwrap_or(wanted).clone())
        .collect();
    table.checks = wanted
        .checks
        .iter()
        .enumerate()
        .map(|(number, check)| Check {
            name: check.name.clone(),
            ..spelled.check(&check_name(number)).unwrap_or(check).clone()
        })
        .collect();
    table
}

fn refused(
    connection: &Connection,
    url: &DatabaseUrl,
    wanted: &Table,
    failure: Failure,
) -> LiveError {
    match failure {
        Failure::Server(error) if matches!(error.code, 1044 | 1142) => LiveError::NoRights {
            endpoint: url.endpoint(),
            what: "to ask the server it needs CREATE TEMPORARY TABLES".to_owned(),
            grant: grant(url, url.database().unwrap_or_default(), "CREATE TEMPORARY TABLES"),
        },
        Failure::Server(error) => LiveError::Refused {
            endpoint: url.endpoint(),
            table: wanted.name.clone(),
            code: error.code,
            message: error.message,
        },
        other => connection.explain(other),
    }
}
