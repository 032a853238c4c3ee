//! The edits of the files by which differences are taken in.

use super::Item;
use super::table::with_taken_in;
use crate::compare::{Comparison, forget_in};
use crate::ddl;
use crate::diff::{Change, TableChange};
use crate::implicit_index::implicit_under_other_names;
use crate::model::{
    ColumnAspect, Element, Object, ObjectAspect, PartitionList, PartitionScheme, Partitioning,
    Schema, Table, TableOptions, same_name,
};
use crate::normalize::{leave_out_generated_keys, normalize};
use crate::source::Loaded;
use crate::source::yaml::{self, ElementEdit, NotEditable};

/// The edits for these differences. An edit takes all earlier ones of its table for made.
pub(super) fn of(
    items: &[Item],
    comparison: &Comparison,
    loaded: &Loaded,
) -> Result<Vec<ElementEdit>, Vec<NotEditable>> {
    let (mut edits, mut failed) = (Vec::new(), Vec::new());
    let mut tables: Vec<Table> = Vec::new();
    let items = with_whole_partitionings(items, comparison);
    for item in in_order(&items) {
        let made = match item {
            Item::Whole(change) => of_whole(change, comparison, loaded),
            Item::Part { from, to, change } => {
                let name = &to.name;
                let place = tables.iter().position(|it| it.name == *name);
                let place = place.unwrap_or_else(|| {
                    tables.push((**to).clone());
                    tables.len() - 1
                });
                let now = &mut tables[place];
                let made = of_part(from, now, change, comparison);
                *now = with_taken_in(from, now, change);
                made
            }
        };
        match made {
            Ok(made) => edits.extend(made),
            Err(why) => failed.push(renamed(item.element(), why)),
        }
    }
    if failed.is_empty() { Ok(edits) } else { Err(failed) }
}

/// The same, but all changes of the partitions of a table are one change of its partitioning, so
/// that names may move between them.
fn with_whole_partitionings(items: &[Item], comparison: &Comparison) -> Vec<Item> {
    let mut merged: Vec<Item> = Vec::new();
    for item in items {
        let Item::Part { from, to, change } = item else {
            merged.push(item.clone());
            continue;
        };
        let of_table = |it: &&Item| {
            matches!(it, Item::Part { to: other, change, .. }
                if other.name == to.name && is_of_partition(change))
        };
        let all = Item::all(comparison);
        let is_all = items.iter().filter(of_table).count() == all.iter().filter(of_table).count();
        if !is_of_partition(change) || !is_all {
            merged.push(item.clone());
        } else if !merged.iter().any(|it| of_table(&it) || is_partitioning_of(it, &to.name)) {
            let changes = items.iter().filter(of_table).filter_map(|it| match it {
                Item::Part { change, .. } => Some(change),
                Item::Whole(_) => None,
            });
            merged.push(Item::Part {
                from: from.clone(),
                to: to.clone(),
                change: TableChange::ChangePartitioning {
                    from: with_partitions_of(from, to, &changes.collect::<Vec<_>>()),
                    to: to.partitioning.clone(),
                    aspects: Vec::new(),
                },
            });
        }
    }
    merged
}

/// The new table's partitioning with the partitions of the old one. Those that don't differ are as
/// the new table spells them.
fn with_partitions_of(from: &Table, to: &Table, changes: &[&TableChange]) -> Option<Partitioning> {
    let (Some(old), Some(Partitioning::By(new))) = (from.partition_scheme(), &to.partitioning)
    else {
        return from.partitioning.clone();
    };
    let (PartitionList::Listed(list), PartitionList::Listed(own)) =
        (&old.partitions, &new.partitions)
    else {
        return from.partitioning.clone();
    };
    let differs = |name: &str| {
        changes.iter().any(|change| match change {
            TableChange::DropPartition(it) | TableChange::ChangePartition { from: it, .. } => {
                same_name(&it.name, name)
            }
            _ => false,
        })
    };
    let partitions = list.iter().map(|it| {
        let same = own.iter().find(|own| !differs(&it.name) && same_name(&own.name, &it.name));
        same.unwrap_or(it).clone()
    });
    let partitions = PartitionList::Listed(partitions.collect());
    Some(Partitioning::By(PartitionScheme { partitions, ..new.clone() }))
}

