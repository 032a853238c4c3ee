//! Everything that is in a database.

use super::rows::RowFields;
use crate::ddl::{ObjectStatement, Sql, Statement, object_statement, statement};
use crate::model::{ObjectKind, ObjectName};
use crate::server::Server;

/// The query for it.
pub(super) const CONTENTS: &str = include_str!("queries/contents.sql");

/// One object in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// As `information_schema` names its kind: `BASE TABLE`, `VIEW`, `PROCEDURE`, …
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl Content {
    pub(super) fn new(mut row: RowFields) -> Content {
        Content { kind: row.text(), name: row.text() }
    }
}

/// Puts objects in order.
pub(super) fn sorted(mut contents: Vec<Content>) -> Vec<Content> {
    contents.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    contents
}

/// The statement that drops an object. `None` for a kind that driftline never makes: a package, which holds routines of its own.
pub fn drop_statement(content: &Content, server: &Server) -> Option<Sql> {
    let kind = match content.kind.as_str() {
        "BASE TABLE" | "SYSTEM VERSIONED" => {
            return Some(statement(&Statement::DropTable(content.name.clone()), server));
        }
        "VIEW" => ObjectKind::View,
        "PROCEDURE" => ObjectKind::Procedure,
        "FUNCTION" => ObjectKind::Function,
        "EVENT" => ObjectKind::Event,
        "SEQUENCE" => ObjectKind::Sequence,
        _ => return None,
    };
    let name = ObjectName { kind, name: content.name.clone() };
    Some(object_statement(&ObjectStatement::Drop(name), server).sql)
}

/// `table a, view b and 3 more`
pub(super) fn words(contents: &[Content]) -> String {
    const SHOWN: usize = 5;
    let kind = |kind: &str| match kind {
        "BASE TABLE" | "SYSTEM VERSIONED" => "table".to_owned(),
        other => other.to_lowercase(),
    };
    let shown: Vec<String> =
        contents.iter().take(SHOWN).map(|it| format!("{} {}", kind(&it.kind), it.name)).collect();
    match contents.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
