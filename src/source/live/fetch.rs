//! The bulk queries: one per view of `information_schema` for the whole database, on several
//! connections at once. The server joins nothing, because MariaDB is slow at it.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::answers::Answers;
use super::connect::{Connection, Entrance, open_another};
use super::error::LiveError;
use super::rows::{
    CheckRow, CheckTableRow, ColumnRow, IndexRow, KeyColumnRow, ObjectRow, RuleRow, SridRow,
    TableRow,
};
use super::url::DatabaseUrl;
use crate::server::{Capability, Server, Vendor};

/// How many connections help. On two cores, with 2,000 tables, MySQL answers fastest on two or
/// three, and MariaDB on three or four.
fn useful_connections(vendor: Vendor) -> usize {
    match vendor {
        Vendor::MySql => 3,
        Vendor::MariaDb => 4,
    }
}

/// The rows of the bulk queries.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    pub(super) name: String,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
    /// The server's current time, in UTC.
    pub(super) now: Option<String>,
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) key_columns: Vec<KeyColumnRow>,
    pub(super) rules: Vec<RuleRow>,
    pub(super) checks: Vec<CheckRow>,
    /// The names of CHECKs that only one of MySQL's two views about them has.
    pub(super) torn_checks: Vec<String>,
    /// Tables with partitions.
    pub(super) partitions: Vec<String>,
    pub(super) objects: Vec<ObjectRow>,
    pub(super) srids: Vec<SridRow>,
}

/// One of the bulk queries.
#[derive(Debug, Clone, Copy)]
pub(super) enum CatalogQuery {
    Schema,
    Tables,
    Columns,
    Indexes,
    KeyColumns,
    Rules,
    Checks,
    Partitions,
    Objects,
}

/// The longest come first, so that no connection is still busy with one at the end.
pub(super) const QUERIES: [CatalogQuery; 9] = [
    CatalogQuery::Columns,
    CatalogQuery::Indexes,
    CatalogQuery::Tables,
    CatalogQuery::KeyColumns,
    CatalogQuery::Rules,
    CatalogQuery::Checks,
    CatalogQuery::Partitions,
    CatalogQuery::Objects,
    CatalogQuery::Schema,
];

/// MySQL: the table of each CHECK. Asked after [`CatalogQuery::Checks`], and only if that gives
/// rows, because the server joins the two views in quadratic time.
pub(super) const CHECK_TABLES: &str = include_str!("queries/check_tables_mysql.sql");

impl CatalogQuery {
    /// The SQL for a server. `None` if the server has nothing to answer. It names no column that
    /// the server's version doesn't have.
    pub(super) fn sql(self, server: &Server) -> Option<&'static str> {
        let of_mysql = server.vendor == Vendor::MySql;
        Some(match self {
            CatalogQuery::Schema => include_str!("queries/schema.sql"),
            CatalogQuery::Tables => include_str!("queries/tables.sql"),
            CatalogQuery::Columns if of_mysql => include_str!("queries/columns_mysql.sql"),
            CatalogQuery::Columns => include_str!("queries/columns_mariadb.sql"),
            CatalogQuery::Indexes if server.can(Capability::FunctionalIndexes) => {
                include_str!("queries/indexes_mysql.sql")
            }
            CatalogQuery::Indexes if of_mysql => {
                include_str!("queries/indexes_mysql_without_expressions.sql")
            }
            CatalogQuery::Indexes => include_str!("queries/indexes_mariadb.sql"),
            CatalogQuery::KeyColumns => include_str!("queries/key_columns.sql"),
            CatalogQuery::Rules => include_str!("queries/rules.sql"),
            // Older versions parse CHECKs without keeping them, and don't have the view.
            CatalogQuery::Checks if !server.can(Capability::Checks) => return None,
            CatalogQuery::Checks if of_mysql => include_str!("queries/checks_mysql.sql"),
            CatalogQuery::Checks => include_str!("queries/checks_mariadb.sql"),
            CatalogQuery::Partitions => include_str!("queries/partitions.sql"),
            CatalogQuery::Objects => include_str!("queries/objects.sql"),
        })
    }
}

