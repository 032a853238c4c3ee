//! Names under `rules` in schema.yaml that are neither those of rules nor of kinds of risks.

use std::collections::BTreeSet;

use super::{rule, rules};
use crate::diagnostic::{Diagnostic, near_name};
use crate::finding::{EXPIRED, OUTDATED, UNMATCHED};
use crate::plan::RiskKind;
use crate::source::Loaded;

/// The codes about waivers, which have a severity too.
const OF_WAIVERS: [&str; 3] = [EXPIRED, UNMATCHED, OUTDATED];

/// An error for each name in the settings that is neither that of a rule nor of a kind of risk, in
/// the order of the file.
pub fn unknown_rules(loaded: &Loaded) -> Vec<Diagnostic> {
    let is_risk = |name: &str| RiskKind::ALL.iter().any(|kind| kind.name() == name);
    let settings = &loaded.settings;
    let names: BTreeSet<&String> =
        settings.rules.keys().chain(settings.rules_for_new.keys()).collect();
    let is_known = |name: &str| rule(name).is_some() || is_risk(name) || OF_WAIVERS.contains(&name);
    let names = names.into_iter().filter(|name| !is_known(name));
    let mut errors: Vec<Diagnostic> = names.map(|name| unknown(name, loaded)).collect();
    errors.sort_by_key(|error| error.primary.as_ref().map(|label| label.span));
    errors
}

fn unknown(name: &str, loaded: &Loaded) -> Diagnostic {
    let known = rules().iter().map(|rule| rule.name);
    let near = near_name(name, known.chain(RiskKind::ALL.map(RiskKind::name)));
    let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
    let place = loaded.places.rule(name);
    let help = near.is_none().then(|| "`driftline rules` lists the rules".to_owned());
    Diagnostic {
        help: help.into_iter().collect(),
        ..Diagnostic::without_place(format!("`rules` has no key `{name}`")).at(place, label)
    }
}

#[cfg(test)]
mod tests {
    use super::unknown_rules;
    use crate::diagnostic::render;
    use crate::source::yaml;

    #[test]
    fn each_is_shown_at_its_place() {
        let text = "rules:\n  redundant-indexes: off\n  mixed-collation: error\n  nonsense: note\n\
                    tables: {}\n";
        let loaded = yaml::read_text("schema.yaml", text).expect("a schema file");
        let errors = unknown_rules(&loaded);
        let shown: Vec<String> =
            errors.iter().map(|error| render(error, &loaded.files, false)).collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        error: `rules` has no key `redundant-indexes`
         --> schema.yaml:2:3
          |
        2 |   redundant-indexes: off
          |   ^^^^^^^^^^^^^^^^^ did you mean `redundant-index`?

        error: `rules` has no key `nonsense`
         --> schema.yaml:4:3
          |
        4 |   nonsense: note
          |   ^^^^^^^^
          |
          = help: `driftline rules` lists the rules
        ");
    }
}
