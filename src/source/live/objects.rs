//! Views, triggers, routines, events and sequences, asked for only if the listing has any.
//!
//! Triggers, routines and events come from one query each. SHOW CREATE is asked, for many objects
//! at once, about what those don't show: views (`information_schema` has no ALGORITHM on MySQL, and
//! qualifies every name of the query with the database), sequences, and bodies that
//! `information_schema` may show wrong.

use std::collections::{BTreeSet, HashMap};

use super::answers::{Answers, Unshown};
use super::error::LiveError;
use super::fetch::Dictionary;
use super::object_rows::{EventRow, ParameterRow, RoutineRow, TriggerRow};
use super::quirks;
use super::signatures::{Signature, Signatures};
use crate::model::{
    DataAccess, Event, EventStatus, Expression, Object, ObjectKind, Objects, Routine, RoutineKind,
    Schedule, Security, Trigger, TriggerEvent, TriggerTiming, UnsupportedObject,
};
use crate::server::{Capability, Server};
use crate::syntax::lexer::Dialect;
use crate::syntax::object::ObjectDefinition;
use crate::syntax::{parse_body, parse_create_object};
use crate::syntax::{quote_identifier, quote_string};

/// The objects that were read, and those that the model can't hold or that couldn't be read, each
/// with its reason.
#[derive(Debug, Default)]
pub(super) struct ReadObjects {
    pub(super) objects: Objects,
    pub(super) unsupported: Vec<UnsupportedObject>,
}

/// Reads all objects of the listing.
pub(super) fn read(
    answers: &mut impl Answers,
    server: &Server,
    dictionary: &Dictionary,
) -> Result<ReadObjects, LiveError> {
    let database = dictionary.name.as_str();
    let mut reader = Reader { answers, server, database, read: ReadObjects::default() };
    let of_kind = |wanted: &str| {
        let tables = dictionary.tables.iter().filter(|row| row.kind == wanted);
        let names: BTreeSet<String> = tables.map(|row| row.name.clone()).collect();
        names.into_iter().collect::<Vec<String>>()
    };
    let is_listed = |wanted: &[&str]| {
        dictionary.objects.iter().any(|row| wanted.iter().any(|kind| row.kind.starts_with(kind)))
    };
    reader.shown(ObjectKind::View, of_kind("VIEW"))?;
    if is_listed(&["TRIGGER"]) {
        reader.triggers()?;
    }
    if is_listed(&["PROCEDURE", "FUNCTION", "PACKAGE"]) {
        reader.routines()?;
    }
    if is_listed(&["EVENT"]) {
        reader.events()?;
    }
    reader.shown(ObjectKind::Sequence, of_kind("SEQUENCE"))?;
    for name in dictionary.objects.iter().filter(|row| row.kind == "LIBRARY") {
        reader.leave(ObjectKind::Library, &name.name, "");
    }
    let mut read = reader.read;
    read.unsupported.sort();
    read.unsupported.dedup();
    Ok(read)
}

/// Why an object isn't held.
#[derive(Debug, Clone)]
struct Reason {
    text: String,
    /// The right that the account lacks, as written in GRANT, if that is why.
    missing_right: Option<&'static str>,
}

impl Reason {
    /// The same, as the reason for something.
    fn of(self, what: &str) -> Reason {
        Reason { text: format!("{what}: {}", self.text), ..self }
    }
}

impl<T: Into<String>> From<T> for Reason {
    fn from(text: T) -> Self {
        Reason { text: text.into(), missing_right: None }
    }
}

struct Reader<'a, A> {
    answers: &'a mut A,
    server: &'a Server,
    /// The database's name.
    database: &'a str,
    read: ReadObjects,
}

