//! Texts of SQL that are written for the command-line client, with DELIMITER and comments.

use std::ops::Range;

use super::split::{Piece, SplitError, Splitter};
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

/// All statements of a script in order, without their delimiters and the comments between them.
///
/// # Errors
///
/// Where the text can't be divided, as in a quote that is never closed: the line and what is wrong.
pub fn statements(script: &str) -> Result<Vec<String>, String> {
    let mut splitter = Splitter::keeping_all(script.as_bytes());
    let mut statements = Vec::new();
    loop {
        match splitter.next_piece() {
            Ok(Some(Piece::Statement(it) | Piece::Follow(it))) => {
                statements.push(String::from_utf8_lossy(&it.bytes).into_owned());
            }
            Ok(Some(Piece::Comment(_) | Piece::Dynamic(..))) => {}
            Ok(None) => return Ok(statements),
            Err(SplitError::Problem(problem)) => {
                return Err(format!("line {}: {}", problem.line, problem.message));
            }
            Err(SplitError::Io(error)) => return Err(error.to_string()),
        }
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
