//! Writes `partitioning` as in schema.yaml.

use super::layout::{Layout, WrittenValue};
use crate::ddl::{Keywords, partition_bounds, partition_hashing, partition_method};
use crate::model::{
    Partition, PartitionBounds, PartitionList, PartitionOptions, PartitionScheme, Partitioning,
    Table,
};

/// Writes how a table is partitioned, if it is.
pub(super) fn write_partitioning(layout: &mut Layout, table: &Table) {
    match &table.partitioning {
        None => {}
        Some(Partitioning::Keep) => layout.entry(2, "partitioning", &WrittenValue::text("keep")),
        Some(Partitioning::By(scheme)) => write_scheme(layout, table, scheme),
    }
}

fn write_scheme(layout: &mut Layout, table: &Table, scheme: &PartitionScheme) {
    let by = WrittenValue::text(partition_method(&scheme.method, Keywords::Lower));
    if let (PartitionList::Count(count), None) = (&scheme.partitions, &scheme.subpartitioning) {
        let entries = vec![("by", by), ("count", WrittenValue::word(count))];
        layout.entry(2, "partitioning", &WrittenValue::Map(entries));
        return;
    }
    layout.line(2, "partitioning:");
    layout.entry(3, "by", &by);
    if let Some(subpartitioning) = &scheme.subpartitioning {
        let hashing = partition_hashing(&subpartitioning.hashing, Keywords::Lower);
        layout.entry(3, "subpartition_by", &WrittenValue::text(hashing));
        if let Some(count) = subpartitioning.count {
            layout.entry(3, "subpartitions", &WrittenValue::word(count));
        }
    }
    match &scheme.partitions {
        PartitionList::Count(count) => layout.entry(3, "count", &WrittenValue::word(count)),
        PartitionList::Listed(partitions) => write_partitions(layout, table, partitions),
    }
}

fn write_partitions(layout: &mut Layout, table: &Table, partitions: &[Partition]) {
    let is_name_alone = |partition: &Partition| {
        partition.bounds == PartitionBounds::Hashed
            && partition.subpartitions.is_empty()
            && options(&partition.options, table).is_empty()
    };
    if partitions.iter().all(is_name_alone) {
        let names = partitions.iter().map(|partition| WrittenValue::text(&partition.name));
        layout.entry(3, "partitions", &WrittenValue::List(names.collect()));
        return;
    }
    layout.line(3, "partitions:");
    for partition in partitions {
        write_partition(layout, table, partition);
    }
}

fn write_partition(layout: &mut Layout, table: &Table, partition: &Partition) {
    let bounds = partition_bounds(&partition.bounds, Keywords::Lower);
    let options_of = |it: &PartitionOptions| options(it, table);
    let mut entries = options_of(&partition.options);
    if entries.is_empty() && partition.subpartitions.is_empty() && !bounds.is_empty() {
        layout.entry(4, &partition.name, &WrittenValue::text(bounds));
        return;
    }
    if !bounds.is_empty() {
        entries.insert(0, ("values", WrittenValue::text(bounds)));
    }
    if partition.subpartitions.iter().all(|it| options_of(&it.options).is_empty()) {
        let names = partition.subpartitions.iter().map(|it| WrittenValue::text(&it.name));
        if !partition.subpartitions.is_empty() {
            entries.push(("subpartitions", WrittenValue::List(names.collect())));
        }
        layout.entry(4, &partition.name, &WrittenValue::Map(entries));
        return;
    }
    layout.open(4, &partition.name);
    for (key, item) in entries {
        layout.entry(5, key, &item);
    }
    layout.line(5, "subpartitions:");
    for subpartition in &partition.subpartitions {
        layout.entry(6, &subpartition.name, &WrittenValue::Map(options_of(&subpartition.options)));
    }
}

/// The options besides the bounds, without the engine if it is the table's.
fn options(options: &PartitionOptions, table: &Table) -> Vec<(&'static str, WrittenValue)> {
    let own = table.options.engine.as_deref();
    let engine = options.engine.as_ref().filter(|engine| Some(engine.as_str()) != own);
    let comment = Some(&options.comment).filter(|comment| !comment.is_empty());
    let texts = [
        ("comment", comment),
        ("engine", engine),
        ("data_directory", options.data_directory.as_ref()),
        ("index_directory", options.index_directory.as_ref()),
        ("tablespace", options.tablespace.as_ref()),
    ];
    let numbers = [("max_rows", options.max_rows), ("min_rows", options.min_rows)];
    let texts = texts.into_iter().filter_map(|(key, text)| Some((key, WrittenValue::text(text?))));
    let numbers =
        numbers.into_iter().filter_map(|(key, number)| Some((key, WrittenValue::word(number?))));
    texts.chain(numbers).collect()
}
