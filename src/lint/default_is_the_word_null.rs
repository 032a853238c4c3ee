//! Defaults that are a text where a value was meant.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::model::{ColumnType, DefaultValue, Element, Table};

pub(super) const RULE: Rule = Rule {
    name: "default-is-the-word-null",
    summary: "a default that is the text `NULL` or the name of a function",
    severity: Some(Severity::Warning),
    page: include_str!("pages/default-is-the-word-null.md"),
    check: Check::Table(check),
};

/// Texts that are hardly meant as texts, and how each is written where the value is meant.
const WORDS: &[(&str, &str)] = &[
    ("null", "default null"),
    ("now()", "default (now())"),
    ("current_timestamp", "default (current_timestamp())"),
    ("current_timestamp()", "default (current_timestamp())"),
    ("uuid()", "default (uuid())"),
    ("''", "default ''"),
    ("\"\"", "default ''"),
];

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    for column in &table.columns {
        let Some(DefaultValue::Literal(text)) = &column.default else { continue };
        let is_text = matches!(
            column.ty,
            ColumnType::Char { .. } | ColumnType::Varchar { .. } | ColumnType::Text { .. }
        );
        let meant = WORDS.iter().find(|(word, _)| text.trim().eq_ignore_ascii_case(word));
        let Some((_, meant)) = meant.filter(|_| is_text) else { continue };
        let help = match *meant {
            "default null" if !column.nullable => "take the default out: the column is NOT NULL",
            meant => &format!("write `{meant}`"),
        };
        drafts.push(
            Draft::new(
                Element::column(&table.name, &column.name),
                format!(
                    "column {} of {} has the text '{text}' as its default",
                    column.name, table.name
                ),
            )
            .probable()
            .why("rows get these letters, and no condition like IS NULL finds them")
            .help(help.to_owned()),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "default-is-the-word-null";

    #[test]
    fn null_itself_and_other_texts_are_no_findings() {
        let table = "CREATE TABLE t (a varchar(9) DEFAULT NULL, b varchar(9) DEFAULT 'none', \
                     c enum('NULL','x') DEFAULT 'NULL', d datetime DEFAULT CURRENT_TIMESTAMP, \
                     e varchar(9) DEFAULT '')";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn the_words_are_found() {
        let table = "CREATE TABLE t (a varchar(9) DEFAULT 'NULL', \
                     b varchar(30) NOT NULL DEFAULT 'null', c varchar(30) DEFAULT 'now()')";
        let findings = found(RULE, &[table]);
        assert_eq!(
            messages(&findings),
            [
                "column a of t has the text 'NULL' as its default",
                "column b of t has the text 'null' as its default",
                "column c of t has the text 'now()' as its default",
            ]
        );
        let help: Vec<&str> =
            findings.iter().filter_map(|it| it.help[0].split(';').next()).collect();
        assert_eq!(
            help,
            [
                "write `default null`",
                "take the default out: the column is NOT NULL",
                "write `default (now())`",
            ]
        );
    }
}
