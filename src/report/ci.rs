//! The formats that CI services and reviewers read. Each shows the same [`FindingsReport`].
//!
//! Names and comments come from a database or a file and must not look like something else: each
//! format escapes them in its own way, after control characters have been escaped for all.

mod github;
mod gitlab;
mod junit;
mod markdown;
mod sarif;

pub use github::github;
pub use gitlab::gitlab;
pub use junit::junit;
pub use markdown::{SqlBlock, markdown};
pub use sarif::sarif;

use super::one_line;
use crate::diagnostic::{Files, LineColumn, Severity, Span};
use crate::finding::{Finding, Waived};

/// What a command found, for a format of a CI service.
#[derive(Debug)]
pub struct FindingsReport<'a> {
    /// The command: `check`.
    pub command: &'static str,
    /// What was looked at: `the database against schema.yaml`.
    pub subject: String,
    /// The last line of the text output: `2 drifts (1 missing, 1 extra), 3 warnings`.
    pub summary: String,
    /// What was found. All have different fingerprints.
    pub findings: Vec<Finding>,
    /// The files of their places.
    pub files: &'a Files,
    /// The file to name where a finding has no place.
    pub default_file: String,
}

/// A place in a file, as CI services name it.
struct CiPlace {
    /// The path, with `/` and without `./` before it.
    path: String,
    start: LineColumn,
    end: LineColumn,
}

impl FindingsReport<'_> {
    fn place(&self, span: Span) -> CiPlace {
        let end = Span { start: span.end.max(span.start), ..span };
        CiPlace {
            path: tidy(&self.files.get(span.file).name),
            start: self.files.position(span),
            end: self.files.position(end),
        }
    }

    /// The findings that count, with the worst first, otherwise in their order.
    fn worst_first(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.open().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings
    }

    /// The findings that count.
    fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waived.is_none())
    }

    /// The findings that are waived, each with its waiver.
    fn waived(&self) -> impl Iterator<Item = (&Finding, &Waived)> {
        self.findings.iter().filter_map(|finding| Some((finding, finding.waived.as_deref()?)))
    }

    /// How many findings of a severity count.
    fn count(&self, severity: Severity) -> usize {
        self.open().filter(|finding| finding.severity == severity).count()
    }

    /// `schema.yaml:41`, if the finding has a place.
    fn line_label(&self, finding: &Finding) -> Option<String> {
        finding.primary.span.map(|span| one_line(&self.files.line_label(span)))
    }
}

/// The path of a file as CI services compare it with those of the repository.
fn tidy(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    one_line(path)
}

/// The reason and what to do, each on a line, with control characters escaped.
fn explanation(finding: &Finding) -> Vec<String> {
    let why = (!finding.why.is_empty()).then(|| one_line(&finding.why));
    why.into_iter().chain(finding.help.iter().map(|line| one_line(line))).collect()
}

#[cfg(test)]
mod tests;
