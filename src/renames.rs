//! Which names of the old schema the new one declares to have changed.

use std::collections::{HashMap, HashSet};

use crate::model::{
    ForeignKey, Index, KeyPart, PartitionScheme, Partitioning, Schema, Table, same_name,
};
use crate::normalize::expression::with_canonical;
use crate::syntax::references;

/// A name as a key of a map: names of columns, indexes and constraints don't regard case.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
}

/// The renames that are still to be done between two schemas.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renames {
    /// Old name of a table to the new one.
    to_new: HashMap<String, String>,
    /// New name of a table to the old one, for every table of the new schema that has an old one.
    to_old: HashMap<String, String>,
    /// By the table's new name: the old name of a column, as a key, to the new one.
    columns: HashMap<String, HashMap<String, String>>,
}

impl Renames {
    /// What `to` declares about `from`.
    pub(crate) fn between(from: &Schema, to: &Schema) -> Self {
        let declared: Vec<(&str, &str)> = to
            .tables
            .values()
            .filter_map(|table| Some((table.name.as_str(), table.renamed_from.as_deref()?)))
            .collect();
        let mut renames = Renames::default();
        for (new, old) in pending(&declared, |name| from.tables.contains_key(name)) {
            renames.to_new.insert(old.to_owned(), new.to_owned());
            renames.to_old.insert(new.to_owned(), old.to_owned());
        }
        for table in to.tables.values() {
            let old = renames.old_table(&table.name).and_then(|name| from.tables.get(name));
            let Some(old) = old else { continue };
            let columns = column_renames(old, table);
            if !columns.is_empty() {
                renames.columns.insert(table.name.clone(), columns);
            }
        }
        renames.only_kept(from);
        renames
    }

    /// The columns' renames alone, for where the tables have their new names already.
    pub(crate) fn of_columns(&self) -> Self {
        Renames { columns: self.columns.clone(), ..Renames::default() }
    }

    /// The columns' renames alone, from the new names back to the old ones.
    pub(crate) fn of_columns_reversed(&self) -> Self {
        let invert = |columns: &HashMap<String, String>| {
            columns.iter().map(|(old, new)| (key(new), old.clone())).collect()
        };
        let columns = self.columns.iter().map(|(name, map)| (name.clone(), invert(map))).collect();
        Renames { columns, ..Renames::default() }
    }

    /// Renames of one table's columns: old names, in lower case, and new ones.
    pub(crate) fn of_table(table: &str, columns: HashMap<String, String>) -> Self {
        let columns = HashMap::from([(table.to_owned(), columns)]);
        Renames { columns, ..Renames::default() }
    }

    /// The same without those of one table's columns whose old names, in lower case, are given.
    pub(crate) fn without<'a>(
        mut self,
        table: &str,
        done: impl Iterator<Item = &'a String>,
    ) -> Self {
        if let Some(columns) = self.columns.get_mut(table) {
            for name in done {
                columns.remove(name);
            }
        }
        self
    }

    /// Whether nothing is renamed at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.to_new.is_empty() && self.columns.is_empty()
    }

    /// The name that a table of the new schema has in the old one; `None` where another table
    /// takes that name away.
    pub(crate) fn old_table<'a>(&'a self, new: &'a str) -> Option<&'a str> {
        match self.to_old.get(new) {
            Some(old) => Some(old),
            None if self.to_new.contains_key(new) => None,
            None => Some(new),
        }
    }

    /// The name that a table of the old schema gets.
    pub(crate) fn new_table<'a>(&'a self, old: &'a str) -> &'a str {
        self.to_new.get(old).map_or(old, String::as_str)
    }

    /// The name that a column gets, by its table's new name.
    pub(crate) fn new_column<'a>(&'a self, table: &str, column: &'a str) -> &'a str {
        if self.columns.is_empty() {
            return column;
        }
        let renamed = self.columns.get(table).and_then(|columns| columns.get(&key(column)));
        renamed.map_or(column, String::as_str)
    }

    /// An index of a table (by its new name) with the columns' new names.
    pub(crate) fn index(&self, index: &Index, table: &str) -> Index {
        let mut index = index.clone();
        if !self.is_empty() {
            for part in &mut index.parts {
                if let KeyPart::Column { name, .. } = &mut part.key {
                    *name = self.new_column(table, name).to_owned();
                }
            }
        }
        index
    }

    /// A foreign key of a table (by its new name) as it reads once everything is renamed.
    pub(crate) fn apply(&self, foreign_key: &ForeignKey, table: &str) -> ForeignKey {
        let mut renamed = foreign_key.clone();
        if self.is_empty() {
            return renamed;
        }
        for column in &mut renamed.columns {
            *column = self.new_column(table, column).to_owned();
        }
        if renamed.referenced_schema.is_none() {
            renamed.referenced_table = self.new_table(&renamed.referenced_table).to_owned();
            for column in &mut renamed.referenced_columns {
                *column = self.new_column(&renamed.referenced_table, column).to_owned();
            }
        }
        renamed
    }

    /// How a table (by its new name) that keeps its partitions is divided into them, by the columns'
    /// new names.
    pub(crate) fn partitioning(
        &self,
        old: Option<&Partitioning>,
        table: &str,
    ) -> Option<Partitioning> {
        match old? {
            Partitioning::By(scheme) => Some(Partitioning::By(self.scheme(scheme, table))),
            Partitioning::Keep => Some(Partitioning::Keep),
        }
    }

    /// The partitions of a table (by its new name), by the columns' new names.
    pub(crate) fn scheme(&self, scheme: &PartitionScheme, table: &str) -> PartitionScheme {
        let mut scheme = scheme.clone();
        if self.is_empty() {
            return scheme;
        }
        let new_name = |name: &str| {
            let new = self.new_column(table, name);
            (new != name).then(|| new.to_owned())
        };
        let rename = |name: &mut String| {
            if let Some(new) = new_name(name) {
                *name = new;
            }
        };
        scheme.method.columns_mut().iter_mut().for_each(rename);
        if let Some(subpartitioning) = &mut scheme.subpartitioning {
            subpartitioning.hashing.columns_mut().iter_mut().for_each(rename);
        }
        for expression in scheme.expressions_mut() {
            let renamed = references::renamed(expression, new_name);
            if renamed.text != expression.text {
                *expression = with_canonical(&renamed);
            }
        }
        scheme
    }

    /// Forgets renames of tables that can't be altered: they are left out of the comparison.
    fn only_kept(&mut self, from: &Schema) {
        let left_out: Vec<String> = self
            .to_new
            .keys()
            .filter(|old| from.tables.get(*old).is_some_and(|table| !table.unsupported.is_empty()))
            .cloned()
            .collect();
        for old in left_out {
            if let Some(new) = self.to_new.get(&old) {
                self.columns.remove(new);
            }
        }
    }
}

