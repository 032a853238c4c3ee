//! A comparison as one HTML file for a reviewer. It needs nothing from outside: style, script and
//! diagram are in it, and its policy forbids to load anything or to run another script.

mod highlight;
mod side_by_side;
mod steps;
#[cfg(test)]
mod tests;

use askama::Template;
use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use super::graph::{diagram_style, diagram_svg_element};
use super::{
    DiagramColumns, DiagramOptions, DiagramStart, OpenDrift, ReportExtras, comparison_findings,
    contents, diagram, escape_controls, item_words, items, one_line, unseen_words,
};
use crate::compare::Comparison;
use crate::diagnostic::Severity;
use crate::finding::{Finding, Waived};
use crate::words::{UncertainWords, way_out};
use side_by_side::ComparedText;
use steps::{ReviewedStep, StepUndo};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page. The template escapes every text in it but those that `safe` marks.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    from: String,
    to: String,
    server: String,
    about: Vec<String>,
    policy: String,
    style: String,
    script: &'static str,
    badge: Badge,
    counts: Vec<(String, &'static str)>,
    attention: Vec<Attention>,
    notes: Vec<String>,
    /// What is waived, each with the reason.
    waived: Vec<String>,
    svg: Option<String>,
    steps: Vec<ReviewedStep>,
    session: Vec<highlight::SqlLine>,
    session_after: Vec<highlight::SqlLine>,
    tables: Vec<ComparedText>,
    findings: Vec<ShownFinding>,
    unmigrated: &'a [String],
    filters: Filters,
    compared: String,
}

/// The answer in a few words, and how it is coloured.
struct Badge {
    class: &'static str,
    words: &'static str,
}

/// A risk that destroys data or a step that can't be undone, with the number of its step.
struct Attention {
    step: usize,
    table: String,
    kind: &'static str,
    words: String,
}

struct ShownFinding {
    severity: &'static str,
    /// Why it doesn't count; empty if it does.
    waived: String,
    code: &'static str,
    table: String,
    place: String,
    message: String,
    why: String,
    help: Vec<String>,
}

/// What can be chosen.
struct Filters {
    tables: Vec<String>,
    risks: Vec<&'static str>,
}

/// What `check` and `diff` print with `--format html`.
pub fn comparison_html(comparison: &Comparison, extra: &ReportExtras) -> askama::Result<String> {
    let steps = steps::all(comparison);
    let tables = side_by_side::all(comparison);
    let findings = findings(comparison, extra);
    let filters = Filters::of(&steps, &tables, &findings);
    let (from, to) = (one_line(&comparison.from.label), one_line(&comparison.to.label));
    let session = &comparison.plan.session;
    let lines = |statements: &[crate::ddl::Sql]| {
        let text: String = statements.iter().map(super::sql::printed).collect();
        highlight::lines(&text, comparison.server)
    };
    let page = Page {
        title: format!("{from} → {to}"),
        about: about(comparison),
        server: comparison.server.to_string(),
        policy: policy(),
        style: format!("{}{STYLE}", diagram_style()),
        script: SCRIPT,
        badge: badge(comparison, extra, &steps),
        counts: counts(comparison, extra, &steps),
        attention: attention(&steps),
        notes: notes(comparison, &OpenDrift::of(comparison, &extra.aside)),
        waived: waived(comparison, extra).iter().map(waived_words).collect(),
        svg: svg(comparison),
        session: lines(&session.before),
        session_after: lines(&session.after),
        unmigrated: extra.unmigrated,
        compared: contents(&comparison.counts()),
        from,
        to,
        steps,
        tables,
        findings,
        filters,
    };
    page.render()
}

fn about(comparison: &Comparison) -> Vec<String> {
    let lines = comparison.about_rules().into_iter().chain(comparison.context.assumed.clone());
    lines.map(|line| one_line(&line)).collect()
}

