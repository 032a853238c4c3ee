//! Compares the JSON Schema with the program: both accept the same. Python's `jsonschema` is the
//! validator.

use std::fs;
use std::path::Path;

use driftline::source::yaml;
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::page::Page;
use crate::support::case::cases;
use crate::support::python::{printed_by, python};

mod templates {
    include!("../../src/source/yaml/keys/templates.rs");
}

pub fn trials() -> Vec<Trial> {
    let with_python = |name: &str, test: fn() -> Result<(), Failed>| {
        Trial::test(name, test).with_ignored_flag(python().is_none())
    };
    vec![
        with_python("the JSON Schema takes every file that the program takes", taken),
        with_python("the JSON Schema refuses unknown keys and values of other kinds", refused),
    ]
}

const VALIDATE: &str = "
import json, sys, jsonschema
given = json.load(sys.stdin)
jsonschema.Draft7Validator.check_schema(given['schema'])
validator = jsonschema.Draft7Validator(given['schema'])
for name, instance in given['instances']:
    errors = sorted(validator.iter_errors(instance), key=str)
    print(json.dumps([name, [e.json_path + ': ' + e.message for e in errors]]))
";

/// The errors of each text, by its name.
fn errors(texts: &[(String, String)]) -> Result<Vec<(String, Vec<String>)>, Failed> {
    let mut instances = Vec::new();
    for (name, text) in texts {
        instances.push(json!([name, value(text).map_err(|error| format!("{name}: {error}"))?]));
    }
    let given = json!({ "schema": yaml::json_schema(), "instances": instances }).to_string();
    let printed = printed_by(VALIDATE, given)?;
    let lines: Result<Vec<(String, Vec<String>)>, _> =
        printed.lines().map(serde_json::from_str).collect();
    let lines = lines?;
    if lines.len() != texts.len() {
        return Err("the validator didn't look at every text".into());
    }
    Ok(lines)
}

/// A text as an editor passes it to the JSON Schema.
fn value(text: &str) -> Result<Value, serde_saphyr::Error> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options)
}

fn taken() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for case in cases() {
        for (which, text) in [("before", &case.before), ("after", &case.after)] {
            let Some(text) = text else { continue };
            if yaml::read_text(which, text).is_ok() {
                texts.push((format!("{} {which}", case.name), text.clone()));
            }
        }
    }
    if texts.len() < 400 {
        return Err(format!("only {} cases are right files", texts.len()).into());
    }
    for file in ["schema.yaml", "generated/schema.lock.yaml"] {
        texts.push((file.to_owned(), fs::read_to_string(root.join(file))?));
    }
    for recorded in fs::read_dir(root.join("src/source/live/recorded"))? {
        let path = recorded?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            texts.push((path.display().to_string(), fs::read_to_string(path)?));
        }
    }
    for page in Page::all() {
        let blocks = page.blocks().iter();
        let blocks = blocks.filter(|it| matches!(it.info.as_str(), "yaml" | "yaml schema.yaml"));
        texts.extend(blocks.map(|it| (format!("{}:{}", page.name, it.first), it.text())));
    }
    let wrong: Vec<String> = errors(&texts)?
        .into_iter()
        .filter(|(_, errors)| !errors.is_empty())
        .map(|(name, errors)| format!("{name}: {}", errors.join("; ")))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn refused() -> Result<(), Failed> {
    let schema = yaml::json_schema();
    let definitions = schema["definitions"].as_object().ok_or("no definitions")?;
    let mut right = Vec::new();
    let mut wrong = Vec::new();
    for definition in definitions.values() {
        let path = definition["$comment"].as_str().ok_or("no path")?;
        let file = |entries: &str| templates::file(path, entries);
        right.push((path.to_owned(), file("")));
        wrong.push((format!("{path}.zzz"), file("zzz: 1")));
        let keys = definition["properties"].as_object().ok_or("no keys")?.keys();
        // No key takes a list of lists.
        wrong.extend(keys.map(|key| (format!("{path}.{key}"), file(&format!("{key}: [[0]]")))));
    }
    if definitions.len() < 20 || wrong.len() < 120 {
        return Err(format!("only {} sections, {} keys", definitions.len(), wrong.len()).into());
    }
    let mut failed = Vec::new();
    for (name, errors) in errors(&right)? {
        failed.extend(errors.iter().map(|error| format!("{name} is right, and yet: {error}")));
    }
    for (name, errors) in errors(&wrong)? {
        failed.extend(errors.is_empty().then(|| format!("{name} is wrong, and taken")));
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
}
