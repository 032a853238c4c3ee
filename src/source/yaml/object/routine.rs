//! A procedure or a function.

use super::{Parts, ReadObject};
use crate::model::{DataAccess, Object, ObjectKind, Routine, RoutineKind};
use crate::source::yaml::reading::Reading;
use crate::syntax;

/// The values of `data_access`.
pub(in super::super) const DATA_ACCESS: &[(&str, DataAccess)] = &[
    ("contains sql", DataAccess::ContainsSql),
    ("no sql", DataAccess::NoSql),
    ("reads sql data", DataAccess::ReadsSqlData),
    ("modifies sql data", DataAccess::ModifiesSqlData),
];

pub(super) fn read(reading: &mut Reading<'_, '_>, parts: &Parts<'_>) -> Option<ReadObject> {
    let Parts { entry, fields, .. } = *parts;
    let kind = match entry.kind {
        ObjectKind::Function => RoutineKind::Function,
        _ => RoutineKind::Procedure,
    };
    let parameters = fields.get("parameters").map(|field| {
        let text = reading.string(field)?;
        syntax::parse_parameters(text, kind)
            .map_err(|error| reading.sql_error(field.value, text, error))
            .ok()
    });
    let returns = fields.get("returns").map(|field| {
        let text = reading.string(field)?;
        syntax::parse_parameter_type(text)
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
    let body = parts.body(reading);
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
