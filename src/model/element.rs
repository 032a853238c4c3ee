//! A name for each element of a schema, for messages, places in a file, and changes.

use std::fmt;

use super::{ObjectKind, ObjectName};

/// One element of a schema, named by its path in schema.yaml.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    /// The schema as a whole.
    Schema,
    /// `tables.T`
    Table {
        /// The table's name.
        table: String,
    },
    /// `tables.T.columns.C`
    Column {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
    },
    /// `tables.T.primary_key`
    PrimaryKey {
        /// The table's name.
        table: String,
    },
    /// `tables.T.indexes.I`
    Index {
        /// The table's name.
        table: String,
        /// The index's name.
        index: String,
    },
    /// `tables.T.foreign_keys.F`
    ForeignKey {
        /// The table's name.
        table: String,
        /// The constraint's name.
        foreign_key: String,
    },
    /// `tables.T.checks.C`
    Check {
        /// The table's name.
        table: String,
        /// The constraint's name.
        check: String,
    },
    /// `tables.T.partitioning.partitions.P`
    Partition {
        /// The table's name.
        table: String,
        /// The partition's name.
        partition: String,
    },
    /// `tables.T.OPTION`, an option of the table (`engine`, `charset`, `comment`, …).
    TableOption {
        /// The table's name.
        table: String,
        /// The option's key in schema.yaml.
        option: String,
    },
    /// `views.V`, `triggers.T`, …
    Object {
        /// Its kind.
        kind: ObjectKind,
        /// Its name.
        name: String,
    },
}

impl Element {
    /// A table.
    pub fn table(table: impl Into<String>) -> Self {
        Element::Table { table: table.into() }
    }

    /// A column of a table.
    pub fn column(table: impl Into<String>, column: impl Into<String>) -> Self {
        Element::Column { table: table.into(), column: column.into() }
    }

    /// The primary key of a table.
    pub fn primary_key(table: impl Into<String>) -> Self {
        Element::PrimaryKey { table: table.into() }
    }

    /// An index of a table; the name `PRIMARY` gives the primary key.
    pub fn index(table: impl Into<String>, index: impl Into<String>) -> Self {
        let (table, index) = (table.into(), index.into());
        if index == super::PRIMARY {
            Element::PrimaryKey { table }
        } else {
            Element::Index { table, index }
        }
    }

    /// A foreign key of a table.
    pub fn foreign_key(table: impl Into<String>, foreign_key: impl Into<String>) -> Self {
        Element::ForeignKey { table: table.into(), foreign_key: foreign_key.into() }
    }

    /// A CHECK of a table.
    pub fn check(table: impl Into<String>, check: impl Into<String>) -> Self {
        Element::Check { table: table.into(), check: check.into() }
    }

    /// An option of a table.
    pub fn option(table: impl Into<String>, option: impl Into<String>) -> Self {
        Element::TableOption { table: table.into(), option: option.into() }
    }

    /// A period of a table, an entry of its `periods`.
    pub fn period(table: impl Into<String>, period: &str) -> Self {
        let is_system = super::same_name(period, super::Period::SYSTEM_TIME);
        let name = if is_system { "system_time" } else { period };
        Element::option(table, format!("periods.{name}"))
    }

    /// How a table is partitioned.
    pub fn partitioning(table: impl Into<String>) -> Self {
        Element::option(table, "partitioning")
    }

    /// A partition of a table.
    pub fn partition(table: impl Into<String>, partition: impl Into<String>) -> Self {
        Element::Partition { table: table.into(), partition: partition.into() }
    }

    /// A view, trigger, routine, event or sequence.
    pub fn object(name: &ObjectName) -> Self {
        Element::Object { kind: name.kind, name: name.name.clone() }
    }

    /// The table that the element is or belongs to.
    pub fn table_name(&self) -> Option<&str> {
        match self {
            Element::Schema | Element::Object { .. } => None,
            Element::Table { table }
            | Element::Column { table, .. }
            | Element::PrimaryKey { table }
            | Element::Index { table, .. }
            | Element::ForeignKey { table, .. }
            | Element::Check { table, .. }
            | Element::Partition { table, .. }
            | Element::TableOption { table, .. } => Some(table),
        }
    }

    /// Its name after that of its table: `reports.location`, `reports.p2026`. A table, an option of
    /// a table and an object have one name alone.
    pub fn dotted(&self) -> String {
        match self {
            Element::Schema => String::new(),
            Element::Table { table } | Element::TableOption { table, .. } => table.clone(),
            Element::Object { name, .. } => name.clone(),
            Element::PrimaryKey { table } => format!("{table}.{}", super::PRIMARY),
            Element::Column { table, column: name }
            | Element::Index { table, index: name }
            | Element::ForeignKey { table, foreign_key: name }
            | Element::Check { table, check: name }
            | Element::Partition { table, partition: name } => format!("{table}.{name}"),
        }
    }

    /// The path in schema.yaml, part by part. A name is one part, dots included.
    pub fn path(&self) -> Vec<&str> {
        match self {
            Element::Schema => vec!["schema"],
            Element::Table { table } => vec!["tables", table],
            Element::Column { table, column } => vec!["tables", table, "columns", column],
            Element::PrimaryKey { table } => vec!["tables", table, "primary_key"],
            Element::Index { table, index } => vec!["tables", table, "indexes", index],
            Element::ForeignKey { table, foreign_key } => {
                vec!["tables", table, "foreign_keys", foreign_key]
            }
            Element::Check { table, check } => vec!["tables", table, "checks", check],
            Element::Partition { table, partition } => {
                vec!["tables", table, "partitioning", "partitions", partition]
            }
            Element::TableOption { table, option } => match option.split_once('.') {
                Some((key, name)) => vec!["tables", table, key, name],
                None => vec!["tables", table, option],
            },
            Element::Object { kind, name } => vec![kind.section(), name],
        }
    }

    /// The element that contains this one: a column's table, a table's schema.
    pub fn parent(&self) -> Option<Element> {
        match self {
            Element::Schema => None,
            Element::Table { .. } | Element::Object { .. } => Some(Element::Schema),
            Element::Partition { table, .. } => Some(Element::partitioning(table)),
            other => other.table_name().map(Element::table),
        }
    }
}

/// The path in schema.yaml: `tables.reports.indexes.ix_reports_timestamp`.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path().join("."))
    }
}
