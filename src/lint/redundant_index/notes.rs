//! Notes on indexes, which are no reason to drop them.

use std::cmp::Ordering;

use super::relation::{appended, key_order, same_parts, with_primary_key};
use super::survivor::Needs;
use crate::lint::describe;
use crate::lint::draft::Draft;
use crate::model::{Element, Index, IndexKind, Table};
use crate::source::yaml;

/// An index that ends with columns of the primary key, which InnoDB appends anyway.
pub(super) fn ends_in_primary_key(
    table: &Table,
    index: &Index,
    needs: &Needs<'_>,
) -> Option<Draft> {
    if index.kind != IndexKind::Plain {
        return None;
    }
    let whole = with_primary_key(table, index);
    let mut short = index.clone();
    while short.parts.len() > 1 {
        let mut shorter = short.clone();
        shorter.parts.pop();
        let same = !appended(table, &shorter.parts).is_empty()
            && same_parts(&with_primary_key(table, &shorter), &whole);
        if !same || needs.count(&shorter) < needs.count(index) {
            break;
        }
        short = shorter;
    }
    let primary_key = table.primary_key.as_ref()?;
    (short.parts.len() < index.parts.len()).then(|| {
        Draft::new(
            Element::index(&table.name, &index.name),
            format!(
                "{} ends in the primary key, which InnoDB appends anyway",
                describe::index(index)
            ),
        )
        .note()
        .related(Element::index(&table.name, &primary_key.name))
        .why(format!("{} is the same index", describe::index(&short)))
        .help(format!(
            "write `{}`, or leave it: nothing is stored twice",
            yaml::index_line(&short, table)
        ))
    })
}

/// A unique index that guarantees nothing more than a smaller unique index does.
pub(super) fn promised_already(
    table: &Table,
    index: &Index,
    staying: &[&Index],
    needs: &Needs<'_>,
) -> Option<Draft> {
    if index.kind != IndexKind::Unique || needs.is_referenced(index) {
        return None;
    }
    let stronger = staying.iter().find(|other| {
        !std::ptr::eq(index, **other)
            && other.is_unique()
            && implies(other, index)
            && (!implies(index, other) || comes_first(other, index))
    })?;
    Some(
        Draft::new(
            Element::index(&table.name, &index.name),
            format!(
                "{} guarantees nothing that {} doesn't guarantee",
                describe::index(index),
                describe::index(stronger)
            ),
        )
        .note()
        .probable()
        .related(Element::index(&table.name, &stronger.name))
        .why("as an index it may serve queries, as a promise it only costs every write")
        .help(format!(
            "if queries use it, write `{}`, else remove it from schema.yaml",
            yaml::index_line(&Index { kind: IndexKind::Plain, ..index.clone() }, table)
        )),
    )
}

/// Whether `a` is the one to keep of two unique indexes with the same guarantee.
fn comes_first(a: &Index, b: &Index) -> bool {
    let rank = |index: &Index| (index.kind != IndexKind::Primary, index.name.clone());
    rank(a) < rank(b)
}

/// Whether the guarantee of `stronger` includes that of `weaker`.
fn implies(stronger: &Index, weaker: &Index) -> bool {
    stronger.parts.iter().all(|strong| {
        weaker
            .parts
            .iter()
            .any(|weak| key_order(&strong.key, &weak.key).is_some_and(Ordering::is_le))
    })
}
