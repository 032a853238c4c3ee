//! The session settings with which a statement is parsed and stored.

use super::clauses::SCHEDULE;
use crate::ddl::sql::Sql;
use crate::model::{Object, ObjectAspect};
use crate::server::Server;
use crate::syntax::lexer::Dialect;
use crate::syntax::quote::quote_string;

/// The session settings with which a statement is parsed and stored.
#[derive(Default)]
pub(super) struct SessionSettings<'a> {
    sql_mode: SqlMode<'a>,
    time_zone: Option<&'a str>,
}

/// The `sql_mode` with which a statement is parsed.
#[derive(Default)]
enum SqlMode<'a> {
    /// It doesn't matter, because the server doesn't keep it.
    #[default]
    NotKept,
    /// The server keeps it with the object, but the object doesn't say which one.
    Unstated,
    Stated(&'a str),
}

impl<'a> SqlMode<'a> {
    fn of(stated: Option<&'a str>) -> Self {
        stated.map_or(SqlMode::Unstated, SqlMode::Stated)
    }
}

impl<'a> SessionSettings<'a> {
    pub(super) fn of(object: &'a Object) -> Self {
        let (sql_mode, time_zone) = match object {
            Object::View(_) | Object::Sequence(_) => return SessionSettings::default(),
            Object::Trigger(it) => (&it.sql_mode, None),
            Object::Routine(it) => (&it.sql_mode, None),
            Object::Event(it) => (&it.sql_mode, it.time_zone.as_deref()),
        };
        SessionSettings { sql_mode: SqlMode::of(sql_mode.as_deref()), time_zone }
    }

    /// Leaves out the settings that don't matter for an ALTER of these aspects.
    pub(super) fn only_for(&mut self, aspects: &[ObjectAspect]) {
        let any = |known: &[ObjectAspect]| aspects.iter().any(|aspect| known.contains(aspect));
        if !any(&[
            ObjectAspect::Body,
            ObjectAspect::SqlMode,
            ObjectAspect::Comment,
            ObjectAspect::Definer,
        ]) {
            self.sql_mode = SqlMode::NotKept;
        }
        self.time_zone = self.time_zone.filter(|_| any(SCHEDULE));
    }

    pub(super) fn keeps_mode(&self) -> bool {
        matches!(self.sql_mode, SqlMode::Unstated)
    }

    /// The statements that set and restore them. The session's own values are saved in user
    /// variables.
    pub(super) fn statements(&self) -> (Option<Sql>, Option<Sql>) {
        let mode = match self.sql_mode {
            SqlMode::Stated(mode) => Some(("sql_mode", mode)),
            SqlMode::NotKept | SqlMode::Unstated => None,
        };
        let zone = self.time_zone.map(|zone| ("time_zone", zone));
        let settings: Vec<_> = mode.into_iter().chain(zone).collect();
        if settings.is_empty() {
            return (None, None);
        }
        let (keep_and_set, give_back) = assignments(&settings);
        let set = |assignments: String| Some(Sql::session(format!("SET {assignments}")));
        (set(keep_and_set), set(give_back))
    }

    pub(super) fn dialect(&self, server: &Server) -> Dialect {
        let mode = match self.sql_mode {
            SqlMode::Stated(mode) => mode,
            SqlMode::NotKept | SqlMode::Unstated => "",
        };
        Dialect::under(mode, Some(*server))
    }
}

/// The statements around one that also needs a certain `sql_mode`; `around` are those for its other
/// settings.
pub fn under_mode(around: (Option<Sql>, Option<Sql>), sql_mode: &str) -> (Sql, Sql) {
    let (keep_and_set, give_back) = assignments(&[("sql_mode", sql_mode)]);
    let more = |set: Option<Sql>, assignments| match set {
        Some(set) => Sql::session(format!("{set}, {assignments}")),
        None => Sql::session(format!("SET {assignments}")),
    };
    (more(around.0, keep_and_set), more(around.1, give_back))
}

/// The assignments that save the session's settings and set the new ones, and those that restore
/// them.
fn assignments(settings: &[(&str, &str)]) -> (String, String) {
    let keep = settings.iter().map(|(name, _)| format!("@driftline_{name} = @@{name}"));
    let set = settings.iter().map(|(name, value)| format!("{name} = {}", quote_string(value)));
    let back = settings.iter().map(|(name, _)| format!("{name} = @driftline_{name}"));
    let list = |all: Vec<String>| all.join(", ");
    (list(keep.chain(set).collect()), list(back.collect()))
}
