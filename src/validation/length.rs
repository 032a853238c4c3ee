//! Types and comments that are too long.

use super::{Subject, ValidationError};
use crate::model::{Column, ColumnType, Element};
use crate::server::bytes_per_character;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    for column in &table.columns {
        let element = || subject.column(&column.name);
        if let Some((title, word)) = too_long(column, subject) {
            found.push(ValidationError::new(element(), title).at(word));
        }
        comment(element, "column", &column.comment, found);
    }
    for index in table.all_indexes() {
        let element = || Element::index(&table.name, &index.name);
        comment(element, "index", &index.comment, found);
    }
    for partition in table.partition_scheme().iter().flat_map(|scheme| scheme.listed()) {
        let element = || Element::partition(&table.name, &partition.name);
        comment(element, "partition", &partition.options.comment, found);
    }
    // MySQL 15.1.20 "CREATE TABLE Statement".
    let length = table.options.comment.chars().count();
    if length > 2048 {
        let title = format!("the comment has {length} characters; of a table it has at most 2048");
        found.push(ValidationError::new(subject.option("comment"), title));
    }
}

fn comment(
    element: impl Fn() -> Element,
    what: &str,
    comment: &str,
    found: &mut Vec<ValidationError>,
) {
    let length = if comment.len() > 1024 { comment.chars().count() } else { 0 };
    if length > 1024 {
        let article = if what == "index" { "an" } else { "a" };
        let title =
            format!("the comment has {length} characters; of {article} {what} it has at most 1024");
        found.push(ValidationError::new(element(), title));
    }
}

/// Why a type is too long, and the number in it that is too large.
fn too_long(column: &Column, subject: &Subject<'_>) -> Option<(String, String)> {
    use ColumnType as T;
    let server = subject.server;
    let charset = column.charset.as_deref().unwrap_or("binary");
    let most = server.longest_varchar() / bytes_per_character(charset);
    let said = |most: u32, what: &str, given: u32| {
        (given > most).then(|| (format!("at most {most} {what} are possible"), given.to_string()))
    };
    match column.ty {
        T::Char { length } if length > 255 => Some((
            "a CHAR has at most 255 characters; a VARCHAR may have more".into(),
            length.to_string(),
        )),
        T::Binary { length } if length > 255 => Some((
            "a BINARY has at most 255 bytes; a VARBINARY may have more".into(),
            length.to_string(),
        )),
        T::Varchar { length } if length > most => Some((
            format!(
                "a VARCHAR has at most {} bytes, which is {most} characters in {charset}; a TEXT may have more",
                server.longest_varchar()
            ),
            length.to_string(),
        )),
        T::Varbinary { length } if length > most => Some((
            format!("a VARBINARY has at most {most} bytes; a BLOB may have more"),
            length.to_string(),
        )),
        T::Decimal { scale, .. } if scale > server.most_decimals() => {
            let most = server.most_decimals();
            let title = format!("a DECIMAL of {server} has at most {most} digits after the point");
            Some((title, scale.to_string()))
        }
        T::Float { precision: Some(precision), .. }
        | T::Double { precision: Some(precision), .. } => {
            let (digits, decimals) = (precision.digits, precision.decimals);
            if decimals > digits {
                let title = "a number can't have more digits after the point than in all";
                return Some((title.to_owned(), decimals.to_string()));
            }
            said(30, "a number after the point", decimals).or(said(
                255,
                "a number of digits",
                digits,
            ))
        }
        T::Integer { width: Some(width), .. } => said(255, "digits to display", width),
        T::Vector { dimensions } if dimensions > 16_383 => {
            Some(("a VECTOR has at most 16383 dimensions".into(), dimensions.to_string()))
        }
        _ => None,
    }
}
