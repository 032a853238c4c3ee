//! Indexes on columns that can't be indexed, and indexes that are too long.

use super::{Subject, ValidationError};
use crate::model::{
    Column, ColumnType, Element, GeneratedStorage, Index, IndexKind, KeyPart, TextSize,
};
use crate::server::{Capability, bytes_per_character};

/// The most indexes of a table, including the primary key.
const MOST_INDEXES: usize = 64;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    let count = table.all_indexes().count();
    if count > MOST_INDEXES {
        let title =
            format!("a table has at most {MOST_INDEXES} indexes, and `{}` has {count}", table.name);
        found.push(ValidationError::new(Element::table(&table.name), title));
    }
    for index in table.all_indexes() {
        let most = subject.server.most_index_parts();
        if index.kind.is_ordered() && index.parts.len() > most {
            let count = index.parts.len();
            let title = format!(
                "an index of {} has at most {most} parts, and this one {count}",
                subject.server
            );
            found.push(ValidationError::new(subject.index(index), title));
        }
        match index.kind {
            IndexKind::Fulltext => fulltext(subject, index, found),
            IndexKind::Spatial => spatial(subject, index, found),
            IndexKind::Vector => vector(subject, index, found),
            IndexKind::Primary => {
                primary(subject, index, found);
                ordered(subject, index, found);
            }
            IndexKind::Unique | IndexKind::Plain => ordered(subject, index, found),
        }
    }
}

/// The columns of an index, with their prefix lengths. Columns that the table doesn't have are left
/// out.
fn columns<'a>(
    subject: &Subject<'a>,
    index: &'a Index,
) -> impl Iterator<Item = (&'a Column, Option<u32>)> {
    let table = subject.table;
    index.parts.iter().filter_map(move |part| match &part.key {
        KeyPart::Column { name, prefix_length } => Some((table.column(name)?, *prefix_length)),
        KeyPart::Expression(_) => None,
    })
}

fn fulltext(subject: &Subject<'_>, index: &Index, found: &mut Vec<ValidationError>) {
    for (column, _) in columns(subject, index) {
        let is_text = match column.ty {
            ColumnType::Char { .. } | ColumnType::Varchar { .. } | ColumnType::Text { .. } => true,
            // On a server without a type for JSON, it is a LONGTEXT.
            ColumnType::Json => !subject.server.can(Capability::JsonType),
            _ => false,
        };
        if !is_text {
            let title = format!(
                "a full-text index is on CHAR, VARCHAR and TEXT, and `{}` is none",
                column.name
            );
            found.push(ValidationError::new(subject.index(index), title).at(&column.name));
        }
    }
}

fn spatial(subject: &Subject<'_>, index: &Index, found: &mut Vec<ValidationError>) {
    if index.parts.len() > 1 {
        let title = "a spatial index is on one column";
        found.push(ValidationError::new(subject.index(index), title));
        return;
    }
    let is_spatial = |column: &Column| matches!(column.ty, ColumnType::Geometry { .. });
    on_columns("spatial", is_spatial, "has no spatial type", subject, index, found);
}

fn vector(subject: &Subject<'_>, index: &Index, found: &mut Vec<ValidationError>) {
    let is_vector = |column: &Column| matches!(column.ty, ColumnType::Vector { .. });
    on_columns("vector", is_vector, "is no VECTOR", subject, index, found);
}

/// Reports the columns of such an index that are of another type or may be NULL.
fn on_columns(
    kind: &str,
    is_of_type: impl Fn(&Column) -> bool,
    otherwise: &str,
    subject: &Subject<'_>,
    index: &Index,
    found: &mut Vec<ValidationError>,
) {
    for (column, _) in columns(subject, index) {
        let problem = if !is_of_type(column) {
            otherwise
        } else if column.nullable {
            "may be NULL; write `not null`"
        } else {
            continue;
        };
        let title = format!("a {kind} index can't be on `{}`, which {problem}", column.name);
        found.push(ValidationError::new(subject.index(index), title).at(&column.name));
    }
}

fn primary(subject: &Subject<'_>, index: &Index, found: &mut Vec<ValidationError>) {
    for part in &index.parts {
        if matches!(part.key, KeyPart::Expression(_)) {
            let title = "a primary key has no expressions";
            found.push(ValidationError::new(subject.index(index), title));
        }
    }
    for (column, prefix_length) in columns(subject, index) {
        let generated = column.generated.as_ref().map(|generated| generated.storage);
        let can = subject.server.can(Capability::GeneratedPrimaryKeys);
        let title = match (&column.ty, generated) {
            (_, Some(GeneratedStorage::Virtual)) => {
                format!("a primary key can't be on `{}`, which is virtual", column.name)
            }
            (_, Some(GeneratedStorage::Stored)) if !can => {
                format!("a primary key can't be on `{}`, which is generated", column.name)
            }
            // On other servers, no index at all can be on a whole TEXT or BLOB. That is reported
            // for every kind of index.
            (ColumnType::Text { .. } | ColumnType::Blob { .. }, _)
                if prefix_length.is_none() && subject.server.can(Capability::HashUniqueIndexes) =>
            {
                format!("a primary key needs a prefix length of `{}`", column.name)
            }
            _ => continue,
        };
        found.push(ValidationError::new(subject.index(index), title).at(&column.name));
    }
}

