//! Views, triggers, routines, events and sequences: how each is created, altered and dropped.

use super::column::column_type;
use super::quote::{quote_identifier, quote_string};
use super::sql::Sql;
use crate::model::{
    CheckOption, ColumnType, DataAccess, Event, EventStatus, IntegerSize, Object, ObjectName,
    Parameter, ParameterMode, ParameterType, Routine, RoutineKind, Schedule, Security, Sequence,
    Sign, Trigger, TriggerEvent, TriggerTiming, View, ViewAlgorithm,
};
use crate::server::{Capability, Server};
use crate::sql::lexer::Dialect;

/// A statement, and the settings of the session that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What sets them, and remembers what they were.
    pub before: Option<Sql>,
    /// The statement.
    pub sql: Sql,
    /// What gives the session back its own.
    pub after: Option<Sql>,
}

impl Script {
    /// All of it, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Sql> {
        self.before.iter().chain([&self.sql]).chain(&self.after)
    }
}

/// A statement on a view, trigger, routine, event or sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectStatement<'a> {
    /// CREATE
    Create {
        /// What is made.
        object: &'a Object,
        /// Whether one of that name may be there, which goes.
        or_replace: bool,
        /// Where a trigger comes among those of its table, time and event; at the end without it.
        place: Option<TriggerPlace>,
    },
    /// ALTER, for what can be altered: the object as it becomes, and the clauses that change, by
    /// their keys in schema.yaml. A sequence's type, its numbers, and its options (`engine`,
    /// `comment`) each need one of their own.
    Alter {
        /// As it becomes.
        object: &'a Object,
        /// What changes.
        fields: &'a [&'static str],
    },
    /// DROP
    Drop(&'a ObjectName),
}

/// A place among the triggers of one table, time and event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerPlace {
    /// FOLLOWS
    Follows(String),
    /// PRECEDES
    Precedes(String),
}

/// The statement in SQL, with the settings that it needs.
///
/// A definer is written where the object has one: `normalize` takes it away where it is not to be
/// compared.
pub fn object_statement(statement: &ObjectStatement<'_>, server: &Server) -> Script {
    let (object, text) = match statement {
        ObjectStatement::Create { object, or_replace, place } => {
            let or_replace = if *or_replace { "OR REPLACE " } else { "" };
            (Some(*object), create(object, or_replace, place.as_ref(), server))
        }
        ObjectStatement::Alter { object, fields } => (Some(*object), alter(object, fields, server)),
        ObjectStatement::Drop(name) => (None, drop(name)),
    };
    let mut session = object.map(Session::of).unwrap_or_default();
    if let ObjectStatement::Alter { fields, .. } = statement {
        session.only_for(fields);
    }
    let (before, after) = session.statements();
    Script { before, sql: Sql::of(text, session.dialect(server)), after }
}

/// The object's CREATE statement, without the settings that it needs.
pub fn create_object(object: &Object, server: &Server) -> String {
    create(object, "", None, server)
}

/// What of an event its ON SCHEDULE says, by the keys in schema.yaml.
const SCHEDULE: &[&str] = &["at", "every", "starts", "ends", "time_zone"];

/// The settings of the session that a statement is read and stored under.
#[derive(Default)]
struct Session<'a> {
    sql_mode: Option<&'a str>,
    time_zone: Option<&'a str>,
}

