//! The session settings that a script of statements assumes.

use super::sql::Sql;
use crate::server::{ScriptNeeds, Server};
use crate::syntax::quote::quote_string;

/// The statements at the beginning and at the end of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptSession {
    /// Save the session's settings in user variables and set those that the statements assume.
    pub before: Vec<Sql>,
    /// Restore the session's own settings.
    pub after: Vec<Sql>,
}

/// The session that generated statements assume. It is strict, so that an invalid value stops a
/// statement instead of being cut, and it reads the text as UTF-8. Only plain SET statements, which
/// every client and migration tool passes on.
pub fn script_session(needs: ScriptNeeds, server: &Server) -> ScriptSession {
    const CHARSET: [&str; 3] =
        ["character_set_client", "character_set_results", "collation_connection"];
    let keep = |name: &str| format!("@driftline_old_{name} = @@{name}");
    let back = |name: &str| format!("{name} = @driftline_old_{name}");
    let mode = quote_string(&server.script_sql_mode(needs));
    ScriptSession {
        before: vec![
            Sql::session(format!("SET {}", CHARSET.map(keep).join(", "))),
            Sql::session("SET NAMES utf8mb4".to_owned()),
            Sql::session(format!("SET {}, SESSION sql_mode = {mode}", keep("sql_mode"))),
        ],
        after: vec![
            Sql::session(format!("SET SESSION {}", back("sql_mode"))),
            Sql::session(format!("SET {}", CHARSET.map(back).join(", "))),
        ],
    }
}
