//! The differences as a list of items, one for each element that differs.

use super::class::{class_of, class_of_object, keys_of, keys_of_object};
use super::ways_out::{accepting, keep_object, keep_part, keep_table};
use crate::ddl::{self, Keywords};
use crate::diff::{Change, Difference, TableChange};
use crate::finding::{DriftClass, FileEdit};
use crate::model::{
    Check, Column, ColumnAspect, Element, ForeignKey, Index, IndexKind, Object, Partition, Table,
    same_name,
};
use crate::server::Server;
use crate::source::yaml;
use crate::words::{
    Field, check_fields, column_fields, foreign_key_fields, index_fields, object_fields,
    object_words, option_field, partition_fields, partition_words, partitioning_fields,
    partitioning_words, period_words, referential_words,
};

/// One element that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportItem {
    /// The table that the element belongs to, by its name in the new schema if it has one. For an
    /// object, its kind and name (`view recent_reports`).
    pub table: String,
    /// The element that differs.
    pub element: Element,
    /// How it differs.
    pub sign: ItemSign,
    /// Its class: what it means for the database that it differs.
    pub class: DriftClass,
    /// The element in words: `index ix_a (a, b desc)`.
    pub subject: String,
    /// The clauses that differ, if both sides have the element.
    pub fields: Vec<Field>,
    /// The edit of schema.yaml that takes in what the old side has.
    pub keep: Option<FileEdit>,
    /// What schema.yaml says so that the difference doesn't count.
    pub accept: String,
}

/// How an element differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemSign {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both sides have it, and it differs.
    Changed,
}

impl ItemSign {
    /// The sign in text output: `+`, `-` or `~`.
    pub fn symbol(self) -> char {
        match self {
            ItemSign::Added => '+',
            ItemSign::Removed => '-',
            ItemSign::Changed => '~',
        }
    }

    /// The class of a whole table or object with this sign.
    fn class(self) -> DriftClass {
        match self {
            ItemSign::Added => DriftClass::Missing,
            ItemSign::Removed => DriftClass::Extra,
            ItemSign::Changed => DriftClass::Different,
        }
    }

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            ItemSign::Added => "added",
            ItemSign::Removed => "removed",
            ItemSign::Changed => "changed",
        }
    }
}

/// Every element that differs, in the order of the difference.
pub fn items(difference: &Difference, server: &Server) -> Vec<ReportItem> {
    let mut items = Vec::new();
    for change in &difference.changes {
        match change {
            Change::CreateTable(table) => items.push(whole_table(table, ItemSign::Added, server)),
            Change::DropTable(table) => items.push(whole_table(table, ItemSign::Removed, server)),
            Change::RenameTable { from, to } => items.push(renamed_table(from, to)),
            Change::AlterTable { from, to, changes } => {
                items.extend(changes.iter().map(|change| item(from, to, change, server)));
            }
            Change::CreateObject(it) => items.push(whole_object(it, ItemSign::Added, server)),
            Change::DropObject(it) => items.push(whole_object(it, ItemSign::Removed, server)),
            Change::ChangeObject { from, to, aspects } => {
                let class = class_of_object(aspects);
                let element = Element::object(&to.name());
                items.push(ReportItem {
                    class,
                    subject: group_of(&element),
                    fields: object_fields(from, to, aspects),
                    keep: keep_object(from, ItemSign::Changed, server),
                    accept: accepting(&element, class, keys_of_object(aspects)),
                    ..whole_object(to, ItemSign::Changed, server)
                });
            }
        }
    }
    items
}

fn whole_table(table: &Table, sign: ItemSign, server: &Server) -> ReportItem {
    let element = Element::table(&table.name);
    ReportItem {
        table: table.name.clone(),
        sign,
        class: sign.class(),
        subject: format!("table {}", table.name),
        fields: Vec::new(),
        keep: keep_table(table, sign, server),
        accept: accepting(&element, sign.class(), &[]),
        element,
    }
}

fn renamed_table(from: &str, to: &str) -> ReportItem {
    let element = Element::table(to);
    ReportItem {
        table: to.to_owned(),
        accept: accepting(&element, DriftClass::Different, &[]),
        element,
        sign: ItemSign::Changed,
        class: DriftClass::Different,
        subject: format!("table {to}"),
        fields: vec![Field { name: "name", from: from.to_owned(), to: to.to_owned() }],
        keep: None,
    }
}

fn whole_object(object: &Object, sign: ItemSign, server: &Server) -> ReportItem {
    let element = Element::object(&object.name());
    ReportItem {
        table: group_of(&element),
        sign,
        class: sign.class(),
        subject: object_words(object),
        fields: Vec::new(),
        keep: keep_object(object, sign, server),
        accept: accepting(&element, sign.class(), &[]),
        element,
    }
}

/// The heading for everything about an element: its table or, for an object, its kind and name
/// (`view recent_reports`).
pub(super) fn group_of(element: &Element) -> String {
    match element {
        Element::Object { kind, name } => format!("{} {name}", kind.noun()),
        other => other.table_name().unwrap_or_default().to_owned(),
    }
}

