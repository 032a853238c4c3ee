//! `driftline history`: what was carried out on a database, and when.

use serde_json::{Value, json};

use super::super::Outcome;
use super::super::arguments::{HistoryArguments, ListFormat};
use super::super::error::{Result, bail};
use super::super::open::Location;
use super::super::output::Output;
use super::elsewhere::say_if_elsewhere;
use super::failures::engine_error;
use super::project::DatabaseState;
use super::result::ResultPrinter;
use super::status::server_json;
use crate::engine::{HistoryEntry, ServerIdentity, StatementRow, read_statements};
use crate::report::one_line;
use crate::source::live::Worker;

pub(in crate::cli) fn run(args: &HistoryArguments, output: &Output) -> Result<Outcome> {
    let lookup = args.target.lookup();
    let location = Location::required_database(args.target.source.as_deref(), &lookup)?;
    let Location::Live(url) = location else {
        bail!("only a server has a history: name a URL such as mysql://user@host/database");
    };
    let mut worker = Worker::open(&url)?;
    let state = DatabaseState::of(&mut worker, &lookup.history)?;
    let entries = &state.history.entries;
    let rows = match args.statements && !entries.is_empty() {
        true => read_statements(&mut worker, &lookup.history)
            .map_err(|error| engine_error(error.into()))?,
        false => Vec::new(),
    };
    say_if_elsewhere(&state.history, &state.here, output);
    match args.target.format {
        ListFormat::Json => {
            let entries: Vec<Value> =
                entries.iter().map(|it| entry_json(it, &rows, args.statements)).collect();
            ResultPrinter::new(args.target.format, output)
                .document(json!({ "database": url.label(), "history": entries }))?;
        }
        ListFormat::Text => {
            if entries.is_empty() {
                output.text(&format!("{} has no history\n", one_line(&url.label())))?;
            }
            for entry in entries {
                output.text(&entry_text(entry, &state.here, &rows))?;
            }
        }
    }
    Ok(Outcome::Clean)
}

fn of_entry<'a>(
    entry: &'a HistoryEntry,
    rows: &'a [StatementRow],
) -> impl Iterator<Item = &'a StatementRow> {
    rows.iter().filter(|row| row.version == entry.version)
}

fn entry_text(entry: &HistoryEntry, here: &ServerIdentity, rows: &[StatementRow]) -> String {
    let HistoryEntry { version, kind, state, description, applied_by, driftline, .. } = entry;
    let time = entry.finished_at.as_deref().unwrap_or(&entry.started_at);
    let elsewhere = match entry.server.is(here) {
        true => String::new(),
        false => format!(", {}", one_line(&entry.server.to_string())),
    };
    let mut text = format!(
        "{version}  {state} {time} UTC by {}  {}  ({kind}, driftline {}{elsewhere})\n",
        one_line(applied_by),
        one_line(description),
        one_line(driftline)
    );
    for row in of_entry(entry, rows) {
        let direction = row.direction;
        let error = row.error.as_deref().map(|error| format!(": {}", one_line(error)));
        text.push_str(&format!(
            "  {direction} {}  {} {}  {}{}\n",
            row.position,
            row.state,
            row.finished_at.as_deref().unwrap_or(&row.started_at),
            one_line(&row.statement.chars().take(100).collect::<String>()),
            error.unwrap_or_default()
        ));
    }
    text
}

fn entry_json(entry: &HistoryEntry, rows: &[StatementRow], with_statements: bool) -> Value {
    let mut value = json!({
        "migration": entry.version,
        "sequence": entry.sequence,
        "kind": entry.kind.word(),
        "state": entry.state.word(),
        "description": entry.description,
        "checksum": entry.checksum,
        "statements": entry.statements,
        "started_at": entry.started_at,
        "finished_at": entry.finished_at,
        "applied_by": entry.applied_by,
        "driftline": entry.driftline,
        "server": server_json(&entry.server),
    });
    if with_statements {
        let rows: Vec<Value> = of_entry(entry, rows).map(row_json).collect();
        value["ran"] = Value::Array(rows);
    }
    value
}

fn row_json(row: &StatementRow) -> Value {
    json!({
        "direction": row.direction.word(),
        "position": row.position,
        "kind": row.kind,
        "state": row.state.word(),
        "statement": row.statement,
        "server": row.server,
        "connection": row.connection_id,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "error_code": row.error_code,
        "error": row.error,
    })
}
