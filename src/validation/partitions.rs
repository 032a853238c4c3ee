//! Partitions that aren't possible (MySQL 26.6 "Restrictions and Limitations on Partitioning";
//! MariaDB "Partitioning Limitations").

use std::cmp::Ordering;
use std::collections::HashSet;

use super::expressions::columns_of as named_columns;
use super::index::may_be_hash;
use super::unknown_column::unknown;
use super::{Subject, ValidationError};
use crate::model::{
    Column, ColumnType, Element, Index, KeyPart, Partition, PartitionBounds, PartitionMethod,
    PartitionScheme, PartitionValue, same_name,
};
use crate::server::Capability;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    let Some(scheme) = table.partition_scheme() else { return };
    let whole = || Element::partitioning(&table.name);
    if !subject.has_engine("InnoDB")
        && !subject.has_engine("ndbcluster")
        && !subject.server.can(Capability::PartitionsOfAnyEngine)
    {
        let engine = table.options.engine.as_deref().unwrap_or_default();
        let title = format!("{} has no partitions of {engine} tables", subject.server);
        found.push(ValidationError::new(whole(), title));
    }
    for name in scheme.columns() {
        // Partitions that are kept come from the database, and may name a column that the table
        // doesn't have any longer.
        if table.column(name).is_none() {
            found.push(unknown(whole(), table, name));
        }
    }
    for (place, name) in scheme.method.columns().iter().enumerate() {
        if let Some(column) = table.column(name)
            && let Some(why) = refused_column(scheme, place, column)
        {
            let title = format!("partitions can't be made by `{}`, {why}", column.name);
            found.push(ValidationError::new(whole(), title).at(&column.name));
        }
    }
    // Some versions accept a DECIMAL there.
    let may_be_decimal =
        matches!(scheme.method, PartitionMethod::Range(_) | PartitionMethod::List(_));
    if let Some(column) = bare_column(subject, scheme)
        && !matches!(
            column.ty,
            ColumnType::Integer { .. } | ColumnType::Bit { .. } | ColumnType::Year
        )
        && !(may_be_decimal && matches!(column.ty, ColumnType::Decimal { .. }))
    {
        let title = format!(
            "partitions by an expression need a whole number, and `{}` is none",
            column.name
        );
        found.push(ValidationError::new(whole(), title).at(&column.name));
    }
    if let Some(names) = columns_of(scheme) {
        let is_judged = |index: &&Index| index.is_unique() && !may_be_hash(subject, index);
        for index in table.all_indexes().filter(is_judged) {
            found.extend(lacking(subject, index, &names));
        }
    }
    bounds(subject, scheme, found);
}

/// The column, if the expression of the partitioning is only a column.
fn bare_column<'a>(subject: &Subject<'a>, scheme: &PartitionScheme) -> Option<&'a Column> {
    let expression = scheme.method.expression()?;
    let name = expression.text.trim().trim_start_matches('`').trim_end_matches('`');
    let column = subject.table.column(name)?;
    (named_columns(expression)?.as_slice() == [name.to_lowercase()]).then_some(column)
}

/// Why a table can't be partitioned by the column at this place, if that is certain.
fn refused_column(scheme: &PartitionScheme, place: usize, column: &Column) -> Option<&'static str> {
    use ColumnType as T;
    let is_long =
        matches!(column.ty, T::Text { .. } | T::Blob { .. } | T::Json | T::Geometry { .. });
    // Only values have to be of the column's type. NULL and MAXVALUE are accepted for any type.
    let by_values = || scheme.listed().iter().any(|partition| has_value(&partition.bounds, place));
    let is_refused = matches!(
        column.ty,
        T::Decimal { .. }
            | T::Float { .. }
            | T::Double { .. }
            | T::Bit { .. }
            | T::Year
            | T::Timestamp { .. }
            | T::Enum { .. }
            | T::Set { .. }
    );
    if is_long {
        Some("which is too long a type")
    } else if is_refused && by_values() {
        Some("whose type isn't an integer, text or date")
    } else {
        None
    }
}

/// Whether a bound has a value for the column at this place.
fn has_value(bounds: &PartitionBounds, place: usize) -> bool {
    let is_value = |bound: &[PartitionValue]| {
        let value = bound.get(place);
        value.is_some_and(|it| !matches!(it, PartitionValue::Null | PartitionValue::Maxvalue))
    };
    match bounds {
        PartitionBounds::LessThan(bound) => is_value(bound),
        PartitionBounds::In(entries) => entries.iter().any(|entry| is_value(entry)),
        _ => false,
    }
}

