//! Reads CREATE TRIGGER (MySQL manual, 15.1.22; MariaDB, "CREATE TRIGGER").

use super::{Header, ObjectDefinition, TriggerOrder, body};
use crate::model::{Object, Trigger, TriggerEvent, TriggerTiming};
use crate::syntax::SqlError;
use crate::syntax::parser::Parser;

/// Reads the part after the trigger's name.
pub(super) fn read(
    parser: &mut Parser,
    header: Header,
    name: &str,
) -> Result<ObjectDefinition, SqlError> {
    let timing = match parser.upper_word().as_deref() {
        Some("BEFORE") => TriggerTiming::Before,
        Some("AFTER") => TriggerTiming::After,
        _ => return Err(parser.expected("BEFORE or AFTER")),
    };
    parser.next();
    let event = match parser.upper_word().as_deref() {
        Some("INSERT") => TriggerEvent::Insert,
        Some("UPDATE") => TriggerEvent::Update,
        Some("DELETE") => TriggerEvent::Delete,
        _ => return Err(parser.expected("INSERT, UPDATE or DELETE")),
    };
    parser.next();
    // MariaDB 12 has triggers for several events, and triggers for an UPDATE of some columns only.
    let clause = parser.upper_word().filter(|word| word == "OR" || word == "OF");
    while clause.is_some() && !parser.is_word("ON") && !parser.at_end() {
        parser.next();
    }
    parser.expect("ON")?;
    let table = parser.qualified_name("a table")?;
    if let Some(word) = clause {
        let clause = match word.as_str() {
            "OR" => "several events",
            _ => "UPDATE OF",
        };
        return Ok(ObjectDefinition::Unsupported { clause: clause.to_owned(), table: Some(table) });
    }
    parser.expect("FOR")?;
    parser.expect("EACH")?;
    parser.expect("ROW")?;
    let order = if parser.accept("FOLLOWS") {
        Some(TriggerOrder::Follows(parser.name("a trigger")?))
    } else if parser.accept("PRECEDES") {
        Some(TriggerOrder::Precedes(parser.name("a trigger")?))
    } else {
        None
    };
    let trigger = Trigger {
        name: name.to_owned(),
        table: table.1.clone(),
        timing,
        event,
        body: body(parser)?,
        definer: header.definer,
        sql_mode: None,
    };
    let object = Box::new(Object::Trigger(trigger));
    Ok(ObjectDefinition::Supported { object, table: Some(table), order })
}
