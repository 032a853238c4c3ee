//! What all commands that compare two sources have in common: they refuse a comparison that makes
//! no sense, ask the server about it, and print it.

use std::collections::BTreeSet;

use super::arguments::Format;
use super::error::{CommandError, Result, bail};
use super::formats::{FormatTarget, Printed, append_step_summary, ci_text, numbered, put};
use super::open::Location;
use super::output::Output;
use super::progress::with_progress;
use crate::compare::{Comparison, NewElements};
use crate::config::DEFAULT_SCHEMA;
use crate::diagnostic::Diagnostic;
use crate::finding::Finding;
use crate::lint::lint_with_new;
use crate::report::ci::{self, FindingsReport, SqlBlock};
use crate::report::{self, OpenDrift, ReportExtras};
use crate::server::Server;
use crate::source::live::{self, DatabaseUrl, LiveError};
use crate::source::{Detail, Hold, Loaded, ReadOptions, Settings};
use crate::words::{UncertainWords, way_out};

/// How often the tables are read again while each reading finds more tables that differ.
const MOST_READINGS: usize = 10;

/// What one side is built from when the comparison is repeated.
enum Side<'a> {
    /// A file, which is read only once.
    File(Box<Loaded>),
    Server(&'a Location),
}

impl<'a> Side<'a> {
    fn of(location: &'a Location, loaded: &Loaded) -> Self {
        match location.url() {
            Some(_) => Side::Server(location),
            None => Side::File(Box::new(loaded.clone())),
        }
    }

    /// How the other side is read if it is a server.
    fn options_of_other<'o>(&'o self, held: &'o BTreeSet<String>) -> ReadOptions<'o> {
        let (detail, compared_with) = match self {
            Side::File(file) => (Detail::Bulk, Some(&file.schema)),
            Side::Server(_) => (Detail::Unreported, None),
        };
        ReadOptions { detail, compared_with, hold: Hold::Tables(held), ..ReadOptions::default() }
    }
}

/// Compares two sources. If something differs and one of them is a server, the tables that differ
/// are locked and read again until only locked tables differ, because another session may have
/// changed something during the reading. With `deep`, everything was locked from the start.
pub(super) fn compare(
    (from_location, from): (&Location, Loaded),
    (to_location, to): (&Location, Loaded),
    flavor: Option<Server>,
    deep: bool,
) -> Result<Comparison> {
    let Some(url) = from_location.url().or(to_location.url()).filter(|_| !deep) else {
        return Ok(Comparison::new(from, to, flavor)?);
    };
    let (old, new) = (Side::of(from_location, &from), Side::of(to_location, &to));
    let mut comparison = Comparison::new(from, to, flavor)?;
    let mut held = BTreeSet::new();
    for _ in 0..MOST_READINGS {
        let differing = comparison.names_that_differ();
        if differing.is_subset(&held) {
            return Ok(comparison);
        }
        held.extend(differing);
        let again = |side: &Side<'_>, other: &Side<'_>| match side {
            Side::File(file) => Ok((**file).clone()),
            Side::Server(location) => location.read(&other.options_of_other(&held)),
        };
        comparison = Comparison::new(again(&old, &new)?, again(&new, &old)?, flavor)?;
    }
    let changing = LiveError::Changing {
        endpoint: url.endpoint(),
        what: "at every reading something else differs".to_owned(),
    };
    Err(changing.into())
}

/// Stops if the desired schema uses something that the server doesn't have or would refuse.
pub(super) fn refuse_impossible(comparison: &Comparison) -> Result<()> {
    stop_at(comparison.refused(), comparison)
}

/// Stops if there are errors in the desired schema.
pub(super) fn stop_at(refused: Vec<Diagnostic>, comparison: &Comparison) -> Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    Err(CommandError::Invalid { diagnostics: refused, files: comparison.to.files.clone() })
}

