//! A comparison and findings as text for a terminal.

use std::collections::HashMap;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indexmap::{IndexMap, IndexSet};

use super::differing::shown_pair;
use super::findings::edit_words;
use super::items::group_of;
use super::sql::{risk_style, styled_plan_sql};
use super::unified::changed_lines;
use super::{ItemSign, ReportItem, contents, count, items, one_line};
use crate::compare::{Comparison, RulesFrom, Unseen, place_in};
use crate::diagnostic::{Severity, render};
use crate::diff::{Change, Difference, TableChange, Uncertain};
use crate::finding::{Confidence, DriftClass, FileEdit, Finding};
use crate::lint::{self, IndexRelation};
use crate::model::{Element, Index};
use crate::plan::Risk;
use crate::source::Loaded;
use crate::words::{Field, UncertainWords, way_out};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// What is shown besides the comparison itself.
#[derive(Debug, Default)]
pub struct ReportExtras<'a> {
    /// The name for the old side: `the database`.
    pub old_noun: &'a str,
    /// The findings of the lint rules.
    pub findings: &'a [Finding],
    /// Changes of schema.yaml that no migration contains yet, one line each.
    pub unmigrated: &'a [String],
    /// Whether the ways to close each difference are shown.
    pub shows_ways_out: bool,
    /// How the statements that close the difference are shown.
    pub statements: Statements<'a>,
    /// How long it took. Left out if the text must be the same every time.
    pub elapsed: Option<Duration>,
}

/// How a report for people shows the statements. If it shows them, it does so once, in the order in
/// which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Statements<'a> {
    /// All of them, with what each does and risks.
    #[default]
    Shown,
    /// Only their number and their risks, and these words on how to get them (`--format sql` prints
    /// the SQL).
    Counted(&'a str),
    /// Not at all, because nobody is supposed to run them.
    LeftOut,
}

/// The whole report of `check` and `diff --format text`, with ANSI styles.
pub fn comparison_text(comparison: &Comparison, extra: &ReportExtras) -> String {
    let mut text = heading(comparison);
    let items = items(&comparison.difference, &comparison.server);
    for (table, lines) in lines_by_table(&items, comparison, extra) {
        text.push_str(&format!("\n{BOLD}{}{BOLD:#}\n", one_line(&table)));
        text.push_str(&lines);
    }
    text.push_str(&unsupported(comparison));
    text.push_str(&unseen(comparison));
    text.push_str(&statements(comparison, extra.statements));
    if extra.shows_ways_out {
        text.push_str(&other_ways_out(&items, &comparison.to.label));
    }
    text.push_str(&text_after_comparison(comparison, extra));
    text.push_str(&summary(comparison, &items, extra));
    text
}

/// What follows the comparison: changes without a migration, and findings.
pub fn text_after_comparison(comparison: &Comparison, extra: &ReportExtras) -> String {
    let mut text = String::new();
    if !extra.unmigrated.is_empty() {
        text.push_str(&format!(
            "\n{BOLD}changes of {} without a migration{BOLD:#} (`driftline generate`)\n",
            one_line(&comparison.to.label)
        ));
        for line in extra.unmigrated {
            text.push_str(&format!("  {}\n", one_line(line)));
        }
    }
    for finding in extra.findings {
        text.push('\n');
        text.push_str(&render(&finding.as_diagnostic(), &comparison.to.files, true));
    }
    text
}

/// An element that differs, on one line, if nothing else about it is shown.
pub fn item_words(item: &ReportItem) -> String {
    let fields: Vec<&str> = item.fields.iter().map(|field| field.name).collect();
    let fields = if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) };
    format!("{} {}: {}{fields}", item.sign.symbol(), item.table, item.subject)
}

/// The report of `lint`. `contents` says what was looked at: `12 tables`.
pub fn lint_text(loaded: &Loaded, findings: &[Finding], contents: &str) -> String {
    let mut text = String::new();
    for finding in findings {
        text.push_str(&render(&finding.as_diagnostic(), &loaded.files, true));
        text.push('\n');
    }
    let found = found_words(findings);
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    text.push_str(&format!("{found} · {contents}\n"));
    text
}

fn heading(comparison: &Comparison) -> String {
    let (from, to) = (one_line(&comparison.from.label), one_line(&comparison.to.label));
    let assumed = match comparison.rules_from {
        RulesFrom::Nothing => ", assumed",
        RulesFrom::Flavor | RulesFrom::From | RulesFrom::To => "",
    };
    let mut text = format!("{from} ({}{assumed}) against {to}\n", comparison.server);
    for line in comparison.about_rules() {
        text.push_str(&format!("{DIM}{}{DIM:#}\n", one_line(&line)));
    }
    if let Some(revisions) = comparison.from.alembic.as_ref().filter(|it| !it.is_empty()) {
        text.push_str(&format!("{DIM}{}{DIM:#}\n", alembic_words(revisions)));
    }
    if let Some(note) = &comparison.context.assumed {
        text.push_str(&format!("{DIM}{}{DIM:#}\n", one_line(note)));
    }
    text
}

