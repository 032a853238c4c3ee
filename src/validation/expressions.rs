//! The expressions of a table, with what each is used for.

use crate::model::{DefaultValue, Element, Expression, GeneratedStorage, KeyPart, Table};
use crate::server::Server;
use crate::syntax::lexer::{Dialect, Token, lex};
use crate::syntax::references::References;

/// What an expression is used for. A column is given by its position in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Default(usize),
    Generated(usize, GeneratedStorage),
    Check,
    IndexPart,
    Partitions,
}

/// An expression of a table, prepared for the rules.
pub(super) struct Expressed<'a> {
    /// The element that it belongs to.
    pub(super) element: Element,
    pub(super) what: Use,
    pub(super) expression: &'a Expression,
    /// Its tokens as the server reads them. Empty if it can't be divided into tokens.
    pub(super) tokens: Vec<Token>,
    /// The columns that it names, in lower case. Empty if it isn't understood.
    pub(super) names: Vec<String>,
}

/// Every expression of a table.
pub(super) fn of_table<'a>(table: &'a Table, server: &Server) -> Vec<Expressed<'a>> {
    let dialect = Dialect { server: Some(*server), ..Dialect::default() };
    let mut all = Vec::new();
    let mut add = |element, what, expression: &'a Expression| {
        let tokens = lex(&expression.text, dialect).unwrap_or_default();
        let names = columns_of(expression).unwrap_or_default();
        all.push(Expressed { element, what, expression, tokens, names });
    };
    for (place, column) in table.columns.iter().enumerate() {
        let element = || Element::column(&table.name, &column.name);
        if let Some(DefaultValue::Expression(expression)) = &column.default {
            add(element(), Use::Default(place), expression);
        }
        if let Some(generated) = &column.generated {
            let what = Use::Generated(place, generated.storage);
            add(element(), what, &generated.expression);
        }
        if let Some(check) = &column.check {
            add(element(), Use::Check, check);
        }
    }
    for index in table.all_indexes() {
        for part in &index.parts {
            if let KeyPart::Expression(expression) = &part.key {
                let element = Element::index(&table.name, &index.name);
                add(element, Use::IndexPart, expression);
            }
        }
    }
    for check in &table.checks {
        add(Element::check(&table.name, &check.name), Use::Check, &check.expression);
    }
    for expression in of_partitions(table) {
        add(Element::partitioning(&table.name), Use::Partitions, expression);
    }
    all
}

/// The columns that an expression names, in lower case, each as often as it is named. `None` if it
/// isn't understood.
pub(super) fn columns_of(expression: &Expression) -> Option<Vec<String>> {
    let references = References::of(expression);
    Some(references.columns()?.into_iter().map(|part| part.lower.clone()).collect())
}

/// The expressions of the partitioning and the subpartitioning.
fn of_partitions(table: &Table) -> impl Iterator<Item = &Expression> {
    table.partition_scheme().into_iter().flat_map(|scheme| {
        let of_parts = scheme.subpartitioning.as_ref().and_then(|it| it.hashing.expression());
        scheme.method.expression().into_iter().chain(of_parts)
    })
}
