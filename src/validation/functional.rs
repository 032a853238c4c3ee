//! Expressions of indexes whose result can't be in an index (MySQL 15.1.15 "Functional Key Parts",
//! errors 3753 and 3757).

use super::expressions::Use;
use super::{Subject, ValidationError};
use crate::model::{ColumnType, Table, TextSize};
use crate::normalize::expression::{Gives, gives};
use crate::server::Capability;

/// The server takes a text that may have more characters, or bytes, than this for a TEXT (found by
/// trial).
const LONGEST: u64 = 512;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    if !subject.server.can(Capability::FunctionalIndexes) {
        return;
    }
    let parts = subject.expressions.iter().filter(|expressed| expressed.what == Use::IndexPart);
    for expressed in parts {
        let given = gives(expressed.expression, &|name| of_column(subject.table, name));
        let (what, help) = match given {
            Some(Gives::Json) => ("JSON", "take a value out of it, as in `cast(… as char(100))`"),
            Some(Gives::Text(width)) if width > LONGEST => {
                ("a TEXT", "cast it to a length, as in `cast(… as char(100))`")
            }
            _ => continue,
        };
        let title = format!("an index can't be on an expression that gives {what}");
        let error = ValidationError::new(expressed.element.clone(), title);
        found.push(ValidationError { help: vec![help.to_owned()], ..error });
    }
}

fn of_column(table: &Table, name: &str) -> Option<Gives> {
    Some(match table.column(name)?.ty {
        ColumnType::Char { length }
        | ColumnType::Varchar { length }
        | ColumnType::Binary { length }
        | ColumnType::Varbinary { length } => Gives::Text(u64::from(length)),
        ColumnType::Text { size: TextSize::Tiny, .. }
        | ColumnType::Blob { size: TextSize::Tiny, .. } => Gives::Text(255),
        ColumnType::Text { .. } | ColumnType::Blob { .. } => Gives::LONG_TEXT,
        ColumnType::Json => Gives::Json,
        _ => return None,
    })
}
