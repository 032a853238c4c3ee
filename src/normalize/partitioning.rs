//! Partitions as the server keeps them: bounds are evaluated, and defaults are left out.

use super::expression::fold::whole_number;
use super::{expression, options};
use crate::model::{
    Column, ColumnType, HashBy, Hashing, IndexKind, KeyPart, Partition, PartitionBounds,
    PartitionList, PartitionMethod, PartitionOptions, PartitionScheme, PartitionValue,
    Partitioning, Rotation, Subpartition, Table, same_name,
};
use crate::server::{Capability, Server};
use crate::syntax::temporal;

/// The tablespace of a partition if none is named.
const OWN_TABLESPACE: &str = "innodb_file_per_table";

/// Changes a table's partitions to what the server keeps. The columns, keys and options must be
/// normalized.
pub(super) fn normalize(table: &mut Table, server: Server) {
    let mut scheme = match table.partitioning.take() {
        Some(Partitioning::By(scheme)) => scheme,
        kept => {
            table.partitioning = kept;
            return;
        }
    };
    let key = key_columns(table);
    match &mut scheme.method {
        PartitionMethod::Hash(hashing) => normalize_hashing(hashing, &key),
        PartitionMethod::SystemTime(system_time) => {
            system_time.rotation = normalize_rotation(&system_time.rotation);
        }
        _ => {}
    }
    if let Some(subpartitioning) = &mut scheme.subpartitioning {
        normalize_hashing(&mut subpartitioning.hashing, &key);
        spell(subpartitioning.hashing.columns_mut(), &table.columns);
    }
    spell(scheme.method.columns_mut(), &table.columns);
    normalize_bounds(&mut scheme, &table.columns);
    if let PartitionList::Listed(partitions) = &mut scheme.partitions {
        for partition in partitions.iter_mut() {
            normalize_options(&mut partition.options, table, server);
            for subpartition in &mut partition.subpartitions {
                normalize_options(&mut subpartition.options, table, server);
                inherit(&mut subpartition.options, &partition.options);
            }
        }
    }
    // These are the expressions of the methods, and those bounds that couldn't be evaluated.
    for found in scheme.expressions_mut() {
        *found = expression::with_canonical(found);
    }
    count_subpartitions(&mut scheme);
    count_partitions(&mut scheme);
    table.partitioning = Some(Partitioning::By(scheme));
}

/// Changes the values of bounds to what the server keeps for columns of these types.
pub(crate) fn normalize_bounds(scheme: &mut PartitionScheme, columns: &[Column]) {
    let columns = bound_columns(&scheme.method, columns);
    let PartitionList::Listed(partitions) = &mut scheme.partitions else { return };
    for partition in partitions {
        for (place, value) in places(&mut partition.bounds) {
            normalize_value(value, columns.get(place).copied().flatten());
        }
    }
}

fn spell(names: &mut [String], columns: &[Column]) {
    for name in names {
        if let Some(column) = columns.iter().find(|column| same_name(&column.name, name)) {
            name.clone_from(&column.name);
        }
    }
}

/// The columns that KEY () uses: those of the primary key, or else of the first unique index whose
/// columns are all NOT NULL (MySQL manual, 26.2.5 "KEY Partitioning").
fn key_columns(table: &Table) -> Vec<String> {
    let never_null = |part: &KeyPart| match part {
        KeyPart::Column { name, .. } => table.column(name).is_some_and(|column| !column.nullable),
        KeyPart::Expression(_) => false,
    };
    let unique = table.indexes.iter().find(|index| {
        index.kind == IndexKind::Unique && index.parts.iter().all(|part| never_null(&part.key))
    });
    let key = table.primary_key.as_ref().or(unique);
    key.map(|index| index.column_names().map(str::to_owned).collect()).unwrap_or_default()
}

fn normalize_hashing(hashing: &mut Hashing, key: &[String]) {
    if let HashBy::Columns { algorithm, columns } = &mut hashing.by {
        // Every server uses algorithm 2 unless another one is named.
        *algorithm = algorithm.filter(|number| *number != 2);
        if columns.is_empty() {
            *columns = key.to_vec();
        }
    }
}

/// The server keeps weeks as days, and quarters as months.
fn normalize_rotation(rotation: &Rotation) -> Rotation {
    let Rotation::Interval { quantity, unit, starts } = rotation else { return rotation.clone() };
    let (factor, smaller) = match unit.as_str() {
        "WEEK" => (7, "DAY"),
        "QUARTER" => (3, "MONTH"),
        other => (1, other),
    };
    let number = quantity.trim_matches('\'').parse::<u64>().ok();
    let multiplied = number.and_then(|number| number.checked_mul(factor));
    let starts = starts.as_ref().map(|text| temporal::datetime(text, 0).unwrap_or(text.clone()));
    match multiplied {
        Some(number) => {
            Rotation::Interval { quantity: number.to_string(), unit: smaller.to_owned(), starts }
        }
        None => Rotation::Interval { quantity: quantity.clone(), unit: unit.clone(), starts },
    }
}

/// The column of each value of a bound. `None` if the value belongs to an expression.
pub(super) fn bound_columns<'a>(
    method: &PartitionMethod,
    columns: &'a [Column],
) -> Vec<Option<&'a Column>> {
    let listed = match method {
        PartitionMethod::RangeColumns(listed) | PartitionMethod::ListColumns(listed) => listed,
        _ => return Vec::new(),
    };
    let find = |name: &String| columns.iter().find(|column| same_name(&column.name, name));
    listed.iter().map(find).collect()
}