fn is_of_partition(change: &TableChange) -> bool {
    matches!(
        change,
        TableChange::AddPartition(_)
            | TableChange::DropPartition(_)
            | TableChange::ChangePartition { .. }
    )
}

fn is_partitioning_of(item: &Item, table: &str) -> bool {
    matches!(item, Item::Part { to, change: TableChange::ChangePartitioning { .. }, .. }
        if to.name == table)
}

/// What goes from a table comes first, so that a name is free when it is taken; the options of a
/// table come before its columns, which may inherit from them.
fn in_order(items: &[Item]) -> Vec<&Item> {
    let rank = |item: &&Item| match item {
        Item::Part { change, .. } => match change {
            TableChange::ChangeOption(_) => 0,
            TableChange::AddPartition(_)
            | TableChange::AddPeriod(_)
            | TableChange::AddCheck(_)
            | TableChange::AddForeignKey(_)
            | TableChange::AddIndex(_)
            | TableChange::AddColumn(_) => 1,
            _ => 2,
        },
        // The last section that is emptied stays as `{}`.
        Item::Whole(Change::CreateObject(_)) => 0,
        Item::Whole(_) => 2,
    };
    let mut ordered: Vec<&Item> = items.iter().collect();
    ordered.sort_by_key(rank);
    ordered
}

/// An element that can't be taken in because a rename is declared.
fn renamed(element: Element, why: String) -> NotEditable {
    let by_hand = "take `renamed_from` out and give it the old name, or rename it in the database";
    NotEditable { element, place: None, why, by_hand: by_hand.to_owned() }
}

fn edit(element: Element) -> ElementEdit {
    ElementEdit {
        element,
        before: None,
        after: None,
        order: Vec::new(),
        moves: false,
        statement: None,
        of_defaults: false,
    }
}

type Made = Result<Vec<ElementEdit>, String>;

// --- tables and objects

fn of_whole(change: &Change, comparison: &Comparison, loaded: &Loaded) -> Made {
    let server = &comparison.server;
    Ok(match change {
        Change::CreateTable(table) => vec![edit(Element::table(&table.name))],
        Change::DropTable(table) => {
            let table = as_pulled(table, comparison);
            let after = yaml::written_table(&table, &inherited(comparison, loaded), server);
            let order = comparison.old.tables.values().map(|it| it.name.clone()).collect();
            vec![ElementEdit { after: Some(after), order, ..edit(Element::table(&table.name)) }]
        }
        Change::RenameTable { from, .. } => {
            return Err(format!("it was called {from}, and `renamed_from` says so"));
        }
        Change::AlterTable { .. } => Vec::new(),
        Change::CreateObject(object) => vec![edit(Element::object(&object.name()))],
        Change::DropObject(object) => vec![of_object(None, object, comparison)],
        Change::ChangeObject { from, to, aspects } => {
            let moves = aspects.iter().any(|it| matches!(it, ObjectAspect::Order { .. }));
            vec![ElementEdit { moves, ..of_object(Some(to), from, comparison) }]
        }
    })
}

fn of_object(before: Option<&Object>, after: &Object, comparison: &Comparison) -> ElementEdit {
    let server = &comparison.server;
    let with_definer = comparison.context.compares_definers;
    let written = |object: &Object| {
        let object = server.without_default_session(object);
        yaml::written_object_with(&object, server, with_definer)
    };
    let name = after.name();
    // Only the order of triggers of one table, time and event means something.
    let group = |object: &Object| match object {
        Object::Trigger(trigger) => Some((trigger.table.clone(), trigger.when())),
        _ => None,
    };
    let of_kind = comparison.old.objects.iter();
    let of_kind =
        of_kind.filter(|(it, object)| it.kind == name.kind && group(object) == group(after));
    let shown = if with_definer { after.clone() } else { without_definer(after) };
    ElementEdit {
        before: before.map(written),
        after: Some(written(after)),
        order: of_kind.map(|(it, _)| it.name.clone()).collect(),
        statement: Some(ddl::create_object(&shown, server)),
        ..edit(Element::object(&name))
    }
}

fn without_definer(object: &Object) -> Object {
    let mut object = object.clone();
    match &mut object {
        Object::View(view) => view.definer = None,
        Object::Trigger(trigger) => trigger.definer = None,
        Object::Routine(routine) => routine.definer = None,
        Object::Event(event) => event.definer = None,
        Object::Sequence(_) => {}
    }
    object
}

