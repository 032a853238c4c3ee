//! Tables and columns with another collation than the rest of the schema.

use indexmap::IndexMap;

use super::Rule;
use super::draft::Draft;
use super::subject::Subject;
use crate::diagnostic::Severity;
use crate::model::{Element, Schema, Table};

pub(super) const RULE: Rule = Rule {
    name: "mixed-collation",
    summary: "a table or column whose collation is not that of the others",
    severity: Severity::Warning,
    page: include_str!("pages/mixed-collation.md"),
    check,
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let Some(usual) = subject.usual_collation(usual_collation) else { return };
    let own = table.options.collation.as_deref().unwrap_or(usual);
    if let Some(why) = clash(own, usual) {
        drafts.push(
            Draft::new(
                Element::option(&table.name, "collation"),
                format!("table {} has the collation {own}, other tables have {usual}", table.name),
            )
            .why(why)
            .help(format!("write `collation: {usual}` for it, and no other for its columns")),
        );
    }
    let mut collations: Vec<&str> = Vec::new();
    for column in &table.columns {
        if let Some(collation) = column.collation.as_deref()
            && collation != own
            && clash(collation, usual).is_some()
            && !collations.contains(&collation)
        {
            collations.push(collation);
        }
    }
    drafts.extend(collations.iter().map(|collation| columns_draft(table, collation, usual)));
}

/// One finding for all columns of a table that have the same unusual collation.
fn columns_draft(table: &Table, collation: &str, usual: &str) -> Draft {
    let names: Vec<&str> = table
        .columns
        .iter()
        .filter(|column| column.collation.as_deref() == Some(collation))
        .map(|column| column.name.as_str())
        .collect();
    let message = match names.as_slice() {
        [name] => format!("column {name} of {} has the collation {collation}", table.name),
        names => {
            format!("columns {} of {} have the collation {collation}", names.join(", "), table.name)
        }
    };
    let first = names.first().copied().unwrap_or_default();
    let draft = Draft::new(
        Element::column(&table.name, first),
        format!("{message}, the schema mostly has {usual}"),
    );
    names
        .iter()
        .skip(1)
        .fold(draft, |draft, name| draft.related(Element::column(&table.name, *name)))
        .why(clash(collation, usual).unwrap_or_default())
        .help(format!("write `collate {usual}` in place of it, or nothing where the table has it"))
}

/// What goes wrong when columns of the two collations are compared, if anything does. Columns of
/// one character set can be compared with a `_bin` collation of it. The character sets ascii and
/// binary are chosen on purpose (for identifiers, hashes, tokens), so they aren't reported.
fn clash(a: &str, b: &str) -> Option<&'static str> {
    let charsets = (charset(a), charset(b));
    if a == b || [charsets.0, charsets.1].iter().any(|name| ["ascii", "binary"].contains(name)) {
        None
    } else if charsets.0 != charsets.1 {
        Some("comparing it with the others converts each value, so that no index on it is used")
    } else if is_binary(a) || is_binary(b) {
        None
    } else {
        Some("comparing it with the others fails: Illegal mix of collations (1267)")
    }
}

/// The character set of a collation, which is the beginning of its name.
fn charset(collation: &str) -> &str {
    collation.split('_').next().unwrap_or(collation)
}

fn is_binary(collation: &str) -> bool {
    collation.ends_with("_bin")
}

/// The usual collation of the schema, in the character set that most tables have. It is the most
/// frequent collation of the tables, without `_bin` ones. If the tables have only `_bin`
/// collations, it is the most frequent one of the columns, without `_bin` ones. If there is none
/// either, it is the most frequent `_bin` collation of the tables.
fn usual_collation(schema: &Schema) -> Option<&str> {
    let tables = || schema.tables.values().filter_map(|table| table.options.collation.as_deref());
    let columns = || {
        let columns = schema.tables.values().flat_map(|table| &table.columns);
        columns.filter_map(|column| column.collation.as_deref())
    };
    let usual = most_frequent(tables().map(charset))?;
    let fits = |collation: &&str| charset(collation) == usual && !is_binary(collation);
    most_frequent(tables().filter(fits))
        .or_else(|| most_frequent(columns().filter(fits)))
        .or_else(|| most_frequent(tables().filter(|collation| charset(collation) == usual)))
}

/// The most frequent value. If several are equally frequent, the first of them.
fn most_frequent<'a>(values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "mixed-collation";

    fn table(name: &str, collation: &str, columns: &str) -> String {
        format!(
            "CREATE TABLE {name} (id int PRIMARY KEY, {columns}) \
             DEFAULT CHARSET=utf8mb4 COLLATE={collation}"
        )
    }

    #[test]
    fn one_collation_is_no_finding() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9)");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9), y text");
        assert_eq!(found(RULE, &[&a, &b]), []);
    }

    #[test]
    fn the_table_that_is_not_as_most_is_named_once() {
        let a = table("a", "utf8mb4_unicode_ci", "x varchar(9), y varchar(9)");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9)");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        let findings = found(RULE, &[&a, &b, &c]);
        assert_eq!(
            messages(&findings),
            ["table a has the collation utf8mb4_unicode_ci, other tables have utf8mb4_general_ci"]
        );
        assert_eq!(
            findings[0].why,
            "comparing it with the others fails: Illegal mix of collations (1267)"
        );
    }

    #[test]
    fn a_column_of_another_collation_is() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9) COLLATE utf8mb4_unicode_ci");
        let findings = found(RULE, &[&a]);
        assert_eq!(
            messages(&findings),
            ["column x of a has the collation utf8mb4_unicode_ci, \
              the schema mostly has utf8mb4_general_ci"]
        );
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.a.columns.x");
    }

    #[test]
    fn columns_of_one_collation_are_one_finding() {
        let columns = "x varchar(9) COLLATE utf8mb4_unicode_ci, y text COLLATE utf8mb4_unicode_ci";
        let findings = found(RULE, &[&table("a", "utf8mb4_general_ci", columns)]);
        assert_eq!(
            messages(&findings),
            ["columns x, y of a have the collation utf8mb4_unicode_ci, \
              the schema mostly has utf8mb4_general_ci"]
        );
        assert_eq!(
            findings[0].related_elements().next().unwrap().to_string(),
            "tables.a.columns.y"
        );
    }

    #[test]
    fn a_column_of_another_character_set_is() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9) COLLATE latin1_swedish_ci");
        let findings = found(RULE, &[&a]);
        assert_eq!(
            findings[0].why,
            "comparing it with the others converts each value, so that no index on it is used"
        );
    }

    #[test]
    fn binary_and_ascii_columns_are_meant() {
        let columns = "x varchar(9) COLLATE utf8mb4_bin, y char(36) CHARACTER SET ascii";
        assert_eq!(found(RULE, &[&table("a", "utf8mb4_general_ci", columns)]), []);
    }

    #[test]
    fn one_other_collation_among_binary_ones_is_meant() {
        let a = table("a", "utf8mb4_bin", "x varchar(9) COLLATE utf8mb4_unicode_ci");
        let b = table("b", "utf8mb4_bin", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b]), []);
    }

    #[test]
    fn a_column_that_is_as_most_tables_are_is_no_finding() {
        let a = table("a", "utf8mb4_unicode_ci", "x varchar(9) COLLATE utf8mb4_general_ci");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9)");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b, &c]).len(), 1);
    }
}
