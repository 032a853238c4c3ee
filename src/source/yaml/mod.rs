//! schema.yaml: read with the place of every element, written, and formatted.

mod attributes;
mod baseline;
mod blocks;
mod column;
mod comments;
mod constraint;
mod document;
mod edit;
mod element_glob;
mod foreign_key;
mod format;
mod glob;
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
mod waivers;
mod write;
mod write_element;
mod write_objects;
mod write_partitioning;

use std::fmt;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Files, render};
use crate::model::{Column, Element, Index, Object, Schema, Table, TableOptions};
use crate::server::Server;
use crate::source::{Loaded, MigrationList, Settings};

pub use baseline::AcceptedFinding;
pub use edit::{
    EditedText, ElementEdit, NotEditable, ReadFiles, edit, edit_of_default, edited, read_with,
};
pub use element_glob::ElementGlob;

/// A file that can't be used: at least one error, and the texts that the errors point into.
#[derive(Debug, Clone)]
pub struct Invalid {
    /// The errors, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub files: Files,
}

/// All the errors, rendered without colour.
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

/// Options for writing schema.yaml.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// The server whose syntax is used in column strings.
    pub server: Server,
    /// The value of `server:`, such as `mysql:8.4` or `mariadb`. `None` to leave it out.
    pub stated_server: Option<String>,
    /// The settings other than the schema.
    pub settings: Settings,
    /// The list of the migrations that lead to the schema; only a lock file has it.
    pub migrations: Option<MigrationList>,
    /// Lines of comment at the top, without `#`.
    pub header: Vec<String>,
    /// Leaves out what a column has by default: the character set and collation of its table, and
    /// the usual display width. Also leaves out the next AUTO_INCREMENT value, which is not part of
    /// a schema.
    pub compact: bool,
}

impl WriteOptions {
    /// No settings, no comment, and every value as the schema has it.
    pub fn new(server: Server) -> Self {
        WriteOptions {
            server,
            stated_server: None,
            settings: Settings::default(),
            migrations: None,
            header: Vec::new(),
            compact: false,
        }
    }
}

/// Reads schema.yaml and the files that it includes.
pub fn read(path: &Path) -> Result<Loaded, Invalid> {
    document::read(path)
}

/// Reads a text as schema.yaml. It is an error if it includes files.
pub fn read_text(name: &str, text: &str) -> Result<Loaded, Invalid> {
    document::read_text(name, text)
}

/// The text of schema.yaml for a schema. Reading it gives the same schema, except for what the file
/// can't say: the database's own defaults, and unsupported tables and objects. These are named in
/// comments, and the tables are ignored.
pub fn write(schema: &Schema, options: &WriteOptions) -> String {
    write::write(schema, options)
}

/// The tables and objects of a schema as in schema.yaml, for a person to read. Each is complete,
/// without shared defaults; an unsupported clause is in a comment.
pub fn write_elements(schema: &Schema, options: &WriteOptions) -> String {
    write::write_elements(schema, options)
}

/// The glob that matches only this name.
pub fn glob_of(name: &str) -> String {
    globset::escape(name)
}

/// What a schema file says that would be lost if `new` replaced it, and that no database has; in
/// words. Empty if nothing is lost.
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

/// A column's definition as schema.yaml writes it after its name, without what it inherits from its
/// table.
pub fn column_text(column: &Column, table: &Table, server: &Server) -> String {
    write::column_text(column, table, server)
}

/// A part of schema.yaml as `pull` writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenElement {
    /// The path of what it stands under: `tables.reports.indexes`.
    pub under: String,
    /// Its lines, from its key on, without the depth at which they stand.
    pub lines: String,
}

/// An element of a table, or the table itself, as `pull` writes it. `None` if the table doesn't have
/// it.
pub fn written_element(
    table: &Table,
    element: &Element,
    server: &Server,
) -> Option<WrittenElement> {
    write_element::of_table(table, element, server)
}

/// A column with every clause that it has, also those that say what its table says.
pub fn written_column(table: &Table, column: &Column, server: &Server) -> WrittenElement {
    write_element::of_whole_column(table, column, server)
}

/// A table as `pull` writes it where tables inherit these options.
pub fn written_table(table: &Table, inherited: &TableOptions, server: &Server) -> WrittenElement {
    write_element::of_whole_table(table, inherited, server)
}

/// A view, trigger, routine, event or sequence as `pull` writes it.
pub fn written_object(object: &Object, server: &Server) -> WrittenElement {
    written_object_with(object, server, false)
}

/// The same, with its definer if definers are compared.
pub fn written_object_with(object: &Object, server: &Server, definer: bool) -> WrittenElement {
    write_element::of_object(object, server, definer)
}

/// The line of schema.yaml that waives the findings with a code about an element. It has `…` where
/// the reason is to be written.
pub fn waiver_line(code: &str, element: &Element) -> String {
    write_element::waiver_line(code, element)
}

/// An index as schema.yaml writes it under `indexes` of its table: `ix_a: [a]`.
pub fn index_line(index: &Index, table: &Table) -> String {
    write::index_line(index, table)
}

/// Reads a file of accepted findings.
pub fn read_baseline(path: &Path) -> Result<Vec<AcceptedFinding>, Invalid> {
    baseline::read(path)
}

/// The text of a file of accepted findings.
pub fn baseline_text(findings: &[AcceptedFinding]) -> String {
    baseline::write(findings)
}

/// The text in its canonical layout; comments and order are kept.
pub fn format(name: &str, text: &str) -> Result<String, Invalid> {
    format::format(name, text)
}

#[cfg(test)]
mod tests;
