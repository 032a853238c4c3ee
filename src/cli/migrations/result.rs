//! The result of a command, as text for a person or as one JSON document.

use serde_json::{Value, json};

use super::super::arguments::ListFormat;
use super::super::error::Result;
use super::super::output::Output;
use crate::plan::Risk;
use crate::report::JSON_VERSION;

/// Where the result goes. With JSON, standard output has the document alone, and what a person is
/// told goes to standard error.
#[derive(Clone, Copy)]
pub(in crate::cli) struct ResultPrinter<'a> {
    format: ListFormat,
    output: &'a Output,
}

impl<'a> ResultPrinter<'a> {
    pub(in crate::cli) fn new(format: ListFormat, output: &'a Output) -> Self {
        ResultPrinter { format, output }
    }

    /// Tells a person something: whole lines.
    pub(in crate::cli) fn text(&self, text: &str) -> Result<()> {
        match self.format {
            ListFormat::Text => self.output.text(text)?,
            ListFormat::Json => self.output.say(text),
        }
        Ok(())
    }

    /// Prints the document if JSON is asked for. `fields` is an object; the version of the format
    /// is added to it.
    pub(in crate::cli) fn document(&self, fields: Value) -> Result<()> {
        if self.format == ListFormat::Text {
            return Ok(());
        }
        let mut document = json!({ "version": JSON_VERSION });
        if let (Value::Object(document), Value::Object(fields)) = (&mut document, fields) {
            document.extend(fields);
        }
        Ok(self.output.exact(&format!("{}\n", serde_json::to_string_pretty(&document)?))?)
    }
}

/// What statements destroy, each with the statement's number.
pub(super) fn destroys_json(destroys: &[(u32, Risk)]) -> Vec<Value> {
    let json = |(position, it): &(u32, Risk)| json!({ "position": position, "name": it.name(), "message": it.message });
    destroys.iter().map(json).collect()
}
