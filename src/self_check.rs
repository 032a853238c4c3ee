//! Whether anything is misread: each table read from a server is written as CREATE TABLE and
//! compared with the server's own SHOW CREATE TABLE. Meanings are compared, not texts, because a
//! server remembers how things were written: an inherited character set, RESTRICT, USING BTREE, a
//! row format that is the default anyway, the order of the keys.

use std::collections::BTreeSet;

use crate::ddl;
use crate::diff::{Change, Difference, diff};
use crate::model::{Element, Schema, Table};
use crate::normalize::{Context, normalize};
use crate::server::Server;
use crate::source::Loaded;
use crate::source::live::{ShownStatement, as_shown, parse_statement};
use crate::syntax::quote_identifier;

/// The result of the check.
#[derive(Debug)]
pub struct SelfCheck {
    /// The server whose rules decide what is equal.
    pub server: Server,
    /// Every table, in the source's order.
    pub tables: Vec<Checked>,
    /// The differences in meaning, from what driftline writes to what the server shows.
    pub difference: Difference,
}

/// One table that was checked.
#[derive(Debug)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// How the two texts compare.
    pub verdict: Verdict,
    /// CREATE TABLE as driftline writes it.
    pub written: String,
    /// SHOW CREATE TABLE as the server gives it.
    pub shown: String,
}

/// How two texts of a table compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Byte for byte.
    Equal,
    /// They make the same table.
    Spelling,
    /// They don't, or it is uncertain. With the reasons that are not in [`SelfCheck::difference`].
    Different(Vec<String>),
    /// The table has clauses that the model can't hold, and is never altered.
    Unsupported(Vec<String>),
}

/// The number of tables for each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct VerdictCounts {
    /// [`Verdict::Equal`]
    pub equal: usize,
    /// [`Verdict::Spelling`]
    pub spelling: usize,
    /// [`Verdict::Different`]
    pub different: usize,
    /// [`Verdict::Unsupported`]
    pub unsupported: usize,
}

impl SelfCheck {
    /// Counts the tables by verdict.
    pub fn counts(&self) -> VerdictCounts {
        let mut counts = VerdictCounts::default();
        for table in &self.tables {
            *match table.verdict {
                Verdict::Equal => &mut counts.equal,
                Verdict::Spelling => &mut counts.spelling,
                Verdict::Different(_) => &mut counts.different,
                Verdict::Unsupported(_) => &mut counts.unsupported,
            } += 1;
        }
        counts
    }

    /// Marks misread tables as unsupported in the schema that was checked, so that they are never
    /// altered. The reason is the clause that differs, as the server prints it.
    pub fn mark(&self, schema: &mut Schema) {
        for checked in &self.tables {
            let Verdict::Different(said) = &checked.verdict else { continue };
            let Some(table) = schema.tables.get_mut(&checked.name) else { continue };
            table.unsupported.extend(skipped(&self.difference, &checked.name).cloned());
            if table.unsupported.is_empty() {
                table.unsupported.push(match said.first() {
                    Some(unreadable) => unreadable.clone(),
                    None => self.clause(checked),
                });
            }
        }
    }

    /// The line of SHOW CREATE TABLE with the first difference in meaning. If the server shows
    /// nothing about it, the first line that differs at all.
    fn clause(&self, checked: &Checked) -> String {
        let lines = || checked.shown.lines();
        let start = self.first_element(&checked.name).and_then(|element| line_start(&element));
        let named = start.and_then(|start| {
            lines().find(|line| start.iter().any(|it| line.trim_start().starts_with(it)))
        });
        let other = || lines().find(|line| checked.written.lines().all(|it| it != *line));
        let line = named.or_else(other).or_else(|| lines().last()).unwrap_or_default();
        line.trim().trim_end_matches(',').to_owned()
    }

    fn first_element(&self, table: &str) -> Option<Element> {
        let changes = self.difference.changes.iter().find_map(|change| match change {
            Change::AlterTable { to, changes, .. } if to.name == table => changes.first(),
            _ => None,
        });
        let uncertain = self.difference.uncertain.iter();
        let mut uncertain = uncertain.filter(|it| it.element.table_name() == Some(table));
        changes
            .map(|change| change.element(table))
            .or_else(|| uncertain.next().map(|it| it.element.clone()))
    }
}

