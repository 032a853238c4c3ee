//! What a query reads that doesn't exist.

use super::names::Aliases;
use super::resolve::{Around, Resolver};
use super::scope::{Joined, Relation};
use crate::model::{GENERATED_KEY, same_name};
use crate::syntax::references::NO_COLUMNS;

/// Something that a query reads and that the schema certainly doesn't have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A table or view of that name.
    Table(String),
    /// A column.
    Column {
        /// The table or view that it should be in, if there is only one candidate.
        table: Option<String>,
        /// The name of the column.
        column: String,
    },
    /// A table or alias that isn't in the query's FROM.
    Source(String),
}

/// Columns that a table may have although nobody declared them.
const OF_SERVERS: &[&str] = &[GENERATED_KEY, "_rowid", "row_end", "row_start"];

impl Resolver<'_> {
    /// Notes a column that wasn't found, if it certainly doesn't exist.
    pub(super) fn miss_column(&mut self, path: &[String], around: Around<'_>, items: Aliases<'_>) {
        let (Some(scope), Some(column)) = (around.scope, path.last()) else { return };
        let is = |names: &[&str]| names.iter().any(|name| same_name(name, column));
        let is_item = |(_, name): &(_, Option<String>)| {
            name.as_ref().is_none_or(|name| same_name(name, column))
        };
        let may_be_item = path.len() == 1 && items.items.iter().any(is_item);
        if is(OF_SERVERS) || is(NO_COLUMNS) || may_be_item || !scope.lacks(path) {
            return;
        }
        let relation = match path {
            [.., table, _] => match scope.joined.relation(table).ok().flatten() {
                None if scope.parent.is_none() => {
                    return self.missing.push(Missing::Source(table.clone()));
                }
                place => place.and_then(|place| scope.joined.relations.get(place)),
            },
            _ => only(scope.joined),
        };
        let table = relation.and_then(|relation| relation.table.clone());
        self.missing.push(Missing::Column { table, column: column.clone() });
    }

    /// Notes the columns in USING that one side of the join certainly doesn't have.
    pub(super) fn miss_common(&mut self, names: &[String], left: &Joined, right: &Joined) {
        for side in [left, right] {
            let table = only(side).and_then(|relation| relation.table.clone());
            for column in names.iter().filter(|name| side.lacks(name)) {
                let (table, column) = (table.clone(), column.clone());
                self.missing.push(Missing::Column { table, column });
            }
        }
    }

    /// Notes a table that doesn't exist, unless an object of another kind has the name, because
    /// some can be read like a table.
    pub(super) fn miss_table(&mut self, path: &[String]) {
        let is_own = match path {
            [_] => true,
            [database, _] => self.catalog.is_own(database) == Some(true),
            _ => false,
        };
        let Some(name) = path.last().filter(|_| is_own) else { return };
        let schema = self.catalog.schema;
        let objects = schema.objects.keys().map(|object| &object.name);
        let others = schema.unsupported.iter().map(|object| &object.name);
        if !objects.chain(others).any(|other| same_name(other, name)) && !is_series(name) {
            self.missing.push(Missing::Table(name.clone()));
        }
    }
}

/// The only table in FROM. `None` if there are several.
fn only(joined: &Joined) -> Option<&Relation> {
    match joined.relations.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// `seq_1_to_10`, which MariaDB's engine SEQUENCE provides although there is no such table.
fn is_series(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.strip_prefix("seq_").is_some_and(|rest| rest.contains("_to_"))
}