/// The rules for every index that keeps its keys in order.
fn ordered(subject: &Subject<'_>, index: &Index, found: &mut Vec<ValidationError>) {
    let mut has_long_prefix = false;
    for (column, prefix_length) in columns(subject, index) {
        if let (Some(whole), Some(prefix)) = (column.ty.length(), prefix_length)
            && prefix > whole
        {
            let title =
                format!("the prefix of `{}` is longer than the column: {whole}", column.name);
            found.push(ValidationError::new(subject.index(index), title).at(&column.name));
            has_long_prefix = true;
        }
        if let (ColumnType::Bit { length }, Some(_)) = (&column.ty, prefix_length) {
            let title = format!(
                "a prefix of `{}`, which is BIT, is all of its bytes: {}",
                column.name,
                length.div_ceil(8)
            );
            found.push(ValidationError::new(subject.index(index), title).at(&column.name));
            has_long_prefix = true;
        }
        if let Some(title) = tiny_text(subject, column, prefix_length) {
            found.push(ValidationError::new(subject.index(index), title).at(&column.name));
            has_long_prefix = true;
        }
        if column.ty == ColumnType::Json && subject.server.can(Capability::JsonType) {
            let title = format!("`{}` is JSON, which can't be indexed as it is", column.name);
            let error = ValidationError::new(subject.index(index), title).at(&column.name);
            let help = "index a generated column, or an expression that takes a value out of it";
            found.push(ValidationError { help: vec![help.to_owned()], ..error });
        }
    }
    if !has_long_prefix {
        length(subject, index, found);
    }
}

/// Why the prefix of a TINYTEXT or TINYBLOB is too long, on a server that doesn't shorten it.
fn tiny_text(subject: &Subject<'_>, column: &Column, prefix_length: Option<u32>) -> Option<String> {
    let (ColumnType::Text { size: TextSize::Tiny, .. }
    | ColumnType::Blob { size: TextSize::Tiny, .. }) = column.ty
    else {
        return None;
    };
    let charset = column.charset.as_deref().unwrap_or("binary");
    let most = subject.server.most_of_tiny_text(bytes_per_character(charset));
    let is_too_long = prefix_length? > most && !subject.server.can(Capability::ShortenedKeys);
    let unit = if column.ty.has_charset() { "characters" } else { "bytes" };
    is_too_long.then(|| format!("a prefix of `{}` has at most {most} {unit}", column.name))
}

/// Reports an index whose key is too long (MySQL 17.21 "InnoDB Limits", MariaDB "InnoDB
/// Limitations"). On a server with smaller pages, the limit is lower.
fn length(subject: &Subject<'_>, index: &Index, found: &mut Vec<ValidationError>) {
    let server = subject.server;
    if part_of_old_format(subject, index, found) {
        return;
    }
    // Such a server stores a unique index that is too long as a hash.
    if index.kind == IndexKind::Unique && server.can(Capability::HashUniqueIndexes) {
        return;
    }
    let most = if subject.has_engine("InnoDB") {
        3072
    } else if subject.has_engine("MyISAM") && !server.can(Capability::ShortenedKeys) {
        1000
    } else {
        return;
    };
    let bytes: u64 =
        columns(subject, index).map(|(column, prefix)| least_bytes(column, prefix)).sum();
    if bytes > most {
        let title =
            format!("a key of the index takes {bytes} bytes, and at most {most} are possible");
        let error = ValidationError::new(subject.index(index), title);
        let help = "give a long column a prefix length, as in `title(100)`".to_owned();
        found.push(ValidationError { help: vec![help], ..error });
    }
}

/// Whether a server may store the unique index as a hash, which it does if the columns are too long
/// for a key.
pub(super) fn may_be_hash(subject: &Subject<'_>, index: &Index) -> bool {
    let parts = || columns(subject, index);
    let is_long = |column: &Column| {
        matches!(column.ty, ColumnType::Text { .. } | ColumnType::Blob { .. } | ColumnType::Json)
    };
    let bytes: u64 = parts().map(|(column, prefix)| least_bytes(column, prefix)).sum();
    index.kind == IndexKind::Unique
        && subject.server.can(Capability::HashUniqueIndexes)
        && (bytes > 1000 || parts().any(|(column, prefix)| prefix.is_none() && is_long(column)))
}

/// Whether a part is too long for one of the old row formats. If so, it is reported.
fn part_of_old_format(
    subject: &Subject<'_>,
    index: &Index,
    found: &mut Vec<ValidationError>,
) -> bool {
    let format = subject.table.options.row_format.as_deref().unwrap_or_default();
    if !subject.has_engine("InnoDB") || !matches!(format, "COMPACT" | "REDUNDANT") {
        return false;
    }
    for (column, prefix) in columns(subject, index) {
        let bytes = least_bytes(column, prefix);
        if bytes > 767 {
            let title = format!(
                "`{}` takes {bytes} bytes of the index, and at most 767 are possible in a table with \
                 the row format {}",
                column.name,
                format.to_lowercase()
            );
            found.push(ValidationError::new(subject.index(index), title).at(&column.name));
            return true;
        }
    }
    false
}

/// The least number of bytes that a column takes in a key.
fn least_bytes(column: &Column, prefix_length: Option<u32>) -> u64 {
    let whole = match column.ty {
        ColumnType::Char { length }
        | ColumnType::Varchar { length }
        | ColumnType::Binary { length }
        | ColumnType::Varbinary { length } => length,
        ColumnType::Text { .. } | ColumnType::Blob { .. } => 0,
        ColumnType::Integer { .. } => return 1,
        _ => return 0,
    };
    let charset = column.charset.as_deref().unwrap_or("binary");
    let characters = prefix_length.unwrap_or(whole);
    u64::from(characters) * u64::from(bytes_per_character(charset))
}
