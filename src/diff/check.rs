//! Matching and comparing CHECK constraints.

use super::{Doubt, ExpressionClause, TableChange, Uncertain};
use crate::model::{Check, CheckAspect, Element, Table, same_name};
use crate::normalize::expression::{Sameness, compare};
use crate::renames::{check_number, key};

/// The result of comparing the CHECKs of two tables.
pub(super) struct ComparedChecks {
    pub(super) changes: Vec<TableChange>,
    /// CHECKs of the new table, with their places, that keep the old expression because it is
    /// uncertain whether it differs.
    pub(super) kept: Vec<(usize, Check)>,
}

/// Compares the CHECKs of two tables. Names that the server generated aren't compared.
pub(super) fn compare_checks(
    from: &Table,
    to: &Table,
    old_name: &str,
    uncertain: &mut Vec<Uncertain>,
) -> ComparedChecks {
    let pairs = pair(from, to, old_name);
    let mut compared = ComparedChecks { changes: Vec::new(), kept: Vec::new() };
    for (place, new) in to.checks.iter().enumerate() {
        let Some(old) = pairs[place].map(|old| &from.checks[old]) else {
            compared.changes.push(TableChange::AddCheck(new.clone()));
            continue;
        };
        let mut aspects = Vec::new();
        if !same_name(&old.name, &new.name) && !both_numbered(old, new, from, to, old_name) {
            aspects.push(CheckAspect::Name);
        }
        let mut wanted = new.clone();
        match compare(&old.expression, &new.expression) {
            Sameness::Same => {}
            Sameness::Different => aspects.push(CheckAspect::Expression),
            Sameness::Unknown => {
                uncertain.push(Uncertain {
                    element: Element::check(&to.name, &new.name),
                    doubt: Doubt::Expressions {
                        clause: ExpressionClause::Check,
                        from: old.expression.clone(),
                        to: new.expression.clone(),
                    },
                });
                wanted.expression = old.expression.clone();
                compared.kept.push((place, wanted.clone()));
            }
        }
        if old.enforced != new.enforced {
            aspects.push(CheckAspect::Enforced);
        }
        if !aspects.is_empty() {
            compared.changes.push(TableChange::ChangeCheck {
                from: old.clone(),
                to: wanted,
                aspects,
            });
        }
    }
    for (place, old) in from.checks.iter().enumerate() {
        if !pairs.contains(&Some(place)) {
            compared.changes.push(TableChange::DropCheck(old.clone()));
        }
    }
    compared
}

/// A way to match an old CHECK with a new one.
type Matching<'a> = &'a dyn Fn(&Check, &Check) -> bool;

/// For each CHECK of the new table, the place of the old one that it is matched with.
fn pair(from: &Table, to: &Table, old_name: &str) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; to.checks.len()];
    let mut used = vec![false; from.checks.len()];
    let same = |old: &Check, new: &Check| {
        compare(&old.expression, &new.expression) == Sameness::Same && old.enforced == new.enforced
    };
    let named = |old: &Check, new: &Check| key(&old.name) == key(&new.name);
    let rounds: [Matching<'_>; 4] = [
        &|old, new| named(old, new) && same(old, new),
        &|old, new| both_numbered(old, new, from, to, old_name) && same(old, new),
        &|old, new| named(old, new),
        &|old, new| same(old, new),
    ];
    for matches in rounds {
        for (place, new) in to.checks.iter().enumerate() {
            if pairs[place].is_some() {
                continue;
            }
            let found =
                (0..from.checks.len()).find(|old| !used[*old] && matches(&from.checks[*old], new));
            if let Some(old) = found {
                used[old] = true;
                pairs[place] = Some(old);
            }
        }
    }
    pairs
}

fn both_numbered(old: &Check, new: &Check, from: &Table, to: &Table, old_name: &str) -> bool {
    let numbered = |check: &Check| {
        [from.name.as_str(), &to.name, old_name]
            .iter()
            .any(|table| check_number(&check.name, table).is_some())
    };
    numbered(old) && numbered(new)
}
