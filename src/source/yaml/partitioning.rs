//! `partitioning`: a map, a string of SQL with the same meaning, or `keep`.

use super::keys::{PARTITION, PARTITIONING, SUBPARTITION};
use super::node::{Value, YamlNode};
use super::reading::{KeyValue, Reading};
use crate::diagnostic::{Span, near_name};
use crate::model::{
    Element, Partition, PartitionBounds, PartitionList, PartitionMethod, PartitionOptions,
    PartitionScheme, Partitioning, Subpartition, Subpartitioning, same_name,
};
use crate::syntax;

/// The word for leaving a table's partitions as they are in the database.
const KEEP: &str = "keep";

/// The places of the parts.
#[derive(Default)]
struct Places {
    by: Option<Span>,
    subpartition_by: Option<Span>,
    /// One for each listed partition.
    partitions: Vec<Span>,
}

/// Reads the value of `partitioning`; `names` are the table's columns.
pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    table: &str,
    field: KeyValue<'_>,
    names: &[&str],
) -> Option<Partitioning> {
    let mut places = Places::default();
    let scheme = match &field.value.value {
        Value::Mapping(_) => read_map(reading, table, field, &mut places)?,
        _ => {
            let text = reading.string(field)?;
            if text.trim() == KEEP {
                return Some(Partitioning::Keep);
            }
            match syntax::parse_partitioning(text) {
                Ok(scheme) => scheme,
                Err(error) => {
                    reading.sql_error(field.value, text, error);
                    return None;
                }
            }
        }
    };
    let whole = reading.value_span(field);
    let by = places.by.unwrap_or(whole);
    check(reading, &scheme, &places, by, names);
    Some(Partitioning::By(scheme))
}

fn read_map(
    reading: &mut Reading<'_, '_>,
    table: &str,
    field: KeyValue<'_>,
    places: &mut Places,
) -> Option<PartitionScheme> {
    let fields = reading.fields(field)?;
    let mut count = None;
    let mut listed: Option<KeyValue<'_>> = None;
    let mut method = None;
    let (mut hashing, mut subpartitions) = (None, None);
    for inner in &fields {
        match inner.word() {
            "by" => {
                places.by = Some(reading.span(inner.value));
                method = parse(reading, *inner, syntax::parse_partition_method);
            }
            "count" => count = read_count(reading, *inner),
            "partitions" => listed = Some(*inner),
            "subpartition_by" => {
                places.subpartition_by = Some(reading.span(inner.value));
                hashing = parse(reading, *inner, syntax::parse_hashing);
            }
            "subpartitions" => subpartitions = read_count(reading, *inner),
            _ => reading.unknown_key(*inner, &PARTITIONING),
        }
    }
    let has = |word: &str| fields.iter().find(|inner| inner.word() == word);
    if has("by").is_none() {
        let span = reading.span(field.key);
        reading.error("`partitioning` has no `by`", span, "").help.push(
            "write `by: range columns (created_at)`, or `partitioning: keep` where something else \
             manages the partitions"
                .to_owned(),
        );
    }
    if let (Some(count), Some(_)) = (has("count"), &listed) {
        let span = reading.span(count.key);
        reading.error("partitions are either counted or listed", span, "");
        return None;
    }
    if let (Some(subpartitions), None) = (has("subpartitions"), has("subpartition_by")) {
        let span = reading.span(subpartitions.key);
        reading.error("`subpartitions` needs `subpartition_by`", span, "");
    }
    let method = method?;
    let partitions = match listed {
        Some(listed) => {
            let width = method.width();
            PartitionList::Listed(read_partitions(reading, table, listed, width, places)?)
        }
        None => PartitionList::Count(count.unwrap_or(match method {
            PartitionMethod::SystemTime(_) => 2,
            _ => 1,
        })),
    };
    if has("subpartition_by").is_some() && hashing.is_none() {
        return None;
    }
    let subpartitioning = hashing.map(|hashing| Subpartitioning { hashing, count: subpartitions });
    Some(PartitionScheme { method, subpartitioning, partitions })
}

