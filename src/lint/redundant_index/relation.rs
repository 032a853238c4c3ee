//! Whether one index serves every query that another one serves.

use std::cmp::Ordering;

use crate::model::{Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, Table, same_name};
use crate::normalize::expression::{Sameness, compare};
use crate::syntax;

/// How an index is served by another index of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexRelation {
    /// Both have the same parts, and the other one guarantees everything that this one does.
    Same,
    /// Both are full-text indexes on the same columns, in another order.
    SameColumns,
    /// Both are the same after InnoDB has appended the primary key to each.
    SamePrimaryKeyAppended,
    /// Both are the same if one is read backwards.
    Backwards,
    /// The other one begins with the same parts, or with longer prefixes of the same columns.
    Prefix,
}

impl IndexRelation {
    /// Whether each of the two indexes serves every query that the other does. What they guarantee
    /// isn't considered.
    pub(super) fn is_mutual(self) -> bool {
        self != IndexRelation::Prefix
    }

    /// Whether dropping the redundant index certainly loses nothing.
    pub fn is_certain(self) -> bool {
        matches!(
            self,
            IndexRelation::Same
                | IndexRelation::SameColumns
                | IndexRelation::SamePrimaryKeyAppended
        )
    }
}

/// How `index` is served by `other`, an index of the same table. `None` if it isn't, so that
/// `index` has to stay.
pub(super) fn relation(table: &Table, index: &Index, other: &Index) -> Option<IndexRelation> {
    if other.invisible && !index.invisible {
        return None;
    }
    match (access(table, index), access(table, other)) {
        (Access::Fulltext, Access::Fulltext) => fulltext(index, other),
        (Access::Spatial, Access::Spatial) => {
            same_parts(&index.parts, &other.parts).then_some(IndexRelation::Same)
        }
        (Access::Hash, Access::Hash) => (keeps_promise(index, other)
            && same_parts(&index.parts, &other.parts))
        .then_some(IndexRelation::Same),
        (Access::Ordered, Access::Ordered) if keeps_promise(index, other) => {
            ordered(table, index, other)
        }
        _ => None,
    }
}

/// What an index can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Ranges, sorting, and prefixes of its key.
    Ordered,
    /// Only lookups of its whole key.
    Hash,
    /// MATCH … AGAINST.
    Fulltext,
    /// Spatial relations.
    Spatial,
    /// Nearest vectors.
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
        // InnoDB makes a HASH index a B-tree. Only a unique index whose key is too long for a
        // B-tree is a hash (MariaDB).
        (IndexKind::Unique | IndexKind::Primary, Some(IndexAlgorithm::Hash)) => Access::Hash,
        (_, Some(IndexAlgorithm::Hash) | None) if in_memory => Access::Hash,
        _ => Access::Ordered,
    }
}

/// Whether the guarantee of `other` includes that of `index`. Only the same key does, because a
/// longer unique key forbids less.
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

fn fulltext(index: &Index, other: &Index) -> Option<IndexRelation> {
    if index.parser != other.parser || index.parts.len() != other.parts.len() {
        return None;
    }
    if same_keys(&index.parts, &other.parts) {
        return Some(IndexRelation::Same);
    }
    let all = index.parts.iter().all(|part| {
        other.parts.iter().any(|other| key_order(&part.key, &other.key) == Some(Ordering::Equal))
    });
    all.then_some(IndexRelation::SameColumns)
}

fn ordered(table: &Table, index: &Index, other: &Index) -> Option<IndexRelation> {
    // Most pairs begin with different columns, and then nothing below holds.
    if let (Some(KeyPart::Column { name: one, .. }), Some(KeyPart::Column { name: two, .. })) =
        (first_key(index), first_key(other))
        && !same_name(one, two)
    {
        return None;
    }
    if same_parts(&index.parts, &other.parts) {
        return Some(IndexRelation::Same);
    }
    let (same_direction, all_turned) = directions(&index.parts, &other.parts);
    if same_keys(&index.parts, &other.parts) && all_turned {
        return Some(IndexRelation::Backwards);
    }
    if index.kind == IndexKind::Plain
        && other.kind != IndexKind::Primary
        && same_parts(&with_primary_key(table, index), &with_primary_key(table, other))
    {
        return Some(IndexRelation::SamePrimaryKeyAppended);
    }
    (index.kind == IndexKind::Plain && (same_direction || all_turned) && begins_with(other, index))
        .then_some(IndexRelation::Prefix)
}

fn first_key(index: &Index) -> Option<&KeyPart> {
    index.parts.first().map(|part| &part.key)
}

/// Whether all parts that both have are in the same direction, and whether all are in the opposite
/// direction.
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

/// Whether two lists of parts are the same, including their directions.
pub(super) fn same_parts(a: &[IndexPart], b: &[IndexPart]) -> bool {
    same_keys(a, b) && a.iter().zip(b).all(|(a, b)| a.descending == b.descending)
}

/// Whether two lists of parts are the same, apart from their directions.
fn same_keys(a: &[IndexPart], b: &[IndexPart]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| key_order(&a.key, &b.key) == Some(Ordering::Equal))
}

/// Compares two parts. `None` if they aren't of the same column or expression. Otherwise the one
/// with the shorter prefix is the smaller.
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

/// Whether a part has each element of a JSON array. A row with an empty array isn't in such an
/// index at all.
fn is_multi_valued(part: &IndexPart) -> bool {
    matches!(&part.key, KeyPart::Expression(expression) if syntax::casts_to_array(&expression.text))
}

/// The parts that the index has in the storage engine. InnoDB appends those columns of the primary
/// key to a secondary index that it doesn't already have in full.
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
