//! The settings of the session that a script of statements assumes.

use super::sql::Sql;
use crate::server::{ScriptNeeds, Server};
use crate::syntax::quote::quote_string;

/// What stands at the beginning and at the end of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptSession {
    /// What keeps the session's own settings in user variables and sets those that the statements
    /// assume.
    pub before: Vec<Sql>,
    /// What gives the session its own settings back.
    pub after: Vec<Sql>,
}

/// The session that generated statements assume: one that is strict, so that a value which has no
/// place stops a statement and is not cut, and one that takes the text as UTF-8. Plain SET
/// statements, which every client and migration tool passes on.
pub fn script_session(needs: ScriptNeeds, server: &Server) -> ScriptSession {
    const CHARSET: [&str; 3] =
        ["character_set_client", "character_set_results", "collation_connection"];
    let keep = |name: &str| format!("@driftline_old_{name} = @@{name}");
    let back = |name: &str| format!("{name} = @driftline_old_{name}");
    let mode = quote_string(&server.script_sql_mode(needs));
    ScriptSession {
        before: vec![
            format!("SET {}", CHARSET.map(keep).join(", ")).into(),
            "SET NAMES utf8mb4".to_owned().into(),
            format!("SET {}, SESSION sql_mode = {mode}", keep("sql_mode")).into(),
        ],
        after: vec![
            format!("SET SESSION {}", back("sql_mode")).into(),
            format!("SET {}", CHARSET.map(back).join(", ")).into(),
        ],
    }
}
