//! The class of each difference: whether it changes what the database does, or only how it looks.

use crate::diff::{OptionChange, TableChange};
use crate::finding::DriftClass;
use crate::model::{
    CheckAspect, ColumnAspect, ForeignKeyAspect, Index, IndexAspect, KeyPart, ObjectAspect,
    PartitionAspect, PartitionOption, Table, same_name,
};
use crate::renames::{check_number, foreign_key_number};

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
                    same_name(&old.name, &new.name) || is_made_name(old) || is_made_name(new)
                }
                _ => false,
            })
        }
        TableChange::ChangeForeignKey { from: old, to: new, aspects } => {
            let is_made = |name: &str| foreign_key_number(name, &from.name).is_some();
            let names = aspects.iter().all(|aspect| *aspect == ForeignKeyAspect::Name);
            names && is_cosmetic_name(&old.name, &new.name, is_made)
        }
        TableChange::ChangeCheck { from: old, to: new, aspects } => {
            let is_made = |name: &str| check_number(name, &from.name).is_some();
            let names = aspects.iter().all(|aspect| *aspect == CheckAspect::Name);
            names && is_cosmetic_name(&old.name, &new.name, is_made)
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
pub(super) fn keys_of(change: &TableChange) -> Vec<&'static str> {
    let is_comment = match change {
        TableChange::ChangeColumn { aspects, .. } => {
            let key = |aspect: &ColumnAspect| match aspect {
                ColumnAspect::Comment => Some(COMMENTS),
                ColumnAspect::Place => Some("column_order"),
                _ => None,
            };
            return aspects.iter().map(key).collect::<Option<_>>().unwrap_or_default();
        }
        TableChange::ChangeIndex { aspects, .. } => {
            aspects.iter().all(|aspect| *aspect == IndexAspect::Comment)
        }
        TableChange::ChangePartition { aspects, .. } => aspects
            .iter()
            .all(|aspect| *aspect == PartitionAspect::Option(PartitionOption::Comment)),
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

fn changed(is_cosmetic: bool) -> DriftClass {
    if is_cosmetic { DriftClass::Cosmetic } else { DriftClass::Different }
}

/// Whether two names differ in case alone, or one of them is of the server's making.
fn is_cosmetic_name(old: &str, new: &str, is_made: impl Fn(&str) -> bool) -> bool {
    same_name(old, new) || is_made(old) || is_made(new)
}

/// Whether the server gives an index this name if it has none: its first column's, with a number if
/// that is taken.
fn is_made_name(index: &Index) -> bool {
    let Some(KeyPart::Column { name: column, .. }) = index.parts.first().map(|part| &part.key)
    else {
        return false;
    };
    let name = index.name.to_lowercase();
    match name.strip_prefix(&column.to_lowercase()) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('_').is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }),
        None => false,
    }
}
