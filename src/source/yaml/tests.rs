//! The errors that a person sees for an invalid file, and the meaning of valid ones.

mod errors;
mod files;
mod format;
mod limits;
mod meaning;
mod objects;
mod round_trip;

use super::*;
use crate::model::Element;

/// The errors of a text, rendered.
fn errors(text: &str) -> String {
    match read_text("schema.yaml", text) {
        Ok(_) => "no error".to_owned(),
        Err(invalid) => invalid.to_string(),
    }
}

#[test]
fn a_word_is_found_in_the_values_of_its_element_alone() {
    let text = "tables:
  t:
    columns:
      a: int # not columns, nor b
      b: int
      columns: { type: varchar(5), default: \"b\" }
    indexes:
      # of b
      i: { columns: [columns, b], unique: true, comment: \"on b\" }
      j: &j { columns: [a] }
      k: *j
";
    let loaded = read_text("schema.yaml", text).unwrap();
    let at = |element: Element, word: &str, before: usize| {
        let span = loaded.places.word(&element, &loaded.files, word, before)?;
        Some((loaded.files.position(span).line, text[span.start..span.end].to_owned()))
    };
    let index = |name: &str| Element::index("t", name);
    assert_eq!(at(index("i"), "columns", 0), Some((9, "columns".to_owned())));
    assert_eq!(at(index("i"), "columns", 1), None);
    assert_eq!(at(index("i"), "B", 1), Some((9, "b".to_owned())));
    assert_eq!(at(index("i"), "b", 2), None);
    assert_eq!(at(Element::column("t", "columns"), "b", 0), Some((6, "b".to_owned())));
    assert_eq!(at(Element::column("t", "a"), "columns", 0), None);
    assert_eq!(at(Element::table("t"), "unique", 0), None);
    // What an alias stands for is written at its anchor.
    assert_eq!(at(index("j"), "a", 0), Some((10, "a".to_owned())));
    assert_eq!(at(index("k"), "a", 0), None);
}
