//! Texts of SQL that are written for the command-line client, with DELIMITER and comments.

use std::ops::Range;

use thiserror::Error;

use super::session::{Running, is_set};
use super::split::{Piece, SplitError, SplitProblem, Splitter};
use crate::model::ObjectKind;
use crate::syntax::lexer::Dialect;
use crate::syntax::statement::{ParsedStatement, read_statement};

/// The bytes of a text that are the CREATE statement of an object of this kind. `None` if the text
/// is not a script for the client, or doesn't have exactly one such statement.
pub(in crate::source) fn create_statement(text: &str, kind: ObjectKind) -> Option<Range<usize>> {
    if !is_script(text, kind) {
        return None;
    }
    let mut splitter = Splitter::new(text.as_bytes());
    let mut found = None;
    while let Ok(Some(piece)) = splitter.next_piece() {
        let Piece::Statement(statement) = piece else { continue };
        let body = std::str::from_utf8(&statement.bytes).ok()?;
        match read_statement(body, Dialect::default()) {
            Ok(
                ParsedStatement::DropObject { .. }
                | ParsedStatement::Use(_)
                | ParsedStatement::Other,
            ) => {}
            _ if found.is_some() => return None,
            _ => {
                let start = offset(text, statement.line, statement.column)?;
                found = Some(start..start + statement.bytes.len());
            }
        }
    }
    found
}

/// A part of a script for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptItem {
    /// A statement, without its delimiter and the comments before it.
    Statement {
        /// Its text.
        text: String,
        /// Its first line, counted from 1.
        line: usize,
    },
    /// A comment between statements, with its `--`, `#` or `/*`; its beginning if it is long.
    Comment {
        /// Its text, without the end of the line.
        text: String,
        /// Its last line, counted from 1.
        line: usize,
    },
    /// A command of the client that the server doesn't see, such as `source`.
    ClientCommand {
        /// The command.
        text: String,
        /// Its line, counted from 1.
        line: usize,
    },
}

/// Why a text can't be divided into statements.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct ScriptProblem {
    /// The line, counted from 1; 0 where it isn't known.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, if there is more to say.
    pub help: Option<String>,
}

/// The parts of a script in order. A SET of `sql_mode` counts for how the text after it is divided.
///
/// # Errors
///
/// Where the text can't be divided, as in a quote that is never closed.
pub fn script_items(script: &str) -> Result<Vec<ScriptItem>, ScriptProblem> {
    let mut splitter = Splitter::keeping_all(script.as_bytes());
    let mut running = Running::default();
    let mut items = Vec::new();
    loop {
        let piece = splitter.next_piece().map_err(|error| match error {
            SplitError::Problem(problem) => {
                let SplitProblem { line, message, help, .. } = problem;
                ScriptProblem { line, message, help: help.map(str::to_owned) }
            }
            SplitError::Io(error) => {
                ScriptProblem { line: 0, message: error.to_string(), help: None }
            }
        })?;
        items.push(match piece {
            None => return Ok(items),
            Some(Piece::Statement(it)) => {
                let text = String::from_utf8_lossy(&it.bytes).into_owned();
                if is_set(&text) {
                    let dialect = splitter.mode.dialect();
                    running.set(&text, dialect, &mut splitter.mode);
                } else {
                    running.of_statement();
                }
                ScriptItem::Statement { text: text.trim_end().to_owned(), line: it.line }
            }
            Some(Piece::Follow(it)) => {
                let text = format!("source {}", String::from_utf8_lossy(&it.bytes));
                ScriptItem::ClientCommand { text, line: it.line }
            }
            Some(Piece::Dynamic(text, line)) => ScriptItem::ClientCommand { text, line },
            Some(Piece::Comment(bytes)) => {
                let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                let ends_line = !text.starts_with("/*");
                let line = splitter.line() - usize::from(ends_line && splitter.column() == 1);
                ScriptItem::Comment { text, line }
            }
        });
    }
}

/// Whether a text begins like a script.
fn is_script(text: &str, kind: ObjectKind) -> bool {
    let mut splitter = Splitter::new(text.as_bytes());
    let delimiter = text.lines().any(|line| {
        line.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("delimiter"))
            && line[9..].starts_with([' ', '\t'])
    });
    if delimiter {
        return true;
    }
    while let Ok(Some(piece)) = splitter.next_piece() {
        let Piece::Statement(statement) = piece else { continue };
        let Ok(first) = std::str::from_utf8(&statement.bytes) else { return false };
        return matches!(
            read_statement(first, Dialect::default()),
            Ok(ParsedStatement::DropObject { kind: dropped, .. }) if dropped == kind
        );
    }
    false
}

/// The offset of a line and a column, both counted from 1, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2)?.0 + 1,
    };
    Some(start + column - 1).filter(|at| text.is_char_boundary(*at))
}
