//! Whether one index serves all that another serves.

use std::cmp::Ordering;

use crate::model::{Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, Table, same_name};
use crate::normalize::expression::{Sameness, compare};
use crate::syntax;

/// How an index is served by another one of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Both are the same except for the name, and what the one promises the other promises too.
    Same,
    /// Full-text indexes on the same columns, in another order.
    SameColumns,
    /// The same once InnoDB has appended the primary key to each.
    SamePrimaryKeyAppended,
    /// The same, read backwards.
    Backwards,
    /// The other begins with the same parts, or with more of their columns.
    Prefix,
}

impl Relation {
    /// Whether each of the two indexes serves all that the other does, promises apart.
    pub(super) fn is_mutual(self) -> bool {
        self != Relation::Prefix
    }

    /// Whether dropping the one costs nothing that the other doesn't give.
    pub fn is_certain(self) -> bool {
        matches!(self, Relation::Same | Relation::SameColumns | Relation::SamePrimaryKeyAppended)
    }
}

/// How `index` is served by `other`, an index of the table: `None` where it isn't, so that it
/// must stay whatever becomes of the other.
pub(super) fn relation(table: &Table, index: &Index, other: &Index) -> Option<Relation> {
    if other.invisible && !index.invisible {
        return None;
    }
    match (access(table, index), access(table, other)) {
        (Access::Fulltext, Access::Fulltext) => fulltext(index, other),
        (Access::Spatial, Access::Spatial) => {
            same_parts(&index.parts, &other.parts).then_some(Relation::Same)
        }
        (Access::Hash, Access::Hash) => (keeps_promise(index, other)
            && same_parts(&index.parts, &other.parts))
        .then_some(Relation::Same),
        (Access::Ordered, Access::Ordered) if keeps_promise(index, other) => {
            ordered(table, index, other)
        }
        _ => None,
    }
}

/// What an index can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Ranges, orders and prefixes of its key.
    Ordered,
    /// Its whole key alone.
    Hash,
    /// MATCH … AGAINST.
    Fulltext,
    /// The spatial relations.
    Spatial,
    /// The nearest vectors.
    Vector,
}

fn access(table: &Table, index: &Index) -> Access {
    let in_memory = ["MEMORY", "HEAP"]
        .iter()
        .any(|name| table.options.engine.as_deref().is_some_and(|e| e.eq_ignore_ascii_case(name)));
    match (index.kind, index.algorithm) {
        (IndexKind::Fulltext, _) => Access::Fulltext,
        (IndexKind::Spatial, _) => Access::Spatial,
        (IndexKind::Vector, _) => Access::Vector,
        // InnoDB makes a B-tree of a HASH index, except for a unique one whose key is too long for
        // that (MariaDB), which is a hash.
        (IndexKind::Unique | IndexKind::Primary, Some(IndexAlgorithm::Hash)) => Access::Hash,
        (_, Some(IndexAlgorithm::Hash) | None) if in_memory => Access::Hash,
        _ => Access::Ordered,
    }
}

/// Whether `other` forbids all that `index` forbids: only the same key will do, since a longer
/// unique key forbids less.
fn keeps_promise(index: &Index, other: &Index) -> bool {
    match index.kind {
        IndexKind::Primary => false,
        IndexKind::Unique => {
            let as_strict = other.without_overlaps.is_none()
                || other.without_overlaps == index.without_overlaps;
            other.is_unique() && as_strict && same_keys(&index.parts, &other.parts)
        }
        _ => true,
    }
}

fn fulltext(index: &Index, other: &Index) -> Option<Relation> {
    if index.parser != other.parser || index.parts.len() != other.parts.len() {
        return None;
    }
    if same_keys(&index.parts, &other.parts) {
        return Some(Relation::Same);
    }
    let all = index.parts.iter().all(|part| {
        other.parts.iter().any(|other| key_order(&part.key, &other.key) == Some(Ordering::Equal))
    });
    all.then_some(Relation::SameColumns)
}