/// How the line for an element begins.
fn line_start(element: &Element) -> Option<Vec<String>> {
    let quoted = |prefixes: &[&str], name: &str| {
        let name = quote_identifier(name);
        Some(prefixes.iter().map(|prefix| format!("{prefix}{name} ")).collect())
    };
    match element {
        Element::Column { column, .. } => quoted(&[""], column),
        Element::PrimaryKey { .. } => Some(vec!["PRIMARY KEY".to_owned()]),
        Element::Index { index, .. } => {
            quoted(&["KEY ", "UNIQUE KEY ", "FULLTEXT KEY ", "SPATIAL KEY ", "VECTOR KEY "], index)
        }
        Element::ForeignKey { foreign_key: name, .. } | Element::Check { check: name, .. } => {
            quoted(&["CONSTRAINT "], name)
        }
        Element::TableOption { .. } => Some(vec![")".to_owned()]),
        _ => None,
    }
}

/// Compares what was read with what the server shows.
pub fn self_check(loaded: &Loaded) -> SelfCheck {
    let server = loaded.server.unwrap_or(Server::ASSUMED);
    let outer = Schema { tables: Default::default(), ..loaded.schema.clone() };
    let (mut from, mut to) = (outer.clone(), outer);
    let mut tables = Vec::with_capacity(loaded.schema.tables.len());
    for table in loaded.schema.tables.values() {
        let (checked, pair) = check(table, loaded.shown.get(&table.name), &server);
        if let Some((written, shown)) = pair {
            from.insert(written);
            to.insert(shown);
        }
        tables.push(checked);
    }
    let difference = compare(&from, &to, server);
    let different = names(&difference);
    for table in &mut tables {
        if table.verdict == Verdict::Spelling && different.contains(table.name.as_str()) {
            let clauses = skipped(&difference, &table.name);
            table.verdict =
                Verdict::Different(clauses.map(|it| format!("{it} was not noticed")).collect());
        }
    }
    SelfCheck { server, tables, difference }
}

/// The texts of one table, and the tables that they make if these have to be compared.
fn check(
    table: &Table,
    statement: Option<&ShownStatement>,
    server: &Server,
) -> (Checked, Option<(Table, Table)>) {
    let mut table = as_shown(table, server);
    let shown = statement.map(ShownStatement::text).unwrap_or_default();
    let mut written = ddl::create_table(&table, server);
    let read = match statement {
        None => Err("SHOW CREATE TABLE gives nothing".to_owned()),
        // Most are equal byte for byte, and needn't be parsed.
        Some(_) if written == shown => Ok(None),
        Some(statement) => statement
            .table(server)
            .map(Some)
            .map_err(|error| format!("SHOW CREATE TABLE can't be read: {error}")),
    };
    if let Ok(Some(read)) = &read
        && table.options.auto_increment != read.options.auto_increment
    {
        // The next value is not part of a schema.
        table.options.auto_increment = read.options.auto_increment;
        written = ddl::create_table(&table, server);
    }
    let mut pair = None;
    let verdict = if !table.unsupported.is_empty() {
        Verdict::Unsupported(table.unsupported.clone())
    } else if written == shown {
        Verdict::Equal
    } else {
        let again = parse_statement(&written, server)
            .map_err(|error| format!("what driftline writes can't be read: {error}"));
        match (again, read) {
            (Ok(again), Ok(Some(read))) => {
                pair = Some((again, read));
                Verdict::Spelling
            }
            (again, read) => {
                Verdict::Different([again.err(), read.err()].into_iter().flatten().collect())
            }
        }
    };
    (Checked { name: table.name, verdict, written, shown }, pair)
}

/// Whether two CREATE TABLE texts make the same table on a server.
pub fn same_meaning(a: &str, b: &str, server: &Server) -> bool {
    let schema = |text: &str| {
        let mut schema = Schema::default();
        schema.insert(parse_statement(text, server).ok()?);
        Some(schema)
    };
    match (schema(a), schema(b)) {
        (Some(a), Some(b)) => names(&compare(&a, &b, *server)).is_empty(),
        _ => false,
    }
}