impl<'a> Session<'a> {
    fn of(object: &'a Object) -> Self {
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
    fn only_for(&mut self, fields: &[&'static str]) {
        let any = |known: &[&str]| fields.iter().any(|field| known.contains(field));
        self.sql_mode = self.sql_mode.filter(|_| any(&["body", "sql_mode", "comment", "definer"]));
        self.time_zone = self.time_zone.filter(|_| any(SCHEDULE));
    }

    /// What sets them and what restores them. What the session had is kept in user variables.
    fn statements(&self) -> (Option<Sql>, Option<Sql>) {
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

    fn dialect(&self, server: &Server) -> Dialect {
        Dialect::under(self.sql_mode.unwrap_or_default(), Some(*server))
    }
}

fn create(
    object: &Object,
    or_replace: &str,
    place: Option<&TriggerPlace>,
    server: &Server,
) -> String {
    let head = format!("CREATE {or_replace}");
    match object {
        Object::View(view) => format!("{head}{}", view_definition(view)),
        Object::Trigger(trigger) => format!("{head}{}", trigger_definition(trigger, place)),
        Object::Routine(routine) => format!("{head}{}", routine_definition(routine, server)),
        Object::Event(event) => {
            let definer = definer(event.definer.as_deref());
            let mut text = format!("{head}{definer}EVENT {}", quote_identifier(&event.name));
            for clause in event_clauses(event, server).iter().filter(|it| !it.goes_without_saying) {
                text.push_str(&format!("\n  {}", clause.text));
            }
            text
        }
        Object::Sequence(sequence) => {
            let mut text = format!("{head}SEQUENCE {}", quote_identifier(&sequence.name));
            let clauses = sequence_clauses(sequence, server);
            for clause in clauses.iter().filter(|it| !it.goes_without_saying) {
                text.push_str(&format!(" {}", clause.text));
            }
            for (name, value) in sequence_options(sequence) {
                text.push_str(&format!(" {name}={value}"));
            }
            text
        }
    }
}

fn alter(object: &Object, fields: &[&'static str], server: &Server) -> String {
    let name = quote_identifier(&object.name().name);
    let has = |field: &str| fields.contains(&field);
    match object {
        Object::Routine(routine) => {
            let mut text = format!("ALTER {} {name}", routine_keyword(routine.kind));
            if has("data_access") {
                text.push_str(&format!(" {}", data_access(routine.data_access)));
            }
            if has("security") {
                text.push_str(&format!(" SQL SECURITY {}", security(routine.security)));
            }
            if has("comment") {
                let comment = quote_string(&routine.comment);
                text.push_str(&format!(" COMMENT {comment}"));
            }
            text
        }
        Object::Event(event) => {
            let definer = definer(event.definer.as_deref());
            let mut text = format!("ALTER {definer}EVENT {name}");
            for clause in event_clauses(event, server) {
                if clause.fields.iter().any(|field| has(field)) {
                    text.push_str(&format!("\n  {}", clause.text));
                }
            }
            text
        }
        Object::Sequence(sequence) => {
            let clauses = sequence_clauses(sequence, server);
            let changed: Vec<String> = clauses
                .into_iter()
                .filter(|clause| clause.fields.iter().any(|field| has(field)))
                .map(|clause| clause.text)
                .collect();
            if !changed.is_empty() {
                return format!("ALTER SEQUENCE {name} {}", changed.join(" "));
            }
            let engine = sequence.engine.as_ref().filter(|_| has("engine"));
            let engine = engine.map(|engine| format!("ENGINE={engine}"));
            let comment =
                has("comment").then(|| format!("COMMENT={}", quote_string(&sequence.comment)));
            let options: Vec<String> = engine.into_iter().chain(comment).collect();
            format!("ALTER TABLE {name} {}", options.join(" "))
        }
        Object::View(_) | Object::Trigger(_) => create(object, "OR REPLACE ", None, server),
    }
}

fn drop(name: &ObjectName) -> String {
    format!("DROP {} {}", name.kind.noun().to_uppercase(), quote_identifier(&name.name))
}

/// `` DEFINER=`app`@`%`  ``, with a space behind it. A role has no host.
fn definer(definer: Option<&str>) -> String {
    let Some(definer) = definer else { return String::new() };
    match definer.rsplit_once('@') {
        Some((user, host)) if !host.is_empty() => {
            format!("DEFINER={}@{} ", quote_identifier(user), quote_identifier(host))
        }
        Some((role, _)) => format!("DEFINER={} ", quote_identifier(role)),
        None => format!("DEFINER={} ", quote_identifier(definer)),
    }
}

fn security(security: Security) -> &'static str {
    match security {
        Security::Definer => "DEFINER",
        Security::Invoker => "INVOKER",
    }
}

fn view_definition(view: &View) -> String {
    let algorithm = match view.algorithm {
        ViewAlgorithm::Undefined => "",
        ViewAlgorithm::Merge => "ALGORITHM=MERGE ",
        ViewAlgorithm::Temptable => "ALGORITHM=TEMPTABLE ",
    };
    let definer = definer(view.definer.as_deref());
    let invoker = match view.security {
        Security::Definer => "",
        Security::Invoker => "SQL SECURITY INVOKER ",
    };
    let columns = if view.columns.is_empty() {
        String::new()
    } else {
        let names: Vec<String> = view.columns.iter().map(|name| quote_identifier(name)).collect();
        format!(" ({})", names.join(", "))
    };
    let check = match view.check_option {
        None => "",
        Some(CheckOption::Local) => "\nWITH LOCAL CHECK OPTION",
        Some(CheckOption::Cascaded) => "\nWITH CASCADED CHECK OPTION",
    };
    let (name, select) = (quote_identifier(&view.name), &view.select.text);
    format!("{algorithm}{definer}{invoker}VIEW {name}{columns} AS\n{select}{check}")
}

fn trigger_definition(trigger: &Trigger, place: Option<&TriggerPlace>) -> String {
    let timing = match trigger.timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
    };
    let event = match trigger.event {
        TriggerEvent::Insert => "INSERT",
        TriggerEvent::Update => "UPDATE",
        TriggerEvent::Delete => "DELETE",
    };
    let place = match place {
        None => String::new(),
        Some(TriggerPlace::Follows(other)) => format!(" FOLLOWS {}", quote_identifier(other)),
        Some(TriggerPlace::Precedes(other)) => format!(" PRECEDES {}", quote_identifier(other)),
    };
    format!(
        "{}TRIGGER {} {timing} {event} ON {} FOR EACH ROW{place}\n{}",
        definer(trigger.definer.as_deref()),
        quote_identifier(&trigger.name),
        quote_identifier(&trigger.table),
        trigger.body
    )
}

fn routine_keyword(kind: RoutineKind) -> &'static str {
    match kind {
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Function => "FUNCTION",
    }
}

fn data_access(access: DataAccess) -> &'static str {
    match access {
        DataAccess::ContainsSql => "CONTAINS SQL",
        DataAccess::NoSql => "NO SQL",
        DataAccess::ReadsSqlData => "READS SQL DATA",
        DataAccess::ModifiesSqlData => "MODIFIES SQL DATA",
    }
}

