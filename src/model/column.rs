//! A column: its type, and everything that stands after the type.

use super::{ColumnType, Expression};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// The data type, with its own modifiers (length, sign, members, SRID).
    pub ty: ColumnType,
    /// The character set. Before `normalize`: as written, if written. After: the effective one
    /// on a type that has one, else `None`.
    pub charset: Option<String>,
    /// The collation, by the same rule as [`Column::charset`].
    pub collation: Option<String>,
    /// Whether NULL is allowed.
    pub nullable: bool,
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
            nullable: true,
            default: None,
            on_update_now: false,
            auto_increment: false,
            generated: None,
            invisible: false,
            comment: String::new(),
            check: None,
            renamed_from: None,
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