fn compare(from: &Schema, to: &Schema, server: Server) -> Difference {
    let context = Context::of(server, from, to);
    diff(&normalize(from, &context), &normalize(to, &context), &server)
}

/// The tables that differ, may differ, or can't be compared.
fn names(difference: &Difference) -> BTreeSet<&str> {
    let changed = difference.changes.iter().filter_map(|change| match change {
        Change::CreateTable(table) | Change::DropTable(table) => Some(table.name.as_str()),
        Change::RenameTable { to, .. } => Some(to),
        Change::AlterTable { to, .. } => Some(&to.name),
        Change::CreateObject(_) | Change::DropObject(_) | Change::ChangeObject { .. } => None,
    });
    let uncertain = difference.uncertain.iter().filter_map(|it| it.element.table_name());
    let unsupported_objects = difference.unsupported.iter().map(|it| it.name.as_str());
    // Other objects are the same on both sides, and `inspect` itself names them.
    let unsupported_objects = unsupported_objects.filter(|name| {
        difference.unsupported.iter().any(|it| it.name == **name && it.kind == "table")
    });
    changed.chain(uncertain).chain(unsupported_objects).collect()
}

/// The clauses that the server shows and that were not read.
fn skipped<'a>(difference: &'a Difference, table: &'a str) -> impl Iterator<Item = &'a String> {
    let tables = difference.unsupported.iter();
    tables.filter(move |it| it.kind == "table" && it.name == table).flat_map(|it| &it.clauses)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn table(column: &str, rest: &str) -> String {
        format!("CREATE TABLE `t` (\n  `a` {column},\n  KEY `k` (`a`)\n) ENGINE=InnoDB{rest}")
    }

    #[test]
    fn spelling_and_meaning_are_different() {
        let server = Server::mysql(8, 4, 0);
        let options = " DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
        let plain = table("varchar(9) DEFAULT NULL", options);
        let written = "varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL";
        let spelled = table(written, &format!("{options} ROW_FORMAT=DYNAMIC"));
        assert!(same_meaning(&plain, &spelled, &server));
        for (column, options) in [
            ("varchar(8) DEFAULT NULL", options),
            ("varchar(9) NOT NULL", options),
            ("varchar(9) CHARACTER SET latin1 DEFAULT NULL", options),
            ("varchar(9) DEFAULT NULL", " DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci"),
        ] {
            assert!(!same_meaning(&plain, &table(column, options), &server), "{column}{options}");
        }
    }

    #[test]
    fn what_is_misread_is_named() {
        let server = Server::mysql(8, 4, 0);
        let text = table("int DEFAULT '5'", " DEFAULT CHARSET=utf8mb4");
        let mut misread = parse_statement(&text, &server).unwrap_or_default();
        misread.columns[0].nullable = false;
        let mut loaded =
            Loaded { label: "app".to_owned(), server: Some(server), ..Loaded::default() };
        loaded.schema.insert(misread);
        loaded.shown = Arc::new([("t".to_owned(), ShownStatement::new(text))].into());
        let check = self_check(&loaded);
        assert_eq!(check.counts(), VerdictCounts { different: 1, ..VerdictCounts::default() });
        insta::assert_snapshot!(crate::report::self_check_text(&loaded, &check), @r"
        app (MySQL 8.4.0)

        table t is not read as SHOW CREATE TABLE has it
          column a: nullable read as not null, shown as null
        --- as read
        +++ SHOW CREATE TABLE
        @@ -1,4 +1,4 @@
         CREATE TABLE `t` (
        -  `a` int NOT NULL DEFAULT 5,
        +  `a` int DEFAULT '5',
           KEY `k` (`a`)
         ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4

        1 table: 0 equal, 0 equal except for spelling, 1 different, 0 unsupported
        ");
        check.mark(&mut loaded.schema);
        assert_eq!(loaded.schema.tables["t"].unsupported, ["`a` int DEFAULT '5'"]);
    }
}
