//! Rules that a schema is held to, whatever the database says.
//!
//! A rule is a file beside this one with a `RULE` in it, a page of text under `pages/`, and a
//! line in [`RULES`]. It looks at one table at a time and drafts findings; the severity comes
//! from here.

mod describe;
mod draft;
mod foreign_key_type_mismatch;
mod foreign_key_without_index;
mod missing_primary_key;
mod mixed_collation;
mod non_transactional_engine;
mod redundant_index;
mod subject;
mod unknown;

use crate::diagnostic::Severity;
use crate::model::{Element, Schema, Table};
use crate::server::Server;
use crate::source::Settings;

use draft::Draft;
use subject::Subject;

pub use redundant_index::{Redundancy, Relation, redundant_to};
pub use unknown::unknown_rules;

/// Every rule, in the order in which a table's findings are given.
static RULES: &[Rule] = &[
    redundant_index::RULE,
    foreign_key_without_index::RULE,
    foreign_key_type_mismatch::RULE,
    missing_primary_key::RULE,
    mixed_collation::RULE,
    non_transactional_engine::RULE,
];

/// Something that a schema is held to.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The name in kebab-case, as schema.yaml and every output have it.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// How much its findings weigh where schema.yaml says nothing.
    pub severity: Severity,
    /// The page that `driftline rules NAME` shows, in Markdown.
    pub page: &'static str,
    /// Drafts the findings of one table.
    check: fn(&Subject<'_>, &Table, &mut Vec<Draft>),
}

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it weighs, after the settings.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// What it is about.
    pub element: Element,
    /// Other elements that belong to it, the first being the one that stays where one goes.
    pub related: Vec<Element>,
    /// What is wrong, in one line, with the names.
    pub message: String,
    /// Why it matters; what stands under the place in the file.
    pub why: String,
    /// What to do about it; each a line.
    pub help: Vec<String>,
}

/// How sure a rule is of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Something a person has to weigh.
    Probable,
    /// Always so.
    Certain,
}

/// Every rule, in the order in which they are listed.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// What the rules find in a normalized schema, in the order of its tables, then of the rules,
/// then of the elements of the table.
pub fn lint(schema: &Schema, server: &Server, settings: &Settings) -> Vec<Finding> {
    let subject = Subject::new(schema, server);
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    for table in schema.tables.values() {
        for rule in RULES {
            let set = settings.rules.get(rule.name).copied();
            if set == Some(None) {
                continue;
            }
            (rule.check)(&subject, table, &mut drafts);
            findings.extend(drafts.drain(..).map(|draft| draft.finish(rule, set.flatten())));
        }
    }
    findings
}

#[cfg(test)]
mod tests;
