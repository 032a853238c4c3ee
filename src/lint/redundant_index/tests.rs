//! A test for each line of the acceptance tables, and for cases that were found by trial.

mod acceptance;
mod against_the_sys_schema;
mod wording;

use crate::diagnostic::Severity;
use crate::lint::tests::{MARIADB, MYSQL, found, found_on, messages, schema};
use crate::lint::{Confidence, Finding, IndexRelation, redundant_to};
use crate::model::Index;

const RULE: &str = "redundant-index";

/// The columns of every table in these tests, before the keys under test. `a` to `c` are numbers,
/// `s` to `u` are texts, `g` is a point.
const COLUMNS: &str = "id int NOT NULL, a int NOT NULL, b int NOT NULL, c int NOT NULL, \
    s varchar(100), t varchar(100), u varchar(100), g point NOT NULL";

fn table(keys: &str) -> String {
    format!("CREATE TABLE x ({COLUMNS}, {keys})")
}

/// The findings for a table with these keys and the primary key (id), on MySQL.
fn keys(keys: &str) -> Vec<Finding> {
    found(RULE, &[&table(&format!("PRIMARY KEY (id), {keys}"))])
}

/// The same for a table that only has the keys which are given.
fn only(keys: &str) -> Vec<Finding> {
    found(RULE, &[&table(keys)])
}

/// The name of each redundant index, that of the index that stays, and how certain it is.
fn goes(findings: &[Finding]) -> Vec<(String, String, Confidence)> {
    let last = |element: String| element.rsplit('.').next().unwrap_or_default().to_owned();
    findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .map(|finding| {
            let survivor = last(finding.related_elements().next().unwrap().to_string());
            (last(finding.element().unwrap().to_string()), survivor, finding.confidence)
        })
        .collect()
}

#[track_caller]
fn assert_goes(findings: &[Finding], expected: &[(&str, &str, Confidence)]) {
    let expected: Vec<(String, String, Confidence)> = expected
        .iter()
        .map(|(goes, stays, confidence)| ((*goes).to_owned(), (*stays).to_owned(), *confidence))
        .collect();
    assert_eq!(goes(findings), expected);
}

#[track_caller]
fn assert_kept(findings: &[Finding]) {
    assert_eq!(findings, []);
}

#[track_caller]
fn assert_noted(findings: &[Finding], expected: &[&str]) {
    assert!(findings.iter().all(|finding| finding.severity == Severity::Note), "{findings:?}");
    assert_eq!(messages(findings), expected);
}

use Confidence::{Certain, Probable};

#[test]
fn an_index_that_only_the_database_has_is_asked_for() {
    let table = table("PRIMARY KEY (id), KEY ix_a (a), KEY ix_bc (b, c), UNIQUE u (c)");
    let schema = schema(MYSQL, &[&table]);
    let table = schema.table("x").expect("the table");
    let ask = |text: &str| {
        let other =
            super::super::tests::schema(MYSQL, &[&format!("CREATE TABLE x ({COLUMNS}, {text})")]);
        let index: Index = other.table("x").expect("the table").indexes[0].clone();
        redundant_to(table, &index).map(|found| (found.survivor, found.relation, found.comparison))
    };
    assert_eq!(
        ask("KEY a (a)"),
        Some(("ix_a".to_owned(), IndexRelation::Same, "is the same as ix_a (a)".to_owned()))
    );
    assert_eq!(
        ask("KEY b (b)"),
        Some(("ix_bc".to_owned(), IndexRelation::Prefix, "is a prefix of ix_bc (b, c)".to_owned()))
    );
    assert_eq!(ask("KEY ix_a (a)"), None);
    assert_eq!(ask("UNIQUE v (a)"), None);
    assert_eq!(ask("KEY d (a, b)"), None);
}
