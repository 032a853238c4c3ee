//! Character sets that can't hold every character.

use indexmap::IndexMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::finding::FixChange;
use crate::model::{Column, Element, Table};
use crate::server::{charset_name, collation_name, names_charset};

pub(super) const RULE: Rule = Rule {
    name: "legacy-charset",
    summary: "tables and columns whose character set can't hold every character",
    severity: Some(Severity::Warning),
    page: include_str!("pages/legacy-charset.md"),
    check: Check::Schema(check),
};

/// What has one character set.
#[derive(Default)]
struct Users<'a> {
    /// Tables whose default it is, and which have a column with it.
    tables: Vec<&'a str>,
    /// Columns of other tables.
    columns: Vec<(&'a str, &'a str)>,
}

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let mut legacy: IndexMap<&str, Users<'_>> = IndexMap::new();
    let mut has_others = false;
    for table in subject.schema.tables.values() {
        let own = table.options.charset.as_deref();
        for column in &table.columns {
            let Some(charset) = column.charset.as_deref() else { continue };
            if !subject.states_charset(&table.name, &column.name) {
                continue;
            }
            if !is_legacy(charset) {
                has_others |= charset == "utf8mb4";
                continue;
            }
            let users = legacy.entry(charset).or_default();
            if own != Some(charset) {
                users.columns.push((&table.name, &column.name));
            } else if users.tables.last() != Some(&table.name.as_str()) {
                users.tables.push(&table.name);
            }
        }
    }
    drafts.extend(legacy.iter().filter_map(|(charset, users)| {
        let draft = draft(charset, users, has_others)?;
        let changes = if *charset == OLD { to_utf8mb4(subject, users) } else { None };
        Some(draft.fix("write utf8mb4 instead", changes.unwrap_or_default()))
    }));
}

const OLD: &str = "utf8mb3";
const NEW: &str = "utf8mb4";

/// The changes that give all users the character set utf8mb4, and the collation of the same name.
/// `None` if the server doesn't have it.
fn to_utf8mb4(subject: &Subject<'_>, users: &Users<'_>) -> Option<Vec<FixChange>> {
    let known = subject.server.collations_of(NEW);
    let collation = |old: &str| {
        let new = format!("{NEW}{}", collation_name(old).0.strip_prefix(OLD)?);
        known.contains(&new).then_some(new)
    };
    let mut changes = Vec::new();
    let defaults = &subject.source.table_defaults;
    let inherits = |table: &Table| {
        let (own, inherited) = (&table.options, defaults);
        (defaults.charset.is_some() || defaults.collation.is_some())
            && own.charset == inherited.charset
            && own.collation == inherited.collation
    };
    // A table without text isn't among the users, and what it inherits must stay.
    let mut heirs = subject.source.schema.tables.values().filter(|table| inherits(table));
    let all_inherit = heirs.all(|table| users.tables.contains(&table.name.as_str()));
    for name in &users.tables {
        let table = subject.written(name)?;
        let of_table = subject.schema.table(name)?.options.collation.as_deref()?;
        let whole = all_inherit && inherits(table);
        let change = FixChange::Charset {
            table: (!whole).then(|| table.name.clone()),
            charset: NEW.to_owned(),
            collation: collation(of_table)?,
        };
        if !changes.contains(&change) {
            changes.push(change);
        }
        for column in &table.columns {
            changes.extend(column_to_utf8mb4(table, column, &collation)?);
        }
    }
    for (table, column) in &users.columns {
        let table = subject.written(table)?;
        changes.extend(column_to_utf8mb4(table, table.column(column)?, &collation)?);
    }
    Some(changes)
}

