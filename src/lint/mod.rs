//! Rules that are checked for a schema, independently of any database.
//!
//! A rule is a file in this folder with a `RULE`, a page under `pages/`, and an entry in [`RULES`].
//! It checks one table at a time and drafts findings. Their severity is decided in this module.

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
use crate::model::{Schema, Table};
use crate::server::Server;
use crate::source::Settings;

use draft::Draft;
use subject::Subject;

pub use crate::finding::{Confidence, Finding};
pub use redundant_index::{IndexRelation, Redundancy, redundant_to};
pub use unknown::unknown_rules;

/// Every rule, in the order in which the findings of a table are listed.
static RULES: &[Rule] = &[
    redundant_index::RULE,
    foreign_key_without_index::RULE,
    foreign_key_type_mismatch::RULE,
    missing_primary_key::RULE,
    mixed_collation::RULE,
    non_transactional_engine::RULE,
];

/// A rule that is checked for a schema.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The name in kebab-case, as in schema.yaml and in all output.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// The severity of its findings, if schema.yaml sets none.
    pub severity: Severity,
    /// The page for `driftline rules NAME`, in Markdown.
    pub page: &'static str,
    /// Drafts the findings of one table.
    check: fn(&Subject<'_>, &Table, &mut Vec<Draft>),
}

/// Every rule, in the order in which they are listed.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// The findings of all rules in a normalized schema, without places. They are in the order of the tables, then of
/// the rules, then of the elements of the table.
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
