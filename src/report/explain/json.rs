//! Explanations as JSON.

use serde::Serialize;

use super::{SideWords, Words};
use crate::compare::Comparison;
use crate::model::Element;
use crate::report::json::{JSON_VERSION, print};
use crate::words::Field;

/// What an element is explained by, as JSON.
pub fn explanation_json(
    comparison: &Comparison,
    elements: &[Element],
) -> serde_json::Result<String> {
    let explained = comparison.explain(elements);
    let all: Vec<Words> = explained.iter().map(|it| Words::of(it, comparison)).collect();
    print(&Json {
        version: JSON_VERSION,
        server: comparison.server.flavor(),
        elements: all.iter().map(ElementJson::of).collect(),
    })
}

#[derive(Serialize)]
struct Json<'a> {
    version: u32,
    server: String,
    elements: Vec<ElementJson<'a>>,
}

#[derive(Serialize)]
struct ElementJson<'a> {
    element: &'a str,
    verdict: &'static str,
    because: &'a str,
    from: SideJson<'a>,
    to: SideJson<'a>,
    fields: Vec<FieldJson<'a>>,
}

#[derive(Serialize)]
struct SideJson<'a> {
    place: &'a str,
    written: Option<&'a str>,
    normalized: Option<&'a str>,
    changes: Vec<ChangeJson<'a>>,
}

#[derive(Serialize)]
struct FieldJson<'a> {
    field: &'static str,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    #[serde(flatten)]
    field: FieldJson<'a>,
    why: &'static str,
}

impl<'a> ElementJson<'a> {
    fn of(words: &'a Words) -> Self {
        ElementJson {
            element: &words.element,
            verdict: words.verdict,
            because: &words.because,
            from: SideJson::of(&words.from),
            to: SideJson::of(&words.to),
            fields: words.fields.iter().map(FieldJson::of).collect(),
        }
    }
}

impl<'a> SideJson<'a> {
    fn of(side: &'a SideWords) -> Self {
        let changes = side.changes.iter();
        SideJson {
            place: &side.place,
            written: side.written.as_deref(),
            normalized: side.normalized.as_deref(),
            changes: changes
                .map(|(field, why)| ChangeJson { field: FieldJson::of(field), why })
                .collect(),
        }
    }
}

impl<'a> FieldJson<'a> {
    fn of(field: &'a Field) -> Self {
        FieldJson { field: field.name, from: &field.from, to: &field.to }
    }
}
