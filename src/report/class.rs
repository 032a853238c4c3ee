//! The class of each difference: whether it changes what the database does, or only how it looks.

use crate::diff::{OptionChange, TableChange};
use crate::finding::DriftClass;
use crate::model::{
    CheckAspect, ColumnAspect, ForeignKeyAspect, Index, IndexAspect, ObjectAspect, PartitionAspect,
    PartitionOption, Table, same_name,
};
use crate::renames::{check_number, foreign_key_number, has_servers_name};

/// The class of a difference between two tables.
pub(super) fn class_of(change: &TableChange, from: &Table) -> DriftClass {
    let is_cosmetic = match change {
        TableChange::AddColumn(_)
        | TableChange::AddIndex(_)
        | TableChange::AddForeignKey(_)
        | TableChange::AddCheck(_)
        | TableChange::AddPeriod(_)
        | TableChange::AddPartition(_)
        | TableChange::ChangePartitioning { from: None, .. } => return DriftClass::Missing,
        TableChange::DropColumn(_)
        | TableChange::DropIndex(_)
        | TableChange::DropForeignKey(_)
        | TableChange::DropCheck(_)
        | TableChange::DropPeriod(_)
        | TableChange::DropPartition(_)
        | TableChange::ChangePartitioning { to: None, .. } => return DriftClass::Extra,
        TableChange::ChangePartitioning { .. } => false,
        TableChange::ChangeColumn { from: old, to: new, aspects } => {
            aspects.iter().all(|aspect| match aspect {
                ColumnAspect::Comment | ColumnAspect::Place => true,
                ColumnAspect::Name => same_name(&old.name, &new.name),
                _ => false,
            })
        }
        TableChange::ChangeIndex { from: old, to: new, aspects } => {
            aspects.iter().all(|aspect| match aspect {
                IndexAspect::Comment => true,
                IndexAspect::Name => {
                    same_name(&old.name, &new.name) || is_servers_name_of_either(old, new)
                }
                _ => false,
            })
        }
        TableChange::ChangeForeignKey { from: old, to: new, aspects } => {
            let names = aspects.iter().all(|aspect| *aspect == ForeignKeyAspect::Name);
            names && is_cosmetic_name(&old.name, &new.name, |name| is_of_key(name, from))
        }
        TableChange::ChangeCheck { from: old, to: new, aspects } => {
            let names = aspects.iter().all(|aspect| *aspect == CheckAspect::Name);
            names && is_cosmetic_name(&old.name, &new.name, |name| is_of_check(name, from))
        }
        TableChange::ChangePartition { aspects, .. } => aspects.iter().all(|aspect| {
            matches!(
                aspect,
                PartitionAspect::Option(PartitionOption::Comment)
                    | PartitionAspect::SubpartitionOption(_, PartitionOption::Comment)
            )
        }),
        TableChange::ChangeOption(change) => matches!(change, OptionChange::Comment { .. }),
    };
    changed(is_cosmetic)
}

/// The class of a difference between two views, triggers, routines, events or sequences.
pub(super) fn class_of_object(aspects: &[ObjectAspect]) -> DriftClass {
    changed(aspects.iter().all(|aspect| *aspect == ObjectAspect::Comment))
}

/// The keys of `compare` in schema.yaml that leave the difference out; empty if none does.
pub(super) fn keys_of(change: &TableChange, from: &Table) -> Vec<&'static str> {
    let is_comment = match change {
        TableChange::ChangeColumn { aspects, .. } => {
            let key = |aspect: &ColumnAspect| match aspect {
                ColumnAspect::Comment => Some(COMMENTS),
                ColumnAspect::Place => Some("column_order"),
                _ => None,
            };
            return aspects.iter().map(key).collect::<Option<_>>().unwrap_or_default();
        }
        TableChange::ChangeIndex { from: old, to: new, aspects } => {
            let key = |aspect: &IndexAspect| match aspect {
                IndexAspect::Comment => Some(COMMENTS),
                IndexAspect::Name if is_undeclared(new) && is_servers_name_of_either(old, new) => {
                    Some(SERVER_NAMES)
                }
                _ => None,
            };
            return aspects.iter().map(key).collect::<Option<_>>().unwrap_or_default();
        }
        TableChange::ChangeForeignKey { .. } | TableChange::ChangeCheck { .. } => {
            let is_cosmetic = class_of(change, from) == DriftClass::Cosmetic;
            return if is_cosmetic { vec![SERVER_NAMES] } else { Vec::new() };
        }
        TableChange::ChangePartition { .. } => class_of(change, from) == DriftClass::Cosmetic,
        TableChange::ChangeOption(change) => matches!(change, OptionChange::Comment { .. }),
        _ => false,
    };
    if is_comment { vec![COMMENTS] } else { Vec::new() }
}

/// The same for a view, trigger, routine, event or sequence.
pub(super) fn keys_of_object(aspects: &[ObjectAspect]) -> &'static [&'static str] {
    if class_of_object(aspects) == DriftClass::Cosmetic { &[COMMENTS] } else { &[] }
}

const COMMENTS: &str = "comments";
const SERVER_NAMES: &str = "server_names";

/// Whether no rename of the index is declared.
fn is_undeclared(index: &Index) -> bool {
    index.renamed_from.is_none()
}

fn is_of_key(name: &str, table: &Table) -> bool {
    foreign_key_number(name, &table.name).is_some()
}

fn is_of_check(name: &str, table: &Table) -> bool {
    check_number(name, &table.name).is_some()
}

fn changed(is_cosmetic: bool) -> DriftClass {
    if is_cosmetic { DriftClass::Cosmetic } else { DriftClass::Different }
}

/// Whether two names differ in case alone, or one of them is of the server's making.
fn is_cosmetic_name(old: &str, new: &str, is_made: impl Fn(&str) -> bool) -> bool {
    same_name(old, new) || is_made(old) || is_made(new)
}

fn is_servers_name_of_either(old: &Index, new: &Index) -> bool {
    has_servers_name(old) || has_servers_name(new)
}
