//! A comment for a pull request, in Markdown as GitHub and GitLab read it.

use super::FindingsReport;
use crate::diagnostic::{Severity, escape_controls};
use crate::finding::{Finding, Origin, Waived};
use crate::report::{count, one_line};

/// A comment has at most 65,536 characters. This many bytes are never more characters.
const MOST_BYTES: usize = 64_000;

/// How much of it the tables may take, so that something is left for the SQL.
const MOST_OF_TABLES: usize = 40_000;

/// SQL that a comment shows folded.
#[derive(Debug, Clone)]
pub struct SqlBlock {
    /// What it is: `To close it: 3 statements`.
    pub title: String,
    /// The statements.
    pub sql: String,
}

/// The comment: one line that says how it is, a table of what was found, one of the risks, and the
/// SQL, folded. Names and comments of the schema are text, whatever is in them.
pub fn markdown(report: &FindingsReport<'_>, sql: Option<&SqlBlock>) -> String {
    let mut text = format!(
        "### {} driftline {}: {}\n\n{}\n",
        badge(report),
        report.command,
        escaped(&report.summary),
        code(&report.subject),
    );
    let of_plan = |finding: &&Finding| finding.origin == Origin::Risk;
    let findings = report.worst_first();
    let (risks, others): (Vec<&Finding>, Vec<&Finding>) = findings.into_iter().partition(of_plan);
    if !others.is_empty() {
        let head = "\n|  | code | what | where |\n| --- | --- | --- | --- |\n";
        table(&mut text, head, &others, |finding| row(report, finding));
    }
    if !risks.is_empty() {
        let head = "\n**Risks**\n\n|  | risk | what |\n| --- | --- | --- |\n";
        table(&mut text, head, &risks, |finding| {
            format!("| {} | {} | {} |\n", sign(finding), finding.code, code(&finding.message))
        });
    }
    let waived: Vec<&Finding> = report.waived().map(|(finding, _)| finding).collect();
    if !waived.is_empty() {
        let head = "\n**Waived**\n\n|  | code | what | why |\n| --- | --- | --- | --- |\n";
        table(&mut text, head, &waived, |finding| {
            let why = finding.waived.as_deref().map(Waived::words).unwrap_or_default();
            let (what, why) = (code(&finding.message), code(&why));
            format!("| ✔️ | {} | {what} | {why} |\n", finding.code)
        });
    }
    if let Some(sql) = sql.filter(|it| !it.sql.is_empty()) {
        folded(&mut text, sql);
    }
    text
}

fn badge(report: &FindingsReport<'_>) -> &'static str {
    if report.count(Severity::Error) > 0 {
        "❌"
    } else if report.count(Severity::Warning) > 0 {
        "⚠️"
    } else {
        "✅"
    }
}

fn sign(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    }
}

fn row(report: &FindingsReport<'_>, finding: &Finding) -> String {
    let place = report.line_label(finding).map(|it| code(&it)).unwrap_or_default();
    let (sign, what) = (sign(finding), code(&finding.message));
    format!("| {sign} | {} | {what} | {place} |\n", finding.code)
}

/// Writes as many rows as there is room for, and says how many more there are.
fn table(text: &mut String, head: &str, findings: &[&Finding], row: impl Fn(&Finding) -> String) {
    text.push_str(head);
    for (number, finding) in findings.iter().enumerate() {
        let row = row(finding);
        if text.len() + row.len() > MOST_OF_TABLES {
            let more = count(findings.len() - number, "more", "more");
            text.push_str(&format!("\n… and {more}, for which there is no room here\n"));
            return;
        }
        text.push_str(&row);
    }
}

/// SQL that a reader unfolds. If there is no room for all of it, the beginning.
fn folded(text: &mut String, block: &SqlBlock) {
    let sql = escape_controls(&block.sql);
    // No line of the SQL may end the block.
    let longest = sql.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let head = format!("\n<details><summary>{}</summary>\n\n{fence}sql\n", escaped(&block.title));
    let cut = "-- the rest has no room here; `--format sql` prints all of it\n";
    let tail = format!("{fence}\n\n</details>\n");
    let room = MOST_BYTES.saturating_sub(text.len() + head.len() + cut.len() + tail.len());
    text.push_str(&head);
    if sql.len() <= room {
        text.push_str(&sql);
        if !sql.ends_with('\n') {
            text.push('\n');
        }
    } else {
        let mut end = room;
        while !sql.is_char_boundary(end) {
            end -= 1;
        }
        let end = sql[..end].rfind('\n').map_or(0, |newline| newline + 1);
        text.push_str(&sql[..end]);
        text.push_str(cut);
    }
    text.push_str(&tail);
}

/// A text from outside on one line, in which nothing is markup, a link or the name of a user.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// The longest text that one cell shows, in characters.
const MOST_OF_CELL: usize = 600;

/// Every ASCII character that may be markup as its number. Within `<code>` no service looks for users
/// and links.
fn escaped(text: &str) -> String {
    let line = one_line(text);
    let mut escaped = String::with_capacity(line.len());
    for (number, character) in line.chars().enumerate() {
        if number == MOST_OF_CELL {
            escaped.push('…');
            break;
        }
        match character {
            ' ' | '.' | ',' | '-' | '(' | ')' | '/' => escaped.push(character),
            other if other.is_ascii_punctuation() => {
                escaped.push_str(&format!("&#{};", u32::from(other)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}