/// Stops if the self-check is asked for and no source is a server.
pub(super) fn refuse_self_check_of_files(sources: &[&Location]) -> Result<()> {
    if sources.iter().all(|source| source.url().is_none()) {
        bail!("--self-check needs a server to compare with; a file has no SHOW CREATE TABLE");
    }
    Ok(())
}

/// Stops if `--ask-server` is given and no source is a server.
pub(super) fn refuse_asking_of_files(sources: &[&Location]) -> Result<()> {
    if sources.iter().all(|source| source.url().is_none()) {
        bail!("--ask-server needs a server among the sources");
    }
    Ok(())
}

/// Has the server spell the uncertain expressions, and compares again.
pub(super) fn ask_server(comparison: Comparison, url: Option<&DatabaseUrl>) -> Result<Comparison> {
    let Some(url) = url.filter(|_| !comparison.difference.uncertain.is_empty()) else {
        return Ok(comparison);
    };
    let tables = comparison.questions();
    let doing = format!("asking {url}");
    let asked = url.clone();
    let spelled = with_progress(&doing, move || asked.is_prompting(), || live::ask(url, &tables))?;
    Ok(comparison.answered(spelled))
}

/// Asks the database how it is used, if rules of the desired schema's settings ask for it. With
/// `is_looked_at_alone` those that are on without being named do too.
pub(super) fn ask_usage(
    to: &mut Loaded,
    url: Option<&DatabaseUrl>,
    is_looked_at_alone: bool,
) -> Result<()> {
    let is_set = |name: &str| {
        let Settings { rules, rules_for_new, .. } = &to.settings;
        let severities = [rules.get(name), rules_for_new.get(name)];
        severities.into_iter().flatten().any(Option::is_some)
    };
    let with_indexes = is_set("unused-index");
    let is_off = to.settings.rules.get("auto-increment-near-end") == Some(&None);
    let with_numbers = is_set("auto-increment-near-end") || is_looked_at_alone && !is_off;
    if let (Some(url), true) = (url, with_indexes || with_numbers) {
        to.usage = Some(live::read_usage(url, with_indexes)?);
    }
    Ok(())
}

/// What the rules find in the desired schema, with the places in its file. They may be stricter for
/// what is new.
pub(super) fn lint_findings(comparison: &Comparison, new: &NewElements) -> Vec<Finding> {
    let Comparison { new: schema, to, server, .. } = comparison;
    let found = lint_with_new(schema, to, server, &to.settings, |it| new.contains(it));
    found.into_iter().map(|finding| finding.placed(&comparison.to.places)).collect()
}

