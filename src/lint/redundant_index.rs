//! Indexes that another index serves as well.

mod notes;
mod relation;
mod survivor;

use std::cmp::Ordering;

use super::draft::Draft;
use super::subject::Subject;
use super::{Confidence, Rule, describe};
use crate::ddl;
use crate::diagnostic::Severity;
use crate::model::{Element, Index, KeyPart, PRIMARY, Table, same_name};
use crate::source::yaml;

pub use relation::Relation;
use survivor::{Needs, Redundant, redundant_indexes};

pub(super) const RULE: Rule = Rule {
    name: "redundant-index",
    summary: "an index that another index of the table serves as well",
    severity: Severity::Warning,
    page: include_str!("pages/redundant-index.md"),
    check,
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
    notes::foreign_keys_twice(table, drafts);
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

/// What to change in schema.yaml, and what comes of it. An index that is hidden already waits for
/// somebody to see that nobody misses it: that is no finding any more, only a note.
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
        false => draft.help("remove it from schema.yaml"),
    };
    draft.help(format!("`driftline generate` then writes {drop};"))
}

fn confidence(relation: Relation) -> Confidence {
    if relation.is_certain() { Confidence::Certain } else { Confidence::Probable }
}

/// What an index is to the one that serves it, with the latter's name and parts.
fn comparison(table: &Table, index: &Index, survivor: &Index, relation: Relation) -> String {
    let other = describe::index(survivor);
    match relation {
        Relation::Same
            if survivor.is_unique() && !index.is_unique() && survivor.name != PRIMARY =>
        {
            format!("is the same as the unique index {other}")
        }
        Relation::Same => format!("is the same as {other}"),
        Relation::SameColumns => format!("has the columns of {other} in another order"),
        Relation::SamePrimaryKeyAppended => format!(
            "is the same as {other}: InnoDB appends the primary key ({})",
            columns(table.primary_key.iter().flat_map(Index::column_names))
        ),
        Relation::Backwards => format!("is {other} read backwards"),
        Relation::Prefix if index.parts.len() == survivor.parts.len() => {
            format!("is a shorter form of {other}")
        }
        Relation::Prefix => format!("is a prefix of {other}"),
    }
}

fn why(table: &Table, index: &Index, survivor: &Index, relation: Relation) -> String {
    let other = if survivor.name == PRIMARY {
        "the primary key"
    } else if survivor.parts.len() > index.parts.len() {
        "the longer index"
    } else {
        "the other"
    };
    let serves = format!("any query that it serves, {other} serves too");
    match relation {
        Relation::SameColumns => {
            format!("{serves}: MATCH names the columns in whatever order")
        }
        _ if relation.is_certain() => format!("drop loses nothing: {serves}"),
        _ => match lost_order(table, index, survivor) {
            Some(order) => format!("{serves}, except for ORDER BY {order}"),
            None => serves,
        },
    }
}

/// The columns by which the rows of one key come in order from `index` and don't from `survivor`:
/// those of the primary key that InnoDB appends.
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

/// Which index of a table serves all that another serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redundancy {
    /// The name of the index that stays.
    pub survivor: String,
    /// How the one is served by the other.
    pub relation: Relation,
    /// Whether dropping the redundant one surely loses nothing.
    pub confidence: Confidence,
    /// How the one is served by the other, in words that follow the redundant index's name:
    /// `is the same as ix_a (a)`, `is a prefix of ix_ab (a, b)`.
    pub comparison: String,
}

/// Which index of `table` serves all that `index` serves, which the table may have or not; one
/// of the same name is not considered. `None` where none does.
///
/// This is for an index that is to go in any case, so it doesn't ask which of two that are the
/// same should stay, nor what foreign keys need.
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
