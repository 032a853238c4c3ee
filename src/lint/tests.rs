//! Tests of all rules together, and helpers for the tests of each rule.

use std::collections::BTreeMap;

use super::*;
use crate::diff::diff;
use crate::normalize::{self, Context};
use crate::plan::{Risk, plan};
use crate::source::{DatabaseUsage, dump};
use crate::syntax;

/// The servers in the tests of the rules.
pub(super) const MYSQL: Server = Server::mysql(9, 7, 4);
pub(super) const MARIADB: Server = Server::mariadb(11, 8, 6);

/// The normalized schema of these CREATE TABLE statements.
pub(super) fn schema(server: Server, tables: &[&str]) -> Schema {
    let written = source(server, tables).schema;
    normalize::normalize(&written, &Context::of(server, &written, &written))
}

/// The schema of these CREATE TABLE statements, as they have it.
fn source(server: Server, tables: &[&str]) -> Loaded {
    let mut schema = Schema::default();
    for text in tables {
        schema.insert(syntax::parse_create_table(text, &server).expect("a CREATE TABLE statement"));
    }
    Loaded { schema, ..Loaded::default() }
}

/// A normalized schema as its own source.
pub(super) fn of_itself(schema: &Schema) -> Loaded {
    Loaded { schema: schema.clone(), ..Loaded::default() }
}

/// The findings of one rule for these tables on MySQL.
pub(super) fn found(rule: &'static str, tables: &[&str]) -> Vec<Finding> {
    found_on(MYSQL, rule, tables)
}

/// The findings of one rule for these tables on a server.
pub(super) fn found_on(server: Server, rule: &'static str, tables: &[&str]) -> Vec<Finding> {
    let settings = switched_on(rule);
    let schema = schema(server, tables);
    let mut findings = lint(&schema, &source(server, tables), &server, &settings);
    findings.retain(|finding| finding.code == rule);
    findings
}

/// The findings of one rule for these tables on MySQL, in a database that is used like this.
pub(super) fn found_in_use(
    rule: &'static str,
    tables: &[&str],
    usage: Option<DatabaseUsage>,
) -> Vec<Finding> {
    let schema = schema(MYSQL, tables);
    let source = Loaded { usage, ..source(MYSQL, tables) };
    let mut findings = lint(&schema, &source, &MYSQL, &switched_on(rule));
    findings.retain(|finding| finding.code == rule);
    findings
}

/// A database with these next values of AUTO_INCREMENT.
pub(super) fn used(next_values: &[(&str, u64)]) -> DatabaseUsage {
    let next = next_values.iter().map(|(table, next)| ((*table).to_owned(), *next));
    DatabaseUsage { next_values: next.collect(), indexes: None }
}

/// The findings of one rule for this SQL on MySQL.
pub(super) fn found_in(rule: &'static str, sql: &str) -> Vec<Finding> {
    found_in_of(MYSQL, rule, sql)
}

/// The findings of one rule for this SQL on a server.
pub(super) fn found_in_of(server: Server, rule: &'static str, sql: &str) -> Vec<Finding> {
    let loaded = dump::read_from(sql.as_bytes(), "test.sql", Some(server)).expect("SQL");
    let written = &loaded.schema;
    let schema = normalize::normalize(written, &Context::of(server, written, written));
    let mut findings = lint(&schema, &loaded, &server, &switched_on(rule));
    findings.retain(|finding| finding.code == rule);
    findings
}

/// The risks that a rule has of the plan from one schema to another, both as CREATE statements, each
/// with its severity.
pub(super) fn migrated(name: &str, before: &str, after: &str) -> Vec<(Severity, Risk)> {
    let [old, new] = [before, after].map(|sql| {
        let loaded = dump::read_from(sql.as_bytes(), "test.sql", Some(MYSQL)).expect("SQL");
        let written = loaded.schema;
        normalize::normalize(&written, &Context::of(MYSQL, &written, &written))
    });
    let plan = plan(&old, &new, &diff(&old, &new, &MYSQL), &MYSQL);
    let Some(Rule { check: Check::Risks(kinds), .. }) = rule(name) else {
        panic!("{name} is no rule over risks")
    };
    let risks = plan.steps.into_iter().flat_map(|step| step.risks);
    let own = risks.filter_map(|risk| {
        let (_, severity) = kinds.iter().find(|(kind, _)| *kind == risk.kind)?;
        Some((*severity, risk))
    });
    own.collect()
}

