//! A JSON Schema of schema.yaml, for editors.

use serde_json::{Map, Value, json};

use super::{FILE, SECTIONS, Section, Shape};

/// The JSON Schema. Each section is a definition, named by its title.
pub(in super::super) fn json_schema() -> Value {
    let mut definitions = Map::new();
    for section in SECTIONS {
        definitions.insert(name(section), object(section));
    }
    let mut root = Map::new();
    // The draft with the widest support in editors.
    root.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    root.insert("title".into(), json!("schema.yaml of driftline"));
    root.insert("allOf".into(), json!([reference(&FILE)]));
    root.insert("definitions".into(), Value::Object(definitions));
    Value::Object(root)
}

/// `A foreign key` → `foreign_key`
fn name(section: &Section) -> String {
    let title = section.title.to_lowercase();
    let bare = ["a ", "an ", "the "].iter().find_map(|article| title.strip_prefix(article));
    bare.unwrap_or(&title).replace(' ', "_")
}

fn reference(section: &Section) -> Value {
    json!({ "$ref": format!("#/definitions/{}", name(section)) })
}

fn object(section: &Section) -> Value {
    let mut properties = Map::new();
    for key in section.keys {
        let mut value = shape(&key.shape);
        // In this draft, keywords next to `$ref` are ignored.
        if value.get("$ref").is_some() {
            value = json!({ "allOf": [value] });
        }
        if let Value::Object(map) = &mut value {
            map.insert("description".into(), json!(key.about));
        }
        properties.insert(key.name.into(), value);
    }
    let required: Vec<&str> =
        section.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut map = Map::new();
    map.insert("$comment".into(), json!(section.path));
    map.insert("type".into(), json!("object"));
    map.insert("properties".into(), Value::Object(properties));
    if section.path.is_empty() {
        map.insert("patternProperties".into(), json!({ "^x-": {} }));
    }
    if !required.is_empty() {
        map.insert("required".into(), json!(required));
    }
    map.insert("additionalProperties".into(), json!(false));
    Value::Object(map)
}

fn shape(it: &Shape) -> Value {
    match it {
        Shape::Text(_) => json!({ "type": "string" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Null => json!({ "type": "null" }),
        Shape::Integer(least, most) => {
            let mut map = Map::new();
            map.insert("type".into(), json!("integer"));
            map.extend(least.map(|least| ("minimum".into(), json!(least))));
            map.extend(most.map(|most| ("maximum".into(), json!(most))));
            Value::Object(map)
        }
        Shape::Choice(words) => choice(&words()),
        Shape::List(item, least, most) => {
            let mut map = Map::new();
            map.insert("type".into(), json!("array"));
            map.insert("items".into(), shape(item));
            map.insert("minItems".into(), json!(least));
            map.extend(most.map(|most| ("maxItems".into(), json!(most))));
            Value::Object(map)
        }
        Shape::Map(section) => reference(section),
        Shape::Each(_, value) => json!({
            "type": "object",
            "additionalProperties": shape(value),
        }),
        Shape::Any(shapes) => json!({ "anyOf": shapes.iter().map(shape).collect::<Vec<_>>() }),
    }
}

/// The words, which an editor suggests, and the same in upper case.
fn choice(words: &[&str]) -> Value {
    let any_case = |c: char| match c.to_ascii_uppercase() {
        upper if upper != c => format!("[{c}{upper}]"),
        _ => c.to_string(),
    };
    let patterns: Vec<String> =
        words.iter().map(|word| word.chars().map(any_case).collect()).collect();
    json!({
        "anyOf": [
            { "enum": words },
            { "type": "string", "pattern": format!("^({})$", patterns.join("|")) },
        ]
    })
}
