//! Which texts in the bounds of partitions are the same for the collation of their column.

use std::collections::{HashMap, HashSet};

use super::expression::Sameness;
use super::partitioning::{bound_columns, places};
use crate::model::{Column, PartitionBounds, PartitionScheme, PartitionValue};

/// Spells the texts of the old bounds as in the new ones, if the column's collation takes them for
/// the same.
pub(crate) fn adopt_spelling(old: &mut PartitionScheme, new: &PartitionScheme, columns: &[Column]) {
    let columns = bound_columns(&new.method, columns);
    let collation = |place: usize| {
        columns.get(place).copied().flatten().and_then(|column| column.collation.as_deref())
    };
    let mut written: HashMap<(usize, String), String> = HashMap::new();
    let mut partitions = new.listed();
    for partition in &mut partitions {
        for (place, value) in places(&mut partition.bounds) {
            if let PartitionValue::Text(text) = value
                && let Some(folded) = folded(text, collation(place))
            {
                written.insert((place, folded), text.clone());
            }
        }
    }
    if written.is_empty() {
        return;
    }
    for partition in old.partitions_mut() {
        for (place, value) in places(&mut partition.bounds) {
            if let PartitionValue::Text(text) = value
                && let Some(folded) = folded(text, collation(place))
                && let Some(new) = written.get(&(place, folded))
            {
                text.clone_from(new);
            }
        }
    }
}

/// Whether a value that only the old lists have may be the same as one that only the new lists
/// have, as far as the columns' collations are known.
pub(crate) fn may_share_values(
    old: &PartitionScheme,
    new: &PartitionScheme,
    columns: &[Column],
) -> bool {
    let columns = bound_columns(&new.method, columns);
    let (olds, news) = (entries(old), entries(new));
    let known: HashSet<&Vec<PartitionValue>> = olds.iter().collect();
    let fresh: Vec<_> = news.iter().filter(|entry| !known.contains(entry)).collect();
    let known: HashSet<&Vec<PartitionValue>> = news.iter().collect();
    let mut gone = olds.iter().filter(|entry| !known.contains(entry));
    let same = |(place, (a, b)): (usize, (&PartitionValue, &PartitionValue))| match (a, b) {
        (PartitionValue::Text(a), PartitionValue::Text(b)) => {
            let column = columns.get(place).copied().flatten();
            same_text(a, b, column.and_then(|column| column.collation.as_deref()))
                != Sameness::Different
        }
        (a, b) => a == b,
    };
    gone.any(|a| fresh.iter().any(|b| a.iter().zip(b.iter()).enumerate().all(same)))
}

fn entries(scheme: &PartitionScheme) -> Vec<Vec<PartitionValue>> {
    let listed = scheme.listed().into_iter();
    let lists = listed.filter_map(|partition| match partition.bounds {
        PartitionBounds::In(entries) => Some(entries),
        _ => None,
    });
    lists.flatten().collect()
}

/// Whether a collation takes two texts for the same.
fn same_text(a: &str, b: &str, collation: Option<&str>) -> Sameness {
    if a == b || folded(a, collation).is_some_and(|a| Some(a) == folded(b, collation)) {
        return Sameness::Same;
    }
    // Most collations ignore trailing spaces. A collation that compares bytes ignores nothing else.
    let (a, b) = (a.trim_end_matches(' '), b.trim_end_matches(' '));
    let is_known = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let may_be_same = match collation {
        Some(name) if name.ends_with("_bin") || name == "binary" => a == b,
        _ if !is_known(a) || !is_known(b) => true,
        Some(name) if name.ends_with("_cs") => a == b,
        _ => a.eq_ignore_ascii_case(b),
    };
    if may_be_same { Sameness::Unknown } else { Sameness::Different }
}

/// The text with case folded. `None` if the collation distinguishes case, or has rules of its own
/// for the letter "i".
fn folded(text: &str, collation: Option<&str>) -> Option<String> {
    let collation = collation.filter(|name| name.ends_with("_ci"))?;
    if ["turkish", "_tr_", "_az_"].iter().any(|language| collation.contains(language)) {
        return None;
    }
    let folds_letters = collation.starts_with("utf8") || collation.starts_with("latin1_");
    let fold = |letter: char| {
        // Not every collation knows the letters after Cyrillic.
        if letter.is_ascii() || !folds_letters || letter > '\u{52f}' {
            return letter.to_ascii_lowercase();
        }
        let mut lower = letter.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(only), None) => only,
            _ => letter,
        }
    };
    Some(text.chars().map(fold).collect())
}

#[cfg(test)]
mod tests {
    use super::{Sameness, same_text};

    #[test]
    fn a_collation_says_which_texts_are_the_same() {
        for (a, b, collation, expected) in [
            ("A", "a", "utf8mb4_0900_ai_ci", Sameness::Same),
            ("Größe", "GRÖSSE", "utf8mb4_0900_ai_ci", Sameness::Unknown),
            ("Ö", "ö", "latin1_swedish_ci", Sameness::Same),
            ("Ö", "ö", "koi8r_general_ci", Sameness::Unknown),
            ("A", "a", "utf8mb4_bin", Sameness::Different),
            ("a ", "a", "utf8mb4_bin", Sameness::Unknown),
            ("A", "a", "utf8mb4_0900_as_cs", Sameness::Different),
            ("I", "i", "utf8mb4_turkish_ci", Sameness::Unknown),
            ("a", "á", "utf8mb4_general_ci", Sameness::Unknown),
            ("a", "b", "utf8mb4_general_ci", Sameness::Different),
        ] {
            assert_eq!(same_text(a, b, Some(collation)), expected, "{a} {b} {collation}");
        }
    }
}