/// `warning drop-column tables.t.columns.a`
pub(super) fn named(found: &[(Severity, Risk)]) -> Vec<String> {
    let words = |(severity, risk): &(Severity, Risk)| {
        format!("{} {} {}", severity.word(), risk.kind.name(), risk.element)
    };
    found.iter().map(words).collect()
}

/// The settings with which a rule is on, with its own severity if it has one.
fn switched_on(name: &str) -> Settings {
    match rule(name).and_then(|rule| rule.severity) {
        Some(_) => Settings::default(),
        None => with_rule(name, Some(Severity::Note)),
    }
}

pub(super) fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.message.as_str()).collect()
}

fn with_rule(name: &str, severity: Option<Severity>) -> Settings {
    Settings { rules: BTreeMap::from([(name.to_owned(), severity)]), ..Settings::default() }
}

#[test]
fn every_rule_has_a_page_of_the_same_headings() {
    for rule in rules() {
        let lines: Vec<&str> = rule.page.lines().collect();
        assert_eq!(lines.first(), Some(&format!("# {}", rule.name).as_str()));
        let headings: Vec<&str> =
            lines.iter().copied().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(
            headings,
            ["## What it finds", "## Why it matters", "## What to do", "## Example"],
            "{}",
            rule.name
        );
        let example = rule.page.split("## Example").nth(1).expect("an example");
        let is_sql = matches!(rule.check, Check::Risks(_) | Check::Migration(_));
        let begins = if is_sql { "```sql\n" } else { "```yaml\n" };
        assert!(example.contains(begins), "{}", rule.name);
    }
}

#[test]
fn names_are_in_kebab_case_and_found() {
    for known in rules() {
        assert!(
            known.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        );
        assert_eq!(rule(known.name).map(|rule| rule.summary), Some(known.summary));
        assert_eq!(rules().iter().filter(|rule| rule.name == known.name).count(), 1);
    }
    assert!(rule("no-such-rule").is_none());
}

#[test]
fn the_severity_is_what_the_settings_say() {
    let schema = schema(MYSQL, &["CREATE TABLE t (a int)"]);
    let severities = |settings: &Settings| -> Vec<Severity> {
        lint(&schema, &of_itself(&schema), &MYSQL, settings)
            .iter()
            .map(|finding| finding.severity)
            .collect()
    };
    let name = "missing-primary-key";
    assert_eq!(severities(&Settings::default()), [Severity::Warning]);
    assert_eq!(severities(&with_rule(name, Some(Severity::Error))), [Severity::Error]);
    assert_eq!(severities(&with_rule(name, Some(Severity::Note))), [Severity::Note]);
    assert_eq!(severities(&with_rule(name, None)), []);
}

#[test]
fn a_rule_that_is_off_is_switched_on_by_the_settings() {
    let schema = schema(MYSQL, &["CREATE TABLE t (id tinyint AUTO_INCREMENT PRIMARY KEY)"]);
    let found = |settings: &Settings| lint(&schema, &of_itself(&schema), &MYSQL, settings).len();
    let name = "auto-increment-type";
    assert_eq!(rule(name).and_then(|rule| rule.severity), None);
    assert_eq!(found(&Settings::default()), 0);
    assert_eq!(found(&with_rule(name, Some(Severity::Warning))), 1);
}

#[test]
fn what_the_server_refuses_is_an_error_until_the_settings_say_otherwise() {
    let schema = schema(
        MYSQL,
        &[
            "CREATE TABLE p (id int PRIMARY KEY)",
            "CREATE TABLE c (id int PRIMARY KEY, a bigint, KEY k (a), \
             CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        ],
    );
    let severities = |settings: &Settings| -> Vec<Severity> {
        lint(&schema, &of_itself(&schema), &MYSQL, settings)
            .iter()
            .map(|finding| finding.severity)
            .collect()
    };
    let name = "foreign-key-type-mismatch";
    assert_eq!(severities(&Settings::default()), [Severity::Error]);
    assert_eq!(severities(&with_rule(name, Some(Severity::Warning))), [Severity::Warning]);
}

#[test]
fn findings_come_in_the_order_of_the_tables() {
    let schema = schema(
        MYSQL,
        &["CREATE TABLE z (a int, KEY k (a), KEY l (a)) ENGINE=MyISAM", "CREATE TABLE a (a int)"],
    );
    let findings: Vec<String> = lint(&schema, &of_itself(&schema), &MYSQL, &Settings::default())
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.element().unwrap()))
        .collect();
    assert_eq!(
        findings,
        [
            "redundant-index tables.z.indexes.l",
            "missing-primary-key tables.z",
            "non-transactional-engine tables.z.engine",
            "missing-primary-key tables.a",
        ]
    );
}
