//! The expressions of a table, by what they are for.

use crate::model::{DefaultValue, Element, Expression, GeneratedStorage, KeyPart, Table};

/// What an expression is for. Columns by their place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Default(usize),
    Generated(usize, GeneratedStorage),
    Check,
    IndexPart,
    Partitions,
}

/// Every expression of a table, with the element that it belongs to.
pub(super) fn of_table(table: &Table) -> Vec<(Element, Use, &Expression)> {
    let mut all = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        let element = || Element::column(&table.name, &column.name);
        if let Some(DefaultValue::Expression(expression)) = &column.default {
            all.push((element(), Use::Default(place), expression));
        }
        if let Some(generated) = &column.generated {
            let what = Use::Generated(place, generated.storage);
            all.push((element(), what, &generated.expression));
        }
        if let Some(check) = &column.check {
            all.push((element(), Use::Check, check));
        }
    }
    for index in table.all_indexes() {
        for part in &index.parts {
            if let KeyPart::Expression(expression) = &part.key {
                let element = Element::index(&table.name, &index.name);
                all.push((element, Use::IndexPart, expression));
            }
        }
    }
    for check in &table.checks {
        all.push((Element::check(&table.name, &check.name), Use::Check, &check.expression));
    }
    for expression in of_partitions(table) {
        all.push((Element::partitioning(&table.name), Use::Partitions, expression));
    }
    all
}

/// The expressions that the partitions and their parts are made by.
fn of_partitions(table: &Table) -> impl Iterator<Item = &Expression> {
    table.partition_scheme().into_iter().flat_map(|scheme| {
        let of_parts = scheme.subpartitioning.as_ref().and_then(|it| it.hashing.expression());
        scheme.method.expression().into_iter().chain(of_parts)
    })
}