fn routine_definition(routine: &Routine, server: &Server) -> String {
    let definer = definer(routine.definer.as_deref());
    let aggregate = if routine.aggregate { "AGGREGATE " } else { "" };
    let keyword = routine_keyword(routine.kind);
    let name = quote_identifier(&routine.name);
    let parameters: Vec<String> = routine
        .parameters
        .iter()
        .map(|parameter| parameter_definition(parameter, server))
        .collect();
    let mut text = format!("{definer}{aggregate}{keyword} {name} ({})", parameters.join(", "));
    if let Some(returns) = &routine.returns {
        text.push_str(&format!(" RETURNS {}", parameter_type(returns, server)));
    }
    let mut clause = |clause: &str| text.push_str(&format!("\n  {clause}"));
    if routine.deterministic {
        clause("DETERMINISTIC");
    }
    if routine.data_access != DataAccess::ContainsSql {
        clause(data_access(routine.data_access));
    }
    if routine.security == Security::Invoker {
        clause("SQL SECURITY INVOKER");
    }
    if !routine.comment.is_empty() {
        let comment = quoted(&routine.comment, routine.sql_mode.as_deref());
        clause(&format!("COMMENT {comment}"));
    }
    format!("{text}\n{}", routine.body)
}

/// `` OUT `a` int `` as it stands between the parentheses of CREATE PROCEDURE.
fn parameter_definition(parameter: &Parameter, server: &Server) -> String {
    let mode = match parameter.mode {
        ParameterMode::In => "",
        ParameterMode::Out => "OUT ",
        ParameterMode::InOut => "INOUT ",
    };
    let name = quote_identifier(&parameter.name);
    format!("{mode}{name} {}", parameter_type(&parameter.ty, server))
}

/// The type of a parameter, with its character set and collation where it has any.
pub fn parameter_type(ty: &ParameterType, server: &Server) -> String {
    let mut text = column_type(&ty.ty, server);
    if let Some(charset) = &ty.charset {
        text.push_str(&format!(" CHARACTER SET {charset}"));
    }
    if let Some(collation) = &ty.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    text
}

/// A clause of CREATE and ALTER.
struct Clause {
    /// The keys in schema.yaml that it is of.
    fields: &'static [&'static str],
    /// Whether CREATE means the same without it.
    goes_without_saying: bool,
    text: String,
}

