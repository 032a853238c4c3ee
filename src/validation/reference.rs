//! Columns that an expression can't refer to because of what it is used for (MySQL 15.1.20.8
//! "CREATE TABLE and Generated Columns", 13.6 "Data Type Default Values", 15.1.20.6 "CHECK
//! Constraints"; MariaDB "Generated Columns", "CONSTRAINT").

use super::expressions::Use;
use super::{Subject, ValidationError};
use crate::model::{Column, DefaultValue, same_name};
use crate::server::Capability;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    for expressed in subject.expressions {
        let mut said = Vec::new();
        for name in &expressed.names {
            let place = table.columns.iter().position(|column| same_name(&column.name, name));
            let Some(place) = place.filter(|place| !said.contains(place)) else { continue };
            if let Some(title) = problem(subject, expressed.what, place) {
                said.push(place);
                found.push(ValidationError::new(expressed.element.clone(), title).at(name));
            }
        }
    }
}

/// Why an expression with this use can't refer to the column at this place.
fn problem(subject: &Subject<'_>, what: Use, place: usize) -> Option<String> {
    let column = subject.table.columns.get(place)?;
    let (own, of) = match what {
        Use::Generated(own, _) => (own, "a generated column"),
        Use::Default(own) => (own, "a default"),
        Use::Check if column.auto_increment => {
            let name = &column.name;
            return Some(format!("a CHECK can't refer to `{name}`, which is AUTO_INCREMENT"));
        }
        _ => return None,
    };
    let name = &column.name;
    if own == place {
        return Some(match what {
            Use::Default(_) => format!("the default of `{name}` refers to `{name}` itself"),
            _ => format!("`{name}` is computed from itself"),
        });
    }
    if column.auto_increment && !subject.server.can(Capability::AutoIncrementInExpressions) {
        return Some(format!("{of} can't refer to `{name}`, which is AUTO_INCREMENT"));
    }
    let is_later = own < place;
    if is_later && column.generated.is_some() {
        return Some(format!(
            "{of} can't refer to `{name}`, which is generated and stands after it"
        ));
    }
    let is_default = matches!(what, Use::Default(_));
    if is_later
        && is_default
        && has_expression(column)
        && !subject.server.can(Capability::LaterDefaults)
    {
        let why = "whose default is an expression and which stands after it";
        return Some(format!("a default can't refer to `{name}`, {why}"));
    }
    None
}

fn has_expression(column: &Column) -> bool {
    matches!(column.default, Some(DefaultValue::Expression(_)))
}
