//! Describes in words what a step does.

use crate::ddl::{self, Keywords};
use crate::diff::TableChange;
use crate::model::{
    Column, ColumnAspect, Element, ForeignKeyAspect, Partitioning, PartitioningAspect, Table,
};
use crate::plan::Action;
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDropped;
use crate::server::Server;
use crate::words::{
    Field, check_fields, column_fields, foreign_key_fields, foreign_key_words, index_fields,
    index_head, index_words, option_field, partition_fields, partition_words, partitioning_fields,
    partitioning_words, period_words, referential_words,
};

/// What the wording depends on besides the change itself.
pub(super) struct ActionContext<'a> {
    /// Whether a foreign key is dropped and added again within the plan, and in what way.
    pub(super) is_temporarily_dropped: &'a dyn Fn(&str) -> Option<TemporarilyDropped>,
    pub(super) server: &'a Server,
}

/// The actions that a change consists of.
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
        TableChange::ChangeColumn { from, to, aspects } => {
            let element = Element::column(name, &to.name);
            column_actions(from, to, aspects, table)
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
        TableChange::ChangeIndex { from, to, aspects } => {
            let fields = index_fields(from, to, aspects);
            changes(&Element::index(name, &to.name), &fields, &index_head(from))
        }
        TableChange::AddForeignKey(key) => {
            let element = Element::foreign_key(name, &key.name);
            let temporarily_dropped = (context.is_temporarily_dropped)(&key.name);
            let back = temporarily_dropped.filter(|it| it.comes_back_as(&key.name));
            let again = if back.is_some() { " again" } else { "" };
            let words = format!("{}{}", foreign_key_words(key), referential_words(key));
            let mut actions = one(element.clone(), format!("add {words}{again}"));
            if let Some(TemporarilyDropped::Changed { from, to, aspects }) = &back {
                let renamed = aspects.contains(&ForeignKeyAspect::Name);
                let old = if renamed { &from.name } else { &key.name };
                let fields = foreign_key_fields(from, to, aspects);
                actions.extend(changes(&element, &fields, &format!("foreign key {old}")));
            }
            actions
        }
        TableChange::DropForeignKey(key) => {
            let comes_back =
                (context.is_temporarily_dropped)(&key.name).is_some_and(|it| it.goes_as(&key.name));
            let later = if comes_back { ", to be added again" } else { "" };
            let summary = format!("drop foreign key {}{later}", key.name);
            one(Element::foreign_key(name, &key.name), summary)
        }
        TableChange::ChangeForeignKey { from, to, aspects } => {
            let head = format!("foreign key {}", from.name);
            let fields = foreign_key_fields(from, to, aspects);
            changes(&Element::foreign_key(name, &to.name), &fields, &head)
        }
        TableChange::AddCheck(check) => one(
            Element::check(name, &check.name),
            format!("add check {} ({})", check.name, check.expression.text),
        ),
        TableChange::DropCheck(check) => {
            one(Element::check(name, &check.name), format!("drop check {}", check.name))
        }
        TableChange::ChangeCheck { from, to, aspects } => {
            let head = format!("check {}", from.name);
            changes(&Element::check(name, &to.name), &check_fields(from, to, aspects), &head)
        }
        TableChange::AddPeriod(period) => {
            one(Element::period(name, &period.name), format!("add {}", period_words(period)))
        }
        TableChange::DropPeriod(period) => {
            one(Element::period(name, &period.name), format!("drop {}", period_words(period)))
        }
        TableChange::ChangePartitioning { from, to, aspects } => {
            let element = Element::partitioning(name);
            match (from, to) {
                (_, None) => one(element, "remove partitioning".to_owned()),
                (None, Some(_)) | (Some(Partitioning::Keep), _) => {
                    one(element, format!("partition by {}", partitioning_words(to.as_ref())))
                }
                (from, to) => {
                    let fields = partitioning_fields(from.as_ref(), to.as_ref(), aspects);
                    let words = fields.iter().zip(aspects).map(repartition_words);
                    words.map(|summary| Action { element: element.clone(), summary }).collect()
                }
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
        TableChange::ChangePartition { from, to, aspects } => {
            let head = format!("partition {}", from.name);
            let fields = partition_fields(from, to, aspects);
            changes(&Element::partition(name, &to.name), &fields, &head)
        }
        TableChange::ChangeOption(change) => {
            let Field { name: option, from, to } = option_field(change);
            let summary = format!("change {option} of table {name} from {from} to {to}");
            one(Element::option(name, option), summary)
        }
    }
}

fn repartition_words((field, aspect): (&Field, &PartitioningAspect)) -> String {
    let Field { name, from, to } = field;
    match aspect {
        PartitioningAspect::Method => format!("partition by {to} instead of {from}"),
        PartitioningAspect::Subpartitioning => format!("subpartition by {to} instead of {from}"),
        PartitioningAspect::SubpartitionCount | PartitioningAspect::Count => {
            format!("change the number of {name} from {from} to {to}")
        }
    }
}

fn changes(element: &Element, fields: &[Field], head: &str) -> Vec<Action> {
    fields
        .iter()
        .map(|field| Action {
            element: element.clone(),
            summary: match field.name {
                "name" => format!("rename {head} to {}", field.to),
                name => format!("change {name} of {head} from {} to {}", field.from, field.to),
            },
        })
        .collect()
}

fn column_actions(
    from: &Column,
    to: &Column,
    aspects: &[ColumnAspect],
    table: &Table,
) -> Vec<String> {
    let mut summaries: Vec<String> = column_fields(from, to, aspects)
        .iter()
        .map(|field| match field.name {
            "name" => format!("rename column {} to {}", from.name, to.name),
            clause => {
                format!("change {clause} of {} from {} to {}", to.name, field.from, field.to)
            }
        })
        .collect();
    if aspects.contains(&ColumnAspect::Place) {
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
