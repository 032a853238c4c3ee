//! REFERENCES in a column's definition, on servers that parse and ignore it.

use super::Database;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::model::{Element, same_name};
use crate::server::{Capability, Server};
use crate::syntax::table::{self, ElementDefinition};

/// The columns whose REFERENCES the server ignores.
pub(in crate::source::dump) fn forgotten(
    elements: &[table::TableElement],
    server: Server,
) -> Vec<String> {
    if server.can(Capability::InlineReferences) {
        return Vec::new();
    }
    let column = |element: &table::TableElement| match &element.definition {
        ElementDefinition::Column(column) if column.references.is_some() => {
            Some(column.column.name.clone())
        }
        _ => None,
    };
    elements.iter().filter_map(column).collect()
}

impl Database {
    /// Remembers such columns of a table.
    pub(in crate::source::dump) fn forget_references(&mut self, table: &str, columns: Vec<String>) {
        let columns = columns.into_iter();
        self.forgotten_references.extend(columns.map(|column| (table.to_owned(), column)));
    }

    /// Those of these columns that have no foreign key in the end.
    pub(super) fn without_references(&self) -> Vec<Element> {
        let is_without = |(table, column): &&(String, String)| {
            self.schema.table(table).is_some_and(|table| {
                let has = |it: &[String]| matches!(it, [only] if same_name(only, column));
                table.column(column).is_some()
                    && !table.foreign_keys.iter().any(|key| has(&key.columns))
            })
        };
        let without = self.forgotten_references.iter().filter(is_without);
        without.map(|(table, column)| Element::column(table, column)).collect()
    }

    /// A note about such columns, at the first of them, for who doesn't check the rules.
    pub(super) fn note_of_references(&self, without: &[Element]) -> Option<Diagnostic> {
        let (element, others) = without.split_first()?;
        let title = format!(
            "{element}: {} makes no foreign key of a column's own REFERENCES, and so there is none",
            self.server
        );
        let others = match others.len() {
            0 => None,
            1 => Some("so it is with one other column".to_owned()),
            count => Some(format!("so it is with {count} other columns")),
        };
        let help = "FOREIGN KEY (…) REFERENCES … makes one on every server".to_owned();
        let primary = self.places.get(element);
        Some(Diagnostic {
            severity: Severity::Note,
            code: Some("inline-references-ignored"),
            primary: primary.map(|span| Label { span, text: String::new() }),
            help: [help].into_iter().chain(others).collect(),
            ..Diagnostic::without_place(title)
        })
    }
}
