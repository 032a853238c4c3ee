//! schema.yaml: read with the place of every element, written, and formatted.

mod attributes;
mod blocks;
mod column;
mod constraint;
mod document;
mod foreign_key;
mod format;
mod include;
mod index;
mod keys;
mod layout;
mod node;
mod object;
mod partitioning;
mod reading;
mod replaced;
mod scalar;
mod settings;
mod table;
mod validate;
mod validate_objects;
mod versioning;
mod write;
mod write_objects;
mod write_partitioning;

use std::fmt;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Files, render};
use crate::model::{Column, Index, Schema, Table};
use crate::server::Server;
use crate::source::{Loaded, Settings};

/// What is wrong with a file: at least one error, and the texts that the errors point into.
#[derive(Debug, Clone)]
pub struct Invalid {
    /// The errors, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub files: Files,
}

/// All the errors, drawn without colour.
impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&render(diagnostic, &self.files, false))?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// How a schema is written.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// The server whose syntax the column strings have.
    pub server: Server,
    /// What the file says of the server that it is for: `mysql:8.4`, or `mariadb` alone.
    pub stated_server: Option<String>,
    /// What the file sets beside the schema.
    pub settings: Settings,
    /// Lines of comment at the top, without `#`.
    pub header: Vec<String>,
    /// Leaves out what a column has anyway: the character set and collation of its table, the
    /// usual display width; and the next AUTO_INCREMENT value, which is no part of a schema.
    pub compact: bool,
}

impl WriteOptions {
    /// No settings, no comment, and every value as the schema has it.
    pub fn new(server: Server) -> Self {
        WriteOptions {
            server,
            stated_server: None,
            settings: Settings::default(),
            header: Vec::new(),
            compact: false,
        }
    }
}

/// Reads schema.yaml and the files that it includes.
pub fn read(path: &Path) -> Result<Loaded, Invalid> {
    document::read(path)
}

/// Reads a text as schema.yaml; it can't include files.
pub fn read_text(name: &str, text: &str) -> Result<Loaded, Invalid> {
    document::read_text(name, text)
}

/// The text of schema.yaml for a schema. Reading it gives the schema again, but for what the file
/// has no words for: the database's own defaults, and tables and objects that are unsupported,
/// which are named in comments (and, the tables, ignored).
pub fn write(schema: &Schema, options: &WriteOptions) -> String {
    write::write(schema, options)
}

/// The tables and objects of a schema as schema.yaml has them, each whole: for a person to read. A
/// clause that is unsupported stands in a comment.
pub fn write_elements(schema: &Schema, options: &WriteOptions) -> String {
    write::write_elements(schema, options)
}

/// The glob that matches this name alone.
pub fn glob_of(name: &str) -> String {
    globset::escape(name)
}

/// What a schema file says that neither the text that replaces it says nor a database could, in
/// words.
pub fn lost_by_replacing(old: &str, new: &str) -> Vec<String> {
    replaced::lost_by_replacing(old, new)
}

/// A JSON Schema of schema.yaml, for editors.
pub fn json_schema() -> serde_json::Value {
    keys::json_schema()
}

/// Every key of every section, as a page of Markdown.
pub fn reference() -> String {
    keys::reference()
}

/// A column's definition as schema.yaml has it after its name, without what its table gives it.
pub fn column_text(column: &Column, table: &Table, server: &Server) -> String {
    write::column_text(column, table, server)
}

/// An index as schema.yaml has it under `indexes` of its table: `ix_a: [a]`.
pub fn index_line(index: &Index, table: &Table) -> String {
    write::index_line(index, table)
}

/// The text in its canonical layout, comments and order kept.
pub fn format(name: &str, text: &str) -> Result<String, Invalid> {
    format::format(name, text)
}

#[cfg(test)]
mod tests;
