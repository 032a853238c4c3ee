//! What existing rows get in a column that is added, and whether an INSERT must name it from then
//! on.

use crate::model::{Column, ColumnType, DefaultValue, Element, Index, KeyPart, Table, same_name};
use crate::plan::risk::zero_dates;
use crate::plan::table::Stage;
use crate::plan::{Risk, RiskKind};
use crate::server::{Capability, Server};
use crate::words::index_words;

/// What existing rows get if the new column allows no NULL and has no default.
enum FirstValue {
    /// A value, in SQL.
    Value(String),
    /// A value that makes the statement fail if it copies the table.
    UnlessCopied(String),
    /// No value: the statement fails if the table has any row.
    None,
}

/// The risks of a column that is added.
pub(super) fn risks(column: &Column, stage: &Stage, server: &Server) -> Vec<Risk> {
    let (table, name) = (&stage.to.name, format!("{}.{}", stage.to.name, column.name));
    // A default that is set later has a risk of its own.
    let is_late = stage.late_defaults.iter().any(|(late, _)| same_name(late, &column.name));
    if !is_without_value(column) || column.auto_increment || is_late {
        return Vec::new();
    }
    let (kind, message) = match first_value(column, &stage.to, server) {
        FirstValue::Value(value) => {
            (RiskKind::EmptyValues, format!("rows that are there get {value} in {name}"))
        }
        FirstValue::UnlessCopied(value) => (
            RiskKind::NotNull,
            format!(
                "rows that are there get {value} in {name}, or stop the statement where the table \
                 is copied for it"
            ),
        ),
        FirstValue::None => (
            RiskKind::NotNull,
            format!(
                "fails if {table} has rows: a column of this type that may not be NULL and has no \
                 default gives them no value for {}",
                column.name
            ),
        ),
    };
    let element = Element::column(table, &column.name);
    let mut risks = vec![Risk { kind, element: element.clone(), message }];
    if needs_value(column) {
        let message = format!("an INSERT that does not name {name} fails (error 1364)");
        risks.push(Risk { kind: RiskKind::NeedsValue, element, message });
    }
    risks
}

/// Whether nothing gives the column a value if an INSERT doesn't name it: no NULL, no default and
/// no expression.
fn is_without_value(column: &Column) -> bool {
    !column.nullable
        && !column.is_system_time()
        && column.default.is_none()
        && column.generated.is_none()
}

/// Whether a session in strict mode refuses an INSERT that doesn't name the column. An ENUM gets
/// its first member instead (MySQL 13.6 "Data Type Default Values").
pub(in crate::plan) fn needs_value(column: &Column) -> bool {
    is_without_value(column)
        && !column.auto_increment
        && !matches!(column.ty, ColumnType::Enum { .. })
}

/// The implicit default of a type (MySQL 13.6 "Data Type Default Values"; found by trial on each
/// server).
fn first_value(column: &Column, table: &Table, server: &Server) -> FirstValue {
    let fills = server.can(Capability::FillEveryNewColumn);
    let takes_zero_dates = fills || zero_dates(table, server).is_some();
    let date = |zero: &str| match takes_zero_dates {
        true => FirstValue::Value(zero.to_owned()),
        false => FirstValue::None,
    };
    FirstValue::Value(match &column.ty {
        ColumnType::Integer { .. } | ColumnType::Bit { .. } => "0".to_owned(),
        ColumnType::Decimal { .. } | ColumnType::Float { .. } | ColumnType::Double { .. } => {
            "0".to_owned()
        }
        ColumnType::Year => "0000".to_owned(),
        ColumnType::Binary { .. } => "zero bytes".to_owned(),
        ColumnType::Char { .. }
        | ColumnType::Varchar { .. }
        | ColumnType::Varbinary { .. }
        | ColumnType::Text { .. }
        | ColumnType::Blob { .. }
        | ColumnType::Set { .. } => "''".to_owned(),
        ColumnType::Enum { members } => {
            crate::syntax::quote_string(members.first().map_or("", String::as_str))
        }
        ColumnType::Time { .. } => "'00:00:00'".to_owned(),
        ColumnType::Date => return date("'0000-00-00'"),
        ColumnType::Datetime { .. } => return date("'0000-00-00 00:00:00'"),
        ColumnType::Timestamp { .. } if !takes_zero_dates => {
            return FirstValue::UnlessCopied("'0000-00-00 00:00:00'".to_owned());
        }
        ColumnType::Timestamp { .. } => "'0000-00-00 00:00:00'".to_owned(),
        ColumnType::Json if server.can(Capability::JsonType) => "the JSON null".to_owned(),
        ColumnType::Json => {
            return FirstValue::UnlessCopied("an empty text, which isn't JSON,".to_owned());
        }
        ColumnType::Uuid => "'00000000-0000-0000-0000-000000000000'".to_owned(),
        ColumnType::Inet4 => "'0.0.0.0'".to_owned(),
        ColumnType::Inet6 => "'::'".to_owned(),
        ColumnType::Vector { .. } => "a vector of zeros or of no length".to_owned(),
        ColumnType::Geometry { .. } if fills => "a geometry of no bytes".to_owned(),
        ColumnType::Geometry { .. } => return FirstValue::None,
    })
}

/// The risk that existing rows violate an index that is unique from now on.
pub(super) fn unique(index: &Index, stage: &Stage, server: &Server) -> Option<Risk> {
    let table = &stage.to;
    let added = |part: &KeyPart| {
        let KeyPart::Column { name, .. } = part else { return None };
        let column = table.column(name)?;
        stage.from.column(name).is_none().then_some(column)
    };
    let parts: Vec<Option<&Column>> = index.parts.iter().map(|part| added(&part.key)).collect();
    // Each row gets a number of its own, or NULL, which equals no other NULL.
    let differs = |column: &&Column| {
        column.auto_increment
            || column.nullable && column.default.is_none() && column.generated.is_none()
    };
    if parts.iter().flatten().any(differs) {
        return None;
    }
    let values: Option<Vec<String>> =
        parts.iter().map(|column| same_value((*column)?, table, server)).collect();
    let (name, words) = (&table.name, index_words(index));
    let message = match values {
        Some(values) => format!(
            "fails if {name} has two rows: all of them get the same key in {words} ({})",
            values.join(", ")
        ),
        None => format!("fails if {name} has two rows with the same key in {words}"),
    };
    let element = Element::index(name, &index.name);
    Some(Risk { kind: RiskKind::NewConstraint, element, message })
}

/// The value that rows get in a new column, if it is the same for all of them.
fn same_value(column: &Column, table: &Table, server: &Server) -> Option<String> {
    match &column.default {
        Some(default @ DefaultValue::Literal(_)) => {
            Some(crate::ddl::default_text(default, &column.ty, server))
        }
        None if is_without_value(column) => match first_value(column, table, server) {
            FirstValue::Value(value) | FirstValue::UnlessCopied(value) => Some(value),
            FirstValue::None => None,
        },
        _ => None,
    }
}
