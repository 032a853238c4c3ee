//! What of an element can differ between two of its kind: its name, and each of its clauses.

/// What of a column can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnAspect {
    /// Its name.
    Name,
    /// Its type, but for its spatial reference system.
    Type,
    /// The spatial reference system of a geometry.
    Srid,
    /// Its character set.
    Charset,
    /// Its collation.
    Collation,
    /// What it is generated from, and where the values live.
    Generated,
    /// Whether it may be NULL.
    Nullable,
    /// Its default.
    Default,
    /// ON UPDATE CURRENT_TIMESTAMP
    OnUpdate,
    /// AUTO_INCREMENT
    AutoIncrement,
    /// Whether `SELECT *` shows it.
    Invisible,
    /// Its comment.
    Comment,
    /// Its own CHECK.
    Check,
    /// Its part in system versioning.
    Versioning,
    /// Whether its values are compressed.
    Compressed,
    /// COLUMN_FORMAT
    Format,
    /// STORAGE
    Medium,
    /// Whether the secondary engine has it.
    Secondary,
    /// What it says to its engine.
    Engine(EngineAspect),
    /// Its place among the columns: it has to be moved to come there.
    Place,
}

/// What of that which a column or an index says to its engine can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EngineAspect {
    /// ENGINE_ATTRIBUTE
    Attribute,
    /// SECONDARY_ENGINE_ATTRIBUTE
    SecondaryAttribute,
    /// Options that the engine defines.
    Options,
}

/// What of an index can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexAspect {
    /// Its name.
    Name,
    /// Its parts.
    Parts,
    /// Whether it forbids two rows with one key.
    Unique,
    /// Its kind, where both are unique or neither is.
    Kind,
    /// USING
    Algorithm,
    /// The full-text parser.
    Parser,
    /// KEY_BLOCK_SIZE
    KeyBlockSize,
    /// WITHOUT OVERLAPS
    WithoutOverlaps,
    /// M of an index on vectors.
    VectorM,
    /// DISTANCE of an index on vectors.
    VectorDistance,
    /// Whether the optimizer uses it.
    Invisible,
    /// What it says to its engine.
    Engine(EngineAspect),
    /// Its comment.
    Comment,
}

/// What of a foreign key can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignKeyAspect {
    /// Its name.
    Name,
    /// The columns that refer.
    Columns,
    /// What they refer to.
    References,
    /// ON DELETE
    OnDelete,
    /// ON UPDATE
    OnUpdate,
}

/// What of a CHECK can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckAspect {
    /// Its name.
    Name,
    /// Its expression.
    Expression,
    /// Whether the server enforces it.
    Enforced,
}

/// What of the way in which rows are divided into partitions can differ, beside the partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitioningAspect {
    /// What decides about a row's partition, or whether there are any.
    Method,
    /// What decides about a row's subpartition.
    Subpartitioning,
    /// How many subpartitions each partition has.
    SubpartitionCount,
    /// How many partitions there are, where a hash decides.
    Count,
}

/// What of a partition can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionAspect {
    /// Its name.
    Name,
    /// Which rows are in it.
    Bounds,
    /// One of its options.
    Option(PartitionOption),
    /// The names of its subpartitions.
    Subpartitions,
    /// An option of the subpartition at that place, where the names are the same.
    SubpartitionOption(usize, PartitionOption),
}

/// An option of a partition or subpartition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionOption {
    /// COMMENT
    Comment,
    /// ENGINE
    Engine,
    /// DATA DIRECTORY
    DataDirectory,
    /// INDEX DIRECTORY
    IndexDirectory,
    /// TABLESPACE
    Tablespace,
    /// MAX_ROWS
    MaxRows,
    /// MIN_ROWS
    MinRows,
}

/// What of a view, trigger, routine, event or sequence can differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ObjectAspect {
    /// The names of a view's columns.
    Columns,
    /// A view's query.
    Select,
    /// A view's ALGORITHM.
    Algorithm,
    /// A view's CHECK OPTION.
    CheckOption,
    /// SQL SECURITY
    Security,
    /// DEFINER
    Definer,
    /// A trigger's table.
    Table {
        /// The table that it had, by that table's new name.
        from: String,
    },
    /// A trigger's time and event.
    When,
    /// A trigger's place among those of its table, time and event.
    Order {
        /// The trigger that it came after, if any.
        from: Option<String>,
        /// The trigger that it is to come after.
        to: Option<String>,
    },
    /// What it does.
    Body,
    /// The sql_mode that it runs with.
    SqlMode,
    /// A routine's parameters.
    Parameters,
    /// What a function returns.
    Returns,
    /// AGGREGATE
    Aggregate,
    /// DETERMINISTIC
    Deterministic,
    /// What a routine does with data.
    DataAccess,
    /// The comment.
    Comment,
    /// How often an event runs.
    Every,
    /// When an event runs that runs once.
    At,
    /// An event's first moment.
    Starts,
    /// An event's last moment.
    Ends,
    /// ON COMPLETION
    Preserve,
    /// Whether an event runs.
    Status,
    /// An event's time zone.
    TimeZone,
    /// A sequence's type.
    Type,
    /// START WITH
    Start,
    /// MINVALUE
    Minimum,
    /// MAXVALUE
    Maximum,
    /// INCREMENT BY
    Increment,
    /// CACHE
    Cache,
    /// CYCLE
    Cycle,
    /// A sequence's storage engine.
    Engine,
}
