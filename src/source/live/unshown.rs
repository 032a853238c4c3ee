//! Defaults with 4-byte characters, for which MariaDB shows `?`, both in `information_schema` and
//! in SHOW CREATE TABLE (found by trial; MySQL's SHOW CREATE TABLE has them as bytes). The function
//! DEFAULT returns them correctly.

use super::answers::Answers;
use super::error::LiveError;
use super::fetch::Dictionary;
use super::rows::ColumnRow;
use super::show_create::ShownStatements;
use crate::server::{Vendor, bytes_per_character};
use crate::syntax::{quote_identifier, quote_string};

/// A default as it is, and as it is shown.
pub(super) struct ReportedDefault {
    table: String,
    column: String,
    shown: String,
    default: String,
}

/// Asks for the defaults that may be shown wrong, and puts them in the place of what is shown. If
/// the account may not read one, it stays as shown.
pub(super) fn ask_defaults(
    dictionary: &mut Dictionary,
    answers: &mut impl Answers,
    vendor: Vendor,
) -> Result<Vec<ReportedDefault>, LiveError> {
    if vendor != Vendor::MariaDb {
        return Ok(Vec::new());
    }
    let is_table =
        |name: &str| dictionary.tables.iter().any(|table| table.is_table() && table.name == name);
    let (mut places, mut questions) = (Vec::new(), Vec::new());
    for (place, row) in dictionary.columns.iter().enumerate() {
        if may_be_unshown(row) && is_table(&row.table) {
            places.push(place);
            questions.push(question(row));
        }
    }
    let found = answers.one_row_or_reason(&questions, |mut row| row.optional())?;
    let mut reported = Vec::new();
    for (place, default) in places.into_iter().zip(found) {
        let Some(row) = dictionary.columns.get_mut(place) else { continue };
        if let (Ok(Some(default)), Some(shown)) = (default, &row.default)
            && !default.is_ascii()
        {
            let (table, column) = (row.table.clone(), row.name.clone());
            let default = quote_string(&default);
            reported.push(ReportedDefault {
                table,
                column,
                shown: shown.clone(),
                default: default.clone(),
            });
            row.default = Some(default);
        }
    }
    Ok(reported)
}

/// Puts the defaults into the SHOW CREATE statements of their tables.
pub(super) fn add_defaults(statements: &mut ShownStatements, reported: &[ReportedDefault]) {
    for ReportedDefault { table, column, shown, default } in reported {
        if let Some(statement) = statements.get_mut(table) {
            let name = format!("\n  {} ", quote_identifier(column));
            statement.spell_in_line(&name, shown, default);
        }
    }
}

/// Excludes ENUM and SET: their members are shown with `?` too, and nothing shows them correctly,
/// so the default has to stay equal to one of them.
fn may_be_unshown(row: &ColumnRow) -> bool {
    let is_list = row.ty.starts_with("enum(") || row.ty.starts_with("set(");
    let is_literal = |default: &str| {
        default.starts_with('\'') && default.ends_with('\'') && default.contains('?')
    };
    !is_list
        && row.default.as_deref().is_some_and(is_literal)
        && row.charset.as_deref().is_some_and(|charset| bytes_per_character(charset) == 4)
}

/// A query that reads no row of the table.
fn question(row: &ColumnRow) -> String {
    format!(
        "SELECT DEFAULT(t.{}) FROM (SELECT 1) AS one LEFT JOIN {} AS t ON FALSE",
        quote_identifier(&row.name),
        quote_identifier(&row.table)
    )
}
