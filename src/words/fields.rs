//! What differs of an element, clause by clause, with both values in words.

use std::collections::BTreeSet;

use super::{
    OF_DATABASE, action_words, bounds_words, charset_words, columns_words, comment_words,
    count_words, default_words, format_words, generated_words, hashing_words, medium_words,
    method_words, names_words, nullable_words, objects, or_none, partitioning_words, parts_words,
    references_words, srid_words, type_words, versioning_words,
};
use crate::diff::OptionChange;
use crate::model::{
    Check, CheckAspect, Column, ColumnAspect, EngineAspect, EngineAttributes, Expression,
    ForeignKey, ForeignKeyAspect, Index, IndexAlgorithm, IndexAspect, IndexKind, Partition,
    PartitionAspect, PartitionOption, PartitionOptions, PartitionScheme, Partitioning,
    PartitioningAspect,
};

pub use objects::fields as object_fields;

/// One clause with both its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The clause, by its key in schema.yaml (`type`, `nullable`, `default`, `collation`, …).
    pub name: &'static str,
    /// The old value.
    pub from: String,
    /// The new value.
    pub to: String,
}

impl Field {
    pub(super) fn new(name: &'static str, from: impl Into<String>, to: impl Into<String>) -> Self {
        Field { name, from: from.into(), to: to.into() }
    }

    /// The same clause of both sides, in words.
    pub(super) fn of<T>(name: &'static str, both: [T; 2], words: impl Fn(T) -> String) -> Self {
        let [from, to] = both.map(words);
        Field { name, from, to }
    }
}

/// What differs of a column. Its place is left out, because it depends on the other columns.
pub fn column_fields(from: &Column, to: &Column, aspects: &[ColumnAspect]) -> Vec<Field> {
    aspects.iter().flat_map(|aspect| column_field(from, to, *aspect)).collect()
}

fn column_field(from: &Column, to: &Column, aspect: ColumnAspect) -> Vec<Field> {
    let both = [from, to];
    let storage = both.map(|column| column.storage.as_deref().cloned().unwrap_or_default());
    let charset = |value: &Option<String>| charset_words(value.as_deref()).to_owned();
    let flag = |set: bool, word: &str, unset: &str| if set { word } else { unset }.to_owned();
    let yes = |is: bool| flag(is, "yes", "no");
    let field = match aspect {
        ColumnAspect::Name => Field::new("name", &from.name, &to.name),
        ColumnAspect::Type => Field::of("type", both, |it| type_words(&it.ty)),
        ColumnAspect::Srid => Field::of("srid", both, |it| srid_words(&it.ty)),
        ColumnAspect::Charset => Field::of("charset", both, |it| charset(&it.charset)),
        ColumnAspect::Collation => Field::of("collation", both, |it| charset(&it.collation)),
        ColumnAspect::Generated => {
            Field::of("generated", both, |it| generated_words(it.generated.as_ref()))
        }
        ColumnAspect::Nullable => {
            Field::new("nullable", nullable_words(from.nullable), nullable_words(to.nullable))
        }
        ColumnAspect::Default => Field::of("default", both, default_words),
        ColumnAspect::OnUpdate => Field::of("on_update", both, |it| {
            flag(it.on_update_now, "on update current_timestamp", "no on update")
        }),
        ColumnAspect::AutoIncrement => Field::of("auto_increment", both, |it| {
            flag(it.auto_increment, "auto_increment", "no auto_increment")
        }),
        ColumnAspect::Invisible => {
            Field::of("invisible", both, |it| flag(it.invisible, "invisible", "visible"))
        }
        ColumnAspect::Comment => Field::of("comment", both, |it| comment_words(&it.comment)),
        ColumnAspect::Check => Field::of("check", both, |it| {
            it.check.as_ref().map_or_else(|| "no check".to_owned(), in_parentheses)
        }),
        ColumnAspect::Versioning => {
            Field::of("system_versioning", both, |it| versioning_words(it.versioning).to_owned())
        }
        ColumnAspect::Compressed => {
            Field::of("compressed", storage.each_ref(), |it| yes(it.compressed))
        }
        ColumnAspect::Format => {
            Field::of("column_format", storage.each_ref(), |it| format_words(it).to_owned())
        }
        ColumnAspect::Medium => {
            Field::of("storage", storage.each_ref(), |it| medium_words(it).to_owned())
        }
        ColumnAspect::Secondary => {
            Field::of("secondary", storage.each_ref(), |it| yes(!it.not_secondary))
        }
        ColumnAspect::Engine(aspect) => {
            let attributes = storage.each_ref().map(|it| &it.attributes);
            return engine_fields(attributes, aspect);
        }
        ColumnAspect::Place => return Vec::new(),
    };
    vec![field]
}

fn in_parentheses(expression: &Expression) -> String {
    format!("({})", expression.text)
}

