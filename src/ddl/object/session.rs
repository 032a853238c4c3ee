//! The settings of the session that a statement is read and stored under.

use super::clauses::SCHEDULE;
use crate::ddl::quote::quote_string;
use crate::ddl::sql::Sql;
use crate::model::Object;
use crate::server::Server;
use crate::sql::lexer::Dialect;

/// The settings of the session that a statement is read and stored under.
#[derive(Default)]
pub(super) struct Session<'a> {
    sql_mode: Option<&'a str>,
    time_zone: Option<&'a str>,
}

impl<'a> Session<'a> {
    pub(super) fn of(object: &'a Object) -> Self {
        match object {
            Object::View(_) | Object::Sequence(_) => Session::default(),
            Object::Trigger(it) => Session { sql_mode: it.sql_mode.as_deref(), time_zone: None },
            Object::Routine(it) => Session { sql_mode: it.sql_mode.as_deref(), time_zone: None },
            Object::Event(it) => {
                Session { sql_mode: it.sql_mode.as_deref(), time_zone: it.time_zone.as_deref() }
            }
        }
    }

    /// Leaves out what an ALTER of these clauses doesn't read.
    pub(super) fn only_for(&mut self, fields: &[&'static str]) {
        let any = |known: &[&str]| fields.iter().any(|field| known.contains(field));
        self.sql_mode = self.sql_mode.filter(|_| any(&["body", "sql_mode", "comment", "definer"]));
        self.time_zone = self.time_zone.filter(|_| any(SCHEDULE));
    }

    /// What sets them and what restores them. What the session had is kept in user variables.
    pub(super) fn statements(&self) -> (Option<Sql>, Option<Sql>) {
        let settings = [("sql_mode", self.sql_mode), ("time_zone", self.time_zone)];
        let settings: Vec<(&str, &str)> =
            settings.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        if settings.is_empty() {
            return (None, None);
        }
        let keep = settings.iter().map(|(name, _)| format!("@driftline_{name} = @@{name}"));
        let set = settings.iter().map(|(name, value)| format!("{name} = {}", quote_string(value)));
        let back = settings.iter().map(|(name, _)| format!("{name} = @driftline_{name}"));
        let before = format!("SET {}", keep.chain(set).collect::<Vec<_>>().join(", "));
        let after = format!("SET {}", back.collect::<Vec<_>>().join(", "));
        (Some(before.into()), Some(after.into()))
    }

    pub(super) fn dialect(&self, server: &Server) -> Dialect {
        Dialect::under(self.sql_mode.unwrap_or_default(), Some(*server))
    }
}
