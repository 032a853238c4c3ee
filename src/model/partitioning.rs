//! How a table is partitioned.

use super::Expression;

/// What a source says about a table's partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partitioning {
    /// Whatever the database has, because something else manages the partitions. Never compared. A
    /// table that is created has none.
    Keep,
    /// As declared.
    By(PartitionScheme),
}

impl Partitioning {
    /// The declared partitions; `None` if the database's own are kept.
    pub fn scheme(&self) -> Option<&PartitionScheme> {
        match self {
            Partitioning::Keep => None,
            Partitioning::By(scheme) => Some(scheme),
        }
    }
}

/// Partitioning (MySQL manual, 26.2 "Partitioning Types").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionScheme {
    /// What determines a row's partition.
    pub method: PartitionMethod,
    /// How each partition is divided into subpartitions.
    pub subpartitioning: Option<Subpartitioning>,
    /// The partitions, in order.
    pub partitions: PartitionList,
}

/// What determines a row's partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionMethod {
    /// RANGE: the value of an expression, a whole number.
    Range(Expression),
    /// RANGE COLUMNS: the values of columns.
    RangeColumns(Vec<String>),
    /// LIST: the value of an expression, a whole number.
    List(Expression),
    /// LIST COLUMNS: the values of columns.
    ListColumns(Vec<String>),
    /// HASH and KEY.
    Hash(Hashing),
    /// SYSTEM_TIME: the time at which a row stopped being current.
    SystemTime(SystemTime),
}

impl PartitionMethod {
    /// The number of values in a bound: one for each column.
    pub fn width(&self) -> usize {
        match self {
            PartitionMethod::RangeColumns(columns) | PartitionMethod::ListColumns(columns) => {
                columns.len()
            }
            _ => 1,
        }
    }

    /// The columns that the method lists; none if it has an expression.
    pub fn columns(&self) -> &[String] {
        match self {
            PartitionMethod::RangeColumns(columns) | PartitionMethod::ListColumns(columns) => {
                columns
            }
            PartitionMethod::Hash(hashing) => hashing.columns(),
            _ => &[],
        }
    }

    /// The columns that the method lists, for changes.
    pub fn columns_mut(&mut self) -> &mut [String] {
        match self {
            PartitionMethod::RangeColumns(columns) | PartitionMethod::ListColumns(columns) => {
                columns
            }
            PartitionMethod::Hash(hashing) => hashing.columns_mut(),
            _ => &mut [],
        }
    }

    /// The expression, if it has one.
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            PartitionMethod::Range(expression) | PartitionMethod::List(expression) => {
                Some(expression)
            }
            PartitionMethod::Hash(hashing) => hashing.expression(),
            _ => None,
        }
    }

    /// The expression, for changes.
    fn expression_mut(&mut self) -> Option<&mut Expression> {
        match self {
            PartitionMethod::Range(expression) | PartitionMethod::List(expression) => {
                Some(expression)
            }
            PartitionMethod::Hash(hashing) => hashing.expression_mut(),
            _ => None,
        }
    }
}

/// HASH and KEY, of partitions and subpartitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashing {
    /// LINEAR: changing the number of partitions is less work, and rows are spread less evenly.
    pub linear: bool,
    /// What is hashed.
    pub by: HashBy,
}

/// What is hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HashBy {
    /// HASH: the value of an expression, a whole number.
    Expression(Expression),
    /// KEY: the values of columns.
    Columns {
        /// ALGORITHM, if it was written: 1 for the hash of MySQL 5.1, 2 for the present one.
        algorithm: Option<u32>,
        /// The columns; empty for those of the primary key.
        columns: Vec<String>,
    },
}

impl Hashing {
    /// The columns of KEY.
    pub fn columns(&self) -> &[String] {
        match &self.by {
            HashBy::Expression(_) => &[],
            HashBy::Columns { columns, .. } => columns,
        }
    }

