//! What a schema is: plain data, the same whatever source it came from.
//!
//! No spans, no vendor, no I/O. A value here holds what its source says; after
//! [`crate::normalize`] it holds the effective values, and equal means equal.

mod column;
mod element;
mod expression;
mod index;
mod object;
mod partitioning;
mod table;
pub(crate) mod tree;

pub use column::{
    Column, ColumnFormat, ColumnStorage, ColumnVersioning, DefaultValue, EngineAttributes,
    Generated, GeneratedStorage, StorageMedium,
};
pub use column_type::{
    ColumnType, FloatPrecision, GeometryKind, IntegerSize, Sign, TextSize, TypeClass,
};
pub use element::Element;
pub use expression::Expression;
pub use index::{
    Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, PRIMARY, VectorDistance, VectorOptions,
};
pub use object::{
    CheckOption, DataAccess, Event, EventStatus, Object, ObjectName, Objects, Parameter,
    ParameterMode, ParameterType, Routine, RoutineKind, Schedule, Security, Sequence, Trigger,
    TriggerEvent, TriggerTiming, View, ViewAlgorithm,
};
pub use partitioning::{
    HashBy, Hashing, Partition, PartitionBounds, PartitionList, PartitionMethod, PartitionOptions,
    PartitionScheme, PartitionValue, Partitioning, Rotation, Subpartition, Subpartitioning,
    SystemTime,
};
pub use table::{
    Check, ForeignKey, GENERATED_KEY, HIDDEN_PASSWORD, Period, ReferentialAction, Table,
    TableOptions, same_name,
};

mod column_type;

use std::collections::BTreeMap;

use indexmap::IndexMap;

/// The tables of one database, in the source's order, and what else was seen there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// The database's name, where the source knows it: foreign keys into it may be qualified by
    /// it. Never compared.
    pub name: Option<String>,
    /// The database's default character set, where the source knows it.
    pub charset: Option<String>,
    /// The database's default collation, where the source knows it.
    pub collation: Option<String>,
    /// Tables by name. Names are as the source spells them.
    pub tables: IndexMap<String, Table>,
    /// Views, triggers, routines, events and sequences.
    pub objects: Objects,
    /// Objects that exist in the source and that the model does not hold.
    pub unsupported: Vec<UnsupportedObject>,
}

impl Schema {
    /// The table of that name, exactly as spelled.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Adds a table under its own name; one of the same name is replaced and returned.
    pub fn insert(&mut self, table: Table) -> Option<Table> {
        self.tables.insert(table.name.clone(), table)
    }

    /// How many tables, indexes without primary keys, foreign keys and other objects there are.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for table in self.tables.values() {
            counts.tables += 1;
            counts.indexes += table.indexes.len();
            counts.foreign_keys += table.foreign_keys.len();
        }
        for name in self.objects.keys() {
            *counts.objects.entry(name.kind).or_default() += 1;
        }
        counts
    }
}

/// How much a schema holds; what a summary line prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Base tables.
    pub tables: usize,
    /// Indexes; primary keys are not counted.
    pub indexes: usize,
    /// Foreign keys.
    pub foreign_keys: usize,
    /// Views, triggers and so on; a kind of which there is none is left out.
    pub objects: BTreeMap<ObjectKind, usize>,
}

/// An object that the model does not hold: named so that it is never passed over in silence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnsupportedObject {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// Why: the clause that the model has no words for (`LANGUAGE JAVASCRIPT`), or what hides it
    /// from the source; empty where its kind says enough.
    pub reason: String,
}

/// The kinds of object that a database holds beside tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// CREATE VIEW
    View,
    /// CREATE TRIGGER
    Trigger,
    /// CREATE PROCEDURE
    Procedure,
    /// CREATE FUNCTION
    Function,
    /// CREATE EVENT
    Event,
    /// CREATE SEQUENCE
    Sequence,
    /// CREATE PACKAGE and its BODY (MariaDB), never modelled
    Package,
    /// CREATE LIBRARY (MySQL), never modelled
    Library,
}

impl ObjectKind {
    /// The kinds that the model holds, in the order in which schema.yaml has them.
    pub const MODELLED: [ObjectKind; 6] = [
        ObjectKind::View,
        ObjectKind::Trigger,
        ObjectKind::Procedure,
        ObjectKind::Function,
        ObjectKind::Event,
        ObjectKind::Sequence,
    ];

    /// The word for one of them, in lower case.
    pub fn noun(self) -> &'static str {
        match self {
            ObjectKind::View => "view",
            ObjectKind::Trigger => "trigger",
            ObjectKind::Procedure => "procedure",
            ObjectKind::Function => "function",
            ObjectKind::Event => "event",
            ObjectKind::Sequence => "sequence",
            ObjectKind::Package => "package",
            ObjectKind::Library => "library",
        }
    }

    /// The word for several of them: the key in schema.yaml that holds all of a kind.
    pub fn section(self) -> &'static str {
        match self {
            ObjectKind::View => "views",
            ObjectKind::Trigger => "triggers",
            ObjectKind::Procedure => "procedures",
            ObjectKind::Function => "functions",
            ObjectKind::Event => "events",
            ObjectKind::Sequence => "sequences",
            ObjectKind::Package => "packages",
            ObjectKind::Library => "libraries",
        }
    }
}
