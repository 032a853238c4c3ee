//! What a step does, in words.

use super::Action;
use super::temporarily_dropped::TemporarilyDropped;
use crate::ddl::{self, Keywords};
use crate::diff::{
    FieldChange, TableChange, partition_words, partitioning_words, parts_words, period_words,
    references_words,
};
use crate::model::{
    Column, Element, ForeignKey, Index, IndexKind, Partitioning, ReferentialAction, Table,
};
use crate::server::Server;

/// What the words depend on beside the change.
pub(super) struct ActionContext<'a> {
    /// Whether a foreign key goes and comes back, and how.
    pub(super) is_temporarily_dropped: &'a dyn Fn(&str) -> Option<TemporarilyDropped>,
    pub(super) server: &'a Server,
}

/// The actions that a change is.
pub(super) fn describe(
    change: &TableChange,
    table: &Table,
    context: &ActionContext<'_>,
) -> Vec<Action> {
    let name = &table.name;
    let one = |element: Element, summary: String| vec![Action { element, summary }];
    match change {
        TableChange::AddColumn(column) => {
            let definition = column_words(column, table, context.server);
            let summary = format!("add column {} {definition}", column.name);
            one(Element::column(name, &column.name), summary)
        }
        TableChange::DropColumn(column) => {
            one(Element::column(name, &column.name), format!("drop column {}", column.name))
        }
        TableChange::ChangeColumn { from, to, fields, moved } => {
            let element = Element::column(name, &to.name);
            column_actions(from, to, fields, *moved, table)
                .into_iter()
                .map(|summary| Action { element: element.clone(), summary })
                .collect()
        }
        TableChange::AddIndex(index) => {
            one(Element::index(name, &index.name), format!("add {}", index_words(index)))
        }
        TableChange::DropIndex(index) => {
            one(Element::index(name, &index.name), format!("drop {}", index_words(index)))
        }
        TableChange::ChangeIndex { from, to, fields } => {
            let head = index_head(from);
            changes(&Element::index(name, &to.name), fields, &head)
        }
        TableChange::AddForeignKey(key) => {
            let element = Element::foreign_key(name, &key.name);
            let temporarily_dropped = (context.is_temporarily_dropped)(&key.name);
            let differs = temporarily_dropped.as_ref().and_then(|it| it.coming_back(&key.name));
            let again = if differs.is_some() { " again" } else { "" };
            let words = with_actions(foreign_key_words(key), key);
            let mut actions = one(element.clone(), format!("add {words}{again}"));
            let differs = differs.unwrap_or_default();
            let old = differs.iter().find(|it| it.field == "name").map(|it| it.from.as_str());
            let head = format!("foreign key {}", old.unwrap_or(&key.name));
            actions.extend(changes(&element, differs, &head));
            actions
        }
        TableChange::DropForeignKey(key) => {
            let comes_back =
                (context.is_temporarily_dropped)(&key.name).is_some_and(|it| it.goes_as(&key.name));
            let later = if comes_back { ", to be added again" } else { "" };
            let summary = format!("drop foreign key {}{later}", key.name);
            one(Element::foreign_key(name, &key.name), summary)
        }
        TableChange::ChangeForeignKey { from, to, fields } => {
            let head = format!("foreign key {}", from.name);
            changes(&Element::foreign_key(name, &to.name), fields, &head)
        }
        TableChange::AddCheck(check) => one(
            Element::check(name, &check.name),
            format!("add check {} ({})", check.name, check.expression.text),
        ),
        TableChange::DropCheck(check) => {
            one(Element::check(name, &check.name), format!("drop check {}", check.name))
        }
        TableChange::ChangeCheck { from, to, fields } => {
            let head = format!("check {}", from.name);
            changes(&Element::check(name, &to.name), fields, &head)
        }
        TableChange::AddPeriod(period) => {
            one(Element::period(name, &period.name), format!("add {}", period_words(period)))
        }
        TableChange::DropPeriod(period) => {
            one(Element::period(name, &period.name), format!("drop {}", period_words(period)))
        }
        TableChange::ChangePartitioning { from, to, fields } => {
            let element = Element::partitioning(name);
            match (from, to) {
                (_, None) => one(element, "remove partitioning".to_owned()),
                (None, Some(_)) | (Some(Partitioning::Keep), _) => {
                    one(element, format!("partition by {}", partitioning_words(to.as_ref())))
                }
                _ => fields
                    .iter()
                    .map(|field| Action {
                        element: element.clone(),
                        summary: repartition_words(field),
                    })
                    .collect(),
            }
        }
        TableChange::AddPartition(partition) => one(
            Element::partition(name, &partition.name),
            format!("add partition {}", partition_words(partition)),
        ),
        TableChange::DropPartition(partition) => one(
            Element::partition(name, &partition.name),
            format!("drop partition {}", partition_words(partition)),
        ),
        TableChange::ChangePartition { from, to, fields } => {
            let head = format!("partition {}", from.name);
            changes(&Element::partition(name, &to.name), fields, &head)
        }
        TableChange::ChangeOption(field) => one(
            Element::option(name, field.field),
            format!("change {} of table {name} from {} to {}", field.field, field.from, field.to),
        ),
    }
}

