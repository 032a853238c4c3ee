//! Which formats a command prints, and where each goes.

use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::arguments::{Destination, Format};
use super::error::{Result, bail};
use super::files;
use super::output::Output;
use crate::finding::Finding;
use crate::report::ci::{self, FindingsReport, SqlBlock};

/// The file to which GitHub Actions wants Markdown for the page of the run.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// A format, and the file for it, as typed: `sarif`, `sarif=out.sarif`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FormatTo {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

/// Where a format goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormatTarget {
    StandardOutput,
    File(PathBuf),
}

/// A text in a format.
pub(super) enum Printed {
    /// For a person, with ANSI styles.
    Styled(String),
    /// For a program, byte for byte.
    Exact(String),
}

/// Formats of `check` and `diff`.
pub(super) fn any_format(text: &str) -> std::result::Result<FormatTo, String> {
    format_of(text, &|_| true)
}

/// Formats of `lint`, which has no plan.
pub(super) fn lint_format(text: &str) -> std::result::Result<FormatTo, String> {
    format_of(text, &|format| !matches!(format, Format::Sql | Format::Diff | Format::Html))
}

fn format_of(
    text: &str,
    is_known: &dyn Fn(Format) -> bool,
) -> std::result::Result<FormatTo, String> {
    let (word, file) = match text.split_once('=') {
        Some((word, file)) => (word, Some(file)),
        None => (text, None),
    };
    let known = Format::value_variants().iter().copied().filter(|format| is_known(*format));
    let name = |format: Format| format.to_possible_value().map(|it| it.get_name().to_owned());
    if file == Some("") {
        return Err(format!("`{word}=` needs a file after it"));
    }
    match known.clone().find(|format| name(*format).as_deref() == Some(word)) {
        Some(format) => Ok(FormatTo { format, file: file.map(PathBuf::from) }),
        None => {
            let names: Vec<String> = known.filter_map(name).collect();
            Err(format!("the formats are {}, each also as FORMAT=FILE", names.join(", ")))
        }
    }
}

/// The formats of a command, each with where it goes. Standard output, or the file of `--output`,
/// has room for one.
pub(super) fn targets(
    formats: &[FormatTo],
    destination: &Destination,
) -> Result<Vec<(Format, FormatTarget)>> {
    let bare = formats.iter().filter(|it| it.file.is_none()).count();
    if bare > 1 {
        bail!("only one --format goes without a file; write the others as FORMAT=FILE");
    }
    if bare == 0 && destination.output.is_some() {
        bail!("--output is for a --format without a file, and each has one");
    }
    let mut targets: Vec<(Format, FormatTarget)> = Vec::new();
    for FormatTo { format, file } in formats {
        let target = match file.as_ref().or(destination.output.as_ref()) {
            Some(path) => FormatTarget::File(path.clone()),
            None => FormatTarget::StandardOutput,
        };
        if targets.iter().any(|(_, other)| *other == target) {
            bail!("two formats go to the same file");
        }
        targets.push((*format, target));
    }
    Ok(targets)
}

/// Prints a text, or writes it to its file: the whole of it, or nothing.
pub(super) fn put(target: &FormatTarget, text: Printed, output: &Output) -> Result<()> {
    match (target, text) {
        (FormatTarget::StandardOutput, Printed::Styled(text)) => output.text(&text)?,
        (FormatTarget::StandardOutput, Printed::Exact(text)) => output.exact(&text)?,
        (FormatTarget::File(path), Printed::Styled(text)) => {
            files::replace(path, &anstream::adapter::strip_str(&text).to_string())?;
        }
        (FormatTarget::File(path), Printed::Exact(text)) => files::replace(path, &text)?,
    }
    Ok(())
}

/// Findings in a format of a CI service. `None` if the format is none of theirs.
pub(super) fn ci_text(
    format: Format,
    report: &FindingsReport<'_>,
    sql: Option<&SqlBlock>,
) -> Result<Option<String>> {
    Ok(Some(match format {
        Format::Sarif => ci::sarif(report)?,
        Format::Github => ci::github(report),
        Format::Gitlab => ci::gitlab(report)?,
        Format::Junit => ci::junit(report),
        Format::Markdown => ci::markdown(report, sql),
        Format::Text | Format::Sql | Format::Diff | Format::Html | Format::Json => return Ok(None),
    }))
}

/// Appends the Markdown to the page of the run, if GitHub Actions names a file for it. If that fails,
/// it is said, and the exit code stays that of the command.
pub(super) fn append_step_summary(markdown: &str, output: &Output) {
    let Some(path) = env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) else { return };
    let path = Path::new(&path);
    let written = files::refuse_link(path).and_then(|()| {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(file.write_all(format!("{markdown}\n").as_bytes())?)
    });
    if let Err(error) = written {
        output.say(&format!("warning: can't write to {}: {error:#}", path.display()));
    }
}

/// The findings with different fingerprints.
pub(super) fn numbered(mut findings: Vec<Finding>) -> Vec<Finding> {
    crate::finding::number_repeated(&mut findings);
    findings
}
