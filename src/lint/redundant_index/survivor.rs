//! Which indexes of a table can go, and which stay in their stead.

use super::relation::{Relation, relation};
use crate::lint::subject::{Subject, is_referenced_key, serves_foreign_key};
use crate::model::{ForeignKey, Index, IndexKind, Table};

/// An index that can go, and the one that stays.
pub(super) struct Redundant<'a> {
    pub(super) index: &'a Index,
    pub(super) survivor: &'a Index,
    pub(super) relation: Relation,
}

/// The indexes that can all go together, in the table's order.
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

/// Of the indexes that serve all that `index` serves, the one to name: one that is the same
/// before a longer one, a shorter before a longer, then the first.
pub(super) fn best<'a>(
    table: &Table,
    index: &Index,
    among: &[&'a Index],
) -> Option<(&'a Index, Relation)> {
    among
        .iter()
        .filter_map(|other| Some((*other, relation(table, index, other)?)))
        .min_by_key(|(other, relation)| (*relation, other.parts.len()))
}

/// Which of two indexes that serve each other stays: the one that sorts later here.
///
/// The primary key before a unique index before another; one that a foreign key needs; one that
/// is used before one that is invisible; an ascending one; the one with fewer parts. Where all
/// that is equal the shorter name stays, because a duplicate made by mistake is named after what
/// was there (`a` and `a_2`, `ix_a` and `idx_a`), and at last the name that sorts first.
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

/// What foreign keys need of a table's indexes, on either side.
pub(super) struct Needs<'a> {
    referencing: &'a [ForeignKey],
    referenced: &'a [&'a ForeignKey],
}

impl<'a> Needs<'a> {
    pub(super) fn new(subject: &'a Subject<'_>, table: &'a Table) -> Self {
        Needs { referencing: &table.foreign_keys, referenced: subject.referencing(&table.name) }
    }

    /// Whether the foreign keys that an index serves have another among those that stay.
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

    /// How many foreign keys an index serves, on either side.
    pub(super) fn count(&self, index: &Index) -> usize {
        self.referencing.iter().filter(|key| serves_foreign_key(index, &key.columns)).count()
            + self
                .referenced
                .iter()
                .filter(|key| serves_foreign_key(index, &key.referenced_columns))
                .count()
    }

    /// Whether a foreign key refers to exactly these columns of a unique index.
    pub(super) fn is_referenced(&self, index: &Index) -> bool {
        self.referenced.iter().any(|key| is_referenced_key(index, &key.referenced_columns))
    }
}
