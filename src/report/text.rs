//! A comparison and findings as text for a terminal.

use std::collections::HashMap;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indexmap::{IndexMap, IndexSet};

use super::differing::shown_pair;
use super::findings::edit_words;
use super::items::group_of;
use super::sql::{risk_style, styled_plan_sql};
use super::summary::{lint_summary, summary_of};
use super::unified::changed_lines;
use super::{ItemSign, OpenDrift, ReportItem, contents, count, one_line};
use crate::compare::{Comparison, RulesFrom, Unseen, place_in};
use crate::diagnostic::render;
use crate::diff::{Change, Difference, TableChange, Uncertain};
use crate::finding::{Confidence, DriftClass, FileEdit, Finding, SetAside};
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
    /// The findings of the lint rules, each with its waiver.
    pub findings: &'a [Finding],
    /// The drift that doesn't count.
    pub aside: SetAside,
    /// The commit since which only changes are looked at.
    pub since: Option<&'a str>,
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
    let open = OpenDrift::of(comparison, &extra.aside);
    for (table, lines) in lines_by_table(&open, comparison, extra) {
        text.push_str(&format!("\n{BOLD}{}{BOLD:#}\n", one_line(&table)));
        text.push_str(&lines);
    }
    text.push_str(&unsupported(&open));
    text.push_str(&unseen(&open));
    text.push_str(&statements(comparison, &open, extra.statements));
    if extra.shows_ways_out {
        text.push_str(&other_ways_out(&open.items, &comparison.to.label));
    }
    text.push_str(&text_after_comparison(comparison, extra));
    text.push_str(&summary(comparison, &open, extra));
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
    for finding in extra.findings.iter().filter(|finding| finding.waived.is_none()) {
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

/// The report of `lint`. `contents` says what was looked at: `12 tables`; `since` is the commit since
/// which only changes are.
pub fn lint_text(
    loaded: &Loaded,
    findings: &[Finding],
    since: Option<&str>,
    contents: &str,
) -> String {
    let mut text = String::new();
    for finding in findings.iter().filter(|finding| finding.waived.is_none()) {
        text.push_str(&render(&finding.as_diagnostic(), &loaded.files, true));
        text.push('\n');
    }
    text.push_str(&format!("{} · {contents}\n", lint_summary(findings, since)));
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
    open: &OpenDrift<'_>,
    comparison: &Comparison,
    extra: &ReportExtras,
) -> IndexMap<String, String> {
    let mut tables: IndexMap<String, String> = IndexMap::new();
    let dropped = DroppedIndexes::of(&comparison.difference);
    for item in &open.items {
        let lines = tables.entry(item.table.clone()).or_default();
        lines.push_str(&item_text(item, &dropped, comparison, extra));
    }
    for uncertain in &open.uncertain {
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
fn statements(comparison: &Comparison, open: &OpenDrift<'_>, statements: Statements<'_>) -> String {
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
    if plan.steps.is_empty() || open.items.is_empty() {
        return text;
    }
    let number = count(plan.steps.len(), "statement", "statements");
    // The plan leads to the desired schema, whatever is waived or hasn't changed.
    let what = if open.is_all { "it" } else { "all drift" };
    text.push_str(&format!("\n{BOLD}To close {what}{BOLD:#}: {number}; {way}\n"));
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
    if items.iter().any(|item| item.keep.is_some()) {
        let line = format!("`driftline pull --update` takes it into {file}");
        text.push_str(&format!("{BOLD}To keep it{BOLD:#}: {}\n", one_line(&line)));
    }
    let accepting: IndexSet<&str> = items.iter().map(|item| item.accept.as_str()).collect();
    if accepting.is_empty() {
        return text;
    }
    text.push_str(&format!("{BOLD}To accept it{BOLD:#}: in {}\n", one_line(file)));
    for line in accepting.iter().take(SHOWN_SETTINGS) {
        text.push_str(&format!("  {}\n", one_line(line)));
    }
    if let Some(more @ 1..) = accepting.len().checked_sub(SHOWN_SETTINGS) {
        text.push_str(&format!("  … {}\n", super::count(more, "more", "more")));
    }
    text
}

/// The maximum number of settings that are shown to accept a difference.
const SHOWN_SETTINGS: usize = 3;

fn unsupported(open: &OpenDrift<'_>) -> String {
    let mut text = String::new();
    let objects = &open.unsupported;
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
fn unseen(open: &OpenDrift<'_>) -> String {
    if open.unseen.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{BOLD}uncertain{BOLD:#}\n");
    for it in &open.unseen {
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

fn summary(comparison: &Comparison, open: &OpenDrift<'_>, extra: &ReportExtras) -> String {
    let words = summary_of(comparison, open, extra);
    let counts = comparison.counts();
    let elapsed =
        extra.elapsed.map(|time| format!(" in {} ms", time.as_millis())).unwrap_or_default();
    let compared = contents(&counts);
    format!("\n{BOLD}{words}{BOLD:#} · {compared} compared{elapsed}\n")
}