/// Prints a comparison in the requested formats. What the statements can't show goes to standard
/// error.
pub(super) fn print(
    command: &'static str,
    comparison: &Comparison,
    extra: &ReportExtras,
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> Result<()> {
    for side in [&comparison.from, &comparison.to] {
        output.diagnostics(&side.notes, &side.files);
    }
    for (format, target) in targets {
        match format {
            Format::Text => {
                put(target, Printed::Styled(report::comparison_text(comparison, extra)), output)?;
            }
            Format::Sql => {
                // If there are statements, the notes are printed above them.
                if comparison.plan.steps.is_empty() {
                    output.diagnostics(&comparison.notes, &comparison.to.files);
                }
                let styled = output.has_colours().then(|| report::styled_plan_sql(comparison));
                let texts = (report::plan_sql(comparison), styled);
                print_bare(texts, target, comparison, extra, output)?;
            }
            Format::Diff => {
                output.diagnostics(&comparison.notes, &comparison.to.files);
                let styled = output.has_colours().then(|| report::styled_unified(comparison));
                let texts = (report::unified(comparison), styled);
                print_bare(texts, target, comparison, extra, output)?;
            }
            Format::Html => {
                let page =
                    report::comparison_html(comparison, extra).map_err(anyhow::Error::from)?;
                put(target, Printed::Exact(page), output)?;
            }
            Format::Json => {
                let json = report::comparison_json(comparison, extra)?;
                put(target, Printed::Exact(json), output)?;
            }
            _ => print_for_ci(command, comparison, extra, (*format, target), output)?,
        }
    }
    Ok(())
}

/// Prints a comparison in a format of a CI service.
fn print_for_ci(
    command: &'static str,
    comparison: &Comparison,
    extra: &ReportExtras,
    (format, target): (Format, &FormatTarget),
    output: &Output,
) -> Result<()> {
    // Of a check, the risks are those of statements that nobody has asked for.
    let with_risks = command == "diff" || format == Format::Markdown;
    let report = findings_report(command, comparison, extra, with_risks);
    let sql = SqlBlock {
        title: format!(
            "To close it: {}",
            report::count(comparison.plan.steps.len(), "statement", "statements")
        ),
        sql: report::plan_sql(comparison),
    };
    if let Some(text) = ci_text(format, &report, Some(&sql))? {
        put(target, Printed::Exact(text), output)?;
    }
    if format == Format::Github {
        let report = findings_report(command, comparison, extra, true);
        append_step_summary(&ci::markdown(&report, Some(&sql)), output);
    }
    Ok(())
}

/// What a comparison has to say, for the formats of CI services.
fn findings_report<'a>(
    command: &'static str,
    comparison: &'a Comparison,
    extra: &ReportExtras,
    with_risks: bool,
) -> FindingsReport<'a> {
    let mut findings = report::comparison_findings(comparison, extra);
    if with_risks {
        findings.extend(report::risk_findings(comparison));
    }
    let mut findings = numbered(findings);
    findings.retain(|finding| !extra.aside.unchanged.contains(&finding.fingerprint));
    extra.aside.mark(&mut findings);
    let (from, to) = (&comparison.from.label, &comparison.to);
    FindingsReport {
        command,
        subject: format!("{from} ({}) against {}", comparison.server, to.label),
        summary: report::summary_words(comparison, extra),
        findings,
        files: &to.files,
        default_file: to.files.first_name().unwrap_or(DEFAULT_SCHEMA).to_owned(),
    }
}

/// Prints a format that shows only the changes. Everything else goes to standard error, so that
/// every exit code has a visible reason.
fn print_bare(
    (text, styled): (String, Option<String>),
    target: &FormatTarget,
    comparison: &Comparison,
    extra: &ReportExtras,
    output: &Output,
) -> Result<()> {
    let open = OpenDrift::of(comparison, &extra.aside);
    let mut lines = unsaid(&open);
    if text.is_empty() {
        let items = &open.items;
        lines.extend(items.iter().map(|item| report::one_line(&report::item_words(item))));
    }
    lines.iter().for_each(|line| output.say(line));
    let after = report::text_after_comparison(comparison, extra);
    // The text begins with an empty line, which separates it from the text before it.
    let after = if lines.is_empty() { after.trim_start() } else { &after };
    if !after.is_empty() {
        output.say(after);
    }
    match styled.filter(|_| *target == FormatTarget::StandardOutput) {
        Some(styled) => put(target, Printed::Styled(styled), output),
        None => put(target, Printed::Exact(text), output),
    }
}

/// What the statements don't show: differences that are uncertain or can't be expressed.
pub(super) fn unsaid(open: &OpenDrift<'_>) -> Vec<String> {
    let uncertain = open.uncertain.iter().map(|it| {
        let UncertainWords { subject, from, to, .. } = UncertainWords::of(it);
        format!("warning: can't compare the {subject}: {from} / {to} ({})", way_out(it))
    });
    let tables = open.unsupported.iter().filter(|it| it.kind == "table");
    let tables = tables.map(|it| {
        let clauses = it.clauses.join(", ");
        format!("warning: table {} is not compared: {clauses} is unsupported", it.name)
    });
    let unseen =
        open.unseen.iter().map(|it| format!("warning: uncertain: {}", report::unseen_words(it)));
    uncertain.chain(tables).chain(unseen).map(|line| report::one_line(&line)).collect()
}