/// Runs all queries, on as many connections as the URL allows and as help. If another connection
/// can't be opened, the others do its work; the first is enough.
pub(super) fn fetch(
    first: &mut Connection,
    url: &DatabaseUrl,
    entrance: &Entrance,
    server: &Server,
) -> Result<Dictionary, LiveError> {
    let dictionary = Mutex::new(Dictionary::default());
    let waiting = Mutex::new(VecDeque::from(QUERIES));
    let work = |connection: &mut Connection| -> Result<(), LiveError> {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(query) = next else { return Ok(()) };
            let done = run(query, connection, server, &dictionary);
            if done.is_err() {
                // The other queries are no longer needed.
                waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
                return done;
            }
        }
    };
    let more = url.pool_max.min(useful_connections(server.vendor)).saturating_sub(1);
    std::thread::scope(|scope| {
        let helpers: Vec<_> = (0..more)
            .map(|_| {
                scope.spawn(|| match open_another(url, entrance) {
                    Ok(mut connection) => work(&mut connection),
                    Err(_) => Ok(()),
                })
            })
            .collect();
        let mut outcome = work(first);
        for helper in helpers {
            // A thread doesn't panic here; if it did, the rows of its query would be missing.
            outcome = outcome.and(helper.join().unwrap_or_else(|_| {
                Err(LiveError::ConnectionLost {
                    endpoint: url.endpoint(),
                    reason: "a query was broken off".to_owned(),
                })
            }));
        }
        outcome
    })?;
    Ok(dictionary.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Runs them all on one connection, one after the other. On MySQL in one snapshot, so that they fit
/// together whatever other sessions do. MariaDB's dictionary has no snapshots.
pub(super) fn fetch_again(
    connection: &mut Connection,
    server: &Server,
) -> Result<Dictionary, LiveError> {
    if server.vendor == Vendor::MySql {
        connection.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")?;
    }
    let dictionary = fetch_all(connection, server)?;
    if server.vendor == Vendor::MySql {
        connection.run("COMMIT")?;
    }
    Ok(dictionary)
}

/// Runs them all, one after the other.
pub(super) fn fetch_all(
    answers: &mut impl Answers,
    server: &Server,
) -> Result<Dictionary, LiveError> {
    let dictionary = Mutex::new(Dictionary::default());
    for query in QUERIES {
        run(query, answers, server, &dictionary)?;
    }
    Ok(dictionary.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Runs one query. The lock is taken only after its rows are read.
fn run(
    query: CatalogQuery,
    answers: &mut impl Answers,
    server: &Server,
    dictionary: &Mutex<Dictionary>,
) -> Result<(), LiveError> {
    let Some(sql) = query.sql(server) else { return Ok(()) };
    macro_rules! read {
        ($row:expr, $field:ident) => {{
            let rows = answers.rows(sql, $row)?;
            dictionary.lock().unwrap_or_else(PoisonError::into_inner).$field = rows;
        }};
    }
    match query {
        CatalogQuery::Schema => {
            let rows = answers.rows(sql, |mut row| {
                ((row.text(), row.optional(), row.optional()), row.optional())
            })?;
            let mut dictionary = dictionary.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(((name, charset, collation), now)) = rows.into_iter().next() {
                dictionary.name = name;
                dictionary.charset = charset;
                dictionary.collation = collation;
                dictionary.now = now;
            }
        }
        CatalogQuery::Tables => read!(TableRow::new, tables),
        CatalogQuery::Columns => read!(ColumnRow::new, columns),
        CatalogQuery::Indexes => read!(IndexRow::new, indexes),
        CatalogQuery::KeyColumns => read!(KeyColumnRow::new, key_columns),
        CatalogQuery::Rules => read!(RuleRow::new, rules),
        CatalogQuery::Checks => {
            let mut checks = answers.rows(sql, CheckRow::new)?;
            let mut torn = Vec::new();
            if server.vendor == Vendor::MySql && !checks.is_empty() {
                torn = join_checks(&mut checks, answers.rows(CHECK_TABLES, CheckTableRow::new)?);
            }
            let mut dictionary = dictionary.lock().unwrap_or_else(PoisonError::into_inner);
            dictionary.checks = checks;
            dictionary.torn_checks = torn;
        }
        CatalogQuery::Partitions => read!(|mut row| row.text(), partitions),
        CatalogQuery::Objects => read!(ObjectRow::new, objects),
    }
    Ok(())
}

/// Puts the table into each CHECK's row; the name of a CHECK is unique in a MySQL database. Returns
/// the names that only one of the two lists has.
fn join_checks(checks: &mut Vec<CheckRow>, tables: Vec<CheckTableRow>) -> Vec<String> {
    let mut tables: HashMap<String, CheckTableRow> =
        tables.into_iter().map(|row| (row.name.clone(), row)).collect();
    let mut torn = Vec::new();
    checks.retain_mut(|check| match tables.remove(&check.name) {
        Some(row) => {
            check.table = row.table;
            check.enforced = row.enforced;
            true
        }
        None => {
            torn.push(check.name.clone());
            false
        }
    });
    torn.extend(tables.into_keys());
    torn.sort_unstable();
    torn
}

/// MariaDB has the spatial reference systems of columns in a view of its own, which takes as long
/// as all the other queries together. So it is asked only if there are spatial columns. MySQL has
/// them in COLUMNS.
///
/// The query is by F_TABLE_SCHEMA, though G_TABLE_SCHEMA has the same value: by the latter the
/// server opens the tables of all databases, and warns if one is locked in any of them.
pub(super) fn add_srids(
    dictionary: &mut Dictionary,
    answers: &mut impl Answers,
    vendor: Vendor,
) -> Result<(), LiveError> {
    let is_spatial = |row: &ColumnRow| {
        SPATIAL_TYPES.iter().any(|name| row.ty.split(' ').next().is_some_and(|ty| ty == *name))
    };
    if vendor == Vendor::MariaDb && dictionary.columns.iter().any(is_spatial) {
        dictionary.srids = answers.rows(include_str!("queries/srids_mariadb.sql"), SridRow::new)?;
    }
    Ok(())
}

/// The first words of COLUMN_TYPE for spatial columns.
const SPATIAL_TYPES: [&str; 8] = [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];

/// Why the rows can't come from the same moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Base tables with no columns: MariaDB leaves out what is locked.
    NoColumns(Vec<String>),
    /// Something is in one view and not in another.
    Other(String),
}

/// Looks for rows that refer to missing rows of another view.
pub(super) fn mismatch(dictionary: &Dictionary) -> Option<Mismatch> {
    let with_columns: HashSet<&str> =
        dictionary.columns.iter().map(|row| row.table.as_str()).collect();
    let tables: HashSet<&str> = dictionary.tables.iter().map(|row| row.name.as_str()).collect();
    let empty: BTreeSet<&str> = dictionary
        .tables
        .iter()
        .filter(|row| row.is_table() && !with_columns.contains(row.name.as_str()))
        .map(|row| row.name.as_str())
        .collect();
    if !empty.is_empty() {
        return Some(Mismatch::NoColumns(empty.into_iter().map(str::to_owned).collect()));
    }
    let columns: HashSet<(&str, &str)> =
        dictionary.columns.iter().map(|row| (row.table.as_str(), row.name.as_str())).collect();
    for table in &with_columns {
        if !tables.contains(table) {
            return Some(other(format!("table `{table}` appeared")));
        }
    }
    let parts = dictionary.indexes.iter().filter_map(|row| {
        Some((row.table.as_str(), row.column.as_deref()?, "index", row.name.as_str()))
    });
    let keys = dictionary.key_columns.iter().map(|row| {
        (row.table.as_str(), row.column.as_str(), "foreign key", row.constraint.as_str())
    });
    for (table, column, kind, name) in parts.chain(keys) {
        // MariaDB chooses the names of a hash index's invisible column and of a period.
        if !with_columns.contains(table)
            || (kind == "foreign key" && !columns.contains(&(table, column)))
        {
            return Some(other(format!("{kind} `{name}` of table `{table}` appeared")));
        }
    }
    if let Some(name) = dictionary.torn_checks.first() {
        return Some(other(format!("CHECK `{name}` appeared or went")));
    }
    let rules: HashSet<(&str, &str)> =
        dictionary.rules.iter().map(|row| (row.table.as_str(), row.constraint.as_str())).collect();
    let keys: HashSet<(&str, &str)> = dictionary
        .key_columns
        .iter()
        .map(|row| (row.table.as_str(), row.constraint.as_str()))
        .collect();
    rules.symmetric_difference(&keys).min().map(|(table, name)| {
        other(format!("foreign key `{name}` of table `{table}` appeared or went"))
    })
}

fn other(what: String) -> Mismatch {
    Mismatch::Other(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_in_only_one_view_is_from_another_moment() {
        let check = |name: &str| CheckRow {
            table: String::new(),
            name: name.to_owned(),
            enforced: false,
            of_column: false,
            clause: "(`a` > 1)".to_owned(),
        };
        let of = |table: &str, name: &str| CheckTableRow {
            table: table.to_owned(),
            name: name.to_owned(),
            enforced: true,
        };
        let mut checks = vec![check("c1"), check("gone"), check("c2")];
        let torn = join_checks(&mut checks, vec![of("u", "c2"), of("t", "new"), of("t", "c1")]);
        assert_eq!(torn, ["gone", "new"]);
        let found: Vec<(&str, &str, bool)> =
            checks.iter().map(|it| (&*it.table, &*it.name, it.enforced)).collect();
        assert_eq!(found, [("t", "c1", true), ("u", "c2", true)]);
        let dictionary = Dictionary { torn_checks: torn, ..Dictionary::default() };
        assert_eq!(mismatch(&dictionary), Some(other("CHECK `gone` appeared or went".to_owned())));
    }
}
