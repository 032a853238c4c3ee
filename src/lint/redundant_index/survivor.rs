//! Decides which indexes of a table are redundant, and which stay for them.

use super::relation::{IndexRelation, relation};
use crate::lint::subject::{Subject, is_referenced_key, serves_foreign_key};
use crate::model::{ForeignKey, Index, IndexKind, Table};

/// A redundant index, and the index that stays.
pub(super) struct Redundant<'a> {
    pub(super) index: &'a Index,
    pub(super) survivor: &'a Index,
    pub(super) relation: IndexRelation,
}

/// The indexes that can all be dropped together, in the table's order.
pub(super) fn redundant_indexes<'a>(subject: &Subject<'_>, table: &'a Table) -> Vec<Redundant<'a>> {
    let needs = Needs::new(subject, table);
    let mut staying: Vec<&Index> = table.all_indexes().collect();
    let mut going: Vec<&Index> = Vec::new();
    for index in table.all_indexes() {
        let served = staying.iter().any(|other| {
            relation(table, index, other).is_some_and(|relation| {
                !std::ptr::eq(index, *other)
                    && (!relation.is_mutual() || stays(index, other, &needs).is_lt())
            })
        });
        if served && needs.can_spare(index, &staying) {
            staying.retain(|other| !std::ptr::eq(index, *other));
            going.push(index);
        }
    }
    going
        .into_iter()
        .filter_map(|index| {
            let (survivor, relation) = best(table, index, &staying)?;
            Some(Redundant { index, survivor, relation })
        })
        .collect()
}

/// The index to name among those that serve everything that `index` serves. An equal index is
/// preferred to a longer one, a shorter one to a longer one, then the first.
pub(super) fn best<'a>(
    table: &Table,
    index: &Index,
    among: &[&'a Index],
) -> Option<(&'a Index, IndexRelation)> {
    among
        .iter()
        .filter_map(|other| Some((*other, relation(table, index, other)?)))
        .min_by_key(|(other, relation)| (*relation, other.parts.len()))
}

/// Which of two indexes that serve each other stays: the greater one in this order.
///
/// It prefers the primary key to a unique index, and a unique index to another one. Then it prefers
/// the index that more foreign keys need, a visible one, an ascending one, and the one with fewer
/// parts. If all of this is equal, the shorter name stays, because an accidental duplicate is
/// usually named after the existing index (`a` and `a_2`, `ix_a` and `idx_a`). At last, the name
/// that sorts first stays.
fn stays(a: &Index, b: &Index, needs: &Needs<'_>) -> std::cmp::Ordering {
    let promise = |index: &Index| match index.kind {
        IndexKind::Primary => 2,
        IndexKind::Unique => 1,
        _ => 0,
    };
    let descending = |index: &Index| index.parts.first().is_some_and(|part| part.descending);
    promise(a)
        .cmp(&promise(b))
        .then_with(|| needs.count(a).cmp(&needs.count(b)))
        .then_with(|| b.invisible.cmp(&a.invisible))
        .then_with(|| descending(b).cmp(&descending(a)))
        .then_with(|| b.parts.len().cmp(&a.parts.len()))
        .then_with(|| b.name.chars().count().cmp(&a.name.chars().count()))
        .then_with(|| b.name.cmp(&a.name))
}

/// The foreign keys that need the indexes of a table: those of the table itself, and those that
/// reference it.
pub(super) struct Needs<'a> {
    referencing: &'a [ForeignKey],
    referenced: &'a [&'a ForeignKey],
}

impl<'a> Needs<'a> {
    pub(super) fn new(subject: &'a Subject<'_>, table: &'a Table) -> Self {
        Needs { referencing: &table.foreign_keys, referenced: subject.referencing(&table.name) }
    }

    /// Whether every foreign key that the index serves is also served by another index that stays.
    fn can_spare(&self, index: &Index, staying: &[&Index]) -> bool {
        let another = |serves: &dyn Fn(&Index) -> bool| {
            !serves(index)
                || staying.iter().any(|other| !std::ptr::eq(index, *other) && serves(other))
        };
        self.referencing.iter().all(|key| another(&|i| serves_foreign_key(i, &key.columns)))
            && self.referenced.iter().all(|key| {
                let columns = &key.referenced_columns;
                another(&|i| serves_foreign_key(i, columns))
                    && another(&|i| is_referenced_key(i, columns))
            })
    }

    /// The number of foreign keys that an index serves.
    pub(super) fn count(&self, index: &Index) -> usize {
        self.referencing.iter().filter(|key| serves_foreign_key(index, &key.columns)).count()
            + self
                .referenced
                .iter()
                .filter(|key| serves_foreign_key(index, &key.referenced_columns))
                .count()
    }

    /// Whether a foreign key references exactly the columns of this unique index.
    pub(super) fn is_referenced(&self, index: &Index) -> bool {
        self.referenced.iter().any(|key| is_referenced_key(index, &key.referenced_columns))
    }
}
