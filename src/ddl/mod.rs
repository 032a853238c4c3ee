//! The only place that writes DDL: what a server's parser accepts, spelled like its SHOW CREATE
//! TABLE.

mod alter;
mod column;
mod element;
mod index;
mod object;
mod partition;
mod session;
mod sql;
mod table;

pub use alter::{Clause, Statement, statement};
pub(crate) use column::engine_options;
pub use column::{column_definition, column_type, default_text};
pub use element::element_text;
pub use index::{drop_index, hide_index, index_part, index_parts};
pub use object::{
    ObjectStatement, SequenceLimits, StatementWithSettings, TriggerPlace, create_object,
    object_statement, parameter_type, under_mode,
};
pub use partition::{partition_bounds, partition_hashing, partition_method};
pub use session::{ScriptSession, script_session};
pub use sql::Sql;
pub use table::{create_table, table_options};

pub use crate::syntax::alter::ColumnPosition;

/// The style in which SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keywords {
    /// For SQL: keywords in upper case, every name quoted, every default written out.
    Upper,
    /// For schema.yaml's strings: keywords in lower case, without defaults, and without unnecessary
    /// quotes around names.
    Lower,
}

impl Keywords {
    /// A keyword in this style; given in upper case.
    fn word(self, keyword: &str) -> String {
        match self {
            Keywords::Upper => keyword.to_owned(),
            Keywords::Lower => keyword.to_ascii_lowercase(),
        }
    }
}