/// Where Alembic says that a database is.
pub fn alembic_words(revisions: &[String]) -> String {
    match revisions {
        [] => "Alembic's table names no revision".to_owned(),
        [one] => one_line(&format!("Alembic is at {one}")),
        several => one_line(&format!(
            "Alembic is at {}: its branches aren't merged",
            several.join(" and ")
        )),
    }
}

/// The lines about each table, in the order in which the tables first appear.
fn lines_by_table(
    items: &[ReportItem],
    comparison: &Comparison,
    extra: &ReportExtras,
) -> IndexMap<String, String> {
    let mut tables: IndexMap<String, String> = IndexMap::new();
    let dropped = DroppedIndexes::of(&comparison.difference);
    for item in items {
        let lines = tables.entry(item.table.clone()).or_default();
        lines.push_str(&item_text(item, &dropped, comparison, extra));
    }
    for uncertain in &comparison.difference.uncertain {
        let lines = tables.entry(group_of(&uncertain.element)).or_default();
        lines.push_str(&uncertain_line(uncertain, comparison, extra));
    }
    tables
}

fn item_text(
    item: &ReportItem,
    dropped: &DroppedIndexes<'_>,
    comparison: &Comparison,
    extra: &ReportExtras,
) -> String {
    let style = match item.sign {
        ItemSign::Added => AnsiColor::Green.on_default(),
        ItemSign::Removed => AnsiColor::Red.on_default(),
        ItemSign::Changed => AnsiColor::Yellow.on_default(),
    };
    let old = extra.old_noun;
    let place =
        place_in(&comparison.to, &item.element).unwrap_or_else(|| comparison.to.label.clone());
    let state = match item.sign {
        ItemSign::Added => format!("in {place}, not in {old}"),
        ItemSign::Removed => format!("in {old}, not in {}", comparison.to.label),
        ItemSign::Changed if item.class == DriftClass::Cosmetic => "cosmetic".to_owned(),
        ItemSign::Changed => String::new(),
    };
    let subject = format!("{} {}", item.sign.symbol(), item.subject);
    let mut text = if state.is_empty() {
        format!("  {style}{}{style:#}\n", one_line(&subject))
    } else {
        format!("  {style}{:<50}{style:#}  {}\n", one_line(&subject), one_line(&state))
    };
    for field in &item.fields {
        for line in field_lines(field, &place, old) {
            text.push_str(&format!("{}\n", one_line(&format!("      {line}"))));
        }
    }
    if let Some(line) = redundancy(item, dropped, comparison) {
        text.push_str(&format!("      {}\n", one_line(&line)));
    }
    if let (true, Some(edit)) = (extra.shows_ways_out, &item.keep)
        && *edit != FileEdit::Remove
    {
        let line = format!("to keep it: {}", edit_words(edit));
        text.push_str(&format!("      {DIM}{}{DIM:#}\n", one_line(&line)));
    }
    text
}

/// The maximum number of lines that are shown of two differing texts.
const SHOWN_LINES: usize = 20;

/// Both values of a clause. Of texts with many lines, only the differing lines are shown, because
/// the statement shows the rest.
fn field_lines(field: &Field, place: &str, old: &str) -> Vec<String> {
    let Field { name: field, from, to } = field;
    if !(from.contains('\n') && to.contains('\n')) {
        let [from, to] = shown_pair(from, to);
        return vec![format!("{field}: {place} says {to}, {old} has {from}")];
    }
    let changed = changed_lines(from, to);
    let more = changed.len().saturating_sub(SHOWN_LINES);
    let mut lines = vec![format!("{field}: {old} and {place} differ")];
    lines.extend(changed.iter().take(SHOWN_LINES).map(|line| format!("  {line}")));
    if more > 0 {
        lines.push(format!("  … {}", super::count(more, "more line", "more lines")));
    }
    lines
}

/// The indexes that only the old side has, by the new name of their table and their own name.
struct DroppedIndexes<'d>(HashMap<(&'d str, &'d str), &'d Index>);

impl<'d> DroppedIndexes<'d> {
    fn of(difference: &'d Difference) -> Self {
        let mut dropped = HashMap::new();
        for change in &difference.changes {
            let Change::AlterTable { to, changes, .. } = change else { continue };
            for change in changes {
                if let TableChange::DropIndex(index) = change {
                    dropped.insert((to.name.as_str(), index.name.as_str()), index);
                }
            }
        }
        DroppedIndexes(dropped)
    }
}

