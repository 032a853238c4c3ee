//! Every key of schema.yaml, section by section. The readers refuse all others, and the reference
//! (docs/schema-yaml.md) and the JSON Schema are generated from these.

mod json_schema;
mod objects;
mod reference;
mod tables;
mod whole;

pub(super) use json_schema::json_schema;
pub(super) use objects::{EVENT, FUNCTION, PROCEDURE, SEQUENCE, TRIGGER, VIEW};
pub(super) use reference::reference;
pub(super) use tables::{
    CHECK, COLUMN, DEFAULT, FOREIGN_KEY, GENERATED, INDEX, PARTITION, PARTITIONING, PRIMARY_KEY,
    SUBPARTITION, TABLE,
};
pub(super) use whole::{
    COMPARE, DEFAULTS, FILE, IGNORE, MIGRATIONS, NAMING, RULE, UNUSED_INDEX, WAIVER,
};

/// A map with keys of its own.
#[derive(Debug)]
pub(super) struct Section {
    /// Its name in messages: `a table`.
    pub(super) place: &'static str,
    /// Its heading in the reference.
    pub(super) title: &'static str,
    /// Its path in the file: `tables.T`.
    pub(super) path: &'static str,
    /// What it is, in Markdown.
    pub(super) about: &'static str,
    pub(super) keys: &'static [Key],
    /// A whole schema.yaml that shows it; empty if another section's example does.
    pub(super) example: &'static str,
}

/// A key.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// What it means, in one line of Markdown.
    pub(super) about: &'static str,
    /// Whether the section has to have it.
    pub(super) required: bool,
}

/// The type of a value.
#[derive(Debug)]
pub(super) enum Shape {
    /// A string; the text describes it.
    Text(&'static str),
    Boolean,
    /// A whole number, with its minimum and maximum.
    Integer(Option<i64>, Option<i64>),
    /// A number with or without a fraction.
    Number,
    Null,
    /// One of some words, in upper or lower case.
    Choice(fn() -> Vec<&'static str>),
    /// A list of the shape, with the minimum and maximum number of items.
    List(&'static Shape, usize, Option<usize>),
    Map(&'static Section),
    /// A map from names, which the text describes, to the shape.
    Each(&'static str, &'static Shape),
    /// One of several shapes.
    Any(&'static [Shape]),
}

impl Section {
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.name == name)
    }
}

/// The keys of a file in the order in which `pull` writes them.
pub(super) const WRITTEN_SECTIONS: &[&str] = &[
    "server",
    "defaults",
    "definer",
    "compare",
    "ignore",
    "rules",
    "waivers",
    "include",
    "tables",
    "views",
    "triggers",
    "procedures",
    "functions",
    "events",
    "sequences",
];

/// The keys without one of which a file is no schema file.
pub(super) const MAIN_SECTIONS: &[&str] =
    &["include", "tables", "views", "triggers", "procedures", "functions", "events", "sequences"];

/// The keys of a table in the order in which `pull` writes them.
pub(super) const WRITTEN_TABLE: &[&str] = &[
    "comment",
    "renamed_from",
    "system_versioning",
    "engine",
    "charset",
    "collation",
    "row_format",
    "auto_increment",
    "options",
    "columns",
    "periods",
    "primary_key",
    "indexes",
    "foreign_keys",
    "checks",
    "partitioning",
];

/// The keys of `partitioning` in the order in which `pull` writes them.
pub(super) const WRITTEN_PARTITIONING: &[&str] =
    &["by", "subpartition_by", "subpartitions", "count", "partitions"];

/// Every section, in the order of the reference.
pub(super) const SECTIONS: [&Section; 26] = [
    &FILE,
    &DEFAULTS,
    &IGNORE,
    &COMPARE,
    &RULE,
    &NAMING,
    &UNUSED_INDEX,
    &WAIVER,
    &MIGRATIONS,
    &TABLE,
    &COLUMN,
    &DEFAULT,
    &GENERATED,
    &PRIMARY_KEY,
    &INDEX,
    &FOREIGN_KEY,
    &CHECK,
    &PARTITIONING,
    &PARTITION,
    &SUBPARTITION,
    &VIEW,
    &TRIGGER,
    &PROCEDURE,
    &FUNCTION,
    &EVENT,
    &SEQUENCE,
];

/// An optional key.
const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, about, required: false }
}

/// A key of a file that the reference doesn't describe.
pub(super) const fn text(name: &'static str) -> Key {
    key(name, Shape::Text("a text"), "")
}

/// A required key.
const fn required(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, about, required: true }
}

/// The words of a choice.
fn words<T>(known: &[(&'static str, T)]) -> Vec<&'static str> {
    known.iter().map(|(word, _)| *word).collect()
}

#[cfg(test)]
mod tests;
