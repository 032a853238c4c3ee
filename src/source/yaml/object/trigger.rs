//! A trigger.

use super::{Parts, ReadObject};
use crate::model::{Object, Trigger, TriggerEvent, TriggerTiming};
use crate::source::yaml::reading::Reading;

/// The values of `when`.
pub(in super::super) const TIMES: &[(&str, (TriggerTiming, TriggerEvent))] = &[
    ("before insert", (TriggerTiming::Before, TriggerEvent::Insert)),
    ("after insert", (TriggerTiming::After, TriggerEvent::Insert)),
    ("before update", (TriggerTiming::Before, TriggerEvent::Update)),
    ("after update", (TriggerTiming::After, TriggerEvent::Update)),
    ("before delete", (TriggerTiming::Before, TriggerEvent::Delete)),
    ("after delete", (TriggerTiming::After, TriggerEvent::Delete)),
];

pub(super) fn read(reading: &mut Reading<'_, '_>, parts: &Parts<'_>) -> Option<ReadObject> {
    let Parts { entry, fields, .. } = *parts;
    let table = match fields.get("table") {
        Some(field) => reading.string(field).map(str::to_owned),
        None => {
            entry.missing(reading, "table", "`table:` says which table it belongs to");
            None
        }
    };
    let time = match fields.get("when") {
        Some(field) => reading.choice(field, TIMES),
        None => {
            entry.missing(reading, "time", "`when: before insert`, or another time and event");
            None
        }
    };
    let body = parts.body(reading);
    let (timing, event) = time?;
    let trigger = Trigger {
        name: entry.name.clone(),
        table: table?,
        timing,
        event,
        body: body?,
        definer: fields.definer.clone(),
        sql_mode: fields.sql_mode.clone(),
    };
    let mut read = entry.done(reading, Object::Trigger(trigger))?;
    read.table = fields.span(reading, "table");
    Some(read)
}
