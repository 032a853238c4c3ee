//! What `inspect --self-check` prints.

use serde::Serialize;
use similar::TextDiff;

use super::json::{JSON_VERSION, ServerJson, SideJson, print, server_json};
use super::{ItemSign, ReportItem, count, escape_controls, items, one_line};
use crate::self_check::{Checked, SelfCheck, Verdict, VerdictCounts};
use crate::source::Loaded;
use crate::words::UncertainWords;

/// A section for each table that doesn't match, with what differs and both texts. The counts come
/// last.
pub fn self_check_text(loaded: &Loaded, check: &SelfCheck) -> String {
    let mut text = format!("{} ({})\n", one_line(&loaded.label), check.server);
    let items = items(&check.difference, &check.server);
    for table in &check.tables {
        let Some(title) = title(table) else { continue };
        text.push_str(&format!("\n{title}\n"));
        for clause in clauses(table, check, &items) {
            text.push_str(&format!("  {}\n", one_line(&clause)));
        }
        if matches!(table.verdict, Verdict::Different(_)) {
            text.push_str(&escape_controls(&unified(table)));
        }
    }
    let VerdictCounts { equal, spelling, different, unsupported } = check.counts();
    text.push_str(&format!(
        "\n{}: {equal} equal, {spelling} equal except for spelling, {different} different, \
         {unsupported} unsupported\n",
        count(check.tables.len(), "table", "tables"),
    ));
    text
}

fn title(table: &Checked) -> Option<String> {
    let name = one_line(&table.name);
    match table.verdict {
        Verdict::Equal | Verdict::Spelling => None,
        Verdict::Different(_) => {
            Some(format!("table {name} is not read as SHOW CREATE TABLE has it"))
        }
        Verdict::Unsupported(_) => Some(format!("table {name} is unsupported")),
    }
}

/// What `inspect --self-check --format json` prints.
pub fn self_check_json(loaded: &Loaded, check: &SelfCheck) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        version: u32,
        source: SideJson<'a>,
        server: ServerJson,
        counts: VerdictCounts,
        tables: Vec<TableJson<'a>>,
    }
    #[derive(Serialize)]
    struct TableJson<'a> {
        name: &'a str,
        verdict: &'static str,
        clauses: Vec<String>,
        diff: String,
    }
    let items = items(&check.difference, &check.server);
    let tables = check.tables.iter().filter_map(|table| {
        let verdict = match table.verdict {
            Verdict::Equal => return None,
            Verdict::Spelling => "spelling",
            Verdict::Different(_) => "different",
            Verdict::Unsupported(_) => "unsupported",
        };
        let clauses = clauses(table, check, &items);
        Some(TableJson { name: &table.name, verdict, clauses, diff: unified(table) })
    });
    print(&Document {
        version: JSON_VERSION,
        source: SideJson { label: &loaded.label },
        server: server_json(&check.server),
        counts: check.counts(),
        tables: tables.collect(),
    })
}

/// What differs, or the clauses that the model doesn't hold.
fn clauses(table: &Checked, check: &SelfCheck, items: &[ReportItem]) -> Vec<String> {
    let said = match &table.verdict {
        Verdict::Equal | Verdict::Spelling => return Vec::new(),
        Verdict::Unsupported(clauses) => return clauses.clone(),
        Verdict::Different(said) => said,
    };
    let mut clauses = said.clone();
    for item in items.iter().filter(|item| item.table == table.name) {
        let subject = &item.subject;
        match item.sign {
            ItemSign::Added => clauses.push(format!("{subject}: shown and not read")),
            ItemSign::Removed => clauses.push(format!("{subject}: read and not shown")),
            ItemSign::Changed => clauses.extend(item.fields.iter().map(|field| {
                format!("{subject}: {} read as {}, shown as {}", field.name, field.from, field.to)
            })),
        }
    }
    let uncertain = check.difference.uncertain.iter();
    for it in uncertain.filter(|it| it.element.table_name() == Some(&table.name)) {
        let UncertainWords { clause, from, to, .. } = UncertainWords::of(it);
        clauses.push(format!("{}: {clause} read as {from}, shown as {to}", it.element));
    }
    clauses
}

fn unified(table: &Checked) -> String {
    let (written, shown) = (format!("{}\n", table.written), format!("{}\n", table.shown));
    let diff = TextDiff::from_lines(&written, &shown);
    diff.unified_diff().context_radius(3).header("as read", "SHOW CREATE TABLE").to_string()
}
