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
