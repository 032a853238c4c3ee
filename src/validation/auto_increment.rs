//! AUTO_INCREMENT on columns that can't have it.

use super::{Subject, ValidationError};
use crate::model::{Column, ColumnType, Index, same_name};
use crate::normalize::is_too_long;
use crate::server::Capability;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    for column in subject.table.columns.iter().filter(|column| column.auto_increment) {
        // Some versions allow FLOAT and DOUBLE.
        let counts = matches!(
            column.ty,
            ColumnType::Integer { .. } | ColumnType::Float { .. } | ColumnType::Double { .. }
        );
        if !counts {
            let title = format!("AUTO_INCREMENT is for integers, and `{}` is none", column.name);
            found.push(
                ValidationError::new(subject.column(&column.name), title).at("auto_increment"),
            );
        } else if column.generated.is_some() {
            let title = format!("`{}` is generated and can't be AUTO_INCREMENT", column.name);
            found.push(
                ValidationError::new(subject.column(&column.name), title).at("auto_increment"),
            );
        } else {
            in_hashes(subject, column, found);
        }
    }
}

/// An AUTO_INCREMENT column can't be in a unique index that is too long for a key, because such an
/// index is stored as a hash (error 4169, found by trial).
fn in_hashes(subject: &Subject<'_>, column: &Column, found: &mut Vec<ValidationError>) {
    if !subject.server.can(Capability::HashUniqueIndexes) {
        return;
    }
    let columns = &subject.table.columns;
    let has_it = |index: &&Index| index.column_names().any(|name| same_name(name, &column.name));
    let hashes = subject.table.indexes.iter().filter(|index| is_too_long(index, columns));
    for index in hashes.filter(has_it) {
        let title = format!(
            "the index is too long for a key, and `{}`, which is AUTO_INCREMENT, can't be in a hash",
            column.name
        );
        let error = ValidationError::new(subject.index(index), title).at(&column.name);
        let help = "give a long column a prefix length, as in `title(100)`".to_owned();
        found.push(ValidationError { help: vec![help], ..error });
    }
}
