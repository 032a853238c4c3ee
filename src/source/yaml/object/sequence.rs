//! A sequence.

use super::fields::ObjectFields;
use super::{Entry, ReadObject};
use crate::model::{Object, Sequence};
use crate::source::yaml::reading::Reading;
use crate::syntax;

pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    entry: &Entry<'_>,
    fields: &ObjectFields<'_>,
) -> Option<ReadObject> {
    let ty = fields.get("type").and_then(|field| {
        let text = reading.string(field)?;
        syntax::parse_type(text)
            .map(|column| column.ty)
            .map_err(|error| reading.sql_error(field.value, text, error))
            .ok()
    });
    let mut number = |key: &str| fields.get(key).and_then(|field| reading.signed_integer(field));
    let (start, increment) = (number("start"), number("increment"));
    let (minimum, maximum) = (number("minimum"), number("maximum"));
    let cache = fields.get("cache").and_then(|field| reading.integer(field));
    let sequence = Sequence {
        name: entry.name.clone(),
        ty,
        start,
        minimum,
        maximum,
        increment,
        cache,
        cycle: fields.boolean(reading, "cycle"),
        engine: fields.get("engine").and_then(|field| reading.word(field, "engine")),
        comment: fields.string(reading, "comment").unwrap_or_default(),
    };
    entry.done(reading, Object::Sequence(sequence))
}
