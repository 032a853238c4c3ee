//! Findings that don't count, and why.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::{Finding, Fingerprint};

/// Why a finding doesn't count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// Where it is accepted.
    pub by: WaivedBy,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it is accepted; `None` if there is no end.
    pub until: Option<Date>,
}

/// The code of a waiver that has ended.
pub const EXPIRED: &str = "waiver-expired";

/// The code of a waiver that covers nothing.
pub const UNMATCHED: &str = "waiver-unmatched";

/// The code of a baseline with findings that are no longer there.
pub const OUTDATED: &str = "baseline-outdated";

/// Where a finding is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaivedBy {
    /// An entry of `waivers` in schema.yaml.
    Waiver,
    /// A comment next to the element in schema.yaml.
    Comment,
    /// The file of the findings that were there when it was written.
    Baseline,
}

impl WaivedBy {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            WaivedBy::Waiver => "waiver",
            WaivedBy::Comment => "comment",
            WaivedBy::Baseline => "baseline",
        }
    }
}

impl Waived {
    /// In words: `append-only (data team, until 2026-12-31)`.
    pub fn words(&self) -> String {
        let until = self.until.map(|date| format!("until {date}"));
        let more: Vec<String> = self.owner.clone().into_iter().chain(until).collect();
        match more.is_empty() {
            true => self.reason.clone(),
            false => format!("{} ({})", self.reason, more.join(", ")),
        }
    }
}

/// The drift of a comparison that doesn't count: what is waived, and what isn't looked at. Findings
/// are recognized by their numbered fingerprints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetAside {
    /// Why each finding is accepted.
    pub waived: HashMap<Fingerprint, Waived>,
    /// Findings about what didn't change since a commit.
    pub unchanged: HashSet<Fingerprint>,
}

impl SetAside {
    /// Whether every finding counts.
    pub fn is_empty(&self) -> bool {
        self.waived.is_empty() && self.unchanged.is_empty()
    }

    /// Marks the findings that are waived.
    pub fn mark(&self, findings: &mut [Finding]) {
        for finding in findings {
            if let Some(waived) = self.waived.get(&finding.fingerprint) {
                finding.waived = Some(Box::new(waived.clone()));
            }
        }
    }
}