/// The clauses of CREATE EVENT, in their order.
fn event_clauses(event: &Event, server: &Server) -> Vec<Clause> {
    let clause = |fields, goes_without_saying, text| Clause { fields, goes_without_saying, text };
    let completion = if event.preserve { "PRESERVE" } else { "NOT PRESERVE" };
    let status = match event.status {
        EventStatus::Enabled => "ENABLE",
        EventStatus::Disabled => "DISABLE",
        EventStatus::DisabledOnReplica if server.can(Capability::DisableOnReplica) => {
            "DISABLE ON REPLICA"
        }
        EventStatus::DisabledOnReplica => "DISABLE ON SLAVE",
    };
    let comment = quoted(&event.comment, event.sql_mode.as_deref());
    vec![
        clause(SCHEDULE, false, schedule_clause(&event.schedule)),
        clause(&["preserve"], !event.preserve, format!("ON COMPLETION {completion}")),
        clause(&["status"], event.status == EventStatus::Enabled, status.to_owned()),
        // Another definer alone is no ALTER EVENT: the comment that it has goes with it.
        clause(&["comment", "definer"], event.comment.is_empty(), format!("COMMENT {comment}")),
        clause(&["body", "sql_mode"], false, format!("DO\n{}", event.body)),
    ]
}

/// A string literal as the statement's `sql_mode` has it.
fn quoted(text: &str, sql_mode: Option<&str>) -> String {
    if Dialect::under(sql_mode.unwrap_or_default(), None).no_backslash_escapes {
        return format!("'{}'", text.replace('\'', "''"));
    }
    quote_string(text)
}

fn schedule_clause(schedule: &Schedule) -> String {
    match schedule {
        Schedule::At(moment) => format!("ON SCHEDULE AT {}", moment.text),
        Schedule::Every { interval, unit, starts, ends } => {
            let mut text = format!("ON SCHEDULE EVERY {}", interval_text(interval));
            text.push_str(&format!(" {unit}"));
            for (keyword, moment) in [("STARTS", starts), ("ENDS", ends)] {
                if let Some(moment) = moment {
                    text.push_str(&format!(" {keyword} {}", moment.text));
                }
            }
            text
        }
    }
}

/// A number as it is, the text of a compound unit in quotes.
fn interval_text(interval: &str) -> String {
    let is_number = !interval.is_empty() && interval.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { interval.to_owned() } else { quote_string(interval) }
}

/// The clauses of CREATE SEQUENCE, in their order.
fn sequence_clauses(sequence: &Sequence, server: &Server) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut add = |fields, goes_without_saying, text| {
        clauses.push(Clause { fields, goes_without_saying, text });
    };
    if let Some(ty) = sequence.ty.as_ref().filter(|_| server.can(Capability::SequenceTypes)) {
        let is_usual =
            matches!(ty, ColumnType::Integer { size: IntegerSize::Big, sign: Sign::Signed, .. });
        add(&["type"] as &[_], is_usual, format!("AS {}", column_type(ty, server)));
    }
    let mut number = |field: &'static [&'static str], keyword: &str, value: Option<i128>| {
        if let Some(value) = value {
            add(field, false, format!("{keyword} {value}"));
        }
    };
    number(&["start"], "START WITH", sequence.start);
    number(&["minimum"], "MINVALUE", sequence.minimum);
    number(&["maximum"], "MAXVALUE", sequence.maximum);
    number(&["increment"], "INCREMENT BY", sequence.increment);
    match sequence.cache {
        Some(0) => add(&["cache"], false, "NOCACHE".to_owned()),
        Some(cache) => add(&["cache"], false, format!("CACHE {cache}")),
        None => {}
    }
    let cycle = if sequence.cycle { "CYCLE" } else { "NOCYCLE" };
    add(&["cycle"], !sequence.cycle, cycle.to_owned());
    clauses
}

fn sequence_options(sequence: &Sequence) -> impl Iterator<Item = (&'static str, String)> + '_ {
    let engine = sequence.engine.iter().map(|engine| ("ENGINE", engine.clone()));
    let comment = (!sequence.comment.is_empty()).then(|| quote_string(&sequence.comment));
    engine.chain(comment.map(|comment| ("COMMENT", comment)))
}
