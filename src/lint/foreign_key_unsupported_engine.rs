//! Foreign keys of tables whose engine has none.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, Table};
use crate::server::engine_has_foreign_keys;

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-unsupported-engine",
    summary: "foreign keys that the table's storage engine reads and forgets",
    severity: Some(Severity::Warning),
    page: include_str!("pages/foreign-key-unsupported-engine.md"),
    check: Check::Table(check),
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if table.foreign_keys.is_empty() {
        return;
    }
    if let Some(engine) = engine_without(table) {
        drafts.extend(forgotten(table, engine));
        return;
    }
    for key in &table.foreign_keys {
        let Some(referenced) = subject.referenced(key) else { continue };
        let Some(engine) = engine_without(referenced) else { continue };
        drafts.push(
            Draft::new(
                Element::foreign_key(&table.name, &key.name),
                format!(
                    "foreign key {} refers to {}, whose engine {engine} has no foreign keys",
                    describe::foreign_key(key),
                    referenced.name
                ),
            )
            .refused()
            .related(Element::option(&referenced.name, "engine"))
            .why("the server refuses the foreign key")
            .help(format!("write `engine: InnoDB` for {}", referenced.name)),
        );
    }
}

/// The engine of a table, if it has no foreign keys.
fn engine_without(table: &Table) -> Option<&str> {
    table.options.engine.as_deref().filter(|engine| !engine_has_foreign_keys(engine))
}

/// One finding for all foreign keys of a table.
fn forgotten(table: &Table, engine: &str) -> Option<Draft> {
    let names: Vec<&str> = table.foreign_keys.iter().map(|key| key.name.as_str()).collect();
    let (first, others) = names.split_first()?;
    let (noun, them, they) = match others {
        [] => ("foreign key", "it", "it guards"),
        _ => ("foreign keys", "them", "they guard"),
    };
    Some(
        Draft::new(
            Element::foreign_key(&table.name, *first),
            format!(
                "{noun} {} of {}: the engine {engine} reads {them} and forgets {them}",
                describe::names(&names),
                table.name
            ),
        )
        .all_related(others.iter().map(|name| Element::foreign_key(&table.name, *name)))
        .related(Element::option(&table.name, "engine"))
        .why(format!("{they} nothing: rows without a parent are taken"))
        .help(format!("write `engine: InnoDB` for {}", table.name)),
    )
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "foreign-key-unsupported-engine";
    const CHILD: &str =
        "CREATE TABLE c (a int, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))";

    #[test]
    fn innodb_and_an_unknown_engine_are_no_findings() {
        let parent = "CREATE TABLE p (id int PRIMARY KEY)";
        assert_eq!(found(RULE, &[parent, CHILD]), []);
        assert_eq!(found(RULE, &[parent, &format!("{CHILD} ENGINE=Unheard")]), []);
        assert_eq!(found(RULE, &["CREATE TABLE q (id int) ENGINE=MyISAM"]), []);
    }

    #[test]
    fn the_foreign_keys_of_myisam_are_forgotten() {
        let parent = "CREATE TABLE p (id int PRIMARY KEY)";
        let findings = found(RULE, &[parent, &format!("{CHILD} ENGINE=MyISAM")]);
        assert_eq!(
            messages(&findings),
            ["foreign key f of c: the engine MyISAM reads it and forgets it"]
        );
        assert_eq!(findings[0].severity, Severity::Warning);
    }

    #[test]
    fn a_foreign_key_to_myisam_is_refused() {
        let parent = "CREATE TABLE p (id int PRIMARY KEY) ENGINE=MyISAM";
        let findings = found(RULE, &[parent, CHILD]);
        assert_eq!(
            messages(&findings),
            ["foreign key f (a) refers to p, whose engine MyISAM has no foreign keys"]
        );
        assert_eq!(findings[0].severity, Severity::Error);
    }
}
