//! Indexes that are named in two ways.

use indexmap::IndexMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, IndexKind};

pub(super) const RULE: Rule = Rule {
    name: "inconsistent-index-prefix",
    summary: "indexes with different prefixes in their names, as `ix_` and `idx_`",
    severity: Some(Severity::Note),
    page: include_str!("pages/inconsistent-index-prefix.md"),
    check: Check::Schema(check),
};

/// Prefixes that say no more than that it is an index.
const PLAIN: &[&str] = &["i", "idx", "index", "ind", "inx", "ix", "k", "key"];
/// Prefixes that say that it is a unique one.
const UNIQUE: &[&str] =
    &["uc", "udx", "uidx", "uindex", "uix", "uk", "uniq", "unique", "unq", "uq", "ux"];

/// The names of the indexes with each prefix, with their tables.
type ByPrefix<'a> = IndexMap<String, Vec<(&'a str, &'a str)>>;

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let (mut plain, mut unique) = (ByPrefix::new(), ByPrefix::new());
    for table in subject.schema.tables.values() {
        for index in &table.indexes {
            let (prefixes, found) = match index.kind {
                IndexKind::Plain => (PLAIN, &mut plain),
                IndexKind::Unique => (UNIQUE, &mut unique),
                _ => continue,
            };
            let Some((prefix, _)) = index.name.split_once('_') else { continue };
            let prefix = prefix.to_ascii_lowercase();
            if prefixes.contains(&prefix.as_str()) {
                found.entry(prefix).or_default().push((&table.name, &index.name));
            }
        }
    }
    drafts.extend(draft("indexes", &plain));
    drafts.extend(draft("unique indexes", &unique));
}

/// One finding for all indexes that aren't named with the usual prefix.
fn draft(noun: &str, by_prefix: &ByPrefix<'_>) -> Option<Draft> {
    let usual = by_prefix.iter().rev().max_by_key(|(_, indexes)| indexes.len())?.0;
    let others: Vec<(&str, &str)> = by_prefix
        .iter()
        .filter(|(prefix, _)| *prefix != usual)
        .flat_map(|(_, indexes)| indexes.iter().copied())
        .collect();
    let mut elements = others.iter().map(|(table, index)| Element::index(*table, *index));
    let first = elements.next()?;
    let prefixes: Vec<String> = by_prefix
        .iter()
        .map(|(prefix, indexes)| format!("{} with {prefix}_", indexes.len()))
        .collect();
    let names: Vec<&str> = others.iter().map(|(_, index)| *index).collect();
    Some(
        Draft::new(
            first,
            format!("{noun} are named in {} ways: {}", by_prefix.len(), describe::names(&prefixes)),
        )
        .all_related(elements)
        .why("the same index is made twice under two names, and nobody sees it")
        .help(format!("name {} with {usual}_", describe::names(&names))),
    )
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "inconsistent-index-prefix";

    #[test]
    fn one_prefix_for_each_kind_is_no_finding() {
        let table = "CREATE TABLE t (a int, b int, KEY idx_a (a), UNIQUE uq_b (b), KEY fk_b (b, a), \
                     KEY a (a, b), KEY orders_a (a))";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn two_prefixes_are() {
        let tables = [
            "CREATE TABLE t (a int, b int, KEY ix_a (a), KEY idx_b (b))",
            "CREATE TABLE u (a int, KEY IX_a (a))",
        ];
        let findings = found(RULE, &tables);
        assert_eq!(
            messages(&findings),
            ["indexes are named in 2 ways: 2 with ix_ and 1 with idx_"]
        );
        assert!(findings[0].help[0].starts_with("name idx_b with ix_"), "{findings:?}");
    }
}
