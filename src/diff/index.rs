//! Matching and comparing indexes, the primary key among them.

use std::collections::HashMap;

use super::{Doubt, ExpressionClause, TableChange, Uncertain};
use crate::implicit_index::{becomes_implicit, implied_by, left_behind};
use crate::model::{
    Element, EngineAspect, EngineAttributes, Index, IndexAspect, IndexKind, IndexPart, KeyPart,
    Table, same_name,
};
use crate::normalize::expression::{Sameness, compare};
use crate::renames::{Renames, is_renamed, key, pending};
use crate::server::Server;

/// The result of comparing the indexes of two tables.
pub(super) struct ComparedIndexes {
    pub(super) changes: Vec<TableChange>,
    /// Indexes of the new table, found by name, that keep the old expressions because it is
    /// uncertain whether these differ.
    pub(super) kept: Vec<Index>,
}

/// Compares the indexes of two tables. The implicit index of a foreign key of the new table is no
/// difference, whatever its name is.
pub(super) fn compare_indexes(
    from: &Table,
    to: &Table,
    renames: &Renames,
    server: &Server,
    uncertain: &mut Vec<Uncertain>,
) -> ComparedIndexes {
    let old: Vec<Index> = from.all_indexes().map(|index| renames.index(index, &to.name)).collect();
    let new: Vec<&Index> = to.all_indexes().collect();
    let pairs = pair(&old, &new);
    let mut compared = ComparedIndexes { changes: Vec::new(), kept: Vec::new() };
    for (place, index) in new.iter().enumerate() {
        match pairs[place] {
            Some(pair) => compare_pair(&old[pair], index, to, &mut compared, uncertain),
            None if !becomes_implicit(index, from, &old, server) => {
                compared.changes.push(TableChange::AddIndex((*index).clone()));
            }
            None => {}
        }
    }
    let left: Vec<&Index> = (0..old.len())
        .filter(|place| !pairs.contains(&Some(*place)))
        .map(|place| &old[place])
        .collect();
    let implicit_index = implied_by(to, &left, server);
    for index in &left {
        if !implicit_index.iter().any(|implicit_index| implicit_index.name == index.name) {
            compared.changes.push(TableChange::DropIndex((*index).clone()));
        }
    }
    let behind = left_behind(from, to, renames, server);
    compared.changes.extend(behind.into_iter().map(TableChange::DropIndex));
    compared
}

/// For each new index, the place of the old one that it is matched with: by its name, by the old
/// name that it declares, or because everything but the name is the same.
fn pair(old: &[Index], new: &[&Index]) -> Vec<Option<usize>> {
    let by_name: HashMap<String, usize> =
        old.iter().enumerate().map(|(place, index)| (key(&index.name), place)).collect();
    let keys: Vec<(String, Option<String>)> = new
        .iter()
        .map(|index| (key(&index.name), index.renamed_from.as_deref().map(key)))
        .collect();
    let declared: Vec<(&str, &str)> =
        keys.iter().filter_map(|(name, old)| Some((name.as_str(), old.as_deref()?))).collect();
    let renames: HashMap<&str, &str> =
        pending(&declared, |name| by_name.contains_key(name)).into_iter().collect();
    let mut used = vec![false; old.len()];
    let mut pairs: Vec<Option<usize>> = keys
        .iter()
        .map(|(name, _)| {
            let taken_away = renames.values().any(|old| old == name);
            let wanted = match renames.get(name.as_str()) {
                Some(old) => *old,
                None if taken_away => return None,
                None => name.as_str(),
            };
            let place = by_name.get(wanted).copied()?;
            used[place] = true;
            Some(place)
        })
        .collect();
    for (place, index) in new.iter().enumerate() {
        if pairs[place].is_none() && index.kind != IndexKind::Primary {
            let found =
                (0..old.len()).find(|pair| !used[*pair] && same_content(&old[*pair], index));
            if let Some(pair) = found {
                used[pair] = true;
                pairs[place] = Some(pair);
            }
        }
    }
    pairs
}

fn same_content(old: &Index, new: &Index) -> bool {
    compare_parts(&old.parts, &new.parts) == Sameness::Same && option_aspects(old, new).is_empty()
}

