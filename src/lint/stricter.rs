//! Rules that are stricter for what is new than for what is there.

use super::{Finding, RULES, lint, position};
use crate::model::{Element, Schema};
use crate::server::Server;
use crate::source::{Loaded, Settings};

/// The findings of all rules, as [`lint`] gives them. `is_new` says which elements are new: for
/// these the settings may give rules another severity.
pub fn lint_with_new(
    schema: &Schema,
    source: &Loaded,
    server: &Server,
    settings: &Settings,
    is_new: impl Fn(&Element) -> bool,
) -> Vec<Finding> {
    let mut findings = lint(schema, source, server, settings);
    if settings.rules_for_new.is_empty() {
        return findings;
    }
    let mut for_new = settings.clone();
    for_new.rules.extend(settings.rules_for_new.clone());
    let is_set_apart = |finding: &Finding| {
        settings.rules_for_new.contains_key(finding.code) && finding.element().is_some_and(&is_new)
    };
    findings.retain(|finding| !is_set_apart(finding));
    let about_new = lint(schema, source, server, &for_new);
    findings.extend(about_new.into_iter().filter(is_set_apart));
    let order_of_rule = |code| RULES.iter().position(|rule| rule.name == code);
    findings.sort_by_key(|finding| {
        let place = finding.element().map(|element| position(schema, element));
        (place, order_of_rule(finding.code))
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::read_text;

    #[test]
    fn what_is_new_has_the_severity_that_is_set_for_it() {
        let text = "rules:
  missing-primary-key: { severity: note, new: error }
  nullable-unique: { new: warning }
tables:
  old:
    columns: { a: int, b: int not null }
    indexes: { u: { columns: [a, b], unique: true } }
  new:
    columns: { a: int, b: int not null }
    indexes: { u: { columns: [a, b], unique: true } }
";
        let loaded = read_text("schema.yaml", text).unwrap();
        let (schema, settings) = (&loaded.schema, &loaded.settings);
        let found = |is_new: &dyn Fn(&Element) -> bool| -> Vec<String> {
            let findings = lint_with_new(schema, &loaded, &Server::ASSUMED, settings, is_new);
            let words = findings.iter().map(|it| {
                let element = it.element().map(ToString::to_string).unwrap_or_default();
                format!("{} {} {element}", it.severity.word(), it.code)
            });
            words.collect()
        };
        let is_new = |element: &Element| element.table_name() == Some("new");
        assert_eq!(
            found(&is_new),
            [
                "note missing-primary-key tables.old",
                "error missing-primary-key tables.new",
                "warning nullable-unique tables.new.indexes.u",
            ]
        );
        let notes = ["note missing-primary-key tables.old", "note missing-primary-key tables.new"];
        assert_eq!(found(&|_| false), notes);
    }
}
