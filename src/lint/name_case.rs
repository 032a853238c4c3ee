//! Tables whose names mix upper and lower case.

use std::collections::HashMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, ObjectKind};

pub(super) const RULE: Rule = Rule {
    name: "name-case",
    summary: "names of tables that differ only in case, or that alone mix cases",
    severity: Some(Severity::Warning),
    page: include_str!("pages/name-case.md"),
    check: Check::Schema(check),
};

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let tables = subject.schema.tables.keys().map(|name| (name, Element::table(name)));
    let views = subject.schema.objects.keys().filter(|name| name.kind == ObjectKind::View);
    let views = views.map(|name| (&name.name, Element::object(name)));
    let mut seen: HashMap<String, (&str, Element)> = HashMap::new();
    let mut upper: Vec<(&str, Element)> = Vec::new();
    let mut count = 0;
    for (name, element) in tables.chain(views) {
        count += 1;
        // All in upper case is the style of a library that made its own tables.
        if name.chars().any(char::is_uppercase) && name.chars().any(char::is_lowercase) {
            upper.push((name, element.clone()));
        }
        match seen.get(&name.to_lowercase()) {
            Some((first, other)) => drafts.push(twins(element, name, first, other)),
            None => drop(seen.insert(name.to_lowercase(), (name, element))),
        }
    }
    // One in five is still an exception; more are a style.
    if !upper.is_empty() && upper.len() * 5 <= count {
        drafts.extend(exceptions(upper));
    }
}

fn twins(element: Element, name: &str, first: &str, other: &Element) -> Draft {
    Draft::new(element, format!("{name} and {first} differ only in case"))
        .related(other.clone())
        .why("on Windows, macOS and with lower_case_table_names=1 they are one table")
        .help("rename one of them")
}

fn exceptions(upper: Vec<(&str, Element)>) -> Option<Draft> {
    let (names, elements): (Vec<&str>, Vec<Element>) = upper.into_iter().unzip();
    let mut elements = elements.into_iter();
    let first = elements.next()?;
    let message = format!(
        "{} {} upper case, unlike the other tables",
        describe::names(&names),
        describe::has(names.len())
    );
    Some(
        Draft::new(first, message)
            .all_related(elements)
            .unless_set(Severity::Note)
            .why("a query in the wrong case works on a Mac and fails on Linux")
            .help("use lower case for all names of tables"),
    )
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "name-case";

    fn tables(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| format!("CREATE TABLE {name} (id int)")).collect()
    }

    fn of(names: &[&str]) -> Vec<crate::lint::Finding> {
        let tables = tables(names);
        found(RULE, &tables.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn one_style_is_no_finding() {
        assert_eq!(of(&["a", "b", "c", "d", "e"]), []);
        assert_eq!(of(&["UserAccount", "Orders", "c"]), []);
    }

    #[test]
    fn names_that_differ_only_in_case_are_found() {
        let findings = of(&["Users", "users"]);
        assert_eq!(messages(&findings), ["users and Users differ only in case"]);
        assert_eq!(findings[0].severity, Severity::Warning);
    }

    #[test]
    fn an_exception_is_a_note() {
        let findings = of(&["a", "b", "UserCodes", "d", "e", "f", "QRTZ_LOCKS"]);
        assert_eq!(messages(&findings), ["UserCodes has upper case, unlike the other tables"]);
        assert_eq!(findings[0].severity, Severity::Note);
    }
}