/// Says which other index makes an index redundant, for an index that only the old side has.
fn redundancy(
    item: &ReportItem,
    dropped: &DroppedIndexes<'_>,
    comparison: &Comparison,
) -> Option<String> {
    let Element::Index { index, .. } = &item.element else { return None };
    if item.sign != ItemSign::Removed {
        return None;
    }
    let index = dropped.0.get(&(item.table.as_str(), index.as_str()))?;
    let table = comparison.new.table(&item.table)?;
    let redundancy = lint::redundant_to(table, index)?;
    let survivor = Element::index(&item.table, &redundancy.survivor);
    let place = comparison.place(&survivor).map(|at| format!(" ({at})")).unwrap_or_default();
    let survivor = format!("{}{place}", redundancy.survivor);
    Some(match (redundancy.relation, redundancy.confidence) {
        (IndexRelation::Same, Confidence::Certain) => {
            format!("drop loses nothing: same as {survivor}")
        }
        (IndexRelation::Same, Confidence::Probable) => format!("the same as {survivor}"),
        (IndexRelation::SameColumns, _) => format!("on the same columns as {survivor}"),
        (IndexRelation::SamePrimaryKeyAppended, _) => {
            format!("the same as {survivor}, the primary key being part of every index")
        }
        (IndexRelation::Backwards, _) => format!("the same as {survivor}, read backwards"),
        (IndexRelation::Prefix, _) => {
            format!("a prefix of {survivor}, which serves what it serves")
        }
    })
}

fn uncertain_line(uncertain: &Uncertain, comparison: &Comparison, extra: &ReportExtras) -> String {
    let place =
        place_in(&comparison.to, &uncertain.element).unwrap_or_else(|| comparison.to.label.clone());
    let words = UncertainWords::of(uncertain);
    let [from, to] = shown_pair(&words.from, &words.to);
    let line = format!(
        "  ? {}: can't compare; {place} says {to}, {} has {from} ({})",
        words.subject,
        extra.old_noun,
        way_out(uncertain),
    );
    format!("{}\n", one_line(&line))
}

/// A risk on a line of its own, with ANSI styles.
pub fn risk_text(risk: &Risk) -> String {
    let destroys_data = risk.kind.destroys_data();
    let style = risk_style(destroys_data);
    let words = if destroys_data { "destroys data: " } else { "" };
    format!("  {style}! {words}{}{style:#}\n", one_line(&risk.message))
}

/// The notes on changes that look like undeclared renames.
fn notes_text(comparison: &Comparison) -> String {
    let notes = comparison.notes.iter();
    notes.map(|note| format!("\n{}", render(note, &comparison.to.files, true))).collect()
}

/// The statements that close the difference, or what is said about them instead.
fn statements(comparison: &Comparison, statements: Statements<'_>) -> String {
    let plan = &comparison.plan;
    let way = match statements {
        Statements::Shown if !plan.steps.is_empty() => {
            return format!("\n{BOLD}To close it{BOLD:#}\n\n{}", styled_plan_sql(comparison));
        }
        Statements::LeftOut => return String::new(),
        Statements::Counted(way) => way,
        Statements::Shown => "",
    };
    let mut text = notes_text(comparison);
    if plan.steps.is_empty() {
        return text;
    }
    let number = count(plan.steps.len(), "statement", "statements");
    text.push_str(&format!("\n{BOLD}To close it{BOLD:#}: {number}; {way}\n"));
    for step in &plan.steps {
        for risk in &step.risks {
            text.push_str(&risk_text(risk));
        }
    }
    text
}

/// The ways to close the difference besides the statements, once for all of it.
fn other_ways_out(items: &[ReportItem], file: &str) -> String {
    let mut text = String::new();
    let edits: Vec<&FileEdit> = items.iter().filter_map(|item| item.keep.as_ref()).collect();
    if !edits.is_empty() {
        let removes = edits.iter().any(|edit| **edit == FileEdit::Remove);
        let goes = if removes { ", what has a + goes from it" } else { "" };
        let line = format!("edit {file}{goes}; `driftline pull` writes all that is there");
        text.push_str(&format!("{BOLD}To keep it{BOLD:#}: {}\n", one_line(&line)));
    }
    let accepting: IndexSet<&str> = items.iter().filter_map(|it| it.accept.as_deref()).collect();
    if accepting.is_empty() {
        return text;
    }
    let more = accepting.len().saturating_sub(SHOWN_SETTINGS);
    let mut lines: Vec<String> =
        accepting.iter().take(SHOWN_SETTINGS).map(|line| format!("`{line}`")).collect();
    if more > 0 {
        lines.push(super::count(more, "more", "more"));
    }
    let line = format!("{} in {file}", lines.join(", "));
    text.push_str(&format!("{BOLD}To accept it{BOLD:#}: {}\n", one_line(&line)));
    text
}

