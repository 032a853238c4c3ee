//! A column: its type, and everything that stands after the type.

use std::collections::BTreeMap;

use super::{ColumnType, Expression};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// The data type, with its own modifiers (length, sign, members, SRID).
    pub ty: ColumnType,
    /// The character set. Before `normalize`: as written, if written. After: the effective one
    /// on a type that has one, as far as it is known, else `None`.
    pub charset: Option<String>,
    /// The collation, by the same rule as [`Column::charset`].
    pub collation: Option<String>,
    /// Whether the column names its own character set in a table that names none, so that what it is
    /// may not be left out even where both are the same: set by `normalize`, and never compared.
    pub states_charset: bool,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Whether a file of SQL says neither NULL nor NOT NULL of a TIMESTAMP, which some servers then
    /// take for NOT NULL. `normalize` settles it.
    pub is_bare_timestamp: bool,
    /// The DEFAULT clause. `None` and, on a nullable column, [`DefaultValue::Null`] mean the same;
    /// `normalize` leaves `None`.
    pub default: Option<DefaultValue>,
    /// `ON UPDATE CURRENT_TIMESTAMP`.
    pub on_update_now: bool,
    /// AUTO_INCREMENT.
    pub auto_increment: bool,
    /// `GENERATED ALWAYS AS (…)`.
    pub generated: Option<Generated>,
    /// Hidden from `SELECT *` (MySQL 8.0.23, MariaDB 10.3).
    pub invisible: bool,
    /// The comment; empty where there is none.
    pub comment: String,
    /// A CHECK that belongs to the column itself, which only MariaDB keeps apart from the
    /// table's. `normalize` moves it to [`super::Table::checks`] on a server that doesn't.
    pub check: Option<Expression>,
    /// What system versioning does with the column.
    pub versioning: ColumnVersioning,
    /// How the storage engine keeps the values, where the column says anything of it. `normalize`
    /// leaves `None` where nothing is said.
    pub storage: Option<Box<ColumnStorage>>,
    /// The name that the column had, where schema.yaml declares a rename.
    pub renamed_from: Option<String>,
}

impl Column {
    /// A nullable column with no other clause.
    pub fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        Column {
            name: name.into(),
            ty,
            charset: None,
            collation: None,
            states_charset: false,
            nullable: true,
            is_bare_timestamp: false,
            default: None,
            on_update_now: false,
            auto_increment: false,
            generated: None,
            invisible: false,
            comment: String::new(),
            check: None,
            versioning: ColumnVersioning::AsTable,
            storage: None,
            renamed_from: None,
        }
    }

    /// Whether it holds when its row began or ended to be valid, which the server writes.
    pub fn is_system_time(&self) -> bool {
        matches!(self.versioning, ColumnVersioning::RowStart | ColumnVersioning::RowEnd)
    }

    /// How the values are kept, to be changed.
    pub fn storage_mut(&mut self) -> &mut ColumnStorage {
        self.storage.get_or_insert_default()
    }
}

/// A column's part in system versioning (MariaDB "System-Versioned Tables").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ColumnVersioning {
    /// Where the table is versioned, a new value leaves the old one in the history.
    #[default]
    AsTable,
    /// `WITHOUT SYSTEM VERSIONING`: a new value alone makes no history.
    Without,
    /// `GENERATED ALWAYS AS ROW START`
    RowStart,
    /// `GENERATED ALWAYS AS ROW END`
    RowEnd,
}

/// How a storage engine keeps a column's values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnStorage {
    /// `COMPRESSED` (MariaDB "Storage-Engine Independent Column Compression").
    pub compressed: bool,
    /// `COLUMN_FORMAT` (MySQL 15.1.20 "CREATE TABLE Statement").
    pub format: Option<ColumnFormat>,
    /// `STORAGE` (MySQL 15.1.20 "CREATE TABLE Statement").
    pub medium: Option<StorageMedium>,
    /// `NOT SECONDARY`: left out of the secondary engine (MySQL 15.1.20).
    pub not_secondary: bool,
    /// What the engine alone makes anything of.
    pub attributes: EngineAttributes,
}

/// What a column or an index says to its storage engine, of which the server itself knows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineAttributes {
    /// `ENGINE_ATTRIBUTE`, JSON for the engine (MySQL 15.1.20). `normalize` spells it one way.
    pub engine_attribute: Option<String>,
    /// `SECONDARY_ENGINE_ATTRIBUTE`, JSON for the secondary engine (MySQL 15.1.20), likewise.
    pub secondary_engine_attribute: Option<String>,
    /// Options that the engine defines, by name in upper case; the values as they may stand in SQL
    /// (MariaDB "Engine-defined New Table/Field/Index Attributes").
    pub engine_options: BTreeMap<String, String>,
}

/// `COLUMN_FORMAT`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnFormat {
    /// `FIXED`
    Fixed,
    /// `DYNAMIC`
    Dynamic,
}

impl ColumnFormat {
    /// As SQL spells it.
    pub fn sql(self) -> &'static str {
        match self {
            ColumnFormat::Fixed => "FIXED",
            ColumnFormat::Dynamic => "DYNAMIC",
        }
    }
}

/// `STORAGE`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StorageMedium {
    /// `DISK`
    Disk,
    /// `MEMORY`
    Memory,
}

impl StorageMedium {
    /// As SQL spells it.
    pub fn sql(self) -> &'static str {
        match self {
            StorageMedium::Disk => "DISK",
            StorageMedium::Memory => "MEMORY",
        }
    }
}

/// What a column gets when an INSERT names no value for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultValue {
    /// `DEFAULT NULL`
    Null,
    /// A literal: the value's text, without quotes or escapes (`new`, `1.50`, `2020-01-01`), for
    /// BIT its binary digits (`101`).
    Literal(String),
    /// A literal that is bytes: `0xFF00`, and every default of a BINARY or VARBINARY column.
    Bytes(Vec<u8>),
    /// `CURRENT_TIMESTAMP`, whose fractional digits are the column's own.
    CurrentTimestamp,
    /// `DEFAULT (expression)`.
    Expression(Expression),
}

/// A generated column's expression and where its value lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub expression: Expression,
    /// VIRTUAL or STORED.
    pub storage: GeneratedStorage,
}

/// Where a generated column's value lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeneratedStorage {
    /// Computed when read.
    Virtual,
    /// Written with the row (MariaDB also says PERSISTENT).
    Stored,
}
