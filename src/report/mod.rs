//! How a comparison, a plan and findings are shown to people and to programs.
//!
//! Every format reads the same [`Comparison`](crate::compare::Comparison) and the same
//! [`ReportItem`]s. No format decides anything.

mod alembic_revision;
pub mod ci;
mod class;
mod codes;
mod differing;
mod explain;
mod findings;
mod graph;
mod html;
mod items;
mod json;
mod json_of_one;
mod listing;
mod migration_files;
mod object_listing;
mod open_drift;
mod ping;
mod python;
mod self_check;
mod sql;
mod summary;
mod text;
mod unified;
mod ways_out;

pub use crate::diagnostic::{escape_controls, one_line, without_commands};
pub use alembic_revision::{RevisionHeader, alembic_revision, empty_alembic_revision};
pub use codes::{CodePage, code_page, codes};
pub use explain::{explanation_json, explanation_text};
pub use findings::{
    comparison_findings, drift_findings, error_findings, risk_findings, unmigrated_findings,
};
pub use graph::{
    Diagram, DiagramColumns, DiagramEdge, DiagramKey, DiagramNode, DiagramOptions, DiagramRow,
    DiagramStart, MOST_TABLES, diagram, diagram_dot, diagram_mermaid, diagram_svg,
};
pub use html::comparison_html;
pub use items::{ItemSign, ReportItem, items};
pub use json::{JSON_VERSION, comparison_json, errors_json};
pub use json_of_one::{inventory_json, lint_json};
pub use listing::{Inventory, inventory};
pub use migration_files::{MigrationHeader, down_sql, up_sql};
pub use open_drift::OpenDrift;
pub use ping::{PingReport, ping_json, ping_text};
pub use self_check::{self_check_json, self_check_text};
pub use sql::{comment, plan_sql, styled_plan_sql};
pub use summary::{found_words, lint_summary, summary_words};
pub use text::{
    ReportExtras, Statements, alembic_words, comparison_text, item_words, lint_text, risk_text,
    text_after_comparison, unseen_words,
};
pub use unified::{styled_unified, text_diff, unified};

use crate::model::SchemaCounts;

/// `1 index`, `2 indexes`: a count with its noun.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The counts in words: `4 tables, 16 indexes, 3 foreign keys and 2 views`.
pub fn contents(counts: &SchemaCounts) -> String {
    let mut words = vec![
        count(counts.tables, "table", "tables"),
        count(counts.indexes, "index", "indexes"),
        count(counts.foreign_keys, "foreign key", "foreign keys"),
    ];
    let objects = counts.objects.iter();
    words.extend(objects.map(|(kind, number)| count(*number, kind.noun(), kind.section())));
    let last = words.pop().unwrap_or_default();
    format!("{} and {last}", words.join(", "))
}
