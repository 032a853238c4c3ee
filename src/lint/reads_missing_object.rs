//! Triggers, routines and events that use a table that isn't there.

use std::collections::HashSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::diagnostic::{Severity, near_name};
use crate::model::{Element, Object, ObjectKind, Schema};
use crate::source::Settings;
use crate::syntax::references::References;

pub(super) const RULE: Rule = Rule {
    name: "reads-missing-object",
    summary: "a trigger, routine or event that uses a table that isn't there",
    severity: Some(Severity::Warning),
    page: include_str!("pages/reads-missing-object.md"),
    check: Check::Schema(check),
};

/// Kinds of objects with bodies. Views are read as queries, and reported with them.
const WITH_BODIES: [ObjectKind; 4] =
    [ObjectKind::Trigger, ObjectKind::Procedure, ObjectKind::Function, ObjectKind::Event];

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let schema = subject.schema;
    if schema.tables.is_empty()
        || !schema.objects.keys().any(|name| WITH_BODIES.contains(&name.kind))
    {
        return;
    }
    let known = PossibleNames::of(schema, subject.settings);
    for (name, object) in &schema.objects {
        if !WITH_BODIES.contains(&name.kind) {
            continue;
        }
        let references = References::of_object(object);
        let mut said: HashSet<&str> = HashSet::new();
        for part in references.only_tables() {
            let is_word = !part.is_quoted && subject.server.reserves(&part.name).is_some();
            if is_word
                || known.may_be(&part.name, &part.lower)
                || is_parameter(object, &part.lower)
                || !said.insert(&part.lower)
            {
                continue;
            }
            let names = schema.tables.keys().map(String::as_str);
            let draft = Draft::new(
                Element::object(name),
                format!(
                    "the {} {} uses a table {}, which isn't there",
                    name.kind.noun(),
                    name.name,
                    part.name
                ),
            );
            drafts.push(
                draft
                    .probable()
                    .why("the server takes it, and it fails with error 1146 when it runs")
                    .help(match near_name(&part.name, names) {
                        Some(near) => format!("is `{near}` meant?"),
                        None => "mend it, or drop it".to_owned(),
                    }),
            );
        }
    }
}

fn is_parameter(object: &Object, lower: &str) -> bool {
    let Object::Routine(routine) = object else { return false };
    routine.parameters.iter().any(|parameter| parameter.name.to_lowercase() == lower)
}

/// The names that may be a table's, or something else than a table's.
struct PossibleNames {
    names: HashSet<String>,
    ignored: Option<GlobSet>,
}

impl PossibleNames {
    fn of(schema: &Schema, settings: &Settings) -> PossibleNames {
        let tables = schema.tables.keys();
        let columns = schema.tables.values().flat_map(|table| &table.columns);
        let objects = schema.objects.keys().map(|name| &name.name);
        let unsupported = schema.unsupported.iter().map(|object| &object.name);
        let names = tables.chain(columns.map(|column| &column.name)).chain(objects);
        let names = names.chain(unsupported).map(|name| name.to_lowercase()).collect();
        PossibleNames { names, ignored: ignored(settings) }
    }

    fn may_be(&self, name: &str, lower: &str) -> bool {
        self.names.contains(lower) || self.ignored.as_ref().is_none_or(|globs| globs.is_match(name))
    }
}

/// The globs of tables, views and sequences that aren't read. `None` if one isn't understood.
fn ignored(settings: &Settings) -> Option<GlobSet> {
    let kinds = [ObjectKind::View, ObjectKind::Sequence];
    let objects = kinds.iter().filter_map(|kind| settings.ignore_objects.get(kind)).flatten();
    let mut set = GlobSetBuilder::new();
    for glob in settings.ignore_tables.iter().chain(objects) {
        set.add(GlobBuilder::new(glob).case_insensitive(true).build().ok()?);
    }
    set.build().ok()
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found_in, messages};

    const RULE: &str = "reads-missing-object";
    const TABLES: &str = "CREATE TABLE orders (id int, total int);\nCREATE TABLE logs (x int);\n";

    fn of(body: &str) -> Vec<crate::lint::Finding> {
        let sql = format!(
            "{TABLES}CREATE PROCEDURE p(IN wanted int)\nBEGIN {} END;",
            body.replace(';', ";\n")
        );
        found_in(
            RULE,
            &format!("DELIMITER //\n{}//\nDELIMITER ;\n", sql.replacen(";\n", "//\n", 2)),
        )
    }

    #[test]
    fn tables_variables_and_temporary_tables_are_no_findings() {
        for body in [
            "SELECT total FROM orders o JOIN logs l ON l.x = o.id;",
            "DECLARE v int; SELECT id INTO v FROM orders;",
            "SELECT id INTO wanted FROM orders;",
            "CREATE TEMPORARY TABLE t (a int); INSERT INTO t SELECT id FROM orders; DROP TABLE t;",
            "SELECT extract(year FROM total) FROM orders;",
            "SELECT a FROM other.accounts; SELECT 1 FROM dual;",
            "WITH c AS (SELECT id FROM orders) SELECT id FROM c;",
            "INSERT INTO logs (x) VALUES (1) ON DUPLICATE KEY UPDATE x = 2;",
            "SELECT id FROM (SELECT id FROM orders) d;",
        ] {
            assert_eq!(messages(&of(body)), [""; 0], "{body}");
        }
    }

    #[test]
    fn a_table_that_is_not_there_is_found_once() {
        let findings = of("INSERT INTO log (x) VALUES (1); DELETE FROM log;");
        assert_eq!(messages(&findings), ["the procedure p uses a table log, which isn't there"]);
        assert!(findings[0].help[0].starts_with("is `logs` meant?"), "{findings:?}");
    }
}