/// The change of a column that names the old character set. `None` if its collation has no
/// counterpart.
fn column_to_utf8mb4(
    table: &Table,
    column: &Column,
    collation: &dyn Fn(&str) -> Option<String>,
) -> Option<Option<FixChange>> {
    let is_old = column.charset.as_deref().is_some_and(|it| charset_name(it) == OLD)
        || column.collation.as_deref().is_some_and(|it| names_charset(it, OLD));
    if !is_old {
        return Some(None);
    }
    let mut new = Box::new(column.clone());
    new.charset = column.charset.as_ref().map(|_| NEW.to_owned());
    new.collation = match &column.collation {
        Some(old) => Some(collation(old)?),
        // Alone it would mean another collation than before.
        None => Some(collation("utf8mb3_general_ci")?),
    };
    Some(Some(FixChange::Column { table: table.name.clone(), column: new }))
}

/// Whether a character set lacks characters of Unicode. ASCII and bytes are chosen on purpose.
fn is_legacy(charset: &str) -> bool {
    let full = ["utf8mb4", "utf16", "utf16le", "utf32", "gb18030", "ascii", "binary"];
    !full.contains(&charset)
}

/// One finding for all that has the character set. Only `utf8mb3` is a warning: nobody chooses it,
/// while the others are chosen for old or small data.
fn draft(charset: &str, users: &Users<'_>, has_others: bool) -> Option<Draft> {
    let tables = users.tables.iter().map(|table| Element::option(*table, "charset"));
    let columns = users.columns.iter().map(|(table, column)| Element::column(*table, *column));
    let mut elements = tables.chain(columns);
    let first = elements.next()?;
    let columns: Vec<String> =
        users.columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let counts = [
        counted(users.tables.len(), "table", "tables"),
        counted(columns.len(), "column", "columns"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let have = describe::has(users.tables.len() + columns.len());
    let names: Vec<&str> =
        users.tables.iter().copied().chain(columns.iter().map(String::as_str)).collect();
    let message = format!(
        "{} {have} the character set {charset}: {}",
        counts.join(" and "),
        describe::names(&names)
    );
    let lacks = match charset {
        "utf8mb3" | "ucs2" => "it has no emoji and no rare Chinese characters",
        _ => "it has only the characters of a few languages",
    };
    let joins = "; comparing it with utf8mb4 converts each value, so that an index isn't used";
    let draft = Draft::new(first, message)
        .all_related(elements)
        .why(format!("{lacks}{}", if has_others { joins } else { "" }))
        .help("write `charset: utf8mb4`, table by table: it rewrites the rows")
        .all_help(describe::all_names("the tables", &users.tables));
    Some(match charset {
        "utf8mb3" => draft,
        _ => draft.probable().unless_set(Severity::Note),
    })
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "legacy-charset";

    #[test]
    fn utf8mb4_ascii_and_bytes_are_no_findings() {
        let a = "CREATE TABLE a (x varchar(9), y char(3) CHARACTER SET ascii, z varbinary(9)) \
                 DEFAULT CHARSET=utf8mb4";
        assert_eq!(found(RULE, &[a]), []);
    }

    #[test]
    fn a_table_without_text_has_nothing_to_lose() {
        assert_eq!(found(RULE, &["CREATE TABLE a (x int) DEFAULT CHARSET=utf8mb3"]), []);
    }

    #[test]
    fn a_schema_has_one_finding_for_each_character_set() {
        let findings = found(
            RULE,
            &[
                "CREATE TABLE a (x varchar(9), y text) DEFAULT CHARSET=utf8mb3",
                "CREATE TABLE b (x varchar(9)) DEFAULT CHARSET=utf8mb3",
                "CREATE TABLE c (x varchar(9), y varchar(9) CHARACTER SET latin1) \
                 DEFAULT CHARSET=utf8mb4",
            ],
        );
        assert_eq!(
            messages(&findings),
            [
                "2 tables have the character set utf8mb3: a and b",
                "1 column has the character set latin1: c.y",
            ]
        );
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.a.charset");
        let severities: Vec<Severity> = findings.iter().map(|it| it.severity).collect();
        assert_eq!(severities, [Severity::Warning, Severity::Note]);
        assert!(findings[0].why.contains("comparing it with utf8mb4"));
    }
}
