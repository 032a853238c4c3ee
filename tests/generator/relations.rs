//! What queries and bodies can use.

use driftline::model::Schema;

use super::values::{Sort, sort};
use super::world::{Id, Table};

/// A table or a view that can be read.
#[derive(Debug, Clone)]
pub struct Relation {
    pub id: Id,
    pub name: String,
    pub columns: Vec<Output>,
    pub is_table: bool,
    /// Whether rows can be written through it, so that a view on it can have CHECK OPTION.
    pub takes_rows: bool,
}

/// A column that can be read.
#[derive(Debug, Clone)]
pub struct Output {
    /// The number of the column or of the view's part.
    pub id: Id,
    pub name: String,
    pub sort: Sort,
    /// Whether a statement may give it a value.
    pub is_writable: bool,
}

/// A function that can be called.
#[derive(Debug, Clone)]
pub struct Callable {
    pub id: Id,
    pub name: String,
    /// The sorts of its arguments.
    pub parameters: Vec<Sort>,
    pub returns: Sort,
}

/// What can be read from a table of the schema.
pub fn table(table: &Table, schema: &Schema) -> Relation {
    let model = schema.table(&table.name);
    let outputs = table.columns.iter().filter_map(|column| {
        let built = model?.column(&column.name)?;
        Some(Output {
            id: column.id,
            name: built.name.clone(),
            sort: sort(&built.ty),
            is_writable: built.generated.is_none(),
        })
    });
    Relation {
        id: table.id,
        name: table.name.clone(),
        columns: outputs.collect(),
        is_table: true,
        takes_rows: true,
    }
}
