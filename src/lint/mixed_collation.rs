//! Tables and columns with another collation than the others of the same character set.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, Schema, Table};

pub(super) const RULE: Rule = Rule {
    name: "mixed-collation",
    summary: "a table or column whose collation is not that of the others",
    severity: Some(Severity::Warning),
    page: include_str!("pages/mixed-collation.md"),
    check: Check::Schema(check),
};

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let usual = Usual::of(subject.schema);
    for table in subject.schema.tables.values() {
        let own = table.options.collation.as_deref();
        let has_text = table.columns.iter().any(|column| column.collation.as_deref() == own);
        if let Some(own) = own.filter(|_| has_text)
            && let Some(others) = usual.clash(own)
        {
            drafts.push(table_draft(table, own, others));
        }
        let mut collations: Vec<(&str, &str)> = Vec::new();
        for collation in table.columns.iter().filter_map(|column| column.collation.as_deref()) {
            if Some(collation) != own
                && let Some(others) = usual.clash(collation)
                && !collations.contains(&(collation, others))
            {
                collations.push((collation, others));
            }
        }
        let pairs = collations.iter();
        drafts.extend(pairs.map(|(collation, others)| columns_draft(table, collation, others)));
    }
}

/// Why two collations of one character set are a problem.
const WHY: &str = "comparing it with the others fails: Illegal mix of collations (1267)";

fn table_draft(table: &Table, own: &str, others: &str) -> Draft {
    Draft::new(
        Element::option(&table.name, "collation"),
        format!("table {} has the collation {own}, other tables have {others}", table.name),
    )
    .probable()
    .why(WHY)
    .help(match is_newer(own, others) {
        true => newer(own, others),
        false => format!("write `collation: {others}` for it, and no other for its columns"),
    })
}

/// One finding for all columns of a table that have the same unusual collation.
fn columns_draft(table: &Table, collation: &str, others: &str) -> Draft {
    let columns = table.columns.iter();
    let names: Vec<&str> = columns
        .filter(|column| column.collation.as_deref() == Some(collation))
        .map(|column| column.name.as_str())
        .collect();
    let first = names.first().copied().unwrap_or_default();
    Draft::new(
        Element::column(&table.name, first),
        format!(
            "{} {} the collation {collation}, other columns have {others}",
            describe::columns_of(&table.name, &names),
            describe::has(names.len())
        ),
    )
    .probable()
    .all_related(names.iter().skip(1).map(|name| Element::column(&table.name, *name)))
    .why(WHY)
    .help(match is_newer(collation, others) {
        true => newer(collation, others),
        false => format!("write `collate {others}` in place of it, or nothing if the table has it"),
    })
}

/// The help if the unusual collation is the better one of the two.
fn newer(own: &str, others: &str) -> String {
    format!("choose one for all: {own} sorts by a newer version of Unicode than {others}")
}

/// The usual collation of each character set.
struct Usual<'a>(HashMap<&'a str, &'a str>);

impl<'a> Usual<'a> {
    /// The most frequent collation of the columns of each character set, because columns are what
    /// queries compare. Collations without case are for people's texts, so `_bin` doesn't count.
    fn of(schema: &'a Schema) -> Self {
        let columns = schema.tables.values().flat_map(|table| &table.columns);
        Usual(most_frequent(columns.filter_map(|column| column.collation.as_deref())))
    }

    /// The usual collation, if one of the same character set can't be compared with it.
    ///
    /// A collation that tells more values apart than the usual one (`_bin`, `_as_cs`) is chosen on
    /// purpose, for identifiers and the like, so it isn't reported. Neither are ASCII and bytes.
    fn clash(&self, collation: &str) -> Option<&'a str> {
        let charset = charset(collation);
        let usual = *self.0.get(charset)?;
        let is_meant = distinguishes(collation) > distinguishes(usual);
        (collation != usual && !is_meant && !["ascii", "binary"].contains(&charset))
            .then_some(usual)
    }
}

/// The most frequent of the collations of each character set that compare people's texts, which are
/// those without `_bin`. If several are equally frequent, the first of them.
fn most_frequent<'a>(collations: impl Iterator<Item = &'a str>) -> HashMap<&'a str, &'a str> {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for collation in collations.filter(|collation| !collation.ends_with("_bin")) {
        *counts.entry(collation).or_default() += 1;
    }
    let mut most: HashMap<&str, (&str, usize)> = HashMap::new();
    for (collation, count) in counts {
        let entry = most.entry(charset(collation)).or_insert((collation, count));
        if count > entry.1 {
            *entry = (collation, count);
        }
    }
    most.into_iter().map(|(charset, (collation, _))| (charset, collation)).collect()
}

