//! What a project accepts of its findings: by the waivers of its schema file, and by the file of the
//! findings that were there when it was written. Also says which waivers have ended or cover nothing.

#[cfg(test)]
mod tests;
mod unknown;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use jiff::civil::Date;

use crate::diagnostic::Severity;
use crate::finding::{
    EXPIRED, Finding, FindingLabel, Fingerprint, OUTDATED, Origin, UNMATCHED, Waived, WaivedBy,
};
use crate::lint;
use crate::model::Element;
use crate::source::yaml::AcceptedFinding;
use crate::source::{WaivedElements, Waiver};

pub use unknown::{unknown_codes, waivable_codes};

/// Which kinds of findings a command makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookedAt {
    /// Those of the rules alone.
    Rules,
    /// Those of the rules, and the drift of a database.
    RulesAndDrift,
}

/// What a project accepts, on a day.
#[derive(Debug)]
pub struct Accepted<'w> {
    /// Each waiver with the number of findings that it covered.
    waivers: Vec<(&'w Waiver, Cell<usize>)>,
    baseline: Option<&'w Baseline>,
    /// The fingerprints of the baseline, and those of them that were found.
    prints: HashSet<&'w str>,
    found: RefCell<HashSet<Fingerprint>>,
    today: Date,
}

/// The findings that are accepted since a file was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The name of the file.
    pub name: String,
    /// What is in it.
    pub findings: Vec<AcceptedFinding>,
}

impl<'w> Accepted<'w> {
    /// What these waivers and this baseline accept on this day.
    pub fn on(today: Date, waivers: &'w [Waiver], baseline: Option<&'w Baseline>) -> Self {
        let waivers = waivers.iter().map(|waiver| (waiver, Cell::new(0))).collect();
        let prints = baseline.iter().flat_map(|it| &it.findings);
        let prints = prints.map(|it| it.fingerprint.as_str()).collect();
        Accepted { waivers, baseline, prints, found: RefCell::default(), today }
    }

    /// Whether nothing is accepted.
    pub fn is_nothing(&self) -> bool {
        self.waivers.is_empty() && self.baseline.is_none()
    }

    /// Marks the findings that a waiver covers or that the baseline has. They have been numbered.
    pub fn apply(&self, findings: &mut [Finding]) {
        for finding in findings {
            let by_waiver = self.by_waiver(finding);
            let by_baseline = self.by_baseline(finding);
            finding.waived = by_waiver.or(by_baseline).map(Box::new);
        }
    }

    /// What the first waiver says that covers a finding and hasn't ended.
    fn by_waiver(&self, finding: &Finding) -> Option<Waived> {
        let element = finding.element()?;
        let mut first = None;
        for (waiver, used) in &self.waivers {
            if waiver.is_of(finding.code) && waiver.covers(element) {
                // One that covers something is used, even where another one comes first.
                used.set(used.get() + 1);
                first = first.or((!waiver.has_ended(self.today)).then_some(*waiver));
            }
        }
        first.map(waived)
    }

    fn by_baseline(&self, finding: &Finding) -> Option<Waived> {
        let baseline = self.baseline?;
        if !self.prints.contains(finding.fingerprint.as_str()) {
            return None;
        }
        self.found.borrow_mut().insert(finding.fingerprint.clone());
        let reason = format!("in {}", baseline.name);
        Some(Waived { by: WaivedBy::Baseline, reason, owner: None, until: None })
    }

    /// A finding for each waiver that has ended or that covered nothing, in the order of the files.
    /// What the command didn't look at isn't missed. Only waivers count for which `counts` says so.
    pub fn about_waivers(
        &self,
        looked_at: LookedAt,
        counts: impl Fn(&Waiver) -> bool,
    ) -> Vec<Finding> {
        let finding = |(waiver, used): &&(&Waiver, Cell<usize>)| {
            let codes = || waiver.rules.iter().map(|rule| rule.code.as_str());
            let is_missed = used.get() == 0 && codes().all(|code| looked_at.sees(code));
            match waiver.has_ended(self.today) {
                true => Some(expired(waiver, is_missed)),
                false => is_missed.then(|| unmatched(waiver)),
            }
        };
        let counting = self.waivers.iter().filter(|(waiver, _)| counts(waiver));
        counting.filter_map(|it| finding(&it)).collect()
    }

