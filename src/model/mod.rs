//! A schema as plain data, the same for every source.
//!
//! No spans, no vendor, no I/O. A value here is as in its source; after [`crate::normalize`] it is
//! the effective one, and equal means equal.

mod aspect;
mod column;
mod element;
mod expression;
mod index;
mod object;
mod partitioning;
mod table;
pub(crate) mod tree;

pub use aspect::{
    CheckAspect, ColumnAspect, EngineAspect, ForeignKeyAspect, IndexAspect, ObjectAspect,
    PartitionAspect, PartitionOption, PartitioningAspect,
};
pub use column::{
    Column, ColumnFormat, ColumnStorage, ColumnVersioning, DefaultValue, EngineAttributes,
    Generated, GeneratedStorage, StorageMedium,
};
pub use column_type::{
    ColumnType, FloatPrecision, GeometryKind, IntegerSize, Sign, TextSize, TypeClass,
};
pub use element::Element;
pub use expression::{Expression, SelectText, Text};
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

/// The tables of one database, in the source's order, and its other objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// The database's name, if the source knows it: foreign keys into it may be qualified with it.
    /// Never compared.
    pub name: Option<String>,
    /// The database's default character set, if the source knows it.
    pub charset: Option<String>,
    /// The database's default collation, if the source knows it.
    pub collation: Option<String>,
    /// Tables by name. Names are as the source spells them.
    pub tables: IndexMap<String, Table>,
    /// Views, triggers, routines, events and sequences.
    pub objects: Objects,
    /// Objects that exist in the source and that the model can't hold.
    pub unsupported: Vec<UnsupportedObject>,
}

impl Schema {
    /// The table of this name, spelled exactly like this.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Adds a table under its own name; returns the table that it replaces.
    pub fn insert(&mut self, table: Table) -> Option<Table> {
        self.tables.insert(table.name.clone(), table)
    }

    /// Every table with its parts, and every object, each by its name.
    pub fn elements(&self) -> impl Iterator<Item = Element> {
        self.tables
            .values()
            .flat_map(Table::elements)
            .chain(self.objects.keys().map(Element::object))
    }

    /// The numbers of tables, indexes without primary keys, foreign keys and other objects.
    pub fn counts(&self) -> SchemaCounts {
        let mut counts = SchemaCounts::default();
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

/// The size of a schema, for a summary line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemaCounts {
    /// Base tables.
    pub tables: usize,
    /// Indexes; primary keys are not counted.
    pub indexes: usize,
    /// Foreign keys.
    pub foreign_keys: usize,
    /// Views, triggers and so on; only kinds with at least one.
    pub objects: BTreeMap<ObjectKind, usize>,
}

/// An object that the model can't hold. It is named, so that it is never ignored silently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnsupportedObject {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The reason: the clause that the model can't hold (`LANGUAGE JAVASCRIPT`), or why the source
    /// doesn't see it. Empty if the kind is reason enough.
    pub reason: String,
    /// The right that the account lacks, as written in GRANT, if that is the reason.
    pub missing_right: Option<&'static str>,
}

/// The kinds of objects in a database other than tables.
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
    /// CREATE PACKAGE and its BODY (MariaDB), always unsupported
    Package,
    /// CREATE LIBRARY (MySQL), always unsupported
    Library,
}

impl ObjectKind {
    /// The supported kinds, in their order in schema.yaml.
    pub const MODELLED: [ObjectKind; 6] = [
        ObjectKind::View,
        ObjectKind::Trigger,
        ObjectKind::Procedure,
        ObjectKind::Function,
        ObjectKind::Event,
        ObjectKind::Sequence,
    ];

    /// The singular noun, in lower case.
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

    /// The plural noun, which is the key of the section in schema.yaml.
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
