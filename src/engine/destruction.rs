//! What statements destroy, which needs permission by name.

use super::error::EngineError;
use crate::compare::Comparison;
use crate::model::{Element, Schema};
use crate::plan::{Risk, RiskKind};
use crate::server::Server;
use crate::source::dump::Effect;
use crate::source::{Loaded, ServerSource};

/// What a statement destroys, by its effect on the schema.
///
/// # Errors
///
/// If the two schemas can't be compared.
pub fn destructions(effect: &Effect, server: Server) -> Result<Vec<Risk>, EngineError> {
    let mut found = truncations(effect);
    if effect.before.tables.is_empty() && effect.before.objects.is_empty() {
        return Ok(found);
    }
    let comparison = compared(effect.before.clone(), effect.after.clone(), server)?;
    let risks = comparison.plan.steps.into_iter().flat_map(|step| step.risks);
    found.extend(risks.filter(|risk| risk.kind.destroys_data()));
    Ok(found)
}

/// The tables that a statement empties.
pub(super) fn truncations(effect: &Effect) -> Vec<Risk> {
    let truncated = effect.truncated.iter().map(|table| Risk {
        kind: RiskKind::Truncate,
        element: Element::table(table),
        message: format!("all rows of table {table} are deleted"),
    });
    truncated.collect()
}

/// The schemas before and after a statement, compared.
pub(super) fn compared(
    before: Schema,
    after: Schema,
    server: Server,
) -> Result<Comparison, EngineError> {
    let loaded = |schema: Schema| Loaded {
        schema,
        server: Some(server),
        server_source: ServerSource::Stated,
        ..Loaded::default()
    };
    Comparison::new(loaded(before), loaded(after), Some(server)).map_err(|error| {
        EngineError::File { file: "the migrations".to_owned(), line: 0, message: error.to_string() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::dump::Replay;

    fn names(statements: &[&str]) -> Vec<String> {
        let mut replay = Replay::new(Server::ASSUMED);
        let mut last = Effect::default();
        for statement in statements {
            last = replay.run(statement).unwrap();
        }
        destructions(&last, Server::ASSUMED).unwrap().iter().map(Risk::name).collect()
    }

    #[test]
    fn what_is_lost_is_named() {
        let table = "CREATE TABLE t (a int, b varchar(20), KEY (b))";
        let none: [&str; 0] = [];
        assert_eq!(names(&[table, "DROP TABLE t"]), ["drop-table:t"]);
        assert_eq!(names(&[table, "ALTER TABLE t DROP a"]), ["drop-column:t.a"]);
        assert_eq!(names(&[table, "TRUNCATE t"]), ["truncate:t"]);
        assert_eq!(names(&[table, "ALTER TABLE t ADD c int, DROP KEY b"]), none);
        assert_eq!(names(&[table, "RENAME TABLE t TO u"]), none);
        assert_eq!(names(&[table, "ALTER TABLE t CHANGE a c int, RENAME TO u"]), none);
        assert_eq!(names(&[table, "ALTER TABLE t RENAME COLUMN a TO c"]), none);
        assert_eq!(names(&[table]), none);
    }
}
