//! What a person sees of a file that is wrong, and what a right one means.

mod errors;
mod files;
mod format;
mod limits;
mod meaning;
mod objects;
mod round_trip;

use super::*;
use crate::model::Element;

/// The errors of a text, as they are drawn.
fn errors(text: &str) -> String {
    match read_text("schema.yaml", text) {
        Ok(_) => "no error".to_owned(),
        Err(invalid) => invalid.to_string(),
    }
}