/// Every column that decides in which partition a row is. `None` if that isn't certain.
fn columns_of(scheme: &PartitionScheme) -> Option<Vec<String>> {
    if matches!(scheme.method, PartitionMethod::SystemTime(_)) {
        return None;
    }
    let mut names = scheme.method.columns().to_vec();
    if let Some(expression) = scheme.method.expression() {
        names.extend(named_columns(expression)?);
    }
    if let Some(parts) = &scheme.subpartitioning {
        names.extend_from_slice(parts.hashing.columns());
        if let Some(expression) = parts.hashing.expression() {
            names.extend(named_columns(expression)?);
        }
    }
    Some(names)
}

/// Reports a unique index that doesn't contain the whole of every column that decides about the
/// partition.
fn lacking(subject: &Subject<'_>, index: &Index, names: &[String]) -> Option<ValidationError> {
    let holds = |name: &String| {
        index.parts.iter().any(
            |part| matches!(&part.key, KeyPart::Column { name: own, .. } if same_name(own, name)),
        )
    };
    let missing = names.iter().find(|name| !holds(name))?;
    let column = subject.table.column(missing)?;
    let what = match index.name.as_str() {
        crate::model::PRIMARY => "the primary key".to_owned(),
        name => format!("the unique index `{name}`"),
    };
    let title = format!("{what} has to hold `{}`, which the partitions are made by", column.name);
    Some(ValidationError::new(subject.index(index), title))
}

fn bounds(subject: &Subject<'_>, scheme: &PartitionScheme, found: &mut Vec<ValidationError>) {
    let partitions = scheme.listed();
    let at = |partition: &Partition, title: String| {
        ValidationError::new(Element::partition(&subject.table.name, &partition.name), title)
    };
    let mut highest: Option<(&Partition, &[PartitionValue])> = None;
    let mut values: HashSet<&[PartitionValue]> = HashSet::new();
    for (place, partition) in partitions.iter().enumerate() {
        match &partition.bounds {
            PartitionBounds::LessThan(bound) => {
                if matches!(bound.as_slice(), [PartitionValue::Maxvalue])
                    && place + 1 < partitions.len()
                {
                    let title =
                        format!("`{}` ends with maxvalue and isn't the last", partition.name);
                    found.push(at(partition, title));
                }
                if let Some((before, other)) = highest
                    && ordering(other, bound).is_some_and(|it| it != Ordering::Less)
                    && other != [PartitionValue::Maxvalue]
                {
                    let title = format!(
                        "the partitions have to rise: `{}` ends at {} and `{}` before it at {}",
                        partition.name,
                        shown(bound),
                        before.name,
                        shown(other)
                    );
                    found.push(at(partition, title));
                }
                if is_certain(bound) {
                    highest = Some((partition, bound));
                }
            }
            PartitionBounds::In(entries) => {
                for entry in entries.iter().filter(|entry| is_certain(entry)) {
                    if !values.insert(entry.as_slice()) {
                        let title = format!(
                            "`{}` has a value that is there already: {}",
                            partition.name,
                            shown(entry)
                        );
                        found.push(at(partition, title));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The order of two bounds, if it is certain. It is for whole numbers, MAXVALUE and days.
fn ordering(a: &[PartitionValue], b: &[PartitionValue]) -> Option<Ordering> {
    use PartitionValue as V;
    for pair in a.iter().zip(b) {
        let order = match pair {
            (V::Maxvalue, V::Maxvalue) => Ordering::Equal,
            (V::Maxvalue, V::Number(_) | V::Text(_)) => Ordering::Greater,
            (V::Number(_) | V::Text(_), V::Maxvalue) => Ordering::Less,
            (V::Number(a), V::Number(b)) => a.parse::<i128>().ok()?.cmp(&b.parse::<i128>().ok()?),
            (V::Text(a), V::Text(b)) if a == b || is_day(a) && is_day(b) => a.cmp(b),
            _ => return None,
        };
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// Whether a text is spelled like `2024-12-31`. The order of such texts is the same as dates and in
/// all collations.
fn is_day(text: &str) -> bool {
    let spelled = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(spelled)
}

fn is_certain(entry: &[PartitionValue]) -> bool {
    !entry.iter().any(|value| matches!(value, PartitionValue::Expression(_)))
}

fn shown(entry: &[PartitionValue]) -> String {
    let texts = entry.iter().map(|value| match value {
        PartitionValue::Maxvalue => "maxvalue".to_owned(),
        PartitionValue::Null => "null".to_owned(),
        PartitionValue::Number(number) => number.clone(),
        PartitionValue::Text(text) => format!("'{text}'"),
        PartitionValue::Bytes(_) => "bytes".to_owned(),
        PartitionValue::Expression(expression) => expression.text.clone(),
    });
    texts.collect::<Vec<_>>().join(", ")
}
