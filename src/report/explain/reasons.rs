//! Why something is compared as something else than what is written.

use crate::diff::{OptionChange, TableChange};
use crate::model::{Column, ColumnAspect, ForeignKeyAspect, IndexAspect, Table};
use crate::report::items::item;
use crate::server::Server;
use crate::words::{Field, column_fields, foreign_key_fields, index_fields, option_field};

/// What `normalize` changed of an element, clause by clause, and why.
pub(super) fn normalizing(
    changes: &[TableChange],
    written: &Table,
    normalized: &Table,
    server: &Server,
) -> Vec<(Field, &'static str)> {
    let reasons = |change: &TableChange| match change {
        TableChange::ChangeColumn { from, to, aspects } => {
            let of = |it: &ColumnAspect| {
                (column_fields(from, to, &[*it]), column_reason(*it, from, written))
            };
            aspects.iter().map(of).collect()
        }
        TableChange::ChangeIndex { from, to, aspects } => {
            let of = |it: &IndexAspect| (index_fields(from, to, &[*it]), index_reason(*it));
            aspects.iter().map(of).collect()
        }
        TableChange::ChangeForeignKey { from, to, aspects } => {
            let of = |it: &ForeignKeyAspect| {
                (foreign_key_fields(from, to, &[*it]), foreign_key_reason(*it))
            };
            aspects.iter().map(of).collect()
        }
        TableChange::ChangeOption(option) => {
            vec![(vec![option_field(option)], option_reason(option))]
        }
        other => vec![(item(written, normalized, other, server).fields, KEPT)],
    };
    let of_clauses = changes.iter().flat_map(reasons);
    of_clauses.flat_map(|(fields, why)| fields.into_iter().map(move |field| (field, why))).collect()
}

/// Why the server keeps something else than what is written, if there is no better word for it.
const KEPT: &str = "as the server keeps it";

fn column_reason(aspect: ColumnAspect, column: &Column, table: &Table) -> &'static str {
    match aspect {
        ColumnAspect::Type => "another spelling of the same type on this server",
        ColumnAspect::Charset | ColumnAspect::Collation
            if column.charset.is_some() || column.collation.is_some() =>
        {
            "what the column names decides it"
        }
        ColumnAspect::Charset | ColumnAspect::Collation
            if table.options.charset.is_some() || table.options.collation.is_some() =>
        {
            "the column names none and takes the table's"
        }
        ColumnAspect::Charset | ColumnAspect::Collation => {
            "neither the column nor its table names one, so it is the database's"
        }
        ColumnAspect::Nullable => {
            "a column of the primary key, or with AUTO_INCREMENT, is never NULL"
        }
        ColumnAspect::Default => "another spelling of the same default",
        _ => KEPT,
    }
}

fn index_reason(aspect: IndexAspect) -> &'static str {
    match aspect {
        IndexAspect::Parts => "a prefix of a whole column is the column",
        IndexAspect::Algorithm => "the engine uses this whatever is written",
        _ => KEPT,
    }
}

fn foreign_key_reason(aspect: ForeignKeyAspect) -> &'static str {
    match aspect {
        ForeignKeyAspect::OnDelete | ForeignKeyAspect::OnUpdate => {
            "RESTRICT, NO ACTION and no clause are one"
        }
        _ => KEPT,
    }
}

fn option_reason(option: &OptionChange) -> &'static str {
    match option {
        OptionChange::Charset { .. } | OptionChange::Collation { .. } => {
            "what the table doesn't name is the default of its character set or of the database"
        }
        OptionChange::Engine { .. } => "the server's default engine, or its spelling of the name",
        _ => KEPT,
    }
}
