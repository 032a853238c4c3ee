//! What schema.yaml says to rules besides their severity.

use std::collections::BTreeMap;

/// What rules are told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// The patterns of `naming`: each is a regular expression that names of this kind match.
    pub naming: BTreeMap<NamedKind, String>,
    /// For how many days a server has to have run before `unused-index` says anything.
    pub unused_index_days: Option<u64>,
}

/// A kind of things whose names `naming` holds to a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedKind {
    /// Tables.
    Tables,
    /// Columns.
    Columns,
    /// Indexes that aren't unique.
    Indexes,
    /// Unique indexes.
    UniqueIndexes,
    /// Foreign keys.
    ForeignKeys,
    /// CHECKs.
    Checks,
    /// Views.
    Views,
    /// Triggers.
    Triggers,
    /// Procedures and functions.
    Routines,
    /// Events.
    Events,
}

impl NamedKind {
    /// All kinds, in the order in which they are written.
    pub const ALL: [NamedKind; 10] = [
        NamedKind::Tables,
        NamedKind::Columns,
        NamedKind::Indexes,
        NamedKind::UniqueIndexes,
        NamedKind::ForeignKeys,
        NamedKind::Checks,
        NamedKind::Views,
        NamedKind::Triggers,
        NamedKind::Routines,
        NamedKind::Events,
    ];

    /// The key in schema.yaml.
    pub fn key(self) -> &'static str {
        match self {
            NamedKind::Tables => "tables",
            NamedKind::Columns => "columns",
            NamedKind::Indexes => "indexes",
            NamedKind::UniqueIndexes => "unique_indexes",
            NamedKind::ForeignKeys => "foreign_keys",
            NamedKind::Checks => "checks",
            NamedKind::Views => "views",
            NamedKind::Triggers => "triggers",
            NamedKind::Routines => "routines",
            NamedKind::Events => "events",
        }
    }
}
