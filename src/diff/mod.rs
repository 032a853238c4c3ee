//! What differs between two schemas: values, no SQL and no vendor.

mod check;
mod column;
mod foreign_key;
mod implicit_index;
mod index;
mod object;
mod object_words;
mod order;
mod partitioning;
mod rename;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeSet, HashSet};

use crate::model::{
    Check, Column, Element, ForeignKey, Index, Object, Partition, Partitioning, Period, Schema,
    Table,
};
use crate::server::Server;

pub(crate) use foreign_key::{is_served, serves};
pub use implicit_index::unlisted_indexes;
pub(crate) use implicit_index::{implicit_indexes, implicit_under_other_names};
pub(crate) use object::key as object_key;
pub(crate) use object_words::object_words;
pub(crate) use partitioning::{kept_by, renamed as renamed_scheme, same_bounds};
pub(crate) use rename::{Renames, is_renamed, renamed_table};
pub(crate) use table::compare_tables;
pub(crate) use words::{
    bounds_words, partition_words, partitioning_words, parts_words, period_words, references_words,
};

/// All that differs between two normalized schemas, in a deterministic order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What would have to change.
    pub changes: Vec<Change>,
    /// Where both texts are there and it can't be told whether they mean the same.
    pub uncertain: Vec<Uncertain>,
    /// Tables that were left out of the comparison because the model can't express them, with
    /// the clauses that it can't.
    pub unsupported: Vec<Unsupported>,
}

/// A table that can't be compared, or an object of a kind that isn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// `table`, `view`, `trigger`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The clauses that the model doesn't hold (`UNION`); of an object, why it
    /// doesn't hold it, where there is more to say than its kind.
    pub clauses: Vec<String>,
    /// Which of the two schemas has it.
    pub side: Side,
}

/// Which of two schemas has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The old one alone.
    From,
    /// The new one alone.
    To,
    /// Both.
    Both,
}

/// Two texts that may or may not mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncertain {
    /// What they are of.
    pub element: Element,
    /// Which clause of it: `default`, `generated`, `expression`, `part 2`; `partitioning` where
    /// one side keeps the database's partitions and the other has none.
    pub field: String,
    /// What the one side says.
    pub from: String,
    /// What the other says.
    pub to: String,
}

impl Uncertain {
    /// Whether one side leaves the partitions to the database and says nothing of them.
    pub fn is_of_kept_partitions(&self) -> bool {
        self.field == "partitioning"
    }

    /// Whether one side names a character set of a table, and the other leaves it to the database.
    pub fn is_of_unknown_charset(&self) -> bool {
        self.field == "charset"
    }

    /// `default of tables.reports.columns.title`
    pub fn subject(&self) -> String {
        let element = match &self.element {
            Element::TableOption { table, .. } => &Element::table(table),
            element => element,
        };
        format!("{} of {element}", self.field)
    }

    /// How it can be settled, for the end of a line.
    pub fn way_out(&self) -> &'static str {
        match self.element {
            // A server can only be asked by making the object.
            Element::Object { .. } => "written as the server shows it, it can be compared",
            _ if self.is_of_kept_partitions() => "only a comparison with the database can tell",
            _ if self.is_of_unknown_charset() => {
                "name it in schema.yaml, or compare with the database, which has it"
            }
            _ => "--ask-server lets the server decide",
        }
    }
}

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A table that only the new schema has.
    CreateTable(Table),
    /// A table that only the old schema has.
    DropTable(Table),
    /// A table whose name changes and, perhaps, more of it.
    RenameTable {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A table that both have and that differs.
    AlterTable {
        /// The old table, already under its new name.
        from: Box<Table>,
        /// The new table.
        to: Box<Table>,
        /// What differs in it; never empty.
        changes: Vec<TableChange>,
    },
    /// A view, trigger, routine, event or sequence that only the new schema has.
    CreateObject(Object),
    /// One that only the old schema has.
    DropObject(Object),
    /// One that both have and that differs.
    ChangeObject {
        /// The old one.
        from: Box<Object>,
        /// The new one, with the old one's text where the two can't be compared.
        to: Box<Object>,
        /// What differs; never empty. The place of a trigger among those of its table, time and
        /// event is the field `order`.
        fields: Vec<FieldChange>,
    },
}

