//! The renames that the new schema declares.

use std::collections::{HashMap, HashSet};

use crate::model::{
    ForeignKey, Index, KeyPart, PartitionScheme, Partitioning, Schema, Table, same_name,
};
use crate::normalize::expression::with_canonical;
use crate::syntax::references;

/// A name as the key of a map. Names of columns, indexes and constraints ignore case.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
}

/// The renames between two schemas that haven't been carried out yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renames {
    /// The new name of each renamed table, by its old name.
    to_new: HashMap<String, String>,
    /// The old name of each renamed table, by its new name.
    to_old: HashMap<String, String>,
    /// By the table's new name: the new name of each renamed column, by its old name as a key.
    columns: HashMap<String, HashMap<String, String>>,
}

impl Renames {
    /// The renames that `to` declares and that haven't been carried out in `from`.
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

    /// Only the renames of columns, for tables that already have their new names.
    pub(crate) fn of_columns(&self) -> Self {
        Renames { columns: self.columns.clone(), ..Renames::default() }
    }

    /// Only the renames of columns, from the new names back to the old ones.
    pub(crate) fn of_columns_reversed(&self) -> Self {
        let invert = |columns: &HashMap<String, String>| {
            columns.iter().map(|(old, new)| (key(new), old.clone())).collect()
        };
        let columns = self.columns.iter().map(|(name, map)| (name.clone(), invert(map))).collect();
        Renames { columns, ..Renames::default() }
    }

    /// Renames of one table's columns, given as old names in lower case and new names.
    pub(crate) fn of_table(table: &str, columns: HashMap<String, String>) -> Self {
        let columns = HashMap::from([(table.to_owned(), columns)]);
        Renames { columns, ..Renames::default() }
    }

    /// The same renames without those of one table's columns with the given old names, in lower
    /// case.
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

    /// The name that a table of the new schema has in the old one. `None` if that name belongs to a
    /// table that is renamed.
    pub(crate) fn old_table<'a>(&'a self, new: &'a str) -> Option<&'a str> {
        match self.to_old.get(new) {
            Some(old) => Some(old),
            None if self.to_new.contains_key(new) => None,
            None => Some(new),
        }
    }

    /// The new name of a table of the old schema.
    pub(crate) fn new_table<'a>(&'a self, old: &'a str) -> &'a str {
        self.to_new.get(old).map_or(old, String::as_str)
    }

    /// The new name of a column of a table, which is given by its new name.
    pub(crate) fn new_column<'a>(&'a self, table: &str, column: &'a str) -> &'a str {
        if self.columns.is_empty() {
            return column;
        }
        let renamed = self.columns.get(table).and_then(|columns| columns.get(&key(column)));
        renamed.map_or(column, String::as_str)
    }

    /// An index of a table (given by its new name) with the new names of its columns.
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

    /// A foreign key of a table (given by its new name) with all new names of tables and columns.
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

    /// The partitioning of a table (given by its new name) with the new names of its columns.
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

    /// The partition scheme of a table (given by its new name) with the new names of its columns.
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

    /// Forgets the column renames of renamed tables that can't be altered, because these tables
    /// aren't compared.
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

/// The declared renames (new name, old name) that haven't been carried out yet: the old name
/// exists, and the new one doesn't exist or is freed by another rename.
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

/// Whether an element with one name gets another. Names that differ only in case are the same for a
/// server, so for them a rename must be declared.
pub(crate) fn is_renamed(from: &str, to: &str, renamed_from: Option<&str>) -> bool {
    !same_name(from, to) || (from != to && renamed_from == Some(from))
}

/// The new name of each renamed column, by its old name as a key.
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

/// The table under another name. The server also renames the foreign keys whose names it generated.
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

/// The number in the name of a foreign key, if the server generated the name.
pub(crate) fn foreign_key_number<'a>(name: &'a str, table: &str) -> Option<&'a str> {
    numbered(name.strip_prefix(table)?.strip_prefix("_ibfk_")?)
}

/// The number in the name of a CHECK, if the server generated the name.
pub(crate) fn check_number<'a>(name: &'a str, table: &str) -> Option<&'a str> {
    let own = name.strip_prefix(table).and_then(|rest| rest.strip_prefix("_chk_"));
    own.or_else(|| name.strip_prefix("CONSTRAINT_")).and_then(numbered)
}

/// Whether the server gives an index its name if it has none: that of its first column, with a
/// number if that is taken.
pub(crate) fn has_servers_name(index: &Index) -> bool {
    let Some(KeyPart::Column { name: column, .. }) = index.parts.first().map(|part| &part.key)
    else {
        return false;
    };
    let name = index.name.to_lowercase();
    match name.strip_prefix(&column.to_lowercase()) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('_').and_then(numbered).is_some(),
        None => false,
    }
}

fn numbered(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}
