//! The JSON in engine attributes, spelled as a server shows it.

use serde_json::Value;

use crate::model::EngineAttributes;
use crate::syntax::parse_string;
use crate::syntax::quote_string;

/// Spells the JSON of a column or an index.
pub(super) fn attributes(attributes: &mut EngineAttributes) {
    let json = [&mut attributes.engine_attribute, &mut attributes.secondary_engine_attribute];
    for text in json.into_iter().flatten() {
        *text = canonical(text);
    }
}

/// Spells JSON that is in quotes.
pub(super) fn quoted(value: String) -> String {
    match parse_string(&value) {
        Ok(text) => quote_string(&canonical(&text)),
        Err(_) => value,
    }
}

/// JSON as MySQL shows it: each member's name only once, shorter names first, names of the same
/// length ordered by their bytes (MySQL 13.5 "The JSON Data Type", "Normalization"), and a space
/// after commas and colons. Text that isn't JSON stays as it is; the server will refuse it.
fn canonical(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let mut spelled = String::with_capacity(text.len());
            // The parser accepts at most 128 levels, so the recursion is bounded.
            write(&value, &mut spelled);
            spelled
        }
        Err(_) => text.to_owned(),
    }
}

fn write(value: &Value, spelled: &mut String) {
    match value {
        Value::Array(values) => {
            spelled.push('[');
            for (place, value) in values.iter().enumerate() {
                spelled.push_str(if place > 0 { ", " } else { "" });
                write(value, spelled);
            }
            spelled.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| (name.len(), *name));
            spelled.push('{');
            for (place, (name, value)) in members.into_iter().enumerate() {
                spelled.push_str(if place > 0 { ", " } else { "" });
                spelled.push_str(&Value::from(name.as_str()).to_string());
                spelled.push_str(": ");
                write(value, spelled);
            }
            spelled.push('}');
        }
        scalar => spelled.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_one_spelling() {
        // MySQL 9.7 shows them like this.
        for (given, shown) in [
            (
                r#"{"b":1,   "b":2,"aa":3, "x":1e2,"y":"a\"b", "z":true}"#,
                r#"{"b": 2, "x": 100.0, "y": "a\"b", "z": true, "aa": 3}"#,
            ),
            (r#"{"b": 1.0, "a": [1,2], "é": "\u00e9"}"#, r#"{"a": [1, 2], "b": 1.0, "é": "é"}"#),
            ("null", "null"),
            ("{", "{"),
        ] {
            assert_eq!(canonical(given), shown);
            assert_eq!(canonical(shown), shown);
        }
        assert_eq!(quoted(r#"'{"a":"it\'s"}'"#.to_owned()), r#"'{"a": "it''s"}'"#);
        assert_eq!(quoted("5".to_owned()), "5");
    }
}