/// A table of the old side as `pull` takes it.
fn as_pulled(table: &Table, comparison: &Comparison) -> Table {
    let server = &comparison.server;
    let mut schema = Schema::default();
    schema.insert(table.clone());
    if !comparison.from.is_declared {
        forget_in(&mut schema, server);
    }
    for table in schema.tables.values_mut() {
        let implicit = implicit_under_other_names(table, server);
        table.indexes.extend(implicit);
    }
    if comparison.from.server.is_some() {
        leave_out_generated_keys(&mut schema, server);
    }
    schema.tables.into_values().next().unwrap_or_else(|| table.clone())
}

/// What a table of the file has if it says nothing, where the other tables of the file say nothing
/// either.
fn inherited(comparison: &Comparison, loaded: &Loaded) -> TableOptions {
    let defaults = &loaded.table_defaults;
    let mut bare = Table::new("bare");
    bare.options = defaults.clone();
    let mut schema = Schema::default();
    schema.insert(bare);
    let normalized = normalize(&schema, &comparison.context);
    let mut inherited = normalized.tables.into_values().next().unwrap_or_default().options;
    let tables = || loaded.schema.tables.values().map(|table| &table.options);
    if defaults.engine.is_none() && tables().any(|it| it.engine.is_some()) {
        inherited.engine = None;
    }
    let names_charset = |it: &TableOptions| it.charset.is_some() || it.collation.is_some();
    if !names_charset(defaults) && tables().any(names_charset) {
        (inherited.charset, inherited.collation) = (None, None);
    }
    inherited
}

// --- parts of tables

fn of_part(from: &Table, to: &Table, change: &TableChange, comparison: &Comparison) -> Made {
    let server = &comparison.server;
    let target = with_taken_in(from, to, change);
    let element = change.element(&to.name);
    let written = |table: &Table, element: &Element| yaml::written_element(table, element, server);
    let one = |element: Element, moves: bool| ElementEdit {
        before: written(to, &element),
        after: written(&target, &element),
        order: order(&target, &element),
        moves,
        ..edit(element)
    };
    // An element under another name goes, and comes under its old name.
    let both = |old: Element, new: Element, renamed_from: Option<&String>| match renamed_from {
        Some(former) if old != new => {
            Err(format!("`renamed_from` says that it was called {former}"))
        }
        _ if old == new => Ok(vec![one(old, false)]),
        _ => {
            let goes = ElementEdit { before: written(to, &new), ..edit(new) };
            Ok(vec![goes, one(old, false)])
        }
    };
    let table = to.name.as_str();
    match change {
        TableChange::ChangeColumn { from: old, to: new, aspects } => {
            if old.name != new.name {
                return Err(format!("it was called {}, and `renamed_from` says so", old.name));
            }
            Ok(vec![one(element, aspects.contains(&ColumnAspect::Place))])
        }
        TableChange::ChangeIndex { from: old, to: new, .. } => both(
            Element::index(table, &old.name),
            Element::index(table, &new.name),
            new.renamed_from.as_ref(),
        ),
        TableChange::ChangeForeignKey { from: old, to: new, .. } => both(
            Element::foreign_key(table, &old.name),
            Element::foreign_key(table, &new.name),
            None,
        ),
        TableChange::ChangeCheck { from: old, to: new, .. } => {
            both(Element::check(table, &old.name), Element::check(table, &new.name), None)
        }
        TableChange::AddPeriod(_) | TableChange::DropPeriod(_) => {
            Ok(vec![one(Element::option(table, "periods"), false)])
        }
        TableChange::AddPartition(_)
        | TableChange::DropPartition(_)
        | TableChange::ChangePartition { .. } => Ok(vec![one(Element::partitioning(table), false)]),
        _ => Ok(vec![one(element, false)]),
    }
}

/// The names of the elements of its kind in the table.
fn order(table: &Table, element: &Element) -> Vec<String> {
    match element {
        Element::Column { .. } => table.columns.iter().map(|it| it.name.clone()).collect(),
        Element::Index { .. } => table.indexes.iter().map(|it| it.name.clone()).collect(),
        Element::ForeignKey { .. } => table.foreign_keys.iter().map(|it| it.name.clone()).collect(),
        Element::Check { .. } => table.checks.iter().map(|it| it.name.clone()).collect(),
        _ => Vec::new(),
    }
}
