//! The changes between two schemas, as values that hold both sides.

use crate::model::{
    Check, CheckAspect, Column, ColumnAspect, Element, Expression, ForeignKey, ForeignKeyAspect,
    Index, IndexAspect, Object, ObjectAspect, Partition, PartitionAspect, PartitionBounds,
    Partitioning, PartitioningAspect, Period, SelectText, Table,
};

/// All that differs between two normalized schemas, in a deterministic order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What would have to change, in order.
    pub changes: Vec<Change>,
    /// Values that are known on both sides, but it is uncertain whether they mean the same.
    pub uncertain: Vec<Uncertain>,
    /// Tables and objects that were left out of the comparison because the model can't hold them.
    pub unsupported: Vec<Unsupported>,
}

/// A table or object that can't be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// The table or object.
    pub element: Element,
    /// `table`, `view`, `trigger`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The clauses that the model doesn't hold (`UNION`). For an object, the reason why the model
    /// doesn't hold it, if there is more to say than its kind.
    pub clauses: Vec<String>,
    /// Which of the two schemas has it.
    pub side: Side,
}

/// Which of two schemas has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Only the old one.
    From,
    /// Only the new one.
    To,
    /// Both.
    Both,
}

/// Two values of which it is uncertain whether they mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncertain {
    /// The element that they belong to.
    pub element: Element,
    /// The two values, and which clause of the element they are.
    pub doubt: Doubt,
}

/// Why it is uncertain whether two values mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Two expressions, at least one of which isn't understood.
    Expressions {
        /// The clause that they belong to.
        clause: ExpressionClause,
        /// The old expression.
        from: Expression,
        /// The new expression.
        to: Expression,
    },
    /// The queries of a view, at least one of which isn't understood.
    Queries {
        /// The old query.
        from: SelectText,
        /// The new query.
        to: SelectText,
    },
    /// The bounds of a partition with an expression that isn't understood.
    Bounds {
        /// The old bounds.
        from: PartitionBounds,
        /// The new bounds.
        to: PartitionBounds,
    },
    /// The old schema keeps the partitions that the database has, and the new one has no
    /// partitions.
    KeptPartitions,
    /// The old schema names a character set for a table, and the new one leaves it to the database.
    Charset {
        /// The character set that the old schema names.
        from: String,
    },
}

/// The clause of an element that consists of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpressionClause {
    /// A column's default.
    Default,
    /// The expression of a generated column.
    Generated,
    /// The CHECK of a column.
    ColumnCheck,
    /// The expression of a CHECK of the table.
    Check,
    /// The index part at this place, counted from 0.
    IndexPart(usize),
    /// The expression that decides about a row's partition.
    Partitioning,
    /// The expression that decides about a row's subpartition.
    Subpartitioning,
}

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A table that only the new schema has.
    CreateTable(Table),
    /// A table that only the old schema has.
    DropTable(Table),
    /// A table that is renamed. If it differs in other ways too, an `AlterTable` follows.
    RenameTable {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A table that both schemas have and that differs.
    AlterTable {
        /// The old table, already under its new name.
        from: Box<Table>,
        /// The new table.
        to: Box<Table>,
        /// What differs in it. Never empty.
        changes: Vec<TableChange>,
    },
    /// A view, trigger, routine, event or sequence that only the new schema has.
    CreateObject(Object),
    /// A view, trigger, routine, event or sequence that only the old schema has.
    DropObject(Object),
    /// A view, trigger, routine, event or sequence that both schemas have and that differs.
    ChangeObject {
        /// The old object.
        from: Box<Object>,
        /// The new object. If it is uncertain whether a text differs, it has the old text.
        to: Box<Object>,
        /// What differs. Never empty.
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
    /// A column that both tables have, under the same name or renamed.
    ChangeColumn {
        /// The old column.
        from: Column,
        /// The new column.
        to: Column,
        /// What differs. Never empty.
        aspects: Vec<ColumnAspect>,
    },
    /// An index (or the primary key) that only the new table has.
    AddIndex(Index),
    /// An index (or the primary key) that only the old table has.
    DropIndex(Index),
    /// An index that both tables have, under the same name or renamed.
    ChangeIndex {
        /// The old index, with the new names of its columns.
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
    /// A foreign key that both tables have.
    ChangeForeignKey {
        /// The old foreign key, with the new names of tables and columns.
        from: ForeignKey,
        /// The new foreign key.
        to: ForeignKey,
        /// What differs.
        aspects: Vec<ForeignKeyAspect>,
    },
    /// A CHECK that only the new table has.
    AddCheck(Check),
    /// A CHECK that only the old table has.
    DropCheck(Check),
    /// A CHECK that both tables have.
    ChangeCheck {
        /// The old CHECK.
        from: Check,
        /// The new CHECK.
        to: Check,
        /// What differs.
        aspects: Vec<CheckAspect>,
    },
    /// A period that only the new table has.
    AddPeriod(Period),
    /// A period that only the old table has, or an old period that is replaced by another one.
    DropPeriod(Period),
    /// A change in how the rows are divided into partitions: by another method, with partitions on
    /// only one side, or into another number of partitions by hash.
    ChangePartitioning {
        /// The old partitioning. If both sides have a partitioning, it has the new names of
        /// columns.
        from: Option<Partitioning>,
        /// The new partitioning.
        to: Option<Partitioning>,
        /// What differs.
        aspects: Vec<PartitioningAspect>,
    },
    /// A partition that only the new table has.
    AddPartition(Partition),
    /// A partition that only the old table has.
    DropPartition(Partition),
    /// A partition that both tables have.
    ChangePartition {
        /// The old partition.
        from: Partition,
        /// The new partition.
        to: Partition,
        /// What differs.
        aspects: Vec<PartitionAspect>,
    },
    /// A table option that differs.
    ChangeOption(OptionChange),
}

impl TableChange {
    /// The element that differs, in a table of that name. A renamed element has its new name.
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

/// A table option with its old and its new value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // `from` is the old value and `to` the new one.
pub enum OptionChange {
    /// Whether the table has system versioning.
    SystemVersioning { from: bool, to: bool },
    /// The storage engine.
    Engine { from: String, to: String },
    /// The character set. `None` if it was the database's default.
    Charset { from: Option<String>, to: String },
    /// The collation. `None` if it was the database's default.
    Collation { from: Option<String>, to: String },
    /// The ROW_FORMAT.
    RowFormat { from: Option<String>, to: Option<String> },
    /// The comment.
    Comment { from: String, to: String },
    /// Any other option, with its name in upper case.
    Other { name: String, from: Option<String>, to: Option<String> },
}

impl OptionChange {
    /// The option's key in schema.yaml.
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
