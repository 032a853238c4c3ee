//! Attributes of a column or an index for its storage engine.

use super::layout::WrittenValue;
use super::node::Value;
use super::reading::{KeyValue, Reading};
use crate::ddl::engine_options;
use crate::model::EngineAttributes;
use crate::syntax;

/// Whether the attribute for a key is set already.
pub(super) fn says(attributes: &EngineAttributes, key: &str) -> bool {
    match key {
        "engine_attribute" => attributes.engine_attribute.is_some(),
        "secondary_engine_attribute" => attributes.secondary_engine_attribute.is_some(),
        "engine_options" => !attributes.engine_options.is_empty(),
        _ => false,
    }
}

/// Reads `engine_attribute` and `secondary_engine_attribute`, both JSON, and `engine_options`,
/// written as in SQL.
pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    attributes: &mut EngineAttributes,
    field: KeyValue<'_>,
) {
    let Some(text) = reading.string(field) else { return };
    let json = || Some(text.to_owned()).filter(|text| !text.is_empty());
    match field.word() {
        "engine_attribute" => attributes.engine_attribute = json(),
        "secondary_engine_attribute" => attributes.secondary_engine_attribute = json(),
        "engine_options" => match (syntax::parse_engine_options(text), &field.value.value) {
            (Ok(options), _) => attributes.engine_options = options,
            (Err(error), Value::String(_)) => reading.sql_error(field.value, text, error),
            (Err(_), _) => {}
        },
        _ => {}
    }
}

/// The entries of an index in the file.
pub(super) fn entries(attributes: &EngineAttributes) -> Vec<(&'static str, WrittenValue)> {
    let mut entries = Vec::new();
    for (key, json) in [
        ("engine_attribute", &attributes.engine_attribute),
        ("secondary_engine_attribute", &attributes.secondary_engine_attribute),
    ] {
        entries.extend(json.as_ref().map(|json| (key, WrittenValue::text(json))));
    }
    if !attributes.engine_options.is_empty() {
        let options = engine_options(&attributes.engine_options);
        entries.push(("engine_options", WrittenValue::text(options.join(" "))));
    }
    entries
}