fn compare_pair(
    old: &Index,
    new: &Index,
    to: &Table,
    compared: &mut ComparedIndexes,
    uncertain: &mut Vec<Uncertain>,
) {
    let mut aspects = Vec::new();
    if is_renamed(&old.name, &new.name, new.renamed_from.as_deref()) {
        aspects.push(IndexAspect::Name);
    }
    let mut wanted = new.clone();
    match compare_parts(&old.parts, &new.parts) {
        Sameness::Same => {}
        Sameness::Different => aspects.push(IndexAspect::Parts),
        Sameness::Unknown => {
            note_parts(old, new, to, uncertain);
            wanted.parts.clone_from(&old.parts);
            compared.kept.push(wanted.clone());
        }
    }
    aspects.extend(option_aspects(old, new));
    if !aspects.is_empty() {
        compared.changes.push(TableChange::ChangeIndex { from: old.clone(), to: wanted, aspects });
    }
}

fn option_aspects(old: &Index, new: &Index) -> Vec<IndexAspect> {
    let becomes_unique = old.is_unique() != new.is_unique();
    let all = [
        (IndexAspect::Unique, becomes_unique),
        (IndexAspect::Kind, !becomes_unique && old.kind != new.kind),
        (IndexAspect::Algorithm, old.algorithm != new.algorithm),
        (IndexAspect::Parser, old.parser != new.parser),
        (IndexAspect::KeyBlockSize, old.key_block_size != new.key_block_size),
        (IndexAspect::WithoutOverlaps, old.without_overlaps != new.without_overlaps),
        (IndexAspect::VectorM, old.vector.m != new.vector.m),
        (IndexAspect::VectorDistance, old.vector.distance != new.vector.distance),
        (IndexAspect::Invisible, old.invisible != new.invisible),
    ];
    let mut aspects: Vec<IndexAspect> =
        all.into_iter().filter_map(|(aspect, differs)| differs.then_some(aspect)).collect();
    if old.attributes != new.attributes {
        let none = EngineAttributes::default();
        let [old, new] = [old, new].map(|it| it.attributes.as_deref().unwrap_or(&none));
        aspects.extend(engine_aspects(old, new).map(IndexAspect::Engine));
    }
    if old.comment != new.comment {
        aspects.push(IndexAspect::Comment);
    }
    aspects
}

/// The engine attributes and options in which two columns or indexes differ.
pub(super) fn engine_aspects(
    old: &EngineAttributes,
    new: &EngineAttributes,
) -> impl Iterator<Item = EngineAspect> + use<> {
    let attributes = old.engine_attribute != new.engine_attribute;
    let secondary = old.secondary_engine_attribute != new.secondary_engine_attribute;
    let options = old.engine_options != new.engine_options;
    let all = [
        (EngineAspect::Attribute, attributes),
        (EngineAspect::SecondaryAttribute, secondary),
        (EngineAspect::Options, options),
    ];
    all.into_iter().filter_map(|(aspect, differs)| differs.then_some(aspect))
}

fn compare_parts(old: &[IndexPart], new: &[IndexPart]) -> Sameness {
    if old.len() != new.len() {
        return Sameness::Different;
    }
    let mut unknown = false;
    for (old, new) in old.iter().zip(new) {
        match compare_part(old, new) {
            Sameness::Same => {}
            Sameness::Different => return Sameness::Different,
            Sameness::Unknown => unknown = true,
        }
    }
    if unknown { Sameness::Unknown } else { Sameness::Same }
}

fn compare_part(old: &IndexPart, new: &IndexPart) -> Sameness {
    if old.descending != new.descending {
        return Sameness::Different;
    }
    match (&old.key, &new.key) {
        (
            KeyPart::Column { name: old, prefix_length: old_length },
            KeyPart::Column { name: new, prefix_length: new_length },
        ) if same_name(old, new) && old_length == new_length => Sameness::Same,
        (KeyPart::Expression(old), KeyPart::Expression(new)) => compare(old, new),
        _ => Sameness::Different,
    }
}

fn note_parts(old: &Index, new: &Index, to: &Table, uncertain: &mut Vec<Uncertain>) {
    for (number, (old, new_part)) in old.parts.iter().zip(&new.parts).enumerate() {
        if let (KeyPart::Expression(old), KeyPart::Expression(part)) = (&old.key, &new_part.key)
            && compare(old, part) == Sameness::Unknown
        {
            uncertain.push(Uncertain {
                element: Element::index(&to.name, &new.name),
                doubt: Doubt::Expressions {
                    clause: ExpressionClause::IndexPart(number),
                    from: old.clone(),
                    to: part.clone(),
                },
            });
        }
    }
}
