//! The drift of a comparison, divided into what counts and what is set aside.

use std::collections::BTreeSet;

use super::{ReportItem, drift_findings, items};
use crate::compare::{Comparison, Unseen};
use crate::diff::{Uncertain, Unsupported};
use crate::finding::{DriftClass, SetAside, Waived, number_repeated};
use crate::model::Element;

/// Whether a drift counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DriftState {
    /// It counts.
    Open,
    /// It is accepted.
    Waived(Waived),
    /// It isn't looked at.
    Unchanged,
}

impl DriftState {
    /// Why it is accepted, if it is.
    pub(super) fn waived(&self) -> Option<&Waived> {
        match self {
            DriftState::Waived(waived) => Some(waived),
            DriftState::Open | DriftState::Unchanged => None,
        }
    }
}

/// All drift of a comparison, each with its state.
pub(super) struct JudgedDrift<'c> {
    pub(super) items: Vec<(ReportItem, DriftState)>,
    pub(super) uncertain: Vec<(&'c Uncertain, DriftState)>,
    pub(super) unsupported: Vec<(&'c Unsupported, DriftState)>,
    pub(super) unseen: Vec<(&'c Unseen, DriftState)>,
}

impl<'c> JudgedDrift<'c> {
    /// The drift without what isn't looked at.
    pub(super) fn of(comparison: &'c Comparison, aside: &SetAside) -> Self {
        let mut states = states(comparison, aside).into_iter();
        let mut next = || states.next().unwrap_or(DriftState::Open);
        let items = items(&comparison.difference, &comparison.server);
        let difference = &comparison.difference;
        // In the order of the findings.
        let mut judged = JudgedDrift {
            items: items.into_iter().map(|it| (it, next())).collect(),
            uncertain: difference.uncertain.iter().map(|it| (it, next())).collect(),
            unsupported: difference.unsupported.iter().map(|it| (it, next())).collect(),
            unseen: comparison.unseen.iter().map(|it| (it, next())).collect(),
        };
        judged.items.retain(|(_, state)| *state != DriftState::Unchanged);
        judged.uncertain.retain(|(_, state)| *state != DriftState::Unchanged);
        judged.unsupported.retain(|(_, state)| *state != DriftState::Unchanged);
        judged.unseen.retain(|(_, state)| *state != DriftState::Unchanged);
        judged
    }
}

/// The state of each finding of a comparison's drift. Empty if all of it counts.
fn states(comparison: &Comparison, aside: &SetAside) -> Vec<DriftState> {
    if aside.is_empty() {
        return Vec::new();
    }
    // The names of the sides are in no fingerprint.
    let mut findings = drift_findings(comparison, "");
    number_repeated(&mut findings);
    let state = |fingerprint| match aside.waived.get(fingerprint) {
        _ if aside.unchanged.contains(fingerprint) => DriftState::Unchanged,
        Some(waived) => DriftState::Waived(waived.clone()),
        None => DriftState::Open,
    };
    findings.iter().map(|finding| state(&finding.fingerprint)).collect()
}

/// The drift that counts.
#[derive(Debug)]
pub struct OpenDrift<'c> {
    /// The elements that differ.
    pub items: Vec<ReportItem>,
    /// What can't be compared.
    pub uncertain: Vec<&'c Uncertain>,
    /// What the model doesn't hold.
    pub unsupported: Vec<&'c Unsupported>,
    /// What the account can't see.
    pub unseen: Vec<&'c Unseen>,
    /// How many drifts are waived.
    pub waived: usize,
    /// Whether it is all drift that there is.
    pub is_all: bool,
}

impl<'c> OpenDrift<'c> {
    /// The drift of a comparison without what is set aside.
    pub fn of(comparison: &'c Comparison, aside: &SetAside) -> Self {
        let JudgedDrift { items, uncertain, unsupported, unseen } =
            JudgedDrift::of(comparison, aside);
        let mut waived = 0;
        OpenDrift {
            items: open(items, &mut waived),
            uncertain: open(uncertain, &mut waived),
            unsupported: open(unsupported, &mut waived),
            unseen: open(unseen, &mut waived),
            waived,
            is_all: waived == 0 && aside.unchanged.is_empty(),
        }
    }

    /// Its classes. An object that the model doesn't hold is none.
    pub fn classes(&self) -> BTreeSet<DriftClass> {
        let mut classes: BTreeSet<DriftClass> = self.items.iter().map(|item| item.class).collect();
        if self.unsupported.iter().any(|it| matches!(it.element, Element::Table { .. })) {
            classes.insert(DriftClass::Unsupported);
        }
        if !self.uncertain.is_empty() || !self.unseen.is_empty() {
            classes.insert(DriftClass::Uncertain);
        }
        classes
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.classes().is_empty()
    }
}

fn open<T>(judged: Vec<(T, DriftState)>, waived: &mut usize) -> Vec<T> {
    let (open, others): (Vec<_>, Vec<_>) =
        judged.into_iter().partition(|(_, state)| *state == DriftState::Open);
    *waived += others.len();
    open.into_iter().map(|(it, _)| it).collect()
}