/// Reads a string of SQL.
fn parse<T>(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    parse: impl Fn(&str) -> Result<T, syntax::SqlError>,
) -> Option<T> {
    let text = reading.string(field)?;
    match parse(text) {
        Ok(value) => Some(value),
        Err(error) => {
            reading.sql_error(field.value, text, error);
            None
        }
    }
}

fn read_count(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<u32> {
    let number = reading.integer(field)?;
    let count = u32::try_from(number).ok().filter(|count| (1..=8192).contains(count));
    if count.is_none() {
        let span = reading.span(field.value);
        reading.error("a table has from 1 to 8192 partitions", span, "");
    }
    count
}

/// Reads a map of partitions, or a list of names.
fn read_partitions(
    reading: &mut Reading<'_, '_>,
    table: &str,
    field: KeyValue<'_>,
    width: usize,
    places: &mut Places,
) -> Option<Vec<Partition>> {
    let errors = reading.report.diagnostics.len();
    let mut partitions = Vec::new();
    for (key, value) in entries(reading, field)? {
        let Some(name) = reading.name(key, "partition") else { continue };
        let span = reading.span(key);
        reading.place(Element::partition(table, name), span);
        places.partitions.push(span);
        let partition = match value {
            Some(value) => read_partition(reading, name, KeyValue { key, value }, width),
            None => Some(Partition::new(name, PartitionBounds::Hashed)),
        };
        partitions.extend(partition);
    }
    if partitions.is_empty() && errors == reading.report.diagnostics.len() {
        let span = reading.span(field.key);
        reading.error("a table that is partitioned has at least one partition", span, "");
    }
    (errors == reading.report.diagnostics.len()).then_some(partitions)
}

/// The entries of a map, or the items of a list of names.
fn entries<'n>(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'n>,
) -> Option<Vec<(&'n YamlNode<'n>, Option<&'n YamlNode<'n>>)>> {
    if let Value::Sequence(items) = &field.value.value {
        return Some(items.iter().map(|item| (item, None)).collect());
    }
    let fields = reading.fields(field)?;
    let value = |inner: &KeyValue<'n>| match inner.value.value {
        Value::Null => None,
        _ => Some(inner.value),
    };
    Some(fields.iter().map(|inner| (inner.key, value(inner))).collect())
}

fn read_partition(
    reading: &mut Reading<'_, '_>,
    name: &str,
    field: KeyValue<'_>,
    width: usize,
) -> Option<Partition> {
    if !matches!(field.value.value, Value::Mapping(_)) {
        return parse(reading, field, |text| syntax::parse_partition(name, text, width));
    }
    let mut partition = Partition::new(name, PartitionBounds::Hashed);
    let mut complete = Some(());
    for inner in reading.fields(field)? {
        match inner.word() {
            "values" => {
                let bounds =
                    parse(reading, inner, |text| syntax::parse_partition_bounds(text, width));
                complete = complete.and(bounds.as_ref().map(|_| ()));
                partition.bounds = bounds.unwrap_or(PartitionBounds::Hashed);
            }
            "subpartitions" => partition.subpartitions = read_subpartitions(reading, inner)?,
            _ if read_option(reading, inner, &mut partition.options) => {}
            _ => reading.unknown_key(inner, &PARTITION),
        }
    }
    complete.map(|()| partition)
}

fn read_subpartitions(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
) -> Option<Vec<Subpartition>> {
    let mut subpartitions = Vec::new();
    for (key, value) in entries(reading, field)? {
        let name = reading.name(key, "subpartition")?.to_owned();
        let mut options = PartitionOptions::default();
        if let Some(value) = value {
            for inner in reading.fields(KeyValue { key, value })? {
                if !read_option(reading, inner, &mut options) {
                    reading.unknown_key(inner, &SUBPARTITION);
                }
            }
        }
        subpartitions.push(Subpartition { name, options });
    }
    Some(subpartitions)
}

