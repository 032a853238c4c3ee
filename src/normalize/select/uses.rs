//! What a query or a body uses, as far as its words show.

use std::collections::BTreeSet;

use crate::model::{Object, ObjectKind, Schema};
use crate::syntax::lexer::Dialect;
use crate::syntax::references::References;

/// What an SQL text uses of a schema. The text is the query of a view, or the body of a trigger,
/// routine or event. Names are spelled as in the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// The tables and views that it names.
    pub tables: BTreeSet<String>,
    /// The columns of these tables that it uses, each as table (or view) and column.
    pub columns: BTreeSet<(String, String)>,
    /// The functions and procedures of the schema that it calls.
    pub routines: BTreeSet<String>,
    /// Whether all of this is certain. If not, it was found by the words of the text: a listed
    /// column may then belong to another table, but nothing is missing, except for what a statement
    /// names that is built at run time.
    pub is_certain: bool,
}

/// What a text uses by its words: every table and view that it names, every column of these that it
/// names (all columns if it has a `*`), and every routine.
pub fn uses(text: &str, schema: &Schema) -> Uses {
    let references = References::in_text(text, Dialect::default());
    let (words, has_star) = (references.words(), references.has_star());
    let mut uses = Uses::default();
    let named = |name: &str| words.contains(&name.to_lowercase());
    for table in schema.tables.values().filter(|table| named(&table.name)) {
        uses.tables.insert(table.name.clone());
        let columns = table.columns.iter().map(|column| &column.name);
        let used = columns.filter(|column| has_star || named(column));
        uses.columns.extend(used.map(|column| (table.name.clone(), column.clone())));
    }
    for (name, object) in schema.objects.iter().filter(|(name, _)| named(&name.name)) {
        match (name.kind, object) {
            (_, Object::View(view)) => {
                uses.tables.insert(name.name.clone());
                let used = view.columns.iter().filter(|column| has_star || named(column));
                uses.columns.extend(used.map(|column| (name.name.clone(), column.clone())));
            }
            (ObjectKind::Procedure | ObjectKind::Function, _) => {
                uses.routines.insert(name.name.clone());
            }
            _ => {}
        }
    }
    uses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnType, IntegerSize, Sign, Table};

    fn schema() -> Schema {
        let ty = ColumnType::Integer { size: IntegerSize::Int, sign: Sign::Signed, width: None };
        let mut schema = Schema::default();
        for (name, columns) in [("t", ["id", "Total"]), ("s", ["id", "t_id"])] {
            let mut table = Table::new(name);
            table.columns = columns.map(|column| Column::new(column, ty.clone())).to_vec();
            schema.insert(table);
        }
        schema
    }

    fn columns(text: &str) -> Vec<String> {
        let used = uses(text, &schema()).columns;
        used.into_iter().map(|(table, column)| format!("{table}.{column}")).collect()
    }

    #[test]
    fn words_tell_what_may_be_used() {
        assert_eq!(columns("select total from t where `ID` > 1"), ["t.Total", "t.id"]);
        assert_eq!(columns("select 'id' from t -- total"), Vec::<String>::new());
        assert_eq!(columns("select * from s"), ["s.id", "s.t_id"]);
        assert_eq!(columns("select 2 * id from s"), ["s.id"]);
        assert_eq!(columns("select count(*) from s"), Vec::<String>::new());
        assert_eq!(uses("select 1", &schema()), Uses::default());
    }
}
