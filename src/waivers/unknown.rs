//! Codes in waivers that no finding has.

use crate::diagnostic::{Diagnostic, near_name};
use crate::finding::{DriftClass, Origin, UNSEEN};
use crate::lint;
use crate::plan::RiskKind;
use crate::source::{Loaded, WaivedRule};

/// The codes that can be waived, in the order of rules, drift and risks.
pub fn waivable_codes() -> impl Iterator<Item = &'static str> {
    let rules = lint::rules().iter().map(|rule| rule.name);
    let drift = DriftClass::ALL.into_iter().map(DriftClass::code).chain([UNSEEN]);
    rules.chain(drift).chain(RiskKind::ALL.into_iter().map(RiskKind::name))
}

/// Whether the findings with this code are those of a rule that is checked for a schema.
pub(super) fn is_of_schema(code: &str) -> bool {
    lint::rule(code).is_some_and(|rule| rule.is_of_schema())
}

/// Where the findings with this code come from. `None` if it can't be waived.
pub(super) fn origin_of(code: &str) -> Option<Origin> {
    if lint::rule(code).is_some() {
        return Some(Origin::Rule);
    }
    let class = DriftClass::ALL.into_iter().find(|class| class.code() == code);
    if let Some(class) = class {
        return Some(Origin::Drift(class));
    }
    if code == UNSEEN {
        return Some(Origin::Drift(DriftClass::Uncertain));
    }
    RiskKind::ALL.into_iter().any(|kind| kind.name() == code).then_some(Origin::Risk)
}

/// An error for each code in a waiver that can't be waived, in the order of the file.
pub fn unknown_codes(loaded: &Loaded) -> Vec<Diagnostic> {
    let rules = loaded.waivers.iter().flat_map(|waiver| &waiver.rules);
    let mut unknown: Vec<&WaivedRule> =
        rules.filter(|rule| origin_of(&rule.code).is_none()).collect();
    unknown.sort_by_key(|rule| rule.place);
    unknown.into_iter().map(error).collect()
}

fn error(rule: &WaivedRule) -> Diagnostic {
    let near = near_name(&rule.code, waivable_codes());
    let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
    let error = Diagnostic::error(
        format!("no finding that can be waived has the code `{}`", rule.code),
        rule.place,
        label,
    );
    match near {
        Some(_) => error,
        None => error.with_help(
            "it is a rule of `driftline rules`, a class of drift such as `drift-extra`, or a risk \
             such as `drop-column`",
        ),
    }
}
