//! A procedure or a function.

use super::fields::Fields;
use super::text::SqlText;
use super::{Entry, ReadObject};
use crate::model::{DataAccess, Object, ObjectKind, Routine, RoutineKind};
use crate::source::yaml::reading::Reading;
use crate::sql;
use crate::sql::lexer::Dialect;

const DATA_ACCESS: &[(&str, DataAccess)] = &[
    ("contains sql", DataAccess::ContainsSql),
    ("no sql", DataAccess::NoSql),
    ("reads sql data", DataAccess::ReadsSqlData),
    ("modifies sql data", DataAccess::ModifiesSqlData),
];

pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    entry: &Entry<'_>,
    fields: &Fields<'_>,
    text: Option<&SqlText<'_>>,
    dialect: Dialect,
) -> Option<ReadObject> {
    let kind = match entry.kind {
        ObjectKind::Function => RoutineKind::Function,
        _ => RoutineKind::Procedure,
    };
    let parameters = fields.get("parameters").map(|field| {
        let text = reading.string(field)?;
        sql::parse_parameters(text, kind)
            .map_err(|error| reading.sql_error(field.value, text, error))
            .ok()
    });
    let returns = fields.get("returns").map(|field| {
        let text = reading.string(field)?;
        sql::parse_parameter_type(text)
            .map_err(|error| reading.sql_error(field.value, text, error))
            .ok()
    });
    if kind == RoutineKind::Function && returns.is_none() {
        entry.missing(reading, "type", "`returns:` says what it returns, like `returns: int`");
    }
    let deterministic = fields.boolean(reading, "deterministic");
    let data_access = fields.choice(reading, "data_access", DATA_ACCESS).unwrap_or_default();
    let security = fields.security(reading);
    let comment = fields.string(reading, "comment").unwrap_or_default();
    let body = entry.body(reading, text, dialect);
    let routine = Routine {
        kind,
        name: entry.name.clone(),
        parameters: parameters.unwrap_or(Some(Vec::new()))?,
        returns: match returns {
            Some(read) => Some(read?),
            None => None,
        },
        aggregate: fields.boolean(reading, "aggregate"),
        deterministic,
        data_access,
        security,
        comment,
        body: body?,
        definer: fields.definer.clone(),
        sql_mode: fields.sql_mode.clone(),
    };
    entry.done(reading, Object::Routine(routine))
}
