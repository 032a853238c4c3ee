//! Tables whose rows are too long or that have too many columns (MySQL 10.4.7 "Limits on Table
//! Column Count and Row Size"; MariaDB "InnoDB Limitations").

use super::{Subject, ValidationError};
use crate::model::{Column, ColumnType, Element, GeneratedStorage, TextSize};
use crate::server::bytes_per_character;

/// The most bytes of a row, not counting texts that are stored outside of the row.
const MOST_BYTES: u64 = 65_535;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    let whole = || Element::table(&table.name);
    let is_stored = |column: &&Column| {
        let generated = column.generated.as_ref();
        generated.is_none_or(|generated| generated.storage == GeneratedStorage::Stored)
    };
    let stored = table.columns.iter().filter(is_stored);
    if subject.has_engine("InnoDB") && stored.clone().count() > 1017 {
        let title = format!(
            "a table has at most 1017 columns, and `{}` has {}",
            table.name,
            stored.count()
        );
        found.push(ValidationError::new(whole(), title));
        return;
    }
    if !subject.has_engine("InnoDB") && !subject.has_engine("MyISAM") {
        return;
    }
    let bytes: u64 = stored.map(least_bytes).sum();
    let is_alone_too_long = table.columns.iter().any(|column| least_bytes(column) > MOST_BYTES + 2);
    if bytes > MOST_BYTES && !is_alone_too_long {
        let title = format!(
            "a row of `{}` takes {bytes} bytes, and at most {MOST_BYTES} are possible",
            table.name
        );
        let error = ValidationError::new(whole(), title);
        let help = "a TEXT or BLOB takes about ten bytes of the row".to_owned();
        found.push(ValidationError { help: vec![help], ..error });
    }
    if !table.columns.is_empty() && table.columns.iter().all(|column| column.invisible) {
        let title = format!("every column of `{}` is invisible", table.name);
        found.push(ValidationError::new(whole(), title));
    }
}

/// The least number of bytes that a column takes in the longest possible row.
fn least_bytes(column: &Column) -> u64 {
    use ColumnType as T;
    if column.storage.as_ref().is_some_and(|storage| storage.compressed) {
        return 0;
    }
    let in_charset = |length: u32| {
        let charset = column.charset.as_deref().unwrap_or("binary");
        u64::from(length) * u64::from(bytes_per_character(charset))
    };
    let varying = |bytes: u64| bytes + if bytes > 255 { 2 } else { 1 };
    match &column.ty {
        T::Integer { size, .. } => u64::from(size.bytes()),
        T::Decimal { precision, .. } => u64::from(precision / 9 * 4),
        T::Float { .. } | T::Timestamp { .. } | T::Inet4 => 4,
        T::Double { .. } => 8,
        T::Char { length } => in_charset(*length),
        T::Varchar { length } => varying(in_charset(*length)),
        T::Binary { length } => u64::from(*length),
        T::Varbinary { length } => varying(u64::from(*length)),
        T::Text { size, .. } | T::Blob { size, .. } => match size {
            TextSize::Tiny => 9,
            TextSize::Normal => 10,
            TextSize::Medium => 11,
            TextSize::Long => 12,
        },
        T::Enum { members } => {
            if members.len() > 255 {
                2
            } else {
                1
            }
        }
        T::Set { members } => (members.len() as u64).div_ceil(8),
        T::Date | T::Time { .. } => 3,
        T::Datetime { .. } => 5,
        T::Year => 1,
        T::Json | T::Geometry { .. } => 12,
        T::Uuid | T::Inet6 => 16,
        T::Bit { .. } | T::Vector { .. } => 0,
    }
}
