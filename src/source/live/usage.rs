//! How a database is used: the next values of AUTO_INCREMENT, and which indexes statements use.

use std::collections::{BTreeMap, BTreeSet};

use super::error::LiveError;
use super::url::DatabaseUrl;
use super::worker::{RunError, TextRow, Worker};
use crate::server::Vendor;
use crate::source::{DatabaseUsage, IndexUse};

/// The next values. Reading them opens each table.
const NEXT_VALUES: &str = include_str!("queries/next_values.sql");

/// What is counted for each index since the server started.
const INDEX_USE: &str = include_str!("queries/index_use.sql");

/// MySQL shows what it has kept for a day otherwise (MySQL 28.3.38 "The INFORMATION_SCHEMA TABLES
/// Table").
const NOTHING_KEPT: &str = "SET SESSION information_schema_stats_expiry = 0";

/// Reads how the database that the URL names is used; `with_indexes` says whether to ask for the use
/// of indexes.
///
/// # Errors
///
/// If the server can't be reached, or the connection is lost.
pub fn read_usage(url: &DatabaseUrl, with_indexes: bool) -> Result<DatabaseUsage, LiveError> {
    let mut worker = Worker::open(url)?;
    let lost = |error: RunError| match error {
        RunError::Lost(error) => error,
        RunError::Refused { .. } => {
            LiveError::ConnectionLost { endpoint: url.endpoint(), reason: error.to_string() }
        }
    };
    if worker.server().vendor == Vendor::MySql {
        worker.run(NOTHING_KEPT).map_err(lost)?;
    }
    let rows = worker.rows(NEXT_VALUES).map_err(lost)?;
    let next_values = rows.into_iter().filter_map(|row| {
        let mut fields = row.into_iter();
        Some((fields.next()??, fields.next()??.parse().ok()?))
    });
    let next_values = next_values.collect();
    let indexes = match with_indexes {
        true => Some(match index_use(&mut worker) {
            Ok(indexes) => indexes,
            Err(RunError::Refused { message, .. }) => IndexUse::Unknown(message),
            Err(error) => return Err(lost(error)),
        }),
        false => None,
    };
    Ok(DatabaseUsage { next_values, indexes })
}

fn index_use(worker: &mut Worker) -> Result<IndexUse, RunError> {
    let unknown = |why: &str| Ok(IndexUse::Unknown(why.to_owned()));
    let mut first = |sql: &str| -> Result<Option<String>, RunError> {
        Ok(worker.rows(sql)?.into_iter().next().and_then(|row| row.into_iter().next_back()?))
    };
    if first("SELECT @@performance_schema")?.as_deref() != Some("1") {
        return unknown("performance_schema is off");
    }
    let sources = "SELECT COUNT(*) FROM performance_schema.replication_connection_configuration";
    if first(sources)?.as_deref() != Some("0") {
        return unknown("the server is a replica, and doesn't see what the others read");
    }
    let counts = "SELECT ENABLED FROM performance_schema.setup_instruments \
                  WHERE NAME = 'wait/io/table/sql/handler'";
    if first(counts)?.as_deref() != Some("YES") {
        return unknown("the server doesn't count it: wait/io/table/sql/handler is off");
    }
    let seconds = first("SHOW GLOBAL STATUS LIKE 'Uptime'")?;
    let seconds: u64 = seconds.and_then(|text| text.parse().ok()).unwrap_or_default();
    let rows = worker.rows(INDEX_USE)?;
    Ok(IndexUse::Counted { days: seconds / 86_400, unused: unused(rows) })
}

/// The indexes without a use, of tables with one: what isn't counted at all has none either.
fn unused(rows: Vec<TextRow>) -> BTreeMap<String, BTreeSet<String>> {
    let mut used_tables: BTreeSet<String> = BTreeSet::new();
    let mut unused: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let mut fields = row.into_iter();
        let (Some(Some(table)), index, count) =
            (fields.next(), fields.next().flatten(), fields.next().flatten())
        else {
            continue;
        };
        match (index, count.as_deref()) {
            (Some(index), Some("0")) => {
                unused.entry(table).or_default().insert(index);
            }
            (None, Some("0")) => {}
            _ => {
                used_tables.insert(table);
            }
        }
    }
    unused.retain(|table, _| used_tables.contains(table));
    unused
}

#[cfg(test)]
mod tests {
    use super::unused;

    #[test]
    fn only_indexes_of_tables_that_are_used_are_unused() {
        let rows = [
            ("t", None, "2"),
            ("t", Some("PRIMARY"), "7"),
            ("t", Some("k"), "0"),
            ("u", Some("PRIMARY"), "0"),
            ("u", Some("k"), "0"),
            ("u", None, "0"),
        ];
        let rows = rows.map(|(table, index, count)| {
            vec![Some(table.to_owned()), index.map(str::to_owned), Some(count.to_owned())]
        });
        let found = unused(rows.into());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["t"]);
        assert_eq!(found["t"].iter().collect::<Vec<_>>(), ["k"]);
    }
}
