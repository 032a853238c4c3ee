//! A column: its type, and all its attributes after the type.

use std::collections::BTreeMap;

use super::{ColumnType, Expression};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// The data type, with its own modifiers (length, sign, members, SRID).
    pub ty: ColumnType,
    /// The character set. Before `normalize`: as written, `None` if it isn't. After: the effective
    /// one for a type that has one; `None` for other types, and if it is unknown.
    pub charset: Option<String>,
    /// The collation, by the same rule as [`Column::charset`].
    pub collation: Option<String>,
    /// Whether the column has its own character set in a table without one. Then it has to be
    /// written even if both are the same. Set by `normalize`, and never compared.
    pub states_charset: bool,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Whether a file of SQL writes a TIMESTAMP without NULL and NOT NULL, which some servers take
    /// for NOT NULL. `normalize` decides it.
    pub is_bare_timestamp: bool,
    /// The DEFAULT clause. On a nullable column `None` and [`DefaultValue::Null`] mean the same;
    /// `normalize` makes both `None`.
    pub default: Option<DefaultValue>,
    /// `ON UPDATE CURRENT_TIMESTAMP`.
    pub on_update_now: bool,
    /// AUTO_INCREMENT.
    pub auto_increment: bool,
    /// `GENERATED ALWAYS AS (…)`.
    pub generated: Option<Generated>,
    /// Hidden from `SELECT *` (MySQL 8.0.23, MariaDB 10.3).
    pub invisible: bool,
    /// The comment; empty if there is none.
    pub comment: String,
    /// A CHECK in the column's definition. Only MariaDB keeps those apart from the table's; for
    /// other servers `normalize` moves it to [`super::Table::checks`].
    pub check: Option<Expression>,
    /// The column's part in system versioning.
    pub versioning: ColumnVersioning,
    /// How the storage engine stores the values. After `normalize` it is `None` if it would be all
    /// defaults.
    pub storage: Option<Box<ColumnStorage>>,
    /// The column's former name, if schema.yaml declares a rename.
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

    /// Whether it is a system-time column, which the server writes.
    pub fn is_system_time(&self) -> bool {
        matches!(self.versioning, ColumnVersioning::RowStart | ColumnVersioning::RowEnd)
    }

    /// The storage, for changes.
    pub fn storage_mut(&mut self) -> &mut ColumnStorage {
        self.storage.get_or_insert_default()
    }
}

/// A column's part in system versioning (MariaDB "System-Versioned Tables").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ColumnVersioning {
    /// In a versioned table, a change of the value keeps the old row in the history.
    #[default]
    AsTable,
    /// `WITHOUT SYSTEM VERSIONING`: a change of only this value isn't kept in the history.
    Without,
    /// `GENERATED ALWAYS AS ROW START`
    RowStart,
    /// `GENERATED ALWAYS AS ROW END`
    RowEnd,
}

/// How a storage engine stores a column's values.
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
    /// Attributes that only the engine interprets.
    pub attributes: EngineAttributes,
}

/// Attributes of a column or an index that only its storage engine interprets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineAttributes {
    /// `ENGINE_ATTRIBUTE`, JSON for the engine (MySQL 15.1.20). `normalize` gives it one spelling.
    pub engine_attribute: Option<String>,
    /// `SECONDARY_ENGINE_ATTRIBUTE`, JSON for the secondary engine (MySQL 15.1.20), likewise.
    pub secondary_engine_attribute: Option<String>,
    /// Options that the engine defines, by name in upper case. The values are as they may be
    /// written in SQL (MariaDB "Engine-defined New Table/Field/Index Attributes").
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
    /// The SQL keyword.
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
    /// The SQL keyword.
    pub fn sql(self) -> &'static str {
        match self {
            StorageMedium::Disk => "DISK",
            StorageMedium::Memory => "MEMORY",
        }
    }
}

/// The value of a column for which an INSERT has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultValue {
    /// `DEFAULT NULL`
    Null,
    /// A literal: its value without quotes or escapes (`new`, `1.50`, `2020-01-01`); for BIT its
    /// binary digits (`101`).
    Literal(String),
    /// A literal of bytes: `0xFF00`, and every default of a BINARY or VARBINARY column.
    Bytes(Vec<u8>),
    /// `CURRENT_TIMESTAMP`, with the column's own fractional digits.
    CurrentTimestamp,
    /// `DEFAULT (expression)`.
    Expression(Expression),
}

/// A generated column's expression and where its value is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub expression: Expression,
    /// VIRTUAL or STORED.
    pub storage: GeneratedStorage,
}

/// Where a generated column's value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeneratedStorage {
    /// Computed when it is read.
    Virtual,
    /// Stored with the row (MariaDB also has PERSISTENT).
    Stored,
}