    /// The columns of KEY, for changes.
    pub fn columns_mut(&mut self) -> &mut [String] {
        match &mut self.by {
            HashBy::Expression(_) => &mut [],
            HashBy::Columns { columns, .. } => columns,
        }
    }

    /// The expression of HASH.
    pub fn expression(&self) -> Option<&Expression> {
        match &self.by {
            HashBy::Expression(expression) => Some(expression),
            HashBy::Columns { .. } => None,
        }
    }

    /// The expression of HASH, for changes.
    fn expression_mut(&mut self) -> Option<&mut Expression> {
        match &mut self.by {
            HashBy::Expression(expression) => Some(expression),
            HashBy::Columns { .. } => None,
        }
    }
}

/// Partitions for the history of a table with system versioning (MariaDB, "System-Versioned
/// Tables", "Storing the History Separately").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemTime {
    /// When the next history partition comes into use.
    pub rotation: Rotation,
    /// AUTO: the server makes history partitions when it needs them.
    pub auto: bool,
}

/// When the next history partition comes into use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// Never: there is only one.
    Never,
    /// LIMIT: after this number of rows.
    Limit(u64),
    /// INTERVAL: after this time.
    Interval {
        /// The number of units, as in SQL: `7`, `'1:30'`.
        quantity: String,
        /// The unit, in upper case: `DAY`, `HOUR_MINUTE`.
        unit: String,
        /// STARTS, if it was written: a date and time. Otherwise the server takes the current day.
        starts: Option<String>,
    },
}

/// How each partition is divided into subpartitions (MySQL manual, 26.2.6 "Subpartitioning").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subpartitioning {
    /// What determines a row's subpartition.
    pub hashing: Hashing,
    /// The number in each partition, if they are not listed.
    pub count: Option<u32>,
}

/// The partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionList {
    /// This number, named `p0`, `p1`, …; with SYSTEM_TIME the last is `pn`.
    Count(u32),
    /// Listed by name.
    Listed(Vec<Partition>),
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The name, unique in the table, case-insensitively.
    pub name: String,
    /// Which rows are in it.
    pub bounds: PartitionBounds,
    /// Its other options.
    pub options: PartitionOptions,
    /// Its subpartitions, if they are listed.
    pub subpartitions: Vec<Subpartition>,
}

/// A subpartition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subpartition {
    /// The name, unique among the table's partitions and subpartitions.
    pub name: String,
    /// Its options.
    pub options: PartitionOptions,
}

/// The options after the bounds of a partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitionOptions {
    /// The comment; empty if there is none.
    pub comment: String,
    /// The storage engine, if it was written.
    pub engine: Option<String>,
    /// DATA DIRECTORY
    pub data_directory: Option<String>,
    /// INDEX DIRECTORY
    pub index_directory: Option<String>,
    /// TABLESPACE
    pub tablespace: Option<String>,
    /// MAX_ROWS
    pub max_rows: Option<u64>,
    /// MIN_ROWS
    pub min_rows: Option<u64>,
}

/// Which rows are in a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionBounds {
    /// HASH and KEY: those with its hash value.
    Hashed,
    /// VALUES LESS THAN: one value for each column.
    LessThan(Vec<PartitionValue>),
    /// VALUES IN: each entry has one value for each column.
    In(Vec<Vec<PartitionValue>>),
    /// DEFAULT of LIST: all rows that belong to no other partition.
    Default,
    /// HISTORY of SYSTEM_TIME
    History,
    /// CURRENT of SYSTEM_TIME
    Current,
}

/// A value in the bounds of a partition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PartitionValue {
    /// MAXVALUE: larger than all others.
    Maxvalue,
    /// NULL
    Null,
    /// A number, as it was written.
    Number(String),
    /// A text, or a date or time.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A constant expression. `normalize` makes it a number if it knows the value.
    Expression(Expression),
}

