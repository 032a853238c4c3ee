//! Documents that have to be as a JSON Schema says.

use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::python::printed_by;

const VALIDATE: &str = "
import json, sys, jsonschema
given = json.load(sys.stdin)
kind = jsonschema.validators.validator_for(given['schema'])
kind.check_schema(given['schema'])
validator = kind(given['schema'])
for name, instance in given['instances']:
    for error in sorted(validator.iter_errors(instance), key=str)[:5]:
        best = jsonschema.exceptions.best_match([error])
        print(name, best.json_path, best.message[:300])
print('looked at', len(given['instances']))
";

/// Fails if one of the documents isn't as the schema says.
pub fn validate(schema: &Value, instances: &[(String, Value)]) -> Result<(), Failed> {
    let given = json!({ "schema": schema, "instances": instances }).to_string();
    let said = printed_by(VALIDATE, given)?;
    let wanted = format!("looked at {}\n", instances.len());
    if said == wanted { Ok(()) } else { Err(said.into()) }
}

/// The schema of the outputs, with no key allowed that it doesn't name.
pub fn output_schema() -> Result<Value, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/output.schema.json"))?;
    let mut schema: Value = serde_json::from_str(&text)?;
    closed(&mut schema);
    Ok(schema)
}

/// The committed schema, but so that a field that it doesn't name is an error.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.insert("additionalProperties".into(), false.into());
            }
            object.values_mut().for_each(closed);
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}
