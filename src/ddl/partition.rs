//! PARTITION BY, and the partitions themselves.

use super::Keywords;
use crate::model::{
    HashBy, Hashing, Partition, PartitionBounds, PartitionList, PartitionMethod, PartitionOptions,
    PartitionScheme, PartitionValue, Rotation, Subpartition, SystemTime,
};
use crate::syntax::quote::{bare_or_quoted, quote_identifier, quote_string};

/// The text after the options of CREATE TABLE, with one partition per line.
pub(super) fn partition_by(scheme: &PartitionScheme) -> String {
    let mut text = format!("PARTITION BY {}", partition_method(&scheme.method, Keywords::Upper));
    if let PartitionList::Count(count) = &scheme.partitions {
        text.push_str(&format!("\nPARTITIONS {count}"));
    }
    if let Some(subpartitioning) = &scheme.subpartitioning {
        let hashing = partition_hashing(&subpartitioning.hashing, Keywords::Upper);
        text.push_str(&format!("\nSUBPARTITION BY {hashing}"));
        if let Some(count) = subpartitioning.count {
            text.push_str(&format!("\nSUBPARTITIONS {count}"));
        }
    }
    if let PartitionList::Listed(partitions) = &scheme.partitions {
        text.push('\n');
        text.push_str(&partition_list(partitions));
    }
    text
}

/// Partitions in parentheses, one per line.
pub(super) fn partition_list(partitions: &[Partition]) -> String {
    let lines: Vec<String> = partitions.iter().map(definition).collect();
    format!("({})", lines.join(",\n "))
}

pub(super) fn definition(partition: &Partition) -> String {
    let mut text = format!("PARTITION {}", quote_identifier(&partition.name));
    for part in [
        partition_bounds(&partition.bounds, Keywords::Upper),
        partition_options(&partition.options),
    ] {
        if !part.is_empty() {
            text.push(' ');
            text.push_str(&part);
        }
    }
    if !partition.subpartitions.is_empty() {
        let lines: Vec<String> = partition.subpartitions.iter().map(subdefinition).collect();
        text.push_str(&format!("\n  ({})", lines.join(",\n   ")));
    }
    text
}

fn subdefinition(subpartition: &Subpartition) -> String {
    let options = partition_options(&subpartition.options);
    format!("SUBPARTITION {} {options}", quote_identifier(&subpartition.name)).trim_end().to_owned()
}

/// The partitioning method: `RANGE COLUMNS (a, b)`.
pub fn partition_method(method: &PartitionMethod, keywords: Keywords) -> String {
    match method {
        PartitionMethod::Range(expression) => {
            format!("{} ({})", keywords.word("RANGE"), expression.text)
        }
        PartitionMethod::List(expression) => {
            format!("{} ({})", keywords.word("LIST"), expression.text)
        }
        PartitionMethod::RangeColumns(columns) => {
            format!("{} {}", keywords.word("RANGE COLUMNS"), names(columns, keywords))
        }
        PartitionMethod::ListColumns(columns) => {
            format!("{} {}", keywords.word("LIST COLUMNS"), names(columns, keywords))
        }
        PartitionMethod::Hash(hashing) => partition_hashing(hashing, keywords),
        PartitionMethod::SystemTime(system_time) => system_time_text(system_time, keywords),
    }
}

/// HASH and KEY: `LINEAR HASH (id)`.
pub fn partition_hashing(hashing: &Hashing, keywords: Keywords) -> String {
    let linear = if hashing.linear { keywords.word("LINEAR ") } else { String::new() };
    match &hashing.by {
        HashBy::Expression(expression) => {
            format!("{linear}{} ({})", keywords.word("HASH"), expression.text)
        }
        HashBy::Columns { algorithm, columns } => {
            let algorithm = algorithm
                .map(|number| format!(" {}", keywords.word(&format!("ALGORITHM={number}"))))
                .unwrap_or_default();
            format!("{linear}{}{algorithm} {}", keywords.word("KEY"), names(columns, keywords))
        }
    }
}

