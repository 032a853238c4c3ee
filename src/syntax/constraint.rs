//! Reads foreign keys and CHECKs.

use super::SqlError;
use super::column::read_action;
use super::parser::Parser;
use crate::model::{Check, ForeignKey, ReferentialAction};

/// Reads `REFERENCES table (columns) MATCH … ON DELETE … ON UPDATE …`. The caller adds the
/// referencing columns and the name. If no referenced columns are written, the primary key of the
/// referenced table is meant.
pub(crate) fn read_references(parser: &mut Parser) -> Result<ForeignKey, SqlError> {
    parser.expect("REFERENCES")?;
    let (schema, table) = parser.qualified_name("a table")?;
    let columns = if parser.is_symbol(b'(') { parser.name_list("a column")? } else { Vec::new() };
    let mut key = ForeignKey {
        name: String::new(),
        columns: Vec::new(),
        referenced_schema: schema,
        referenced_table: table,
        referenced_columns: columns,
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        implicit_index: None,
    };
    loop {
        if parser.accept("MATCH") {
            parser.name("FULL, PARTIAL or SIMPLE")?;
        } else if parser.accept_words(&["ON", "DELETE"]) {
            key.on_delete = read_action(parser)?;
        } else if parser.is_words(&["ON", "UPDATE"]) && !is_now(parser) {
            parser.next();
            parser.next();
            key.on_update = read_action(parser)?;
        } else {
            return Ok(key);
        }
    }
}

/// Whether this `ON UPDATE` is the column's attribute and not the action of the foreign key.
fn is_now(parser: &Parser) -> bool {
    ["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"]
        .iter()
        .any(|word| parser.is_word_at(2, word))
}

/// Reads the part after CHECK.
pub(crate) fn read_check(parser: &mut Parser, name: String) -> Result<Check, SqlError> {
    let expression = parser.parenthesized()?;
    let enforced = !parser.accept_words(&["NOT", "ENFORCED"]);
    if enforced {
        parser.accept("ENFORCED");
    }
    Ok(Check { name, expression, enforced })
}