/// What differs in the engine attributes and options of two columns or indexes. Each option is a
/// field of its own.
fn engine_fields(both: [&EngineAttributes; 2], aspect: EngineAspect) -> Vec<Field> {
    let [old, new] = both;
    match aspect {
        EngineAspect::Attribute => {
            vec![Field::of("engine_attribute", both, |it| or_none(it.engine_attribute.as_deref()))]
        }
        EngineAspect::SecondaryAttribute => {
            vec![Field::of("secondary_engine_attribute", both, |it| {
                or_none(it.secondary_engine_attribute.as_deref())
            })]
        }
        EngineAspect::Options => {
            let (old, new) = (&old.engine_options, &new.engine_options);
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
            let field = |name: &String| {
                let words = |value| option_words(name, value);
                Field::of("engine_options", [old.get(name), new.get(name)], words)
            };
            differing.map(field).collect()
        }
    }
}

/// An option in words: `STATS_PERSISTENT=1`, `no STATS_PERSISTENT`.
fn option_words(name: &str, value: Option<&String>) -> String {
    value.map_or_else(|| format!("no {name}"), |value| format!("{name}={value}"))
}

/// What differs of an index.
pub fn index_fields(from: &Index, to: &Index, aspects: &[IndexAspect]) -> Vec<Field> {
    aspects.iter().flat_map(|aspect| index_field(from, to, *aspect)).collect()
}

fn index_field(from: &Index, to: &Index, aspect: IndexAspect) -> Vec<Field> {
    let both = [from, to];
    let number = |number: Option<u64>| or_none(number.map(|n| n.to_string()).as_deref());
    let flag = |set: bool, word: &str, unset: &str| if set { word } else { unset }.to_owned();
    let field = match aspect {
        IndexAspect::Name => Field::new("name", &from.name, &to.name),
        IndexAspect::Parts => Field::of("columns", both, |it| parts_words(&it.parts)),
        IndexAspect::Unique => {
            Field::of("unique", both, |it| flag(it.is_unique(), "unique", "not unique"))
        }
        IndexAspect::Kind => Field::of("type", both, |it| kind_words(it.kind).to_owned()),
        IndexAspect::Algorithm => Field::of("using", both, |it| {
            let word = match it.algorithm {
                None => "none",
                Some(IndexAlgorithm::Btree) => "btree",
                Some(IndexAlgorithm::Hash) => "hash",
            };
            word.to_owned()
        }),
        IndexAspect::Parser => Field::of("parser", both, |it| or_none(it.parser.as_deref())),
        IndexAspect::KeyBlockSize => {
            Field::of("key_block_size", both, |it| number(it.key_block_size))
        }
        IndexAspect::WithoutOverlaps => {
            Field::of("without_overlaps", both, |it| or_none(it.without_overlaps.as_deref()))
        }
        IndexAspect::VectorM => Field::of("m", both, |it| number(it.vector.m.map(u64::from))),
        IndexAspect::VectorDistance => {
            Field::of("distance", both, |it| or_none(it.vector.distance.map(|it| it.word())))
        }
        IndexAspect::Invisible => {
            Field::of("invisible", both, |it| flag(it.invisible, "invisible", "visible"))
        }
        IndexAspect::Engine(aspect) => {
            let attributes = both.map(|it| it.attributes.as_deref().cloned().unwrap_or_default());
            return engine_fields(attributes.each_ref(), aspect);
        }
        IndexAspect::Comment => Field::of("comment", both, |it| comment_words(&it.comment)),
    };
    vec![field]
}

fn kind_words(kind: IndexKind) -> &'static str {
    match kind {
        IndexKind::Primary => "primary key",
        IndexKind::Unique => "unique",
        IndexKind::Plain => "plain",
        IndexKind::Fulltext => "fulltext",
        IndexKind::Spatial => "spatial",
        IndexKind::Vector => "vector",
    }
}

/// What differs of a foreign key.
pub fn foreign_key_fields(
    from: &ForeignKey,
    to: &ForeignKey,
    aspects: &[ForeignKeyAspect],
) -> Vec<Field> {
    aspects.iter().map(|aspect| foreign_key_field(from, to, *aspect)).collect()
}

/// One clause of a foreign key with both its values.
pub(crate) fn foreign_key_field(
    from: &ForeignKey,
    to: &ForeignKey,
    aspect: ForeignKeyAspect,
) -> Field {
    let both = [from, to];
    match aspect {
        ForeignKeyAspect::Name => Field::new("name", &from.name, &to.name),
        ForeignKeyAspect::Columns => Field::of("columns", both, |it| columns_words(&it.columns)),
        ForeignKeyAspect::References => Field::of("references", both, references_words),
        ForeignKeyAspect::OnDelete => Field::of("on_delete", both, |it| action_words(it.on_delete)),
        ForeignKeyAspect::OnUpdate => Field::of("on_update", both, |it| action_words(it.on_update)),
    }
}

