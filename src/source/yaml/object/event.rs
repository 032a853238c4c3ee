//! An event.

use super::fields::ObjectFields;
use super::{Entry, Parts, ReadObject};
use crate::model::{Event, EventStatus, Expression, Object, Schedule};
use crate::source::yaml::reading::Reading;
use crate::syntax;

/// The values of `status`.
pub(in super::super) const STATUS: &[(&str, EventStatus)] = &[
    ("enabled", EventStatus::Enabled),
    ("disabled", EventStatus::Disabled),
    ("disabled on replica", EventStatus::DisabledOnReplica),
];

pub(super) fn read(reading: &mut Reading<'_, '_>, parts: &Parts<'_>) -> Option<ReadObject> {
    let Parts { entry, fields, .. } = *parts;
    let schedule = schedule(reading, entry, fields);
    let preserve = fields.boolean(reading, "preserve");
    let status = fields.choice(reading, "status", STATUS).unwrap_or_default();
    let comment = fields.string(reading, "comment").unwrap_or_default();
    let body = parts.body(reading);
    let event = Event {
        name: entry.name.clone(),
        schedule: schedule?,
        preserve,
        status,
        comment,
        body: body?,
        time_zone: fields.time_zone.clone(),
        definer: fields.definer.clone(),
        sql_mode: fields.sql_mode.clone(),
    };
    entry.done(reading, Object::Event(event))
}

fn schedule(
    reading: &mut Reading<'_, '_>,
    entry: &Entry<'_>,
    fields: &ObjectFields<'_>,
) -> Option<Schedule> {
    match (fields.get("every"), fields.get("at")) {
        (Some(every), Some(at)) => {
            let (first, second) = (reading.span(every.key), reading.span(at.key));
            let (first, second) = (first.min(second), first.max(second));
            reading
                .error("an event runs `at` a moment or `every` so often", second, "the second")
                .also(first, "the first");
            None
        }
        (None, None) => {
            entry.missing(reading, "schedule", "`every: 1 day`, or `at:` and a moment");
            None
        }
        (Some(every), None) => {
            let text = reading.string(every)?;
            let interval = syntax::parse_interval(text)
                .map_err(|error| reading.sql_error(every.value, text, error))
                .ok();
            let starts = moment(reading, fields, "starts");
            let ends = moment(reading, fields, "ends");
            let (interval, unit) = interval?;
            Some(Schedule::Every { interval, unit, starts: starts?, ends: ends? })
        }
        (None, Some(_)) => {
            for key in ["starts", "ends"] {
                if let Some(field) = fields.get(key) {
                    let span = reading.span(field.key);
                    reading.error(format!("`{key}` is allowed only with `every`"), span, "");
                }
            }
            moment(reading, fields, "at")?.map(Schedule::At)
        }
    }
}

/// A moment. `Some(None)` if there is none; `None` after an error was reported.
fn moment(
    reading: &mut Reading<'_, '_>,
    fields: &ObjectFields<'_>,
    key: &str,
) -> Option<Option<Expression>> {
    let Some(field) = fields.get(key) else { return Some(None) };
    let text = reading.string(field)?;
    match syntax::parse_moment(text) {
        Ok(moment) => Some(Some(moment)),
        Err(error) => {
            reading.sql_error(field.value, text, error);
            None
        }
    }
}
