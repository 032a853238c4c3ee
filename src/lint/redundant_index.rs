//! Indexes that another index makes redundant.

mod notes;
mod relation;
mod survivor;

use std::cmp::Ordering;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Confidence, Rule, describe};
use crate::ddl;
use crate::diagnostic::Severity;
use crate::finding::FixChange;
use crate::model::{Element, Index, KeyPart, PRIMARY, Table, same_name};
use crate::source::yaml;

pub use relation::IndexRelation;
use survivor::{Needs, Redundant, redundant_indexes};

pub(super) const RULE: Rule = Rule {
    name: "redundant-index",
    summary: "an index that another index of the table serves as well",
    severity: Some(Severity::Warning),
    page: include_str!("pages/redundant-index.md"),
    check: Check::Table(check),
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let redundant = redundant_indexes(subject, table);
    let needs = Needs::new(subject, table);
    let staying: Vec<&Index> = table
        .all_indexes()
        .filter(|index| !redundant.iter().any(|found| std::ptr::eq(found.index, *index)))
        .collect();
    for index in table.all_indexes() {
        let found = redundant.iter().find(|found| std::ptr::eq(found.index, index));
        drafts.extend(match found {
            Some(found) => Some(draft(subject, table, found)),
            None => notes::promised_already(table, index, &staying, &needs)
                .or_else(|| notes::ends_in_primary_key(table, index, &needs)),
        });
    }
}

fn draft(subject: &Subject<'_>, table: &Table, found: &Redundant<'_>) -> Draft {
    let Redundant { index, survivor, relation } = found;
    let confidence = confidence(*relation);
    let draft = Draft::new(
        Element::index(&table.name, &index.name),
        format!("{} {}", describe::index(index), comparison(table, index, survivor, *relation)),
    )
    .confidence(confidence)
    .related(Element::index(&table.name, &survivor.name))
    .why(why(table, index, survivor, *relation));
    remedy(draft, subject, table, index, confidence)
}

/// What to change in schema.yaml, and what that does. If an index is invisible already, somebody is
/// waiting to see whether anything needs it, so the finding is only a note.
fn remedy(
    draft: Draft,
    subject: &Subject<'_>,
    table: &Table,
    index: &Index,
    confidence: Confidence,
) -> Draft {
    let is_hidden = index.invisible;
    if confidence == Confidence::Probable && !is_hidden {
        let hide = ddl::hide_index(&table.name, &index.name, subject.server);
        let hidden = Index { invisible: true, ..index.clone() };
        return draft
            .help("hide it first, and remove it from schema.yaml once nothing has needed it")
            .help(format!("write `{}`", yaml::index_line(&hidden, table)))
            .help(format!("`driftline generate` then writes {hide};"));
    }
    let drop = ddl::drop_index(&table.name, &index.name);
    let draft = match is_hidden {
        true => draft.note().help("remove it from schema.yaml once nothing has needed it"),
        false => draft.help("remove it from schema.yaml").fix(
            "remove it from schema.yaml",
            vec![FixChange::Remove(Element::index(&table.name, &index.name))],
        ),
    };
    draft.help(format!("`driftline generate` then writes {drop};"))
}

fn confidence(relation: IndexRelation) -> Confidence {
    if relation.is_certain() { Confidence::Certain } else { Confidence::Probable }
}

/// How an index is served by the other one, with the other one's name and parts.
fn comparison(table: &Table, index: &Index, survivor: &Index, relation: IndexRelation) -> String {
    let other = describe::index(survivor);
    match relation {
        IndexRelation::Same
            if survivor.is_unique() && !index.is_unique() && survivor.name != PRIMARY =>
        {
            format!("is the same as the unique index {other}")
        }
        IndexRelation::Same => format!("is the same as {other}"),
        IndexRelation::SameColumns => format!("has the columns of {other} in another order"),
        IndexRelation::SamePrimaryKeyAppended => format!(
            "is the same as {other}: InnoDB appends the primary key ({})",
            columns(table.primary_key.iter().flat_map(Index::column_names))
        ),
        IndexRelation::Backwards => format!("is {other} read backwards"),
        IndexRelation::Prefix if index.parts.len() == survivor.parts.len() => {
            format!("is a shorter form of {other}")
        }
        IndexRelation::Prefix => format!("is a prefix of {other}"),
    }
}

fn why(table: &Table, index: &Index, survivor: &Index, relation: IndexRelation) -> String {
    let other = if survivor.name == PRIMARY {
        "the primary key"
    } else if survivor.parts.len() > index.parts.len() {
        "the longer index"
    } else {
        "the other"
    };
    let serves = format!("any query that it serves, {other} serves too");
    match relation {
        IndexRelation::SameColumns => {
            format!("{serves}: MATCH names the columns in whatever order")
        }
        _ if relation.is_certain() => format!("drop loses nothing: {serves}"),
        _ => match lost_order(table, index, survivor) {
            Some(order) => format!("{serves}, except for ORDER BY {order}"),
            None => serves,
        },
    }
}

/// The columns of the primary key by which `index` sorts rows with the same key and `survivor`
/// doesn't. InnoDB appends them to an index.
fn lost_order(table: &Table, index: &Index, survivor: &Index) -> Option<String> {
    let appended = relation::appended(table, &index.parts);
    let real = relation::with_primary_key(table, survivor);
    let kept = appended.iter().enumerate().all(|(position, part)| {
        real.get(index.parts.len() + position).is_some_and(|real| {
            relation::key_order(&part.key, &real.key) == Some(Ordering::Equal)
                && part.descending == real.descending
        })
    });
    let names = appended.iter().filter_map(|part| match &part.key {
        KeyPart::Column { name, .. } => Some(name.as_str()),
        KeyPart::Expression(_) => None,
    });
    (!kept).then(|| columns(names))
}

fn columns<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// An index that serves every query that another index serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redundancy {
    /// The name of the index that stays.
    pub survivor: String,
    /// How it serves what the redundant index serves.
    pub relation: IndexRelation,
    /// Whether dropping the redundant index certainly loses nothing.
    pub confidence: Confidence,
    /// The same in words that follow the name of the redundant index: `is the same as ix_a (a)`,
    /// `is a prefix of ix_ab (a, b)`.
    pub comparison: String,
}

/// The index of `table` that serves every query that `index` serves. `None` if there is none.
/// `index` may be in the table or not; an index with the same name isn't considered.
///
/// This is for an index that will be dropped in any case, so it doesn't ask which of two equal
/// indexes should stay, or what foreign keys need.
pub fn redundant_to(table: &Table, index: &Index) -> Option<Redundancy> {
    let others: Vec<&Index> =
        table.all_indexes().filter(|other| !same_name(&other.name, &index.name)).collect();
    let (survivor, relation) = survivor::best(table, index, &others)?;
    Some(Redundancy {
        survivor: survivor.name.clone(),
        relation,
        confidence: confidence(relation),
        comparison: comparison(table, index, survivor, relation),
    })
}

#[cfg(test)]
mod live_tests;
#[cfg(test)]
mod tests;
