//! Makes a diagram of a comparison.

use std::collections::HashMap;

use super::groups::overview;
use super::selection::Selection;
use super::table::{DiagramTable, TableReference, TableReferences};
use super::{
    Diagram, DiagramColumns, DiagramEdge, DiagramKey, DiagramNode, DiagramOptions, DiagramRow,
    DiagramStart, MOST_TABLES,
};
use crate::compare::Comparison;
use crate::ddl;
use crate::diff::TableChange;
use crate::model::{Column, IndexKind, same_name};
use crate::report::items::item;
use crate::report::{ItemSign, count};
use crate::server::Server;

/// The diagram of the tables of a comparison. A schema that is compared with itself gives one
/// without marks.
pub fn diagram(comparison: &Comparison, options: &DiagramOptions) -> Diagram {
    let tables = DiagramTable::all(comparison);
    let references = TableReferences::between(&tables);
    let too_many = !options.each && tables.len() > MOST_TABLES;
    if options.start == DiagramStart::Everything && too_many {
        return overview(&tables, &references);
    }
    let selection = Selection::of(&tables, &references, options);
    let builder =
        Builder { tables: &tables, references: &references, selection: &selection, comparison };
    builder.build(options.columns)
}

struct Builder<'a, 'c> {
    tables: &'a [DiagramTable<'c>],
    references: &'a TableReferences<'c>,
    selection: &'a Selection,
    comparison: &'c Comparison,
}

impl Builder<'_, '_> {
    fn build(&self, columns: DiagramColumns) -> Diagram {
        let boxes = &self.selection.boxes;
        let places: HashMap<usize, usize> =
            boxes.iter().enumerate().map(|(node, at)| (*at, node)).collect();
        let nodes: Vec<DiagramNode> = boxes.iter().map(|at| self.node(*at, columns)).collect();
        let mut edges = Vec::new();
        for at in boxes {
            for reference in &self.references.of[*at] {
                let to = reference.to.and_then(|to| places.get(&to));
                if let (Some(from), Some(to)) = (places.get(at), to)
                    && self.selection.draws(*at, reference, self.references)
                {
                    edges.push(self.edge(*at, (*from, *to), reference, &nodes));
                }
            }
        }
        let unrelated = &self.selection.unrelated;
        Diagram {
            nodes,
            edges,
            unrelated: unrelated.iter().map(|at| self.tables[*at].name().to_owned()).collect(),
            left_out: self.tables.len() - boxes.len() - unrelated.len(),
            grouped: None,
        }
    }

    fn node(&self, at: usize, columns: DiagramColumns) -> DiagramNode {
        let compared = &self.tables[at];
        let mut rows = Vec::new();
        let mut more = 0;
        let dropped = compared.changes.iter().filter_map(|change| match change {
            TableChange::DropColumn(column) => Some(column),
            _ => None,
        });
        for column in compared.table.columns.iter().chain(dropped) {
            let row = self.column_row(at, column);
            let is_shown = match columns {
                DiagramColumns::All => true,
                DiagramColumns::Keys => row.sign.is_some() || row.key != DiagramKey::default(),
                DiagramColumns::Changed => row.sign.is_some(),
            };
            if is_shown {
                rows.push(row);
            } else {
                more += 1;
            }
        }
        let server = &self.comparison.server;
        let others = compared.changes.iter().filter_map(|it| other_row(compared, it, server));
        rows.extend(others);
        let mut remarks = Vec::new();
        if more > 0 {
            let one = if rows.is_empty() { "column" } else { "more column" };
            remarks.push(count(more, one, &format!("{one}s")));
        }
        remarks.extend(self.undrawn(at));
        let title = match compared.renamed_from {
            Some(old) => format!("{old} → {}", compared.name()),
            None => compared.name().to_owned(),
        };
        DiagramNode { title, name: compared.name().to_owned(), sign: compared.sign, rows, remarks }
    }

    /// How many tables reference it without a line that says so.
    fn undrawn(&self, at: usize) -> Option<String> {
        let has_line = |from: &usize| {
            let mut own = self.references.of[*from].iter().filter(|it| it.to == Some(at));
            own.any(|it| {
                self.selection.boxes.contains(from)
                    && self.selection.draws(*from, it, self.references)
            })
        };
        let referencing = &self.references.referencing[at];
        let all = referencing.len();
        let undrawn = referencing.iter().filter(|from| !has_line(from)).count();
        match undrawn {
            0 => None,
            some if some == all => Some(format!("referenced by {}", count(all, "table", "tables"))),
            some => Some(format!("referenced by {}", count(some, "more table", "more tables"))),
        }
    }

