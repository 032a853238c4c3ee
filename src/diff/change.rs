//! The changes between two schemas: what differs, as values with both sides.

use crate::model::{
    Check, CheckAspect, Column, ColumnAspect, Element, Expression, ForeignKey, ForeignKeyAspect,
    Index, IndexAspect, Object, ObjectAspect, Partition, PartitionAspect, PartitionBounds,
    Partitioning, PartitioningAspect, Period, SelectText, Table,
};

/// All that differs between two normalized schemas, in a deterministic order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What would have to change.
    pub changes: Vec<Change>,
    /// Where both texts are there and it is uncertain whether they mean the same.
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

/// Two values of which it is uncertain whether they mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncertain {
    /// What they are of.
    pub element: Element,
    /// The values, and which clause of it they are.
    pub doubt: Doubt,
}

/// Why it is uncertain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Two expressions, of which one at least isn't understood.
    Expressions {
        /// Which clause they are.
        clause: ExpressionClause,
        /// The old one.
        from: Expression,
        /// The new one.
        to: Expression,
    },
    /// The queries of a view, of which one at least isn't understood.
    Queries {
        /// The old one.
        from: SelectText,
        /// The new one.
        to: SelectText,
    },
    /// The bounds of a partition, with an expression that isn't understood.
    Bounds {
        /// The old ones.
        from: PartitionBounds,
        /// The new ones.
        to: PartitionBounds,
    },
    /// The old side keeps whatever partitions the database has, and the new one has none.
    KeptPartitions,
    /// The old side names a character set of a table, and the new one leaves it to the database.
    Charset {
        /// The one that it names.
        from: String,
    },
}

/// The clause of an element that an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpressionClause {
    /// A column's default.
    Default,
    /// What a column is generated from.
    Generated,
    /// A column's own CHECK.
    ColumnCheck,
    /// What a CHECK of the table says.
    Check,
    /// The part of an index at that place.
    IndexPart(usize),
    /// What decides about a row's partition.
    Partitioning,
    /// What decides about a row's subpartition.
    Subpartitioning,
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
        /// What differs; never empty.
        aspects: Vec<ObjectAspect>,
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
        /// What differs; never empty.
        aspects: Vec<ColumnAspect>,
    },
    /// An index (or the primary key) that only the new table has.
    AddIndex(Index),
    /// An index (or the primary key) that only the old table has.
    DropIndex(Index),
    /// An index that both have, under the same name or renamed.
    ChangeIndex {
        /// The old index, with its columns' new names.
        from: Index,
        /// The new index.
        to: Index,
        /// What differs.
        aspects: Vec<IndexAspect>,
    },
    /// A foreign key that only the new table has.
    AddForeignKey(ForeignKey),
    /// A foreign key that only the old table has.
    DropForeignKey(ForeignKey),
    /// A foreign key that both have.
    ChangeForeignKey {
        /// The old one, as it reads once everything is renamed.
        from: ForeignKey,
        /// The new one.
        to: ForeignKey,
        /// What differs.
        aspects: Vec<ForeignKeyAspect>,
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
        aspects: Vec<CheckAspect>,
    },
    /// A period that only the new table has.
    AddPeriod(Period),
    /// A period that only the old table has, or that both have and is another one.
    DropPeriod(Period),
    /// How the rows are divided into partitions: by something else, or not at all on one side, or
    /// into another number of them by their hash.
    ChangePartitioning {
        /// How they were; with the columns' new names where they still are.
        from: Option<Partitioning>,
        /// How they are to be.
        to: Option<Partitioning>,
        /// What differs.
        aspects: Vec<PartitioningAspect>,
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
        aspects: Vec<PartitionAspect>,
    },
    /// A table option.
    ChangeOption(OptionChange),
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
            TableChange::ChangeOption(option) => Element::option(table, option.key()),
        }
    }
}

/// An option of a table with both its values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // `from` is the old value and `to` the new one.
pub enum OptionChange {
    /// Whether the server keeps every row that was.
    SystemVersioning { from: bool, to: bool },
    /// The storage engine.
    Engine { from: String, to: String },
    /// The character set; `None` where it was the database's own.
    Charset { from: Option<String>, to: String },
    /// The collation; `None` where it was the database's own.
    Collation { from: Option<String>, to: String },
    /// ROW_FORMAT
    RowFormat { from: Option<String>, to: Option<String> },
    /// The comment.
    Comment { from: String, to: String },
    /// Any other option, by its name in upper case.
    Other { name: String, from: Option<String>, to: Option<String> },
}

impl OptionChange {
    /// Its key in schema.yaml.
    pub fn key(&self) -> &'static str {
        match self {
            OptionChange::SystemVersioning { .. } => "system_versioning",
            OptionChange::Engine { .. } => "engine",
            OptionChange::Charset { .. } => "charset",
            OptionChange::Collation { .. } => "collation",
            OptionChange::RowFormat { .. } => "row_format",
            OptionChange::Comment { .. } => "comment",
            OptionChange::Other { .. } => "options",
        }
    }
}
