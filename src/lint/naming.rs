//! Names that don't match the patterns of schema.yaml.

use std::collections::BTreeMap;

use regex::Regex;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::model::{Element, IndexKind, ObjectKind, Table};
use crate::source::NamedKind;

pub(super) const RULE: Rule = Rule {
    name: "naming",
    summary: "a name that doesn't match the pattern that schema.yaml has for it",
    severity: Some(Severity::Warning),
    page: include_str!("pages/naming.md"),
    check: Check::Schema(check),
};

/// The patterns, read once for all names.
struct Patterns(BTreeMap<NamedKind, Regex>);

impl Patterns {
    /// A finding if the name doesn't match.
    fn draft(&self, kind: NamedKind, name: &str, noun: &str, element: Element) -> Option<Draft> {
        let pattern = self.0.get(&kind).filter(|pattern| !pattern.is_match(name))?;
        let message = format!("{noun} `{name}` has a name that doesn't match `{pattern}`");
        let help = match &element {
            Element::Table { .. } | Element::Column { .. } => {
                "give it another name, and say `renamed_from` with the old one"
            }
            _ => "give it another name",
        };
        Some(Draft::new(element, message).help(help))
    }
}

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    // What isn't a pattern was refused when the file was read.
    let patterns = subject.settings.rule_options.naming.iter();
    let patterns = patterns.filter_map(|(kind, text)| Some((*kind, Regex::new(text).ok()?)));
    let patterns = Patterns(patterns.collect());
    if patterns.0.is_empty() {
        return;
    }
    for table in subject.schema.tables.values() {
        of_table(table, &patterns, drafts);
    }
    for name in subject.schema.objects.keys() {
        let kind = match name.kind {
            ObjectKind::View => NamedKind::Views,
            ObjectKind::Trigger => NamedKind::Triggers,
            ObjectKind::Procedure | ObjectKind::Function => NamedKind::Routines,
            ObjectKind::Event => NamedKind::Events,
            _ => continue,
        };
        let element = Element::object(name);
        drafts.extend(patterns.draft(kind, &name.name, name.kind.noun(), element));
    }
}

fn of_table(table: &Table, patterns: &Patterns, drafts: &mut Vec<Draft>) {
    let own = Element::table(&table.name);
    drafts.extend(patterns.draft(NamedKind::Tables, &table.name, "table", own));
    for column in table.columns.iter().filter(|column| !column.is_system_time()) {
        let element = Element::column(&table.name, &column.name);
        drafts.extend(patterns.draft(NamedKind::Columns, &column.name, "column", element));
    }
    for index in &table.indexes {
        // That of a foreign key has the key's name.
        if table.foreign_key(&index.name).is_some() {
            continue;
        }
        let (kind, noun) = match index.kind {
            IndexKind::Unique => (NamedKind::UniqueIndexes, "unique index"),
            _ => (NamedKind::Indexes, "index"),
        };
        let element = Element::index(&table.name, &index.name);
        drafts.extend(patterns.draft(kind, &index.name, noun, element));
    }
    for key in &table.foreign_keys {
        let element = Element::foreign_key(&table.name, &key.name);
        drafts.extend(patterns.draft(NamedKind::ForeignKeys, &key.name, "foreign key", element));
    }
    for check in &table.checks {
        let element = Element::check(&table.name, &check.name);
        drafts.extend(patterns.draft(NamedKind::Checks, &check.name, "check", element));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::lint;
    use crate::lint::tests::{MYSQL, of_itself, schema};
    use crate::source::{NamedKind, RuleOptions, Settings};

    fn found(patterns: &[(NamedKind, &str)], tables: &[&str]) -> Vec<String> {
        let naming = patterns.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
        let settings = Settings {
            rule_options: RuleOptions { naming, ..RuleOptions::default() },
            ..Settings::default()
        };
        let schema = schema(MYSQL, tables);
        let findings = lint(&schema, &of_itself(&schema), &MYSQL, &settings).into_iter();
        findings.filter(|it| it.code == "naming").map(|it| it.message).collect()
    }

    const TABLES: [&str; 2] = [
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE Reports (id int PRIMARY KEY, userId int, UNIQUE ux_a (id, userId), \
         KEY by_user (userId, id), CONSTRAINT reports_user FOREIGN KEY (userId) \
         REFERENCES users (id), CONSTRAINT positive CHECK (id > 0))",
    ];

    #[test]
    fn without_a_pattern_and_with_one_that_all_match_there_is_no_finding() {
        let none: [&str; 0] = [];
        assert_eq!(found(&[], &TABLES), none);
        let patterns = [(NamedKind::Tables, "(?i)^[a-z]+$"), (NamedKind::UniqueIndexes, "^ux_")];
        assert_eq!(found(&patterns, &TABLES), none);
        // The index that the server makes for the foreign key has the key's name.
        let table = "CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id))";
        assert_eq!(found(&[(NamedKind::Indexes, "^ix_")], &[TABLES[0], table]), none);
    }

    #[test]
    fn each_kind_has_its_pattern() {
        let patterns = [
            (NamedKind::Tables, "^[a-z_]+$"),
            (NamedKind::Columns, "^[a-z_]+$"),
            (NamedKind::Indexes, "^ix_"),
            (NamedKind::ForeignKeys, "_fk$"),
            (NamedKind::Checks, "^ck_"),
        ];
        assert_eq!(
            found(&patterns, &TABLES),
            [
                "table `Reports` has a name that doesn\'t match `^[a-z_]+$`",
                "column `userId` has a name that doesn\'t match `^[a-z_]+$`",
                "index `by_user` has a name that doesn\'t match `^ix_`",
                "foreign key `reports_user` has a name that doesn\'t match `_fk$`",
                "check `positive` has a name that doesn\'t match `^ck_`",
            ]
        );
    }
}