/// One difference between two tables.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // There are few of them at a time, and they are read everywhere.
pub enum TableChange {
    /// A column that only the new table has.
    AddColumn(Column),
    /// A column that only the old table has.
    DropColumn(Column),
    /// A column that both have, under the same name or renamed.
    ChangeColumn {
        /// The old column.
        from: Column,
        /// The new column.
        to: Column,
        /// What differs; a rename has the field `name`. Empty where only the place differs.
        fields: Vec<FieldChange>,
        /// Whether the column has to be moved to come to its new place.
        moved: bool,
    },
    /// An index (or the primary key) that only the new table has.
    AddIndex(Index),
    /// An index (or the primary key) that only the old table has.
    DropIndex(Index),
    /// An index that both have, under the same name or renamed.
    ChangeIndex {
        /// The old index.
        from: Index,
        /// The new index.
        to: Index,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// A foreign key that only the new table has.
    AddForeignKey(ForeignKey),
    /// A foreign key that only the old table has.
    DropForeignKey(ForeignKey),
    /// A foreign key that both have.
    ChangeForeignKey {
        /// The old one.
        from: ForeignKey,
        /// The new one.
        to: ForeignKey,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// A CHECK that only the new table has.
    AddCheck(Check),
    /// A CHECK that only the old table has.
    DropCheck(Check),
    /// A CHECK that both have.
    ChangeCheck {
        /// The old one.
        from: Check,
        /// The new one.
        to: Check,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// A period that only the new table has.
    AddPeriod(Period),
    /// A period that only the old table has, or that both have and is another one.
    DropPeriod(Period),
    /// How the rows are divided into partitions: by something else, or not at all on one side, or
    /// into another number of them by their hash.
    ChangePartitioning {
        /// How they were.
        from: Option<Partitioning>,
        /// How they are to be.
        to: Option<Partitioning>,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// A partition that only the new table has.
    AddPartition(Partition),
    /// A partition that only the old table has.
    DropPartition(Partition),
    /// A partition that both have.
    ChangePartition {
        /// The old one.
        from: Partition,
        /// The new one.
        to: Partition,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// A table option; `field` is its key in schema.yaml (`engine`, `collation`, `comment`, …).
    ChangeOption(FieldChange),
}

impl TableChange {
    /// What differs, in a table of that name; of what is renamed, by its new name.
    pub fn element(&self, table: &str) -> Element {
        match self {
            TableChange::AddColumn(it)
            | TableChange::DropColumn(it)
            | TableChange::ChangeColumn { to: it, .. } => Element::column(table, &it.name),
            TableChange::AddIndex(it)
            | TableChange::DropIndex(it)
            | TableChange::ChangeIndex { to: it, .. } => Element::index(table, &it.name),
            TableChange::AddForeignKey(it)
            | TableChange::DropForeignKey(it)
            | TableChange::ChangeForeignKey { to: it, .. } => Element::foreign_key(table, &it.name),
            TableChange::AddCheck(it)
            | TableChange::DropCheck(it)
            | TableChange::ChangeCheck { to: it, .. } => Element::check(table, &it.name),
            TableChange::AddPeriod(it) | TableChange::DropPeriod(it) => {
                Element::period(table, &it.name)
            }
            TableChange::ChangePartitioning { .. } => Element::partitioning(table),
            TableChange::AddPartition(it)
            | TableChange::DropPartition(it)
            | TableChange::ChangePartition { to: it, .. } => Element::partition(table, &it.name),
            TableChange::ChangeOption(field) => Element::option(table, field.field),
        }
    }
}

/// One clause with both its values, as a person would read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The clause, by its key in schema.yaml (`type`, `nullable`, `default`, `collation`, …).
    pub field: &'static str,
    /// The old value.
    pub from: String,
    /// The new value.
    pub to: String,
}

impl FieldChange {
    /// The same on the way back.
    pub(crate) fn reversed(&self) -> FieldChange {
        FieldChange { field: self.field, from: self.to.clone(), to: self.from.clone() }
    }
}

/// What has to change for `from` to become `to`. Both must have been normalized for the server.
///
/// A table, column or index that is declared to have been renamed is matched with its old name
/// where that exists and the new name doesn't yet.
pub fn diff(from: &Schema, to: &Schema, server: &Server) -> Difference {
    let renames = Renames::between(from, to);
    let mut difference = Difference::default();
    let mut matched: HashSet<&str> = HashSet::with_capacity(to.tables.len());
    for table in to.tables.values() {
        let old_name = renames.old_table(&table.name);
        let old = old_name.and_then(|name| from.tables.get(name));
        if let Some(old) = old {
            matched.insert(&old.name);
        }
        if !table.unsupported.is_empty() || old.is_some_and(|old| !old.unsupported.is_empty()) {
            difference.unsupported.push(unsupported_table(old, Some(table)));
            continue;
        }
        match old {
            None => difference.changes.push(Change::CreateTable(table.clone())),
            Some(old) => compare_pair(old, table, &renames, server, &mut difference),
        }
    }
    for table in from.tables.values().filter(|table| !matched.contains(table.name.as_str())) {
        if table.unsupported.is_empty() {
            difference.changes.push(Change::DropTable(table.clone()));
        } else {
            difference.unsupported.push(unsupported_table(Some(table), None));
        }
    }
    object::compare_objects(from, to, &renames, &mut difference);
    difference.unsupported.extend(unsupported_objects(from, to));
    difference
}

/// Compares a table with the one that it becomes.
fn compare_pair(
    old: &Table,
    new: &Table,
    renames: &Renames,
    server: &Server,
    difference: &mut Difference,
) {
    let renamed = old.name != new.name;
    if renamed {
        difference
            .changes
            .push(Change::RenameTable { from: old.name.clone(), to: new.name.clone() });
    } else if renames.is_empty() && old == new {
        return;
    }
    let from = if renamed { renamed_table(old, &new.name) } else { old.clone() };
    let compared = compare_tables(&from, new, &old.name, renames, server);
    difference.uncertain.extend(compared.uncertain);
    if !compared.changes.is_empty() {
        difference.changes.push(Change::AlterTable {
            from: Box::new(from),
            to: Box::new(compared.to.unwrap_or_else(|| new.clone())),
            changes: compared.changes,
        });
    }
}

fn unsupported_table(from: Option<&Table>, to: Option<&Table>) -> Unsupported {
    let mut clauses: Vec<String> = Vec::new();
    for clause in from.iter().chain(&to).flat_map(|table| &table.unsupported) {
        if !clauses.contains(clause) {
            clauses.push(clause.clone());
        }
    }
    let side = match (from, to) {
        (Some(_), None) => Side::From,
        (None, Some(_)) => Side::To,
        _ => Side::Both,
    };
    let name = to.or(from).map(|table| table.name.clone()).unwrap_or_default();
    Unsupported { kind: "table", name, clauses, side }
}

fn unsupported_objects(from: &Schema, to: &Schema) -> Vec<Unsupported> {
    let old: BTreeSet<_> = from.unsupported.iter().collect();
    let new: BTreeSet<_> = to.unsupported.iter().collect();
    old.union(&new)
        .map(|object| Unsupported {
            kind: object.kind.noun(),
            name: object.name.clone(),
            clauses: Some(object.reason.clone()).filter(|it| !it.is_empty()).into_iter().collect(),
            side: match (old.contains(*object), new.contains(*object)) {
                (true, false) => Side::From,
                (false, true) => Side::To,
                _ => Side::Both,
            },
        })
        .collect()
}
