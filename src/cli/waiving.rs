//! Which findings of a command are accepted.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::arguments::SchemaFile;
use super::error::Result;
use super::files::is_there;
use super::formats::numbered;
use super::since::Since;
use crate::compare::Comparison;
use crate::finding::{Finding, SetAside};
use crate::report::{drift_findings, risk_findings};
use crate::source::{Settings, Waiver, yaml};
use crate::waivers::{Accepted, Baseline, LookedAt};

/// What a command found, with what is accepted of it.
pub(super) struct Judged {
    /// The drift and the risks that are accepted.
    pub(super) aside: SetAside,
    /// What the rules found, each with its waiver, and what is wrong with the waivers.
    pub(super) findings: Vec<Finding>,
}

/// The present day in UTC.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The accepted findings of a project; `None` if there is no such file.
pub(super) fn read_baseline(schema: &SchemaFile) -> Result<Option<Baseline>> {
    let path = schema.baseline();
    if !is_there(&path) {
        return Ok(None);
    }
    let name = path.display().to_string();
    Ok(Some(Baseline { name, findings: yaml::read_baseline(&path)? }))
}

/// Judges what the rules found and, if it was looked at, the drift. With `since`, only what is about
/// a change counts.
pub(super) fn judge(
    comparison: &Comparison,
    findings: Vec<Finding>,
    (baseline, since): (Option<&Baseline>, Option<&Since>),
    looked_at: LookedAt,
) -> Judged {
    let accepted = Accepted::on(today(), &comparison.to.waivers, baseline);
    let mut findings = numbered(findings);
    accepted.apply(&mut findings);
    let settings = &comparison.to.settings;
    let mut aside = match looked_at {
        LookedAt::Rules => SetAside::default(),
        LookedAt::RulesAndDrift => aside_of(comparison, &accepted),
    };
    match since {
        None => {
            let about_waivers = accepted.about_waivers(looked_at, |_| true);
            findings.extend(with_severity(about_waivers, settings));
            findings.extend(with_severity(accepted.about_baseline(looked_at), settings));
        }
        Some(since) => {
            findings.retain(|finding| since.has(finding));
            let about_new = accepted.about_waivers(looked_at, |waiver| since.has_waiver(waiver));
            findings.extend(with_severity(about_new, settings));
            for findings in [drift_findings(comparison, ""), risk_findings(comparison)] {
                let unchanged = numbered(findings).into_iter().filter(|it| !since.has(it));
                aside.unchanged.extend(unchanged.map(|finding| finding.fingerprint));
            }
        }
    }
    Judged { aside, findings: numbered(findings) }
}

/// The findings with the severity that schema.yaml sets, without those that it switches off.
fn with_severity(
    findings: impl IntoIterator<Item = Finding>,
    settings: &Settings,
) -> impl Iterator<Item = Finding> {
    findings.into_iter().filter_map(|finding| match settings.rules.get(finding.code) {
        Some(severity) => severity.map(|severity| Finding { severity, ..finding }),
        None => Some(finding),
    })
}

/// The drift and the risks of a comparison that the waivers of the desired side accept.
pub(super) fn waived(comparison: &Comparison) -> SetAside {
    aside_of(comparison, &Accepted::on(today(), &comparison.to.waivers, None))
}

/// The findings, each with the waiver that covers it.
pub(super) fn marked(findings: Vec<Finding>, waivers: &[Waiver]) -> Vec<Finding> {
    let mut findings = numbered(findings);
    Accepted::on(today(), waivers, None).apply(&mut findings);
    findings
}

/// The findings that no waiver covers.
pub(super) fn open_findings(comparison: &Comparison, findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings = marked(findings, &comparison.to.waivers);
    findings.retain(|finding| finding.waived.is_none());
    findings
}

fn aside_of(comparison: &Comparison, accepted: &Accepted<'_>) -> SetAside {
    let mut aside = SetAside::default();
    if accepted.is_nothing() {
        return aside;
    }
    for findings in [drift_findings(comparison, ""), risk_findings(comparison)] {
        let mut findings = numbered(findings);
        accepted.apply(&mut findings);
        let waived = findings.into_iter().filter_map(|it| Some((it.fingerprint, *it.waived?)));
        aside.waived.extend(waived);
    }
    aside
}