fn ordered(table: &Table, index: &Index, other: &Index) -> Option<Relation> {
    if same_parts(&index.parts, &other.parts) {
        return Some(Relation::Same);
    }
    let (same_direction, all_turned) = directions(&index.parts, &other.parts);
    if same_keys(&index.parts, &other.parts) && all_turned {
        return Some(Relation::Backwards);
    }
    if index.kind == IndexKind::Plain
        && other.kind != IndexKind::Primary
        && same_parts(&with_primary_key(table, index), &with_primary_key(table, other))
    {
        return Some(Relation::SamePrimaryKeyAppended);
    }
    (index.kind == IndexKind::Plain && (same_direction || all_turned) && begins_with(other, index))
        .then_some(Relation::Prefix)
}

/// Whether the parts that both have all run the same way, and whether all run the other way.
fn directions(a: &[IndexPart], b: &[IndexPart]) -> (bool, bool) {
    let mut pairs = a.iter().zip(b).map(|(a, b)| a.descending == b.descending);
    let same = pairs.clone().all(|same| same);
    let turned = pairs.all(|same| !same);
    (same, turned)
}

fn begins_with(long: &Index, short: &Index) -> bool {
    short.parts.len() <= long.parts.len()
        && !long.parts.iter().any(is_multi_valued)
        && short
            .parts
            .iter()
            .zip(&long.parts)
            .all(|(short, long)| key_order(&short.key, &long.key).is_some_and(Ordering::is_le))
}

/// Whether two lists of parts are the same, directions included.
pub(super) fn same_parts(a: &[IndexPart], b: &[IndexPart]) -> bool {
    same_keys(a, b) && a.iter().zip(b).all(|(a, b)| a.descending == b.descending)
}

/// Whether two lists of parts are taken from the same, directions aside.
fn same_keys(a: &[IndexPart], b: &[IndexPart]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| key_order(&a.key, &b.key) == Some(Ordering::Equal))
}

/// Whether two parts are taken from the same and, where they are, which of them is the shorter
/// beginning of it.
pub(super) fn key_order(a: &KeyPart, b: &KeyPart) -> Option<Ordering> {
    match (a, b) {
        (
            KeyPart::Column { name: a, prefix_length: a_length },
            KeyPart::Column { name: b, prefix_length: b_length },
        ) => {
            same_name(a, b).then(|| a_length.unwrap_or(u32::MAX).cmp(&b_length.unwrap_or(u32::MAX)))
        }
        (KeyPart::Expression(a), KeyPart::Expression(b)) => {
            (compare(a, b) == Sameness::Same).then_some(Ordering::Equal)
        }
        _ => None,
    }
}

/// Whether a part takes each element of a JSON array: a row whose array is empty is not in such
/// an index at all.
fn is_multi_valued(part: &IndexPart) -> bool {
    matches!(&part.key, KeyPart::Expression(expression) if syntax::casts_to_array(&expression.text))
}

/// The parts that the index really has: InnoDB appends to a secondary index the columns of the
/// primary key that are not in it whole.
pub(super) fn with_primary_key(table: &Table, index: &Index) -> Vec<IndexPart> {
    let mut parts = index.parts.clone();
    if index.kind != IndexKind::Primary {
        parts.extend(appended(table, &parts));
    }
    parts
}

/// What InnoDB appends to a secondary index of these parts.
pub(super) fn appended(table: &Table, parts: &[IndexPart]) -> Vec<IndexPart> {
    let clustered =
        table.options.engine.as_deref().is_none_or(|engine| engine.eq_ignore_ascii_case("InnoDB"));
    let Some(primary_key) = table.primary_key.as_ref().filter(|_| clustered) else {
        return Vec::new();
    };
    primary_key
        .parts
        .iter()
        .filter(|new| {
            !parts.iter().any(|part| key_order(&new.key, &part.key).is_some_and(Ordering::is_le))
        })
        .cloned()
        .collect()
}
