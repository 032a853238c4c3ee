//! The rules over a plan, each of which has several kinds of risks.

use super::{Check, RULES, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;
use crate::source::Settings;

/// The severity of a finding of this kind: the one that schema.yaml sets for the kind itself, or
/// else the highest of the rules that have it. `None`: it is switched off.
pub fn risk_severity(kind: RiskKind, settings: &Settings) -> Option<Severity> {
    if let Some(set) = settings.rules.get(kind.name()) {
        return *set;
    }
    let mut of_rules = rules_of_risk(kind).peekable();
    if of_rules.peek().is_none() {
        return Some(Severity::Note);
    }
    let of_rule = |(rule, usual): (&Rule, Severity)| match settings.rules.get(rule.name) {
        Some(set) => *set,
        None => rule.severity.map(|_| usual),
    };
    of_rules.filter_map(of_rule).max()
}

/// The rules that have a kind of risk, each with the severity of its findings if schema.yaml sets
/// none.
pub fn rules_of_risk(kind: RiskKind) -> impl Iterator<Item = (&'static Rule, Severity)> {
    RULES.iter().filter_map(move |rule| match rule.check {
        Check::Risks(kinds) => {
            let (_, usual) = kinds.iter().find(|(other, _)| *other == kind)?;
            Some((rule, *usual))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Those that are no rule's: they tell how long a statement takes or what it leaves as it is.
    const ALONE: [RiskKind; 6] = [
        RiskKind::NoEffect,
        RiskKind::HiddenPassword,
        RiskKind::InvisibleIndex,
        RiskKind::Rebuild,
        RiskKind::Repartition,
        RiskKind::Charset,
    ];

    fn set(rules: &[(&str, Option<Severity>)]) -> Settings {
        let rules: BTreeMap<_, _> =
            rules.iter().map(|(name, severity)| ((*name).to_owned(), *severity)).collect();
        Settings { rules, ..Settings::default() }
    }

    #[test]
    fn every_kind_has_a_rule_or_is_known_to_have_none() {
        for kind in RiskKind::ALL {
            let is_alone = rules_of_risk(kind).next().is_none();
            assert_eq!(is_alone, ALONE.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn what_destroys_data_is_a_warning_without_settings() {
        for kind in RiskKind::ALL.into_iter().filter(|kind| kind.destroys_data()) {
            assert_eq!(risk_severity(kind, &Settings::default()), Some(Severity::Warning));
        }
        assert_eq!(risk_severity(RiskKind::Rebuild, &Settings::default()), Some(Severity::Note));
    }

    #[test]
    fn a_kind_has_the_highest_severity_of_its_rules_unless_it_has_its_own() {
        let of =
            |rules: &[(&str, Option<Severity>)]| risk_severity(RiskKind::DropColumn, &set(rules));
        let (destructive, breaks) = ("destructive", "breaks-running-code");
        assert_eq!(of(&[(destructive, Some(Severity::Error))]), Some(Severity::Error));
        assert_eq!(of(&[(destructive, None)]), Some(Severity::Warning));
        assert_eq!(
            of(&[(destructive, None), (breaks, Some(Severity::Note))]),
            Some(Severity::Note)
        );
        assert_eq!(of(&[(destructive, None), (breaks, None)]), None);
        assert_eq!(of(&[("drop-column", None)]), None);
        let own = [("drop-column", Some(Severity::Note)), (destructive, Some(Severity::Error))];
        assert_eq!(of(&own), Some(Severity::Note));
    }
}