impl<A: Answers> Reader<'_, A> {
    fn add(&mut self, object: Object) {
        self.read.objects.insert(object.name(), object);
    }

    /// Records an object that the model doesn't hold.
    fn leave(&mut self, kind: ObjectKind, name: &str, reason: impl Into<Reason>) {
        let Reason { text: reason, missing_right } = reason.into();
        let name = name.to_owned();
        self.read.unsupported.push(UnsupportedObject { kind, name, reason, missing_right });
    }

    /// The reason for an object that the account may not see in full.
    fn hidden(&self, kind: ObjectKind) -> Reason {
        let right = quirks::right_to_see(kind, self.server);
        let text = format!("it is hidden from this account, which has no {right}");
        Reason { text, missing_right: Some(right) }
    }

    /// The text that SHOW CREATE gives for each of the names, or why there is none.
    fn show_create(
        &mut self,
        kind: ObjectKind,
        names: &[String],
    ) -> Result<Vec<Result<String, Reason>>, LiveError> {
        let statements: Vec<String> = names
            .iter()
            .map(|name| {
                let noun = kind.noun().to_uppercase();
                format!("SHOW CREATE {noun} {}", quote_identifier(name))
            })
            .collect();
        // The statement comes after the name and, for some kinds, the sql_mode and the time zone.
        let before = match kind {
            ObjectKind::View | ObjectKind::Sequence => 1,
            ObjectKind::Event => 3,
            _ => 2,
        };
        let texts = self.answers.one_row_or_reason(&statements, |mut row| {
            for _ in 0..before {
                row.bytes();
            }
            row.optional()
        })?;
        let text = |shown| match shown {
            Ok(Some(text)) => Ok(text),
            Ok(None) | Err(Unshown::NoRight) => Err(self.hidden(kind)),
            Err(Unshown::Other(reason)) => Err(reason.into()),
        };
        Ok(texts.into_iter().map(text).collect())
    }

    /// Reads objects that only SHOW CREATE shows.
    fn shown(&mut self, kind: ObjectKind, names: Vec<String>) -> Result<(), LiveError> {
        let dialect = Dialect { server: Some(*self.server), ..Dialect::default() };
        let texts = self.show_create(kind, &names)?;
        for (name, text) in names.iter().zip(texts) {
            match text.and_then(|text| shown_object(&text, kind, dialect)) {
                Ok(mut object) => {
                    if let Object::View(view) = &mut object {
                        quirks::leave_out_database(view, self.database);
                    }
                    self.add(object);
                }
                Err(reason) => self.leave(kind, name, reason),
            }
        }
        Ok(())
    }

    /// The bodies that `information_schema` may show wrong, as SHOW CREATE has them, or why it
    /// shows none.
    fn doubtful_bodies<'n>(
        &mut self,
        kind: ObjectKind,
        bodies: impl Iterator<Item = (&'n str, &'n str, &'n str)>,
    ) -> Result<HashMap<String, Result<String, Reason>>, LiveError> {
        let doubtful: Vec<(&str, &str)> = bodies
            .filter(|(_, body, _)| quirks::may_be_reported_wrong(body, self.server.vendor))
            .map(|(name, _, sql_mode)| (name, sql_mode))
            .collect();
        let names: Vec<String> = doubtful.iter().map(|(name, _)| (*name).to_owned()).collect();
        let texts = self.show_create(kind, &names)?;
        let bodies = doubtful.into_iter().zip(texts).map(|((name, sql_mode), text)| {
            // SHOW CREATE writes what comes before the body in the session's sql_mode.
            let dialect = self.dialect(sql_mode);
            let object = text.and_then(|text| shown_object(&text, kind, dialect));
            let body = object.and_then(|object| body_of(object).ok_or_else(shows_other));
            let unreadable = |reason: Reason| reason.of("its body can't be read");
            (name.to_owned(), body.map_err(unreadable))
        });
        Ok(bodies.collect())
    }

    fn dialect(&self, sql_mode: &str) -> Dialect {
        Dialect::under(sql_mode, Some(*self.server))
    }

    /// A body as SHOW CREATE has it if it was asked, else as `information_schema` has it.
    fn reported_body(
        &self,
        text: &str,
        sql_mode: &str,
        shown: Option<&Result<String, Reason>>,
    ) -> Result<String, Reason> {
        shown.cloned().unwrap_or_else(|| Ok(self.body(text, sql_mode)))
    }

    /// A body as this program keeps it. One that can't be lexed is kept as it is.
    fn body(&self, text: &str, sql_mode: &str) -> String {
        parse_body(text, self.dialect(sql_mode)).unwrap_or_else(|_| text.trim_end().to_owned())
    }

    fn triggers(&mut self) -> Result<(), LiveError> {
        let mut rows = self.answers.rows(include_str!("queries/triggers.sql"), TriggerRow::new)?;
        rows.sort_by(|a, b| {
            let key = |row: &TriggerRow| (row.timing == "AFTER", row.event.clone(), row.order);
            (&a.table, key(a), &a.name).cmp(&(&b.table, key(b), &b.name))
        });
        let bodies =
            rows.iter().filter_map(|row| Some((&*row.name, row.body.as_deref()?, &*row.sql_mode)));
        let shown = self.doubtful_bodies(ObjectKind::Trigger, bodies)?;
        for row in rows {
            let timing = match row.timing.as_str() {
                "BEFORE" => TriggerTiming::Before,
                _ => TriggerTiming::After,
            };
            let event = match row.event.as_str() {
                "INSERT" => TriggerEvent::Insert,
                "UPDATE" => TriggerEvent::Update,
                "DELETE" => TriggerEvent::Delete,
                other => {
                    self.leave(ObjectKind::Trigger, &row.name, other);
                    continue;
                }
            };
            let Some(text) = row.body else {
                let reason = self.hidden(ObjectKind::Trigger);
                self.leave(ObjectKind::Trigger, &row.name, reason);
                continue;
            };
            let body = match self.reported_body(&text, &row.sql_mode, shown.get(&row.name)) {
                Ok(body) => body,
                Err(reason) => {
                    self.leave(ObjectKind::Trigger, &row.name, reason);
                    continue;
                }
            };
            self.add(Object::Trigger(Trigger {
                name: row.name,
                table: row.table,
                timing,
                event,
                body,
                definer: Some(row.definer),
                sql_mode: Some(row.sql_mode),
            }));
        }
        Ok(())
    }

    fn routines(&mut self) -> Result<(), LiveError> {
        let mut rows = self.answers.rows(include_str!("queries/routines.sql"), RoutineRow::new)?;
        rows.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
        let parameters =
            self.answers.rows(include_str!("queries/parameters.sql"), ParameterRow::new)?;
        let mut parameters = Signatures::new(parameters);
        for (word, kind) in
            [("PROCEDURE", RoutineKind::Procedure), ("FUNCTION", RoutineKind::Function)]
        {
            let (own, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == word);
            rows = rest;
            let unknown = self.unknown_headers(kind, &own, &parameters)?;
            let bodies = own.iter().filter_map(|row| {
                Some((row.name.as_str(), row.body.as_deref()?, row.sql_mode.as_str()))
            });
            let shown = self.doubtful_bodies(kind.object_kind(), bodies)?;
            for row in own {
                let name = row.name.clone();
                let signature = match unknown.get(&name) {
                    Some(reason) => Err(reason.clone()),
                    None => parameters.take(&row.kind, &name).map_err(Reason::from),
                };
                match self.routine(row, kind, signature, shown.get(&name)) {
                    Ok(routine) => self.add(Object::Routine(routine)),
                    Err(reason) => self.leave(kind.object_kind(), &name, reason),
                }
            }
        }
        for row in rows {
            self.leave(ObjectKind::Package, &row.name, "");
        }
        Ok(())
    }

    /// MariaDB has defaults of parameters, which only SHOW CREATE shows: the routines with a clause
    /// that the model can't hold, with the clause, and those that SHOW CREATE doesn't show, with
    /// the reason.
    fn unknown_headers(
        &mut self,
        kind: RoutineKind,
        rows: &[RoutineRow],
        parameters: &Signatures,
    ) -> Result<HashMap<String, Reason>, LiveError> {
        if !self.server.can(Capability::ParameterDefaults) {
            return Ok(HashMap::new());
        }
        let with_parameters = |row: &&RoutineRow| parameters.has_any(&row.kind, &row.name);
        let rows: Vec<&RoutineRow> =
            rows.iter().filter(|row| row.body.is_some()).filter(with_parameters).collect();
        let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
        let texts = self.show_create(kind.object_kind(), &names)?;
        let mut unknown = HashMap::new();
        for (row, text) in rows.into_iter().zip(texts) {
            let dialect = self.dialect(&row.sql_mode);
            let text = text.map_err(|reason| reason.of("its parameters can't be read"));
            let object = text.and_then(|text| shown_object(&text, kind.object_kind(), dialect));
            unknown.extend(object.err().map(|reason| (row.name.clone(), reason)));
        }
        Ok(unknown)
    }

    /// The routine of a row, or why the model doesn't hold it.
    fn routine(
        &self,
        row: RoutineRow,
        kind: RoutineKind,
        signature: Result<Signature, Reason>,
        shown: Option<&Result<String, Reason>>,
    ) -> Result<Routine, Reason> {
        if let Some(language) = row.language.filter(|language| language != "SQL") {
            return Err(format!("LANGUAGE {language}").into());
        }
        let is_oracle = |mode: &str| mode == "ORACLE";
        if row.sql_mode.split(',').any(is_oracle) {
            return Err("Oracle syntax".into());
        }
        let Some(body) = row.body else {
            return Err(self.hidden(kind.object_kind()));
        };
        let Signature { parameters, returns } = signature?;
        let body = self.reported_body(&body, &row.sql_mode, shown)?;
        Ok(Routine {
            kind,
            name: row.name,
            parameters,
            returns,
            aggregate: kind == RoutineKind::Function && quirks::is_aggregate(&body),
            deterministic: row.deterministic,
            data_access: match row.data_access.as_str() {
                "NO SQL" => DataAccess::NoSql,
                "READS SQL DATA" => DataAccess::ReadsSqlData,
                "MODIFIES SQL DATA" => DataAccess::ModifiesSqlData,
                _ => DataAccess::ContainsSql,
            },
            security: match row.security.as_str() {
                "INVOKER" => Security::Invoker,
                _ => Security::Definer,
            },
            comment: row.comment,
            body,
            definer: Some(row.definer),
            sql_mode: Some(row.sql_mode),
        })
    }

    fn events(&mut self) -> Result<(), LiveError> {
        let mut rows = self.answers.rows(include_str!("queries/events.sql"), EventRow::new)?;
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let bodies = rows.iter().map(|row| (&*row.name, &*row.body, &*row.sql_mode));
        let shown = self.doubtful_bodies(ObjectKind::Event, bodies)?;
        for row in rows {
            let body = match self.reported_body(&row.body, &row.sql_mode, shown.get(&row.name)) {
                Ok(body) => body,
                Err(reason) => {
                    self.leave(ObjectKind::Event, &row.name, reason);
                    continue;
                }
            };
            let status = match row.status.as_str() {
                "ENABLED" => EventStatus::Enabled,
                "DISABLED" => EventStatus::Disabled,
                // SLAVESIDE_DISABLED, REPLICA_SIDE_DISABLED
                _ => EventStatus::DisabledOnReplica,
            };
            self.add(Object::Event(Event {
                schedule: schedule(&row),
                name: row.name,
                preserve: row.on_completion == "PRESERVE",
                status,
                comment: row.comment,
                body,
                time_zone: Some(row.time_zone),
                definer: Some(row.definer),
                sql_mode: Some(row.sql_mode),
            }));
        }
        Ok(())
    }
}

