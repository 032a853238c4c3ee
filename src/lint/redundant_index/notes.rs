//! Notes on indexes and foreign keys, which are no reason to drop them.

use std::cmp::Ordering;

use super::relation::{appended, key_order, same_parts, with_primary_key};
use super::survivor::Needs;
use crate::lint::describe;
use crate::lint::draft::Draft;
use crate::model::{Element, ForeignKey, Index, IndexKind, Table};
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

/// Foreign keys between the same columns as an earlier one.
pub(super) fn foreign_keys_twice(table: &Table, drafts: &mut Vec<Draft>) {
    for (position, key) in table.foreign_keys.iter().enumerate() {
        let before = &table.foreign_keys[..position];
        if let Some(first) = before.iter().find(|first| ties_the_same(first, key)) {
            let acts_the_same =
                (first.on_delete, first.on_update) == (key.on_delete, key.on_update);
            drafts.push(if acts_the_same {
                duplicate(table, first, key)
            } else {
                conflict(table, first, key)
            });
        }
    }
}

fn duplicate(table: &Table, first: &ForeignKey, second: &ForeignKey) -> Draft {
    let rank = |key: &ForeignKey| (key.name.chars().count(), key.name.clone());
    let (goes, stays) = if rank(first) > rank(second) { (first, second) } else { (second, first) };
    Draft::new(
        Element::foreign_key(&table.name, &goes.name),
        format!(
            "foreign key {} is the same as {}: both refer to {}",
            describe::foreign_key(goes),
            stays.name,
            describe::referenced(goes)
        ),
    )
    .related(Element::foreign_key(&table.name, &stays.name))
    .why("every row is checked twice for one promise")
    .help("remove it from schema.yaml: the other index guarantees the same")
}

fn conflict(table: &Table, first: &ForeignKey, second: &ForeignKey) -> Draft {
    Draft::new(
        Element::foreign_key(&table.name, &second.name),
        format!(
            "foreign key {} contradicts {}: {}",
            describe::foreign_key(second),
            first.name,
            contradiction(first, second)
        ),
    )
    .note()
    .related(Element::foreign_key(&table.name, &first.name))
    .why("both hold, so what happens to a row depends on which of them the server asks first")
    .help("decide which of the two is meant, and remove the other from schema.yaml")
}

fn contradiction(first: &ForeignKey, second: &ForeignKey) -> String {
    let events = [
        ("ON DELETE", first.on_delete, second.on_delete),
        ("ON UPDATE", first.on_update, second.on_update),
    ];
    let texts: Vec<String> = events
        .iter()
        .filter(|(_, first, second)| first != second)
        .map(|(event, first, second)| format!("{event} {} against {}", second.sql(), first.sql()))
        .collect();
    texts.join(", ")
}

/// Whether both foreign keys have the same pairs of referencing and referenced columns, in any
/// order.
fn ties_the_same(a: &ForeignKey, b: &ForeignKey) -> bool {
    let pairs = |key: &ForeignKey| {
        let mut pairs: Vec<(String, String)> = key
            .columns
            .iter()
            .zip(&key.referenced_columns)
            .map(|(column, referenced)| (column.to_lowercase(), referenced.to_lowercase()))
            .collect();
        pairs.sort();
        pairs
    };
    a.referenced_schema == b.referenced_schema
        && a.referenced_table == b.referenced_table
        && a.columns.len() == b.columns.len()
        && pairs(a) == pairs(b)
}