/// The character set of a collation, which is the beginning of its name.
fn charset(collation: &str) -> &str {
    collation.split('_').next().unwrap_or(collation)
}

/// How many values that look alike a collation tells apart: all bytes, case, accents, or neither.
fn distinguishes(collation: &str) -> u8 {
    let ends = |endings: &[&str]| endings.iter().any(|ending| collation.ends_with(ending));
    if ends(&["_bin"]) {
        3
    } else if ends(&["_cs", "_cs_ks"]) {
        2
    } else if ends(&["_as_ci"]) {
        1
    } else {
        0
    }
}

/// Whether the first of two collations follows a newer version of Unicode.
fn is_newer(a: &str, b: &str) -> bool {
    let version = |collation: &str| {
        let versions = ["_unicode_ci", "_unicode_520_", "_0900_", "_uca1400_"];
        versions.iter().rposition(|mark| collation.contains(mark)).map_or(0, |at| at + 1)
    };
    version(a) > version(b)
}

#[cfg(test)]
mod tests {
    use crate::lint::Confidence;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "mixed-collation";

    fn table(name: &str, collation: &str, columns: &str) -> String {
        let charset = collation.split('_').next().unwrap_or_default();
        format!(
            "CREATE TABLE {name} (id int PRIMARY KEY, {columns}) \
             DEFAULT CHARSET={charset} COLLATE={collation}"
        )
    }

    #[test]
    fn one_collation_is_no_finding() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9)");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9), y text");
        assert_eq!(found(RULE, &[&a, &b]), []);
    }

    #[test]
    fn the_table_that_is_not_as_most_is_named_once() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9), y varchar(9)");
        let b = table("b", "utf8mb4_unicode_ci", "x varchar(9), y text");
        let c = table("c", "utf8mb4_unicode_ci", "x varchar(9)");
        let findings = found(RULE, &[&a, &b, &c]);
        assert_eq!(
            messages(&findings),
            ["table a has the collation utf8mb4_general_ci, other tables have utf8mb4_unicode_ci"]
        );
        assert_eq!(findings[0].why, super::WHY);
        assert_eq!(findings[0].confidence, Confidence::Probable);
        assert!(findings[0].help[0].starts_with("write `collation: utf8mb4_unicode_ci`"));
    }

    #[test]
    fn the_advice_is_never_to_an_older_collation() {
        let a = table("a", "utf8mb4_0900_ai_ci", "x varchar(9)");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9)");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        let findings = found(RULE, &[&a, &b, &c]);
        assert!(
            findings[0].help[0].starts_with("choose one for all: utf8mb4_0900_ai_ci"),
            "{findings:?}"
        );
    }

    #[test]
    fn a_table_without_text_has_nothing_to_compare() {
        let a = table("a", "utf8mb4_unicode_ci", "x int");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9)");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b, &c]), []);
    }

    #[test]
    fn columns_of_one_collation_are_one_finding() {
        let columns = "x varchar(9) COLLATE utf8mb4_general_ci, y text COLLATE utf8mb4_general_ci";
        let b = table("b", "utf8mb4_unicode_ci", "x varchar(9), y text, z text");
        let findings = found(RULE, &[&table("a", "utf8mb4_unicode_ci", columns), &b]);
        assert_eq!(
            messages(&findings),
            ["columns x and y of a have the collation utf8mb4_general_ci, \
              other columns have utf8mb4_unicode_ci"]
        );
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.a.columns.x");
        assert_eq!(
            findings[0].related_elements().next().unwrap().to_string(),
            "tables.a.columns.y"
        );
    }

    #[test]
    fn other_character_sets_are_the_business_of_legacy_charset() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9) COLLATE latin1_swedish_ci");
        let b = table("b", "utf8mb3_general_ci", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b]), []);
    }

    #[test]
    fn what_tells_more_apart_is_meant() {
        let columns = "x varchar(9) COLLATE utf8mb4_bin, y char(36) CHARACTER SET ascii, \
                       z varchar(9) COLLATE utf8mb4_0900_as_cs";
        let bin = table("b", "utf8mb4_bin", "x varchar(9)");
        assert_eq!(found(RULE, &[&table("a", "utf8mb4_general_ci", columns), &bin]), []);
    }

    #[test]
    fn one_other_collation_among_binary_ones_is_meant() {
        let a = table("a", "utf8mb4_bin", "x varchar(9) COLLATE utf8mb4_unicode_ci");
        let b = table("b", "utf8mb4_bin", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b]), []);
    }

    #[test]
    fn a_column_that_is_as_most_tables_are_is_no_finding() {
        let a = table("a", "utf8mb4_unicode_ci", "x varchar(9) COLLATE utf8mb4_general_ci, y text");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9), y text");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b, &c]).len(), 1);
    }
}
