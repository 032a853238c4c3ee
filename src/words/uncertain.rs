//! Says in words what is uncertain.

use super::{OF_DATABASE, bounds_words, partitioning_words};
use crate::diff::{Doubt, ExpressionClause, Uncertain};
use crate::model::{Element, Partitioning};

/// Two values of which it is uncertain whether they mean the same, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncertainWords {
    /// The clause: `default`, `generated`, `expression`, `part 2`. It is `partitioning` if one side
    /// keeps the database's partitions and the other has none.
    pub clause: String,
    /// `default of tables.reports.columns.title`
    pub subject: String,
    /// The value of the old side.
    pub from: String,
    /// The value of the new side.
    pub to: String,
}

impl UncertainWords {
    /// The words for what is uncertain.
    pub fn of(uncertain: &Uncertain) -> Self {
        let clause = clause(&uncertain.doubt);
        let element = match &uncertain.element {
            Element::TableOption { table, .. } => &Element::table(table),
            element => element,
        };
        let subject = format!("{clause} of {element}");
        let (from, to) = values(&uncertain.doubt);
        UncertainWords { clause, subject, from, to }
    }
}

/// How it can be made certain, for the end of a line.
pub fn way_out(uncertain: &Uncertain) -> &'static str {
    match (&uncertain.element, &uncertain.doubt) {
        // A server could only be asked by creating the object.
        (Element::Object { .. }, _) => "written as the server shows it, it can be compared",
        (_, Doubt::KeptPartitions) => "only a comparison with the database can tell",
        (_, Doubt::Charset { .. }) => {
            "name it in schema.yaml, or compare with the database, which has it"
        }
        _ => "--ask-server lets the server decide",
    }
}

fn clause(doubt: &Doubt) -> String {
    let word = match doubt {
        Doubt::Expressions { clause, .. } => match clause {
            ExpressionClause::IndexPart(place) => return format!("part {}", place + 1),
            ExpressionClause::Default => "default",
            ExpressionClause::Generated => "generated",
            ExpressionClause::ColumnCheck => "check",
            ExpressionClause::Check => "expression",
            ExpressionClause::Partitioning => "by",
            ExpressionClause::Subpartitioning => "subpartition_by",
        },
        Doubt::Queries { .. } => "select",
        Doubt::Bounds { .. } => "values",
        Doubt::KeptPartitions => "partitioning",
        Doubt::Charset { .. } => "charset",
    };
    word.to_owned()
}

fn values(doubt: &Doubt) -> (String, String) {
    match doubt {
        Doubt::Expressions { from, to, .. } => (from.text.clone(), to.text.clone()),
        Doubt::Queries { from, to } => (from.text.clone(), to.text.clone()),
        Doubt::Bounds { from, to } => (bounds_words(from), bounds_words(to)),
        Doubt::KeptPartitions => {
            (partitioning_words(Some(&Partitioning::Keep)), partitioning_words(None))
        }
        Doubt::Charset { from } => (from.clone(), OF_DATABASE.to_owned()),
    }
}