/// The object that SHOW CREATE prints, or why the model doesn't hold it.
fn shown_object(text: &str, kind: ObjectKind, dialect: Dialect) -> Result<Object, Reason> {
    let created = parse_create_object(text, kind, dialect)
        .map_err(|error| format!("SHOW CREATE can't be read: {}", error.message))?;
    match created.ok_or_else(shows_other)?.definition {
        ObjectDefinition::Supported { object, .. } => Ok(*object),
        ObjectDefinition::Unsupported { clause, .. } => Err(clause.into()),
    }
}

fn shows_other() -> Reason {
    "SHOW CREATE shows something else".into()
}

fn body_of(object: Object) -> Option<String> {
    match object {
        Object::Trigger(trigger) => Some(trigger.body),
        Object::Routine(routine) => Some(routine.body),
        Object::Event(event) => Some(event.body),
        Object::View(_) | Object::Sequence(_) => None,
    }
}

/// A row has moments as plain text, which SQL writes in quotes. The value of a compound unit
/// already is in quotes.
fn schedule(row: &EventRow) -> Schedule {
    let moment = |text: &String| Expression::new(quote_string(text));
    if let Some(at) = &row.at {
        return Schedule::At(moment(at));
    }
    let interval = row.interval.as_deref().unwrap_or_default();
    Schedule::Every {
        interval: interval.trim_matches('\'').to_owned(),
        unit: row.unit.clone().unwrap_or_default(),
        starts: row.starts.as_ref().map(moment),
        ends: row.ends.as_ref().map(moment),
    }
}