fn names(columns: &[String], keywords: Keywords) -> String {
    let quote = |name: &String| match keywords {
        Keywords::Upper => quote_identifier(name),
        Keywords::Lower => bare_or_quoted(name),
    };
    format!("({})", columns.iter().map(quote).collect::<Vec<_>>().join(", "))
}

fn system_time_text(system_time: &SystemTime, keywords: Keywords) -> String {
    let mut words = vec![keywords.word("SYSTEM_TIME")];
    match &system_time.rotation {
        Rotation::Never => {}
        Rotation::Limit(rows) => words.push(format!("{} {rows}", keywords.word("LIMIT"))),
        Rotation::Interval { quantity, unit, starts } => {
            let unit = keywords.word(unit);
            words.push(format!("{} {quantity} {unit}", keywords.word("INTERVAL")));
            if let Some(starts) = starts {
                words.push(format!("{} {}", keywords.word("STARTS"), quote_string(starts)));
            }
        }
    }
    if system_time.auto {
        words.push(keywords.word("AUTO"));
    }
    words.join(" ")
}

/// The bounds of a partition: `VALUES LESS THAN (10)`; in lower case without VALUES. Empty for HASH
/// and KEY.
pub fn partition_bounds(bounds: &PartitionBounds, keywords: Keywords) -> String {
    let values = match keywords {
        Keywords::Upper => "VALUES ",
        Keywords::Lower => "",
    };
    let tuple = |values: &[PartitionValue]| {
        let values: Vec<String> = values.iter().map(|one| value(one, keywords)).collect();
        format!("({})", values.join(", "))
    };
    match bounds {
        PartitionBounds::Hashed => String::new(),
        PartitionBounds::LessThan(bound) => {
            let than = keywords.word("LESS THAN");
            match bound.as_slice() {
                [PartitionValue::Maxvalue] => {
                    format!("{values}{than} {}", keywords.word("MAXVALUE"))
                }
                several => format!("{values}{than} {}", tuple(several)),
            }
        }
        PartitionBounds::In(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| match entry.as_slice() {
                    [single] => value(single, keywords),
                    several => tuple(several),
                })
                .collect();
            format!("{values}{} ({})", keywords.word("IN"), entries.join(", "))
        }
        PartitionBounds::Default => keywords.word("DEFAULT"),
        PartitionBounds::History => keywords.word("HISTORY"),
        PartitionBounds::Current => keywords.word("CURRENT"),
    }
}

fn value(value: &PartitionValue, keywords: Keywords) -> String {
    match value {
        PartitionValue::Maxvalue => keywords.word("MAXVALUE"),
        PartitionValue::Null => keywords.word("NULL"),
        PartitionValue::Number(number) => number.clone(),
        PartitionValue::Text(text) => quote_string(text),
        PartitionValue::Bytes(bytes) => bytes.iter().fold(String::from("0x"), |mut hex, byte| {
            hex.push_str(&format!("{byte:02X}"));
            hex
        }),
        PartitionValue::Expression(expression) => expression.text.clone(),
    }
}

/// The options after the bounds; empty if there are none.
fn partition_options(options: &PartitionOptions) -> String {
    let text = |word: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{word} = {}", quote_string(value)))
    };
    let number = |word: &str, value: Option<u64>| value.map(|value| format!("{word} = {value}"));
    let comment = Some(options.comment.clone()).filter(|comment| !comment.is_empty());
    let tablespace = options.tablespace.as_ref();
    let all = [
        text("DATA DIRECTORY", &options.data_directory),
        text("INDEX DIRECTORY", &options.index_directory),
        number("MAX_ROWS", options.max_rows),
        number("MIN_ROWS", options.min_rows),
        tablespace.map(|name| format!("TABLESPACE = {}", quote_identifier(name))),
        text("COMMENT", &comment),
        options.engine.as_ref().map(|engine| format!("ENGINE = {engine}")),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