/// Which declared renames (new name, old name) are still to be done: the old name is there, and
/// the new one isn't, or is itself about to be taken away.
pub(crate) fn pending<'a>(
    declared: &[(&'a str, &'a str)],
    exists: impl Fn(&str) -> bool,
) -> Vec<(&'a str, &'a str)> {
    let mut taken: HashSet<&str> = HashSet::new();
    let mut done: HashSet<&str> = HashSet::new();
    let mut renames = Vec::new();
    loop {
        let before = renames.len();
        for (new, old) in declared {
            let free = !exists(new) || taken.contains(new);
            if free && exists(old) && !taken.contains(old) && !done.contains(new) && new != old {
                taken.insert(old);
                done.insert(new);
                renames.push((*new, *old));
            }
        }
        if renames.len() == before {
            return renames;
        }
    }
}

/// Whether what has the one name is to get the other. Of names that differ in case only, which a
/// server holds for the same, it is where that is declared.
pub(crate) fn is_renamed(from: &str, to: &str, renamed_from: Option<&str>) -> bool {
    !same_name(from, to) || (from != to && renamed_from == Some(from))
}

/// The old name of each renamed column, as a key, to the new one.
pub(crate) fn column_renames(from: &Table, to: &Table) -> HashMap<String, String> {
    let declared: Vec<(&str, &str)> = to
        .columns
        .iter()
        .filter_map(|column| Some((column.name.as_str(), column.renamed_from.as_deref()?)))
        .collect();
    if declared.is_empty() {
        return HashMap::new();
    }
    let names: HashSet<String> = from.columns.iter().map(|column| key(&column.name)).collect();
    let folded: Vec<(String, String)> =
        declared.iter().map(|(new, old)| (key(new), key(old))).collect();
    let pairs: Vec<(&str, &str)> =
        folded.iter().map(|(new, old)| (new.as_str(), old.as_str())).collect();
    let by_key: HashMap<String, &str> = declared.iter().map(|(new, _)| (key(new), *new)).collect();
    let mut renames: HashMap<String, String> = pending(&pairs, |name| names.contains(name))
        .into_iter()
        .filter_map(|(new, old)| Some((old.to_owned(), (*by_key.get(new)?).to_owned())))
        .collect();
    for (new, old) in declared {
        let is_there = from.columns.iter().any(|column| column.name == old);
        if is_there && same_name(old, new) && is_renamed(old, new, Some(old)) {
            renames.insert(key(old), new.to_owned());
        }
    }
    renames
}

/// The table under another name. The server renames its own constraint names with the table.
pub(crate) fn renamed_table(table: &Table, name: &str) -> Table {
    let mut renamed = Table { name: name.to_owned(), ..table.clone() };
    for foreign_key in &mut renamed.foreign_keys {
        if let Some(number) = foreign_key_number(&foreign_key.name, &table.name) {
            foreign_key.name = format!("{name}_ibfk_{number}");
        }
        if foreign_key.referenced_schema.is_none() && foreign_key.referenced_table == table.name {
            name.clone_into(&mut foreign_key.referenced_table);
        }
    }
    renamed
}

/// The number in a foreign key's name that the server gave it.
pub(crate) fn foreign_key_number<'a>(name: &'a str, table: &str) -> Option<&'a str> {
    numbered(name.strip_prefix(table)?.strip_prefix("_ibfk_")?)
}

/// The number in a CHECK's name that the server gave it.
pub(crate) fn check_number<'a>(name: &'a str, table: &str) -> Option<&'a str> {
    let own = name.strip_prefix(table).and_then(|rest| rest.strip_prefix("_chk_"));
    own.or_else(|| name.strip_prefix("CONSTRAINT_")).and_then(numbered)
}

fn numbered(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}