    fn column_row(&self, at: usize, column: &Column) -> DiagramRow {
        let compared = &self.tables[at];
        let server = &self.comparison.server;
        let has = |name: &str| same_name(name, &column.name);
        let primary = compared.table.primary_key.as_ref();
        let references = &self.references.of[at];
        let of_column = |it: &&TableReference<'_>| it.key.columns.iter().any(|name| has(name));
        let undrawn = references
            .iter()
            .filter(|it| !self.selection.draws(at, it, self.references))
            .find(of_column);
        let (sign, ty) = column_change(compared, column, server);
        let detail = match undrawn.map(|it| it.key) {
            Some(key) => match &key.referenced_schema {
                Some(schema) => format!("→ {schema}.{}", key.referenced_table),
                None => format!("→ {}", key.referenced_table),
            },
            None => ty,
        };
        DiagramRow {
            key: DiagramKey {
                primary: primary.is_some_and(|key| key.column_names().any(has)),
                foreign: references.iter().any(|it| of_column(&it)),
            },
            name: column.name.clone(),
            detail,
            sign,
        }
    }

    fn edge(
        &self,
        at: usize,
        (from, to): (usize, usize),
        reference: &TableReference<'_>,
        nodes: &[DiagramNode],
    ) -> DiagramEdge {
        let key = reference.key;
        let table = self.tables[at].table;
        let row = |node: usize, columns: &[String]| {
            let first = columns.first()?;
            let is_first = |row: &DiagramRow| same_name(&row.name, first);
            nodes.get(node)?.rows.iter().position(is_first)
        };
        let nullable = |name: &String| table.column(name).is_some_and(|column| column.nullable);
        let is_unique = table.all_indexes().any(|index| {
            matches!(index.kind, IndexKind::Primary | IndexKind::Unique)
                && index.column_names().count() == index.parts.len()
                && index
                    .column_names()
                    .all(|name| key.columns.iter().any(|own| same_name(own, name)))
        });
        DiagramEdge {
            from,
            from_row: row(from, &key.columns),
            to,
            to_row: row(to, &key.referenced_columns),
            sign: reference.sign,
            optional: key.columns.iter().any(nullable),
            unique: is_unique,
            label: key.columns.join(", "),
        }
    }
}

/// How a column differs, and its type on both sides if that differs.
fn column_change(
    compared: &DiagramTable<'_>,
    column: &Column,
    server: &Server,
) -> (Option<ItemSign>, String) {
    let words = |column: &Column| ddl::column_type(&column.ty, server);
    let ty = words(column);
    for change in compared.changes {
        match change {
            TableChange::AddColumn(it) if it.name == column.name => {
                return (Some(ItemSign::Added), ty);
            }
            TableChange::DropColumn(it) if it.name == column.name => {
                return (Some(ItemSign::Removed), ty);
            }
            TableChange::ChangeColumn { from, to, .. } if to.name == column.name => {
                let old = words(from);
                let both = if old == ty { ty } else { format!("{old} → {ty}") };
                let renamed = match same_name(&from.name, &to.name) {
                    true => both,
                    false => format!("was {}, {both}", from.name),
                };
                return (Some(ItemSign::Changed), renamed);
            }
            _ => {}
        }
    }
    (compared.sign.filter(|sign| *sign != ItemSign::Changed), ty)
}

/// What differs in a table other than its columns. Foreign keys are lines.
fn other_row(
    compared: &DiagramTable<'_>,
    change: &TableChange,
    server: &Server,
) -> Option<DiagramRow> {
    if matches!(
        change,
        TableChange::AddColumn(_)
            | TableChange::DropColumn(_)
            | TableChange::ChangeColumn { .. }
            | TableChange::AddForeignKey(_)
            | TableChange::DropForeignKey(_)
            | TableChange::ChangeForeignKey { .. }
    ) {
        return None;
    }
    // Only the words about a column's place need the old table.
    let item = item(compared.table, compared.table, change, server);
    let both = item.fields.iter().map(|field| format!("{} → {}", field.from, field.to));
    Some(DiagramRow {
        key: DiagramKey::default(),
        name: item.subject,
        detail: both.collect::<Vec<_>>().join(", "),
        sign: Some(item.sign),
    })
}