/// What differs of a CHECK.
pub fn check_fields(from: &Check, to: &Check, aspects: &[CheckAspect]) -> Vec<Field> {
    let enforced = |it: &Check| if it.enforced { "enforced" } else { "not enforced" };
    let field = |aspect: &CheckAspect| match aspect {
        CheckAspect::Name => Field::new("name", &from.name, &to.name),
        CheckAspect::Expression => {
            Field::of("expression", [from, to], |it| in_parentheses(&it.expression))
        }
        CheckAspect::Enforced => Field::new("enforced", enforced(from), enforced(to)),
    };
    aspects.iter().map(field).collect()
}

/// What differs in how a table is partitioned.
pub fn partitioning_fields(
    from: Option<&Partitioning>,
    to: Option<&Partitioning>,
    aspects: &[PartitioningAspect],
) -> Vec<Field> {
    let (Some(Partitioning::By(old)), Some(Partitioning::By(new))) = (from, to) else {
        return vec![Field::of("by", [from, to], partitioning_words)];
    };
    aspects.iter().map(|aspect| scheme_field(old, new, *aspect)).collect()
}

fn scheme_field(from: &PartitionScheme, to: &PartitionScheme, aspect: PartitioningAspect) -> Field {
    let both = [from, to];
    match aspect {
        PartitioningAspect::Method => Field::of("by", both, |it| method_words(&it.method)),
        PartitioningAspect::Subpartitioning => Field::of("subpartition_by", both, |it| {
            hashing_words(it.subpartitioning.as_ref().map(|sub| &sub.hashing))
        }),
        PartitioningAspect::SubpartitionCount => {
            Field::of("subpartitions", both, |it| it.subpartition_count().to_string())
        }
        PartitioningAspect::Count => Field::of("count", both, |it| count_words(it.len())),
    }
}

/// What differs of a partition.
pub fn partition_fields(
    from: &Partition,
    to: &Partition,
    aspects: &[PartitionAspect],
) -> Vec<Field> {
    let names = |it: &Partition| names_words(it.subpartitions.iter().map(|it| it.name.as_str()));
    let field = |aspect: &PartitionAspect| match aspect {
        PartitionAspect::Name => Some(Field::new("name", &from.name, &to.name)),
        PartitionAspect::Bounds => {
            Some(Field::of("values", [from, to], |it| bounds_words(&it.bounds)))
        }
        PartitionAspect::Option(option) => {
            Some(partition_option_field(&from.options, &to.options, *option))
        }
        PartitionAspect::Subpartitions => Some(Field::of("subpartitions", [from, to], names)),
        PartitionAspect::SubpartitionOption(place, option) => {
            let (old, new) = (from.subpartitions.get(*place)?, to.subpartitions.get(*place)?);
            Some(partition_option_field(&old.options, &new.options, *option))
        }
    };
    aspects.iter().filter_map(field).collect()
}

fn partition_option_field(
    from: &PartitionOptions,
    to: &PartitionOptions,
    option: PartitionOption,
) -> Field {
    let both = [from, to];
    let rows = |rows: Option<u64>| rows.map_or("none".to_owned(), |it| it.to_string());
    match option {
        PartitionOption::Comment => Field::of("comment", both, |it| comment_words(&it.comment)),
        PartitionOption::Engine => Field::of("engine", both, |it| or_none(it.engine.as_deref())),
        PartitionOption::DataDirectory => {
            Field::of("data_directory", both, |it| or_none(it.data_directory.as_deref()))
        }
        PartitionOption::IndexDirectory => {
            Field::of("index_directory", both, |it| or_none(it.index_directory.as_deref()))
        }
        PartitionOption::Tablespace => {
            Field::of("tablespace", both, |it| or_none(it.tablespace.as_deref()))
        }
        PartitionOption::MaxRows => Field::of("max_rows", both, |it| rows(it.max_rows)),
        PartitionOption::MinRows => Field::of("min_rows", both, |it| rows(it.min_rows)),
    }
}

/// A table option that differs, with both its values.
pub fn option_field(change: &OptionChange) -> Field {
    let key = change.key();
    let on = |on: bool| if on { "on" } else { "off" };
    match change {
        OptionChange::SystemVersioning { from, to } => Field::new(key, on(*from), on(*to)),
        OptionChange::Engine { from, to } => Field::new(key, from, to),
        OptionChange::Charset { from, to } | OptionChange::Collation { from, to } => {
            Field::new(key, from.as_deref().unwrap_or(OF_DATABASE), to)
        }
        OptionChange::RowFormat { from, to } => {
            Field::new(key, or_none(from.as_deref()), or_none(to.as_deref()))
        }
        OptionChange::Comment { from, to } => {
            Field::new(key, comment_words(from), comment_words(to))
        }
        OptionChange::Other { name, from, to } => {
            Field::of(key, [from.as_ref(), to.as_ref()], |value| option_words(name, value))
        }
    }
}