/// One difference between two tables.
pub(super) fn item(from: &Table, to: &Table, change: &TableChange, server: &Server) -> ReportItem {
    let column = |c: &Column, table: &Table| {
        format!("column {} {}", c.name, yaml::column_text(c, table, server))
    };
    let partition = |it: &Partition| format!("partition {}", partition_words(it));
    let (sign, subject, fields) = match change {
        TableChange::AddColumn(it) => (ItemSign::Added, column(it, to), Vec::new()),
        TableChange::DropColumn(it) => (ItemSign::Removed, column(it, from), Vec::new()),
        TableChange::ChangeColumn { from: old, to: new, aspects } => {
            let mut fields = column_fields(old, new, aspects);
            if aspects.contains(&ColumnAspect::Place) {
                fields.push(Field {
                    name: "place",
                    from: place_of(from, &old.name),
                    to: place_of(to, &new.name),
                });
            }
            (ItemSign::Changed, format!("column {}", new.name), fields)
        }
        TableChange::AddIndex(it) => (ItemSign::Added, index_subject(it), Vec::new()),
        TableChange::DropIndex(it) => (ItemSign::Removed, index_subject(it), Vec::new()),
        TableChange::ChangeIndex { from, to, aspects } => {
            (ItemSign::Changed, index_subject(to), index_fields(from, to, aspects))
        }
        TableChange::AddForeignKey(it) => (ItemSign::Added, foreign_key_subject(it), Vec::new()),
        TableChange::DropForeignKey(it) => (ItemSign::Removed, foreign_key_subject(it), Vec::new()),
        TableChange::ChangeForeignKey { from, to, aspects } => {
            (ItemSign::Changed, foreign_key_subject(to), foreign_key_fields(from, to, aspects))
        }
        TableChange::AddCheck(it) => (ItemSign::Added, check_subject(it), Vec::new()),
        TableChange::DropCheck(it) => (ItemSign::Removed, check_subject(it), Vec::new()),
        TableChange::ChangeCheck { from, to, aspects } => {
            (ItemSign::Changed, format!("check {}", to.name), check_fields(from, to, aspects))
        }
        TableChange::AddPeriod(it) => (ItemSign::Added, period_words(it), Vec::new()),
        TableChange::DropPeriod(it) => (ItemSign::Removed, period_words(it), Vec::new()),
        TableChange::ChangePartitioning { from: old, to: new, aspects } => {
            let subject = |it| format!("partitioning by {}", partitioning_words(it));
            match (old, new) {
                (None, new) => (ItemSign::Added, subject(new.as_ref()), Vec::new()),
                (old, None) => (ItemSign::Removed, subject(old.as_ref()), Vec::new()),
                (old, new) => {
                    let fields = partitioning_fields(old.as_ref(), new.as_ref(), aspects);
                    (ItemSign::Changed, "partitioning".to_owned(), fields)
                }
            }
        }
        TableChange::AddPartition(it) => (ItemSign::Added, partition(it), Vec::new()),
        TableChange::DropPartition(it) => (ItemSign::Removed, partition(it), Vec::new()),
        TableChange::ChangePartition { from, to, aspects } => (
            ItemSign::Changed,
            format!("partition {}", to.name),
            partition_fields(from, to, aspects),
        ),
        TableChange::ChangeOption(change) => {
            (ItemSign::Changed, format!("table {}", change.key()), vec![option_field(change)])
        }
    };
    let (class, element) = (class_of(change, from), change.element(&to.name));
    ReportItem {
        table: to.name.clone(),
        keep: keep_part(from, change, sign, server),
        accept: accepting(&element, class, &keys_of(change, from)),
        element,
        sign,
        class,
        subject,
        fields,
    }
}

/// `first`, or `after` the column before it.
fn place_of(table: &Table, column: &str) -> String {
    let before = table
        .columns
        .iter()
        .zip(table.columns.iter().skip(1))
        .find(|(_, next)| same_name(&next.name, column));
    before.map_or_else(|| "first".to_owned(), |(previous, _)| format!("after {}", previous.name))
}

/// `unique index ix_a (a, b(10) desc)`
fn index_subject(index: &Index) -> String {
    let parts = index_parts(index);
    match index.kind {
        IndexKind::Primary => format!("primary key {parts}"),
        IndexKind::Unique => format!("unique index {} {parts}", index.name),
        IndexKind::Plain => format!("index {} {parts}", index.name),
        IndexKind::Fulltext => format!("fulltext index {} {parts}", index.name),
        IndexKind::Spatial => format!("spatial index {} {parts}", index.name),
        IndexKind::Vector => format!("vector index {} {parts}", index.name),
    }
}

/// `(a, b(10) desc)`
pub(super) fn index_parts(index: &Index) -> String {
    let parts: Vec<String> =
        index.parts.iter().map(|part| ddl::index_part(part, Keywords::Lower)).collect();
    let period = index.without_overlaps.as_ref();
    let period = period.map(|period| format!(", {period} without overlaps")).unwrap_or_default();
    format!("({}{period})", parts.join(", "))
}

fn foreign_key_subject(key: &ForeignKey) -> String {
    format!("foreign key {} {}", key.name, foreign_key_text(key))
}

/// `(user_id) → users (id) on delete cascade`
pub(super) fn foreign_key_text(key: &ForeignKey) -> String {
    let schema =
        key.referenced_schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
    format!(
        "({}) → {schema}{} ({}){}",
        key.columns.join(", "),
        key.referenced_table,
        key.referenced_columns.join(", "),
        referential_words(key)
    )
}

fn check_subject(check: &Check) -> String {
    let enforced = if check.enforced { "" } else { " not enforced" };
    format!("check {} ({}){enforced}", check.name, check.expression.text)
}
