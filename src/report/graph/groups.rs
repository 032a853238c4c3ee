//! A large schema as groups of tables: those whose names begin with the same words.

use std::collections::BTreeMap;

use super::table::{DiagramTable, TableReferences};
use super::{Diagram, DiagramEdge, DiagramKey, DiagramNode, DiagramRow};
use crate::report::{ItemSign, count};

/// A group has at least this many tables.
const FEWEST: usize = 3;

/// A group of more tables than this is divided by the next word, if that makes groups.
const MOST: usize = 24;

/// So many of a group's tables are named in its box.
const MOST_NAMED: usize = 28;

/// The name of the group of all tables that belong to none.
const OTHERS: &str = "others";

/// The groups of the tables, and the foreign keys between them.
pub(super) fn overview(tables: &[DiagramTable<'_>], references: &TableReferences<'_>) -> Diagram {
    let groups = Groups::of(tables, references);
    let nodes = groups.names.iter().enumerate().map(|(group, name)| {
        let members: Vec<&DiagramTable<'_>> = tables
            .iter()
            .enumerate()
            .filter(|(at, _)| groups.of[*at] == group)
            .map(|it| it.1)
            .collect();
        node(name, &members)
    });
    Diagram {
        nodes: nodes.collect(),
        edges: groups.edges(references),
        unrelated: Vec::new(),
        left_out: 0,
        grouped: Some(tables.len()),
    }
}

fn node(name: &str, members: &[&DiagramTable<'_>]) -> DiagramNode {
    // Tables that differ come first, because they must not be left out.
    let mut named: Vec<&&DiagramTable<'_>> = members.iter().collect();
    named.sort_by_key(|table| table.sign.is_none());
    let rows = named.iter().take(MOST_NAMED).map(|table| DiagramRow {
        key: DiagramKey::default(),
        name: table.name().to_owned(),
        detail: String::new(),
        sign: table.sign,
    });
    let more = members.len().saturating_sub(MOST_NAMED);
    DiagramNode {
        title: format!("{name} · {}", count(members.len(), "table", "tables")),
        name: name.to_owned(),
        sign: members.iter().any(|table| table.sign.is_some()).then_some(ItemSign::Changed),
        rows: rows.collect(),
        remarks: (more > 0).then(|| count(more, "more table", "more tables")).into_iter().collect(),
    }
}

struct Groups {
    names: Vec<String>,
    /// The group of each table.
    of: Vec<usize>,
}

impl Groups {
    fn of(tables: &[DiagramTable<'_>], references: &TableReferences<'_>) -> Groups {
        let mut named: Vec<Option<String>> = vec![None; tables.len()];
        let names: Vec<Vec<&str>> = tables.iter().map(|table| words(table.name())).collect();
        divide(&names, (0..tables.len()).collect(), 0, &mut named);
        adopt(&mut named, references);
        let mut groups: Vec<String> = Vec::new();
        let mut of = Vec::new();
        for name in named {
            let name = name.unwrap_or_else(|| OTHERS.to_owned());
            let known = groups.iter().position(|group| *group == name);
            of.push(known.unwrap_or(groups.len()));
            if known.is_none() {
                groups.push(name);
            }
        }
        Groups { names: groups, of }
    }

    /// One line between two groups, however many foreign keys it stands for.
    fn edges(&self, references: &TableReferences<'_>) -> Vec<DiagramEdge> {
        let mut numbers: BTreeMap<(usize, usize), (usize, Option<ItemSign>)> = BTreeMap::new();
        for (from, of) in self.of.iter().zip(&references.of) {
            for reference in of {
                let Some(to) = reference.to.and_then(|to| self.of.get(to)) else { continue };
                if from != to {
                    let (number, sign) = numbers.entry((*from, *to)).or_default();
                    *number += 1;
                    *sign = sign.or(reference.sign.map(|_| ItemSign::Changed));
                }
            }
        }
        let edge = |((from, to), (number, sign))| DiagramEdge {
            from,
            from_row: None,
            to,
            to_row: None,
            sign,
            optional: false,
            unique: false,
            label: usize::to_string(&number),
        };
        numbers.into_iter().map(edge).collect()
    }
}

/// The words of a name: `m_loan_charge`, `LoanCharge` and `loan-charge` have several.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in name.char_indices() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if at > start && (begins || matches!(before, '_' | '-' | '.' | ' ')) {
            words.extend(name.get(start..at));
            start = at;
        }
        before = c;
    }
    words.extend(name.get(start..));
    words
}

/// Gives the tables whose names begin with the same words one group, and divides those that are too
/// many by the next word.
fn divide(names: &[Vec<&str>], tables: Vec<usize>, depth: usize, groups: &mut [Option<String>]) {
    let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in tables {
        let word = names[at].get(depth).copied().unwrap_or_default();
        let stem = word.trim_end_matches(['_', '-', '.', ' ']).to_lowercase();
        // `user` and `users_groups` are of one group.
        let stem = stem.strip_suffix('s').unwrap_or(&stem).to_owned();
        parts.entry(stem).or_default().push(at);
    }
    for (_, part) in parts {
        let Some(&first) = part.first() else { continue };
        if part.len() < FEWEST {
            continue;
        }
        let name: String = names[first].iter().take(depth + 1).copied().collect();
        let name = name.trim_end_matches(['_', '-', '.', ' ']).to_owned();
        for &at in &part {
            groups[at] = Some(name.clone());
        }
        if part.len() > MOST {
            divide(names, part, depth + 1, groups);
        }
    }
}

/// A table without a group joins the one to which most of its foreign keys lead, in both
/// directions.
fn adopt(groups: &mut [Option<String>], references: &TableReferences<'_>) {
    for _ in 0..3 {
        let before = groups.to_vec();
        for at in 0..groups.len() {
            if before[at].is_some() {
                continue;
            }
            let to = references.of[at].iter().filter_map(|it| it.to);
            let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
            for other in to.chain(references.referencing[at].iter().copied()) {
                if let Some(group) = &before[other] {
                    *votes.entry(group).or_default() += 1;
                }
            }
            let most =
                votes.iter().max_by_key(|(name, votes)| (**votes, std::cmp::Reverse(**name)));
            groups[at] = most.map(|(name, _)| (*name).to_owned());
        }
    }
}