    /// A finding if the baseline has what wasn't found.
    pub fn about_baseline(&self, looked_at: LookedAt) -> Option<Finding> {
        let baseline = self.baseline?;
        let found = self.found.borrow();
        let found: HashSet<&str> = found.iter().map(Fingerprint::as_str).collect();
        let is_found = |it: &AcceptedFinding| found.contains(it.fingerprint.as_str());
        let seen = baseline.findings.iter().filter(|it| looked_at.sees(&it.code));
        let gone = seen.filter(|it| !is_found(it)).count();
        if gone == 0 {
            return None;
        }
        let (noun, is) = if gone == 1 { ("finding", "is") } else { ("findings", "are") };
        let message = format!("{gone} {noun} of {} {is} no longer there", baseline.name);
        let (rule, note) = (Origin::Rule, Severity::Note);
        let mut finding = Finding::new(OUTDATED, rule, note, Element::Schema, message, &[]);
        finding.help.push("run `driftline baseline` again".to_owned());
        Some(finding)
    }
}

impl LookedAt {
    /// Whether the findings with a code have been looked for.
    pub fn sees(self, code: &str) -> bool {
        match unknown::origin_of(code) {
            Some(Origin::Rule) => unknown::is_of_schema(code),
            Some(Origin::Drift(_)) => self == LookedAt::RulesAndDrift,
            _ => false,
        }
    }
}

fn waived(waiver: &Waiver) -> Waived {
    Waived {
        by: if waiver.is_comment() { WaivedBy::Comment } else { WaivedBy::Waiver },
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        until: waiver.until,
    }
}

fn expired(waiver: &Waiver, is_missed: bool) -> Finding {
    let until = waiver.until.map(|date| date.to_string()).unwrap_or_default();
    let message = format!("the waiver of {} has ended on {until}", words(waiver));
    let help = match is_missed {
        true => "remove it: it covers nothing any longer",
        false => "mend what it covers, or write a later `until`",
    };
    let mut finding = finding(EXPIRED, Severity::Warning, waiver, message);
    finding.why = format!("it was accepted because: {}", waiver.reason);
    finding.help.push(help.to_owned());
    finding
}

/// That a rule finds nothing depends on the file alone. A drift may be there in another database.
fn unmatched(waiver: &Waiver) -> Finding {
    let is_rule = |code: &str| lint::rule(code).is_some();
    let severity = match waiver.rules.iter().all(|rule| is_rule(&rule.code)) {
        true => Severity::Warning,
        false => Severity::Note,
    };
    let message = format!("the waiver of {} covers nothing", words(waiver));
    let mut finding = finding(UNMATCHED, severity, waiver, message);
    let help = match severity {
        Severity::Warning => "remove it",
        _ => "remove it, unless it is for another database",
    };
    finding.help.push(help.to_owned());
    finding
}

fn finding(code: &'static str, severity: Severity, waiver: &Waiver, message: String) -> Finding {
    let (rules, elements) = (codes(waiver), elements(waiver));
    let what = [rules.as_str(), &elements];
    let schema = Element::Schema;
    let mut finding = Finding::new(code, Origin::Rule, severity, schema, message, &what);
    finding.primary = FindingLabel { element: None, span: Some(waiver.place), text: String::new() };
    finding
}

/// `missing-primary-key for tables.audit_*`
fn words(waiver: &Waiver) -> String {
    match elements(waiver).as_str() {
        "" => codes(waiver),
        elements => format!("{} for {elements}", codes(waiver)),
    }
}

fn codes(waiver: &Waiver) -> String {
    let codes: Vec<&str> = waiver.rules.iter().map(|rule| rule.code.as_str()).collect();
    codes.join(", ")
}

fn elements(waiver: &Waiver) -> String {
    match &waiver.elements {
        WaivedElements::Glob(glob) => glob.as_str().to_owned(),
        WaivedElements::OfLine(elements) => {
            let elements: Vec<String> = elements.iter().map(ToString::to_string).collect();
            elements.join(", ")
        }
    }
}