/// The maximum number of settings that are shown to accept a difference.
const SHOWN_SETTINGS: usize = 3;

fn unsupported(comparison: &Comparison) -> String {
    let mut text = String::new();
    let objects = &comparison.difference.unsupported;
    for table in objects.iter().filter(|object| object.kind == "table") {
        let line = format!(
            "\n{BOLD}{}{BOLD:#}\n  ? not compared, and never altered: {} is unsupported\n",
            one_line(&table.name),
            one_line(&table.clauses.join(", "))
        );
        text.push_str(&line);
    }
    let mut kinds: Vec<&str> = Vec::new();
    for object in objects.iter().filter(|object| object.kind != "table") {
        if !kinds.contains(&object.kind) {
            kinds.push(object.kind);
        }
    }
    for kind in kinds {
        let names: Vec<String> = objects
            .iter()
            .filter(|object| object.kind == kind)
            .map(|object| match object.clauses.first() {
                Some(reason) => format!("{}: {reason}", object.name),
                None => object.name.clone(),
            })
            .collect();
        let counted = count(names.len(), kind, &plural(kind));
        text.push_str(&format!(
            "\n{DIM}not compared: {counted} ({}){DIM:#}\n",
            one_line(&names.join(", "))
        ));
    }
    text
}

/// What is uncertain because the account can't see it.
fn unseen(comparison: &Comparison) -> String {
    if comparison.unseen.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{BOLD}uncertain{BOLD:#}\n");
    for it in &comparison.unseen {
        text.push_str(&format!("  ? {}\n", unseen_words(it)));
    }
    text
}

/// What can't be seen and why, on one line.
pub fn unseen_words(unseen: &Unseen) -> String {
    one_line(&format!("{}: {}", unseen.element, unseen.reason))
}

fn plural(kind: &str) -> String {
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{kind}s"),
    }
}

/// `1 error`, `3 warnings`: how many findings there are of each severity.
pub fn found_words(findings: &[Finding]) -> Vec<String> {
    let number = |severity| findings.iter().filter(|it| it.severity == severity).count();
    [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ]
    .into_iter()
    .filter(|(severity, _, _)| number(*severity) > 0)
    .map(|(severity, one, many)| count(number(severity), one, many))
    .collect()
}

/// `3 drifts (1 missing, 1 extra, 1 cosmetic)`
fn drift_words(items: &[ReportItem]) -> String {
    let number = |class| items.iter().filter(|item| item.class == class).count();
    let classes: Vec<String> = DriftClass::ALL
        .into_iter()
        .filter(|class| number(*class) > 0)
        .map(|class| format!("{} {}", number(class), class.word()))
        .collect();
    format!("{} ({})", count(items.len(), "drift", "drifts"), classes.join(", "))
}

/// How many drifts and findings there are: `2 drifts (1 missing, 1 extra), 3 warnings`, `in sync`.
pub fn summary_words(comparison: &Comparison, extra: &ReportExtras) -> String {
    summary_of(comparison, &items(&comparison.difference, &comparison.server), extra)
}

fn summary_of(comparison: &Comparison, items: &[ReportItem], extra: &ReportExtras) -> String {
    let difference = &comparison.difference;
    let mut words = Vec::new();
    if !items.is_empty() {
        words.push(drift_words(items));
    }
    if !difference.uncertain.is_empty() {
        words.push(format!("{} that can't be compared", difference.uncertain.len()));
    }
    if !comparison.unseen.is_empty() {
        words.push(format!("{} that can't be seen", comparison.unseen.len()));
    }
    let tables = difference.unsupported.iter().filter(|it| it.kind == "table").count();
    if tables > 0 {
        words.push(format!("{} unsupported", count(tables, "table", "tables")));
    }
    if !extra.unmigrated.is_empty() {
        words.push(count(
            extra.unmigrated.len(),
            "change without a migration",
            "changes without a migration",
        ));
    }
    words.extend(found_words(extra.findings));
    if words.is_empty() {
        words.push("in sync".to_owned());
    }
    words.join(", ")
}

fn summary(comparison: &Comparison, items: &[ReportItem], extra: &ReportExtras) -> String {
    let words = summary_of(comparison, items, extra);
    let counts = comparison.counts();
    let elapsed =
        extra.elapsed.map(|time| format!(" in {} ms", time.as_millis())).unwrap_or_default();
    let compared = contents(&counts);
    format!("\n{BOLD}{words}{BOLD:#} · {compared} compared{elapsed}\n")
}
