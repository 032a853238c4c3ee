//! Objects that run with the rights of the administrator.

use indexmap::IndexMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, Object, Security};

pub(super) const RULE: Rule = Rule {
    name: "definer-not-allowed",
    summary: "views, triggers, routines and events that run as root",
    severity: Some(Severity::Note),
    page: include_str!("pages/definer-not-allowed.md"),
    check: Check::Schema(check),
};

/// Accounts that servers make for administration.
const ADMINISTRATORS: &[&str] =
    &["root", "admin", "mysql.sys", "mariadb.sys", "rdsadmin", "azure_superuser", "cloudsqladmin"];

/// One finding for each such account.
fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let mut by_definer: IndexMap<&str, Vec<(Element, String)>> = IndexMap::new();
    for name in subject.schema.objects.keys() {
        // Normalizing takes definers away that aren't compared.
        let Some(definer) = subject.written_object(name).and_then(definer) else { continue };
        let user = definer.rsplit_once('@').map_or(definer, |(user, _)| user);
        if ADMINISTRATORS.contains(&user) {
            let entry = by_definer.entry(definer).or_default();
            entry.push((Element::object(name), format!("{} {}", name.kind.noun(), name.name)));
        }
    }
    for (definer, objects) in by_definer {
        let (elements, names): (Vec<Element>, Vec<String>) = objects.into_iter().unzip();
        let mut elements = elements.into_iter();
        let Some(first) = elements.next() else { continue };
        let run = if names.len() == 1 { "runs" } else { "run" };
        drafts.push(
            Draft::new(first, format!("{} {run} as {definer}", describe::names(&names)))
                .all_related(elements)
                .why("whoever may use it does with all rights what it does")
                .help("write SQL SECURITY INVOKER, or a definer that has only the rights it needs"),
        );
    }
}

/// The definer, if the object runs with that account's rights.
fn definer(object: &Object) -> Option<&str> {
    let (definer, security) = match object {
        Object::View(view) => (&view.definer, view.security),
        Object::Trigger(trigger) => (&trigger.definer, Security::Definer),
        Object::Routine(routine) => (&routine.definer, routine.security),
        Object::Event(event) => (&event.definer, Security::Definer),
        Object::Sequence(_) => return None,
    };
    definer.as_deref().filter(|_| security == Security::Definer)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found_in, messages};

    const RULE: &str = "definer-not-allowed";

    #[test]
    fn other_accounts_and_invokers_are_no_findings() {
        let sql = "CREATE TABLE t (a int);\n\
                   CREATE DEFINER=`app`@`%` VIEW v AS SELECT a FROM t;\n\
                   CREATE DEFINER=`root`@`%` SQL SECURITY INVOKER VIEW w AS SELECT a FROM t;";
        assert_eq!(found_in(RULE, sql), []);
    }

    #[test]
    fn root_is_one_finding() {
        let sql = "CREATE TABLE t (a int);\n\
                   CREATE DEFINER=`root`@`localhost` VIEW v AS SELECT a FROM t;\n\
                   CREATE DEFINER=`root`@`localhost` TRIGGER g BEFORE INSERT ON t FOR EACH ROW \
                   SET NEW.a = 1;";
        assert_eq!(messages(&found_in(RULE, sql)), ["view v and trigger g run as root@localhost"]);
    }
}
