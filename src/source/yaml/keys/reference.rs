//! The reference of schema.yaml, docs/schema-yaml.md.

use super::{SECTIONS, Section, Shape};

const HEAD: &str = "\
# schema.yaml

Every key of every section. This page is made from the tables of keys by which the file is read; so is
the JSON Schema that editors use, `driftline json-schema`.

A `…` in a path stands for a name of yours. A name is a string of 1 to 64 characters; one that YAML takes
for something else (`no`, `1`, `null`) is quoted.

";

/// The whole page.
pub(in super::super) fn reference() -> String {
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        text.push_str(&format!("- [{}](#{})\n", section.title, anchor(section)));
    }
    for section in SECTIONS {
        part(section, &mut text);
    }
    text
}

fn part(section: &Section, text: &mut String) {
    text.push_str(&format!("\n## {}\n\n", section.title));
    if !section.path.is_empty() {
        let path = section.path.split('.').map(|word| match word.len() {
            1 => "…",
            _ => word,
        });
        text.push_str(&format!("`{}`\n\n", path.collect::<Vec<_>>().join(".")));
    }
    if !section.about.is_empty() {
        text.push_str(&format!("{}\n\n", section.about));
    }
    text.push_str("| key | value | |\n| --- | --- | --- |\n");
    for key in section.keys {
        let needed = if key.required { " Required." } else { "" };
        let cells =
            [format!("`{}`", key.name), words(&key.shape), format!("{}{needed}", key.about)];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    if !section.example.is_empty() {
        text.push_str(&format!("\n```yaml\n{}```\n", section.example));
    }
}

/// The anchor of a section's heading.
fn anchor(section: &Section) -> String {
    section.title.to_lowercase().replace(' ', "-")
}

/// A shape in words.
fn words(shape: &Shape) -> String {
    match shape {
        Shape::Text(what) => (*what).to_owned(),
        Shape::Boolean => "`true` or `false`".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Null => "nothing".to_owned(),
        Shape::Integer(Some(least), Some(most)) => format!("a whole number, {least} to {most}"),
        Shape::Integer(..) => "a whole number".to_owned(),
        Shape::Choice(known) => {
            let known: Vec<String> = known().iter().map(|word| format!("`{word}`")).collect();
            known.join(", ")
        }
        Shape::List(item, _, Some(most)) => format!("a list of {most}: {}", words(item)),
        Shape::List(item, ..) => format!("a list: {}", words(item)),
        Shape::Map(section) => format!("[{}](#{})", section.title.to_lowercase(), anchor(section)),
        Shape::Each(what, value) => format!("a map, for each {what}: {}", words(value)),
        Shape::Any(shapes) => shapes.iter().map(words).collect::<Vec<_>>().join("; or "),
    }
}