/// Only the style and the script of the page itself are allowed.
fn policy() -> String {
    let script = base64(&Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
         script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [0, 1, 2].map(|at| u32::from(chunk.get(at).copied().unwrap_or(0)));
        let bits = three[0] << 16 | three[1] << 8 | three[2];
        for at in 0..4 {
            let digit = (bits >> (18 - 6 * at) & 63) as usize;
            text.push(if at <= chunk.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    text
}

fn badge(comparison: &Comparison, extra: &ReportExtras, steps: &[ReviewedStep]) -> Badge {
    let open = OpenDrift::of(comparison, &extra.aside);
    let (class, words) = if steps.iter().any(|step| step.severity == "error") {
        ("error", "destroys data")
    } else if !open.items.is_empty() {
        ("warning", "differs")
    } else if !open.is_none() {
        ("warning", "not everything could be compared")
    } else if !extra.unmigrated.is_empty() {
        ("warning", "changes without a migration")
    } else if !comparison.is_in_sync() {
        ("ok", "nothing but what is waived")
    } else {
        ("ok", "in sync")
    };
    Badge { class, words }
}

/// The numbers at the top, each with its words.
fn counts(
    comparison: &Comparison,
    extra: &ReportExtras,
    steps: &[ReviewedStep],
) -> Vec<(String, &'static str)> {
    let difference = &comparison.difference;
    let waived = waived(comparison, extra);
    let destroying = steps.iter().filter(|step| step.severity == "error").count();
    let for_good = steps.iter().filter(|step| !step.undo.is_whole()).count();
    let all = [
        (items(difference, &comparison.server).len(), "difference", "differences"),
        (steps.len(), "step", "steps"),
        (destroying, "destroys data", "destroy data"),
        (for_good, "can't be undone completely", "can't be undone completely"),
        (difference.uncertain.len(), "uncertain", "uncertain"),
        (comparison.unseen.len(), "not seen", "not seen"),
        (difference.unsupported.len(), "unsupported", "unsupported"),
        (extra.findings.len(), "finding", "findings"),
        (waived.len(), "waived", "waived"),
    ];
    let shown = all.into_iter().enumerate().filter(|(at, it)| *at < 2 || it.0 > 0);
    shown
        .map(|(_, (number, one, many))| (number.to_string(), if number == 1 { one } else { many }))
        .collect()
}

fn attention(steps: &[ReviewedStep]) -> Vec<Attention> {
    let mut attention = Vec::new();
    for step in steps {
        let about = |kind, words: &str| Attention {
            step: step.number,
            table: step.table.clone(),
            kind,
            words: words.to_owned(),
        };
        let risks = step.risks.iter().filter(|risk| risk.destroys_data);
        attention.extend(risks.map(|risk| about(risk.kind, &risk.message)));
        if let StepUndo::Impossible(why) = &step.undo {
            attention.push(about("can't be undone", why));
        }
    }
    attention
}

/// What is said about the comparison besides its statements.
fn notes(comparison: &Comparison, open: &OpenDrift<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for uncertain in &open.uncertain {
        let words = UncertainWords::of(uncertain);
        notes.push(format!(
            "can't compare the {}: {} / {} ({})",
            words.subject,
            words.from,
            words.to,
            way_out(uncertain)
        ));
    }
    notes.extend(open.unseen.iter().map(|it| format!("uncertain: {}", unseen_words(it))));
    for it in &open.unsupported {
        let clauses = it.clauses.join(", ");
        notes.push(format!("{} {} is not compared: {clauses} is unsupported", it.kind, it.name));
    }
    let said = [&comparison.from.notes, &comparison.to.notes, &comparison.notes];
    for note in said.into_iter().flatten() {
        let label = note.primary.iter().map(|label| label.text.as_str());
        let words: Vec<&str> = label.chain(note.help.iter().map(String::as_str)).collect();
        notes.push(format!("{} {}", note.title, words.join("; ")));
    }
    if comparison.plan.steps.is_empty() {
        notes.extend(open.items.iter().map(item_words));
    }
    notes.iter().map(|note| one_line(note)).collect()
}

/// The tables that differ and those next to them. `None` if no table differs.
fn svg(comparison: &Comparison) -> Option<String> {
    let options = DiagramOptions {
        start: DiagramStart::Changed,
        depth: 1,
        columns: DiagramColumns::Keys,
        each: false,
    };
    let diagram = diagram(comparison, &options);
    (!diagram.nodes.is_empty()).then(|| diagram_svg_element(&diagram))
}

fn findings(comparison: &Comparison, extra: &ReportExtras) -> Vec<ShownFinding> {
    let place = |finding: &Finding| match finding.primary.span {
        Some(span) => comparison.to.files.line_label(span),
        None => finding.element().map(ToString::to_string).unwrap_or_default(),
    };
    let shown = extra.findings.iter().map(|finding| ShownFinding {
        severity: severity_word(finding.severity),
        waived: one_line(&finding.waived.as_deref().map(Waived::words).unwrap_or_default()),
        code: finding.code,
        table: one_line(finding.element().and_then(|it| it.table_name()).unwrap_or_default()),
        place: one_line(&place(finding)),
        message: one_line(&finding.message),
        why: one_line(&finding.why),
        help: finding.help.iter().map(|line| escape_controls(line)).collect(),
    });
    shown.collect()
}

/// All findings that are waived.
fn waived(comparison: &Comparison, extra: &ReportExtras) -> Vec<Finding> {
    if extra.aside.is_empty() && extra.findings.iter().all(|finding| finding.waived.is_none()) {
        return Vec::new();
    }
    let findings = comparison_findings(comparison, extra);
    findings.into_iter().filter(|finding| finding.waived.is_some()).collect()
}

fn waived_words(finding: &Finding) -> String {
    let why = finding.waived.as_deref().map(Waived::words).unwrap_or_default();
    one_line(&format!("{}: {}; {why}", finding.code, finding.message))
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

impl Filters {
    fn of(steps: &[ReviewedStep], texts: &[ComparedText], findings: &[ShownFinding]) -> Filters {
        let of_steps = steps.iter().map(|step| &step.table);
        let of_texts = texts.iter().map(|text| &text.table);
        let of_findings = findings.iter().map(|finding| &finding.table);
        let mut tables: IndexMap<&str, ()> = IndexMap::new();
        tables.extend(of_steps.chain(of_texts).chain(of_findings).map(|it| (it.as_str(), ())));
        tables.sort_unstable_keys();
        let mut risks: Vec<&'static str> =
            steps.iter().flat_map(|step| &step.risks).map(|risk| risk.kind).collect();
        risks.sort_unstable();
        risks.dedup();
        let named = tables.into_keys().filter(|name| !name.is_empty());
        Filters { tables: named.map(str::to_owned).collect(), risks }
    }
}
