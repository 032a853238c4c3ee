//! Rules that are checked for a schema or a migration, independently of any database.
//!
//! A rule is a file in this folder with a `RULE`, a page under `pages/`, and an entry in [`RULES`].
//! It checks a schema or each of its tables and drafts findings, or it looks at what the statements
//! of a plan or migration do. The severity of findings is decided in this module.

mod auto_increment_near_end;
mod auto_increment_type;
mod breaks_running_code;
mod constraint_name_not_unique;
mod date_column_first_in_index;
mod default_is_the_word_null;
mod definer_not_allowed;
mod deprecated_in_later_version;
mod describe;
mod destructive;
mod display_width;
mod draft;
mod drop_index_while_visible;
mod drops_a_guard;
mod duplicate_column_in_index;
mod duplicate_foreign_key;
mod float_for_money;
mod foreign_key_cascade_cycle;
mod foreign_key_parent_not_unique;
mod foreign_key_type_mismatch;
mod foreign_key_unsupported_engine;
mod foreign_key_without_index;
mod identifier_too_long;
mod inconsistent_index_prefix;
mod index_too_wide;
mod inline_references_ignored;
mod legacy_charset;
mod loses_values;
mod may_fail;
mod migration;
mod missing_primary_key;
mod mixed_collation;
mod mixed_ddl_and_data;
mod name_case;
mod naming;
mod non_transactional_engine;
mod not_reversible;
mod nullable_unique;
mod primary_key_type;
mod reads_missing_object;
mod redundant_index;
mod reserved_word;
mod risks;
mod same_name_different_type;
mod spatial_index_without_srid;
mod stricter;
mod subject;
mod timestamp_2038;
mod too_many_indexes;
mod unknown;
mod unused_index;
mod words;
mod zero_date_default;

use crate::diagnostic::Severity;
use crate::model::{Element, ObjectName, Schema, Table};
use crate::plan::RiskKind;
use crate::server::Server;
use crate::source::{Loaded, Settings};

use draft::Draft;
use subject::Subject;

pub use crate::finding::{Confidence, Finding};
pub use migration::{ReverseFile, ReviewedMigration, ReviewedStatement, lint_migration};
pub use redundant_index::{IndexRelation, Redundancy, redundant_to};
pub use risks::{risk_severity, rules_of_risk};
pub use stricter::lint_with_new;
pub use unknown::unknown_rules;

/// Every rule, in the order in which the findings of a table are listed.
static RULES: &[Rule] = &[
    redundant_index::RULE,
    foreign_key_without_index::RULE,
    foreign_key_type_mismatch::RULE,
    foreign_key_parent_not_unique::RULE,
    foreign_key_unsupported_engine::RULE,
    foreign_key_cascade_cycle::RULE,
    duplicate_foreign_key::RULE,
    inline_references_ignored::RULE,
    duplicate_column_in_index::RULE,
    missing_primary_key::RULE,
    primary_key_type::RULE,
    auto_increment_type::RULE,
    auto_increment_near_end::RULE,
    mixed_collation::RULE,
    legacy_charset::RULE,
    non_transactional_engine::RULE,
    zero_date_default::RULE,
    default_is_the_word_null::RULE,
    float_for_money::RULE,
    display_width::RULE,
    timestamp_2038::RULE,
    reserved_word::RULE,
    nullable_unique::RULE,
    spatial_index_without_srid::RULE,
    too_many_indexes::RULE,
    unused_index::RULE,
    index_too_wide::RULE,
    date_column_first_in_index::RULE,
    inconsistent_index_prefix::RULE,
    same_name_different_type::RULE,
    name_case::RULE,
    naming::RULE,
    identifier_too_long::RULE,
    constraint_name_not_unique::RULE,
    deprecated_in_later_version::RULE,
    reads_missing_object::RULE,
    definer_not_allowed::RULE,
    destructive::RULE,
    loses_values::RULE,
    may_fail::RULE,
    drops_a_guard::RULE,
    breaks_running_code::RULE,
    not_reversible::RULE,
    drop_index_while_visible::RULE,
    mixed_ddl_and_data::RULE,
];

/// A rule that is checked for a schema, a plan or a migration.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The name in kebab-case, as in schema.yaml and in all output.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// The severity of its findings, if schema.yaml sets none. `None`: the rule is off until
    /// schema.yaml sets one.
    pub severity: Option<Severity>,
    /// The page for `driftline rules NAME`, in Markdown.
    pub page: &'static str,
    /// How it drafts its findings.
    check: Check,
}

/// What a rule looks at, and how it drafts its findings.
#[derive(Debug, Clone, Copy)]
enum Check {
    /// The schema as a whole, for what two tables have to do with each other and for findings that
    /// are said once for all tables.
    Schema(fn(&Subject<'_>, &mut Vec<Draft>)),
    /// Each table.
    Table(fn(&Subject<'_>, &Table, &mut Vec<Draft>)),
    /// The risks of these kinds that statements of a plan have, each with the severity of its
    /// findings if schema.yaml sets none.
    Risks(&'static [(RiskKind, Severity)]),
    /// Each migration as a whole.
    Migration(fn(&ReviewedMigration, &mut Vec<Draft>)),
}

impl Rule {
    /// Whether it is checked for a schema, and not for a plan or a migration.
    pub fn is_of_schema(&self) -> bool {
        matches!(self.check, Check::Schema(_) | Check::Table(_))
    }
}

impl Check {
    fn drafts(self, subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
        match self {
            Check::Schema(check) => check(subject, drafts),
            Check::Table(check) => {
                subject.schema.tables.values().for_each(|table| check(subject, table, drafts));
            }
            Check::Risks(_) | Check::Migration(_) => {}
        }
    }
}

/// Every rule, in the order in which they are listed.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// The findings of all rules in a normalized schema, without places. They are in the order of the
/// tables and then of the other objects, for each of them in the order of the rules and then of its
/// elements. `source` is what it was read as.
pub fn lint(
    schema: &Schema,
    source: &Loaded,
    server: &Server,
    settings: &Settings,
) -> Vec<Finding> {
    let subject = Subject::new(schema, source, server, settings);
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    for rule in RULES {
        let set = settings.rules.get(rule.name).copied();
        let Some(severity) = set.unwrap_or(rule.severity) else { continue };
        rule.check.drafts(&subject, &mut drafts);
        let set = set.flatten();
        findings.extend(drafts.drain(..).map(|draft| draft.finish(rule, severity, set)));
    }
    findings.sort_by_key(|finding| finding.element().map(|element| position(schema, element)));
    findings
}

/// The position of an element's table or object in the schema, for sorting.
fn position(schema: &Schema, element: &Element) -> (usize, usize) {
    match element {
        Element::Schema => (0, 0),
        Element::Object { kind, name } => {
            let name = ObjectName { kind: *kind, name: name.clone() };
            (2, schema.objects.get_index_of(&name).unwrap_or_default())
        }
        other => {
            let table = other.table_name().and_then(|name| schema.tables.get_index_of(name));
            (1, table.unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests;