fn repartition_words(field: &FieldChange) -> String {
    let (from, to) = (&field.from, &field.to);
    match field.field {
        "by" => format!("partition by {to} instead of {from}"),
        "subpartition_by" => format!("subpartition by {to} instead of {from}"),
        other => format!("change the number of {other} from {from} to {to}"),
    }
}

fn changes(element: &Element, fields: &[FieldChange], head: &str) -> Vec<Action> {
    fields
        .iter()
        .map(|field| Action {
            element: element.clone(),
            summary: if field.field == "name" {
                format!("rename {head} to {}", field.to)
            } else {
                format!("change {} of {head} from {} to {}", field.field, field.from, field.to)
            },
        })
        .collect()
}

fn column_actions(
    from: &Column,
    to: &Column,
    fields: &[FieldChange],
    moved: bool,
    table: &Table,
) -> Vec<String> {
    let mut summaries: Vec<String> = fields
        .iter()
        .map(|field| match field.field {
            "name" => format!("rename column {} to {}", from.name, to.name),
            clause => {
                format!("change {clause} of {} from {} to {}", to.name, field.from, field.to)
            }
        })
        .collect();
    if moved {
        let place = table.columns.iter().position(|column| column.name == to.name);
        let previous = place.and_then(|place| table.columns.get(place.checked_sub(1)?));
        summaries.push(match previous {
            Some(previous) => format!("move column {} after {}", to.name, previous.name),
            None => format!("move column {} to the front", to.name),
        });
    }
    summaries
}

fn column_words(column: &Column, table: &Table, server: &Server) -> String {
    if column.collation == table.options.collation {
        let bare = Column { charset: None, collation: None, ..column.clone() };
        return ddl::column_definition(&bare, server, Keywords::Lower);
    }
    ddl::column_definition(column, server, Keywords::Lower)
}

/// `unique index u (a, b)`
pub(super) fn index_words(index: &Index) -> String {
    let mut parts = parts_words(&index.parts);
    if let Some(period) = &index.without_overlaps {
        parts.truncate(parts.len().saturating_sub(1));
        parts.push_str(&format!(", {period} without overlaps)"));
    }
    format!("{} {parts}", index_head(index))
}

fn index_head(index: &Index) -> String {
    match index.kind {
        IndexKind::Primary => "primary key".to_owned(),
        IndexKind::Unique => format!("unique index {}", index.name),
        IndexKind::Plain => format!("index {}", index.name),
        IndexKind::Fulltext => format!("fulltext index {}", index.name),
        IndexKind::Spatial => format!("spatial index {}", index.name),
        IndexKind::Vector => format!("vector index {}", index.name),
    }
}

/// `foreign key f (a) to users (id)`
pub(super) fn foreign_key_words(key: &ForeignKey) -> String {
    let columns = key.columns.join(", ");
    format!("foreign key {} ({columns}) to {}", key.name, references_words(key))
}

/// The words for a foreign key, and what it does to its rows.
fn with_actions(mut words: String, key: &ForeignKey) -> String {
    for (event, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        if action != ReferentialAction::NoAction {
            words.push_str(&format!(" on {event} {}", action.sql().to_lowercase()));
        }
    }
    words
}
