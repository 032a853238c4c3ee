//! The tables of keys agree with the readers. `tests/docs` checks with a validator that the JSON
//! Schema agrees too.

use std::path::Path;

use super::{SECTIONS, json_schema, reference};
use crate::source::yaml::read_text;

#[allow(unreachable_pub)]
mod templates {
    include!("templates.rs");
}
use templates::file;

#[test]
fn the_templates_are_valid() {
    for section in SECTIONS {
        let text = file(section.path, "");
        let read = read_text("s.yaml", &text);
        // The referenced column of a foreign key needs an index, but only the server checks that.
        assert!(read.is_ok(), "{text}\n{}", read.unwrap_err());
    }
}

#[test]
fn an_unknown_key_is_refused_and_the_known_ones_are_named() {
    for section in SECTIONS {
        let text = file(section.path, "zzz: 1");
        let error = read_text("s.yaml", &text).unwrap_err().to_string();
        assert!(error.contains(&format!("{} has no key `zzz`", section.place)), "{text}\n{error}");
        for name in section.names() {
            let known = error.contains(&format!("`{name}`"));
            assert!(known, "{}: `{name}` is not among the known keys:\n{error}", section.path);
        }
    }
}

/// No key takes a list of lists, so a reader that reports no error doesn't read the key.
#[test]
fn every_key_of_the_tables_is_read() {
    for section in SECTIONS {
        for key in section.keys {
            let text = file(section.path, &format!("{}: [[0]]", key.name));
            let error = read_text("s.yaml", &text).map(|_| ()).expect_err(&text).to_string();
            assert!(!error.contains("has no key"), "{text}\n{error}");
        }
    }
}

#[test]
fn every_example_of_the_reference_is_valid() {
    let examples = SECTIONS.iter().filter(|section| !section.example.is_empty());
    assert!(examples.clone().count() > 8);
    for section in examples {
        let read = read_text("schema.yaml", section.example);
        assert!(read.is_ok(), "{}: {}", section.title, read.unwrap_err());
    }
}

/// `DRIFTLINE_UPDATE_DOCS=1` writes them anew.
#[test]
fn the_committed_reference_and_json_schema_are_what_is_made() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let schema = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    for (name, made) in [("schema-yaml.md", reference()), ("schema.schema.json", schema)] {
        let path = docs.join(name);
        if std::env::var_os("DRIFTLINE_UPDATE_DOCS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == made, "docs/{name} is old; DRIFTLINE_UPDATE_DOCS=1 writes it anew");
    }
}