/// Reads an option that partitions and subpartitions share; returns whether it was one.
fn read_option(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    options: &mut PartitionOptions,
) -> bool {
    let text = |reading: &mut Reading<'_, '_>| reading.string(field).map(str::to_owned);
    match field.word() {
        "comment" => options.comment = text(reading).unwrap_or_default(),
        "engine" => options.engine = reading.word(field, "engine"),
        "data_directory" => options.data_directory = text(reading),
        "index_directory" => options.index_directory = text(reading),
        "tablespace" => options.tablespace = text(reading),
        "max_rows" => options.max_rows = reading.integer(field),
        "min_rows" => options.min_rows = reading.integer(field),
        _ => return false,
    }
    true
}

// --- what doesn't hold together

fn check(
    reading: &mut Reading<'_, '_>,
    scheme: &PartitionScheme,
    places: &Places,
    whole: Span,
    names: &[&str],
) {
    check_columns(reading, scheme.method.columns(), whole, names);
    if let Some(subpartitioning) = &scheme.subpartitioning {
        let span = places.subpartition_by.unwrap_or(whole);
        check_columns(reading, subpartitioning.hashing.columns(), span, names);
        if matches!(scheme.method, PartitionMethod::Hash(_)) {
            reading.error("only partitions by range or list are divided again", span, "");
        }
    }
    let PartitionList::Listed(partitions) = &scheme.partitions else {
        if !matches!(scheme.method, PartitionMethod::Hash(_) | PartitionMethod::SystemTime(_)) {
            let error =
                reading.error("the partitions of range and list have to be listed", whole, "");
            error.help.push(
                "write `partitions: { p0: less than (10), p1: less than maxvalue }`".to_owned(),
            );
        }
        return;
    };
    for (at, partition) in partitions.iter().enumerate() {
        let span = places.partitions.get(at).copied().unwrap_or(whole);
        if partitions.iter().take(at).any(|other| same_name(&other.name, &partition.name)) {
            let name = &partition.name;
            let title =
                format!("the partition `{name}` is there twice: names are compared without case");
            reading.error(title, span, "");
        }
        if let Some(wanted) = wanted_bounds(&scheme.method, &partition.bounds) {
            let title = format!("the partition `{}` needs {wanted}", partition.name);
            reading.error(title, span, "");
        }
        let count = scheme.subpartition_count();
        let own = partition.subpartitions.len();
        if own > 0 && scheme.subpartitioning.is_none() {
            reading.error("`subpartitions` needs `subpartition_by`", span, "");
        } else if own > 0 && own != count {
            let title = format!("every partition has the same number of subpartitions: {count}");
            reading.error(title, span, format!("this one has {own}"));
        }
    }
}

/// The bounds that a partition needs and doesn't have; `None` if it has the right ones.
fn wanted_bounds(method: &PartitionMethod, bounds: &PartitionBounds) -> Option<&'static str> {
    let (fits, wanted) = match method {
        PartitionMethod::Range(_) | PartitionMethod::RangeColumns(_) => {
            (matches!(bounds, PartitionBounds::LessThan(_)), "`less than (…)`")
        }
        PartitionMethod::List(_) | PartitionMethod::ListColumns(_) => {
            (matches!(bounds, PartitionBounds::In(_) | PartitionBounds::Default), "`in (…)`")
        }
        PartitionMethod::Hash(_) => {
            (*bounds == PartitionBounds::Hashed, "no values: the hash decides")
        }
        PartitionMethod::SystemTime(_) => (
            matches!(bounds, PartitionBounds::History | PartitionBounds::Current),
            "`history` or `current`",
        ),
    };
    (!fits).then_some(wanted)
}

fn check_columns(reading: &mut Reading<'_, '_>, columns: &[String], span: Span, names: &[&str]) {
    for column in columns {
        if names.iter().any(|name| same_name(name, column)) {
            continue;
        }
        let label = near_name(column, names.iter().copied())
            .map(|near| format!("did you mean `{near}`?"))
            .unwrap_or_default();
        reading.error(format!("the table has no column `{column}`"), span, label);
    }
}
