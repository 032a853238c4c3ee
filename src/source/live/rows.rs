//! The rows of the bulk queries, as typed values.

use mysql_async::Value;

use crate::syntax::quote_identifier;

/// The fields of one row, taken one after the other in the query's order.
pub(super) struct RowFields(std::vec::IntoIter<Value>);

impl RowFields {
    pub(super) fn new(values: Vec<Value>) -> Self {
        RowFields(values.into_iter())
    }

    /// The next field's bytes; `None` for NULL.
    pub(super) fn bytes(&mut self) -> Option<Vec<u8>> {
        match self.0.next()? {
            Value::NULL => None,
            Value::Bytes(bytes) => Some(bytes),
            // The text protocol gives bytes for everything.
            other => Some(other.as_sql(true).into_bytes()),
        }
    }

    /// The next field as text; `None` for NULL. Bytes that are not UTF-8 are replaced.
    pub(super) fn optional(&mut self) -> Option<String> {
        Some(match String::from_utf8(self.bytes()?) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }

    /// All fields that are left, as text.
    pub(super) fn all(mut self) -> Vec<Option<String>> {
        (0..self.0.len()).map(|_| self.optional()).collect()
    }

    /// The next field as text; NULL counts as empty.
    pub(super) fn text(&mut self) -> String {
        self.optional().unwrap_or_default()
    }

    /// The next field as a number; `None` for NULL.
    pub(super) fn number(&mut self) -> Option<u32> {
        self.optional()?.parse().ok()
    }

    /// Whether the next field is `YES`.
    pub(super) fn yes(&mut self) -> bool {
        self.bytes().is_some_and(|bytes| bytes.eq_ignore_ascii_case(b"YES"))
    }
}

/// A row of `TABLES`.
#[derive(Debug)]
pub(super) struct TableRow {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) engine: Option<String>,
    pub(super) collation: Option<String>,
    pub(super) create_options: String,
    pub(super) comment: String,
}

impl TableRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        TableRow {
            name: row.text(),
            kind: row.text(),
            engine: row.optional(),
            collation: row.optional(),
            create_options: row.text(),
            comment: row.text(),
        }
    }
}

/// A row of `COLUMNS`.
#[derive(Debug)]
pub(super) struct ColumnRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) position: u32,
    pub(super) default: Option<String>,
    pub(super) nullable: bool,
    pub(super) ty: String,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
    pub(super) extra: String,
    pub(super) comment: String,
    pub(super) generation: String,
    /// MySQL: the spatial reference system.
    pub(super) srid: Option<u32>,
}

impl ColumnRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        ColumnRow {
            table: row.text(),
            name: row.text(),
            position: row.number().unwrap_or(0),
            default: row.optional(),
            nullable: row.yes(),
            ty: row.text(),
            charset: row.optional(),
            collation: row.optional(),
            extra: row.text(),
            comment: row.text(),
            generation: row.text(),
            srid: row.number(),
        }
    }
}

/// A row of `STATISTICS`: one part of an index.
#[derive(Debug)]
pub(super) struct IndexRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) position: u32,
    pub(super) column: Option<String>,
    pub(super) descending: bool,
    pub(super) prefix: Option<u32>,
    pub(super) algorithm: String,
    pub(super) comment: String,
    /// The inverse of MySQL's `IS_VISIBLE`; MariaDB's `IGNORED`.
    pub(super) invisible: bool,
    /// MySQL: the expression of a functional part.
    pub(super) expression: Option<String>,
}

impl IndexRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        IndexRow {
            table: row.text(),
            name: row.text(),
            unique: row.text() == "0",
            position: row.number().unwrap_or(0),
            column: row.optional(),
            descending: row.text() == "D",
            prefix: row.number(),
            algorithm: row.text(),
            comment: row.text(),
            invisible: row.yes(),
            expression: row.optional(),
        }
    }
}

/// A row of `KEY_COLUMN_USAGE`: one column of a foreign key.
#[derive(Debug)]
pub(super) struct KeyColumnRow {
    pub(super) table: String,
    pub(super) constraint: String,
    pub(super) column: String,
    pub(super) position: u32,
    pub(super) referenced_schema: String,
    pub(super) referenced_table: String,
    pub(super) referenced_column: String,
}

impl KeyColumnRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        KeyColumnRow {
            table: row.text(),
            constraint: row.text(),
            column: row.text(),
            position: row.number().unwrap_or(0),
            referenced_schema: row.text(),
            referenced_table: row.text(),
            referenced_column: row.text(),
        }
    }
}

/// A row of `REFERENTIAL_CONSTRAINTS`: the rules of a foreign key.
#[derive(Debug)]
pub(super) struct RuleRow {
    pub(super) table: String,
    pub(super) constraint: String,
    pub(super) on_update: String,
    pub(super) on_delete: String,
}

impl RuleRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        RuleRow {
            table: row.text(),
            constraint: row.text(),
            on_update: row.text(),
            on_delete: row.text(),
        }
    }
}

/// A row of `CHECK_CONSTRAINTS`.
#[derive(Debug)]
pub(super) struct CheckRow {
    /// Empty on MySQL until the row is joined with that of `TABLE_CONSTRAINTS`.
    pub(super) table: String,
    pub(super) name: String,
    pub(super) enforced: bool,
    /// MariaDB: whether it belongs to the column of its name.
    pub(super) of_column: bool,
    pub(super) clause: String,
}

impl CheckRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        CheckRow {
            table: row.text(),
            name: row.text(),
            enforced: row.yes(),
            of_column: row.text() == "Column",
            clause: row.text(),
        }
    }
}

impl CheckRow {
    /// Whether the name may be an old name of the column: after RENAME COLUMN, MariaDB goes on
    /// showing the old one, and another column may have that name by now.
    pub(super) fn may_be_stale(&self) -> bool {
        self.of_column && !self.clause.contains(&quote_identifier(&self.name))
    }
}

/// MySQL: what `TABLE_CONSTRAINTS` says of a CHECK.
#[derive(Debug)]
pub(super) struct CheckTableRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) enforced: bool,
}

impl CheckTableRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        CheckTableRow { table: row.text(), name: row.text(), enforced: row.yes() }
    }
}

/// A trigger, routine or event.
#[derive(Debug)]
pub(super) struct ObjectRow {
    pub(super) kind: String,
    pub(super) name: String,
}

impl ObjectRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        ObjectRow { kind: row.text(), name: row.text() }
    }
}

/// MariaDB: a row of `GEOMETRY_COLUMNS`.
#[derive(Debug)]
pub(super) struct SridRow {
    pub(super) table: String,
    pub(super) column: String,
    pub(super) srid: u32,
}

impl SridRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        SridRow { table: row.text(), column: row.text(), srid: row.number().unwrap_or(0) }
    }
}

impl TableRow {
    /// Whether it is a table with rows of its own, and not a view or a sequence.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind.as_str(), "BASE TABLE" | "SYSTEM VERSIONED")
    }
}