/// Every value with its position in its bound.
pub(super) fn places(bounds: &mut PartitionBounds) -> Vec<(usize, &mut PartitionValue)> {
    match bounds {
        PartitionBounds::LessThan(values) => values.iter_mut().enumerate().collect(),
        PartitionBounds::In(entries) => {
            entries.iter_mut().flat_map(|entry| entry.iter_mut().enumerate()).collect()
        }
        _ => Vec::new(),
    }
}

fn normalize_value(value: &mut PartitionValue, column: Option<&Column>) {
    if let PartitionValue::Expression(given) = value
        && let Some(number) = whole_number(given)
    {
        *value = PartitionValue::Number(number.to_string());
    }
    let normalized = match (&*value, column.map(|column| &column.ty)) {
        (PartitionValue::Number(text), _) => {
            text.parse::<i128>().ok().map(|number| PartitionValue::Number(number.to_string()))
        }
        (PartitionValue::Text(text), Some(ColumnType::Date)) => date(text),
        (
            PartitionValue::Text(text),
            Some(ColumnType::Datetime { fsp } | ColumnType::Timestamp { fsp }),
        ) => temporal::datetime(text, *fsp).map(PartitionValue::Text),
        (PartitionValue::Text(text), Some(ColumnType::Time { fsp })) => {
            temporal::time(text, *fsp).map(PartitionValue::Text)
        }
        (
            PartitionValue::Text(text),
            Some(ColumnType::Binary { .. } | ColumnType::Varbinary { .. }),
        ) => Some(PartitionValue::Bytes(text.clone().into_bytes())),
        (PartitionValue::Bytes(bytes), Some(ty)) if ty.has_charset() => {
            String::from_utf8(bytes.clone()).ok().map(PartitionValue::Text)
        }
        _ => None,
    };
    if let Some(normalized) = normalized {
        *value = normalized;
    }
}

/// A date. A date and time at midnight is the same as the date.
fn date(text: &str) -> Option<PartitionValue> {
    let whole = temporal::date(text).or_else(|| {
        let moment = temporal::datetime(text, 0)?;
        moment.strip_suffix(" 00:00:00").map(str::to_owned)
    });
    whole.map(PartitionValue::Text)
}

fn normalize_options(given: &mut PartitionOptions, table: &Table, server: Server) {
    let own = table.options.engine.as_deref();
    given.engine =
        given.engine.take().map(options::engine_name).filter(|engine| Some(engine.as_str()) != own);
    given.comment = options::storable(&given.comment);
    let keeps_tablespace = server.can(Capability::PartitionTablespaces);
    given.tablespace =
        given.tablespace.take().filter(|name| keeps_tablespace && name != OWN_TABLESPACE);
    given.max_rows = given.max_rows.filter(|rows| *rows != 0);
    given.min_rows = given.min_rows.filter(|rows| *rows != 0);
}

/// A subpartition that doesn't have an option has that of its partition.
fn inherit(own: &mut PartitionOptions, outer: &PartitionOptions) {
    if own.comment.is_empty() {
        own.comment.clone_from(&outer.comment);
    }
    for (own, outer) in [
        (&mut own.engine, &outer.engine),
        (&mut own.data_directory, &outer.data_directory),
        (&mut own.index_directory, &outer.index_directory),
        (&mut own.tablespace, &outer.tablespace),
    ] {
        *own = own.take().or_else(|| outer.clone());
    }
    own.max_rows = own.max_rows.or(outer.max_rows);
    own.min_rows = own.min_rows.or(outer.min_rows);
}

/// If all subpartitions have only what the server gives them by default, only their number is kept.
/// Otherwise they are listed, and the options of each partition are moved to its subpartitions.
fn count_subpartitions(scheme: &mut PartitionScheme) {
    let count = scheme.subpartition_count();
    let named_by_server = |partition: &Partition| {
        let mut numbered = partition.subpartitions.iter().enumerate();
        numbered.all(|(number, one)| *one == generated(partition, number))
    };
    let mut listed = scheme.listed();
    let Some(subpartitioning) = &mut scheme.subpartitioning else { return };
    if listed.iter().all(named_by_server) {
        for partition in &mut listed {
            partition.subpartitions.clear();
        }
        subpartitioning.count = u32::try_from(count).ok();
    } else {
        for partition in &mut listed {
            if partition.subpartitions.is_empty() {
                partition.subpartitions =
                    (0..count).map(|number| generated(partition, number)).collect();
            }
            partition.options = PartitionOptions::default();
        }
        subpartitioning.count = None;
    }
    scheme.partitions = PartitionList::Listed(listed);
}

fn generated(partition: &Partition, number: usize) -> Subpartition {
    let Partition { name, options, .. } = partition;
    Subpartition { name: format!("{name}sp{number}"), options: options.clone() }
}

/// If all partitions have only what the server gives them by default, only their number is kept.
fn count_partitions(scheme: &mut PartitionScheme) {
    let PartitionList::Listed(partitions) = &scheme.partitions else { return };
    let Ok(count) = u32::try_from(partitions.len()) else { return };
    let counted = PartitionScheme { partitions: PartitionList::Count(count), ..scheme.clone() };
    let has_count =
        matches!(scheme.method, PartitionMethod::Hash(_) | PartitionMethod::SystemTime(_));
    if has_count && counted.listed() == *partitions {
        *scheme = counted;
    }
}