impl PartitionScheme {
    /// The columns that the methods of the partitions and subpartitions list, outside of
    /// expressions.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        let hashing = self.subpartitioning.as_ref().map(|parts| parts.hashing.columns());
        self.method.columns().iter().chain(hashing.unwrap_or_default())
    }

    /// The partitions with their names, whether they are listed or counted.
    pub fn listed(&self) -> Vec<Partition> {
        match &self.partitions {
            PartitionList::Listed(partitions) => partitions.clone(),
            PartitionList::Count(count) => {
                let last = count.saturating_sub(1);
                let versions = matches!(self.method, PartitionMethod::SystemTime(_));
                let counted = (0..*count).map(|number| match versions {
                    false => Partition::new(format!("p{number}"), PartitionBounds::Hashed),
                    true if number == last => Partition::new("pn", PartitionBounds::Current),
                    true => Partition::new(format!("p{number}"), PartitionBounds::History),
                });
                counted.collect()
            }
        }
    }

    /// The listed partitions, for changes; empty if they are counted.
    pub fn partitions_mut(&mut self) -> &mut [Partition] {
        match &mut self.partitions {
            PartitionList::Listed(partitions) => partitions,
            PartitionList::Count(_) => &mut [],
        }
    }

    /// The number of partitions.
    pub fn len(&self) -> usize {
        match &self.partitions {
            PartitionList::Listed(partitions) => partitions.len(),
            PartitionList::Count(count) => *count as usize,
        }
    }

    /// Whether there are none, which no server allows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of subpartitions in each partition; 0 if there are none.
    pub fn subpartition_count(&self) -> usize {
        let Some(subpartitioning) = &self.subpartitioning else { return 0 };
        let listed = match &self.partitions {
            PartitionList::Listed(partitions) => {
                partitions.iter().map(|partition| partition.subpartitions.len()).max()
            }
            PartitionList::Count(_) => None,
        };
        let counted = subpartitioning.count.unwrap_or(1) as usize;
        listed.filter(|count| *count > 0).unwrap_or(counted)
    }

    /// The expressions of the methods and of the bounds, for changes.
    pub fn expressions_mut(&mut self) -> impl Iterator<Item = &mut Expression> {
        let PartitionScheme { method, subpartitioning, partitions } = self;
        let of_subpartitions =
            subpartitioning.iter_mut().filter_map(|sub| sub.hashing.expression_mut());
        let of_values = partitions.values_mut().filter_map(|value| match value {
            PartitionValue::Expression(expression) => Some(expression),
            _ => None,
        });
        method.expression_mut().into_iter().chain(of_subpartitions).chain(of_values)
    }
}

impl PartitionScheme {
    /// Every value of the partitions' bounds, for changes.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut PartitionValue> {
        self.partitions.values_mut()
    }
}

impl PartitionList {
    fn values_mut(&mut self) -> impl Iterator<Item = &mut PartitionValue> {
        let listed: &mut [Partition] = match self {
            PartitionList::Listed(partitions) => partitions,
            PartitionList::Count(_) => &mut [],
        };
        listed.iter_mut().flat_map(|partition| partition.bounds.values_mut())
    }
}

impl Partition {
    /// A partition with only a name and bounds.
    pub fn new(name: impl Into<String>, bounds: PartitionBounds) -> Self {
        Partition {
            name: name.into(),
            bounds,
            options: PartitionOptions::default(),
            subpartitions: Vec::new(),
        }
    }
}

impl PartitionBounds {
    /// Every value, for changes.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut PartitionValue> {
        let (one, several): (&mut [PartitionValue], &mut [Vec<PartitionValue>]) = match self {
            PartitionBounds::LessThan(values) => (values, &mut []),
            PartitionBounds::In(entries) => (&mut [], entries),
            _ => (&mut [], &mut []),
        };
        one.iter_mut().chain(several.iter_mut().flatten())
    }
}
