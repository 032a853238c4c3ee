//! How views, triggers, routines, events and sequences are created, altered and dropped.

mod clauses;
mod session;

use self::clauses::{event_clauses, quoted, sequence_clauses, sequence_options};
use self::session::SessionSettings;
pub use self::session::under_mode;
use super::column::column_type;
use super::sql::Sql;
use crate::model::{
    CheckOption, ColumnType, DataAccess, Object, ObjectAspect, ObjectName, Parameter,
    ParameterMode, ParameterType, Routine, RoutineKind, Security, Trigger, TriggerEvent,
    TriggerTiming, View, ViewAlgorithm,
};
use crate::server::Server;
use crate::syntax::quote::{quote_identifier, quote_string};

/// A statement with the session settings that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementWithSettings {
    /// Sets them and saves the old ones, or does whatever else has to come first.
    pub before: Option<Sql>,
    /// The statement.
    pub sql: Sql,
    /// Restores the session.
    pub after: Option<Sql>,
}

impl StatementWithSettings {
    /// All statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Sql> {
        self.before.iter().chain([&self.sql]).chain(&self.after)
    }
}

/// A statement on a view, trigger, routine, event or sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectStatement {
    /// CREATE
    Create {
        /// The object.
        object: Box<Object>,
        /// Whether it replaces an object of the same name.
        or_replace: bool,
        /// The position of a trigger among those of its table, time and event. `None` for the end.
        place: Option<TriggerPlace>,
    },
    /// ALTER, for kinds that have it: the object after it, and the aspects that change. A sequence's
    /// type, its numbers, and its options (`engine`, `comment`) need separate statements.
    Alter {
        /// The object after the statement.
        object: Box<Object>,
        /// The changed aspects.
        aspects: Vec<ObjectAspect>,
    },
    /// DROP
    Drop(ObjectName),
    /// INSERT into a sequence, which sets its bounds, and its value if that is outside the limits
    /// (MariaDB "SEQUENCE Overview", INSERT into a sequence).
    Hold(SequenceLimits),
}

/// Limits for a sequence's next value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceLimits {
    /// The sequence's name.
    pub sequence: String,
    /// The new MINVALUE.
    pub minimum: i128,
    /// The new MAXVALUE.
    pub maximum: i128,
    /// The value that replaces a lower one.
    pub least: Option<i128>,
    /// The value that replaces a higher one.
    pub greatest: Option<i128>,
}

/// A position among the triggers of a table, time and event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerPlace {
    /// FOLLOWS
    Follows(String),
    /// PRECEDES
    Precedes(String),
}

/// The statement in SQL, with the settings that it needs.
///
/// A definer is written if the object has one: `normalize` removes those that are not compared.
pub fn object_statement(statement: &ObjectStatement, server: &Server) -> StatementWithSettings {
    let (object, text) = match statement {
        ObjectStatement::Create { object, or_replace, place } => {
            let or_replace = if *or_replace { "OR REPLACE " } else { "" };
            (Some(&**object), create(object, or_replace, place.as_ref(), server))
        }
        ObjectStatement::Alter { object, aspects } => {
            (Some(&**object), alter(object, aspects, server))
        }
        ObjectStatement::Drop(name) => (None, drop(name)),
        ObjectStatement::Hold(limits) => (None, hold(limits)),
    };
    let mut session = object.map(SessionSettings::of).unwrap_or_default();
    if let ObjectStatement::Alter { aspects, .. } = statement {
        session.only_for(aspects);
    }
    let (mut before, after) = session.statements();
    if let ObjectStatement::Alter { object, aspects } = statement
        && let Object::Sequence(sequence) = &**object
        && *aspects == [ObjectAspect::Type]
    {
        before = Some(forget_keys(&sequence.name));
    }
    let sql = Sql::of(text, session.dialect(server));
    StatementWithSettings { before, sql: Sql { keeps_mode: session.keeps_mode(), ..sql }, after }
}

/// A statement that doesn't change the sequence, but makes the server forget the keys and CHECKs of
/// the table that this session altered last. Otherwise `ALTER SEQUENCE … AS` takes them for the
/// sequence's own, even those that another session left in the same thread (found by trial: MariaDB
/// 11.8 gives error 4086).
fn forget_keys(sequence: &str) -> Sql {
    format!("ALTER TABLE {}", quote_identifier(sequence)).into()
}

/// The object's CREATE statement, without the settings that it needs.
pub fn create_object(object: &Object, server: &Server) -> String {
    create(object, "", None, server)
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

fn alter(object: &Object, aspects: &[ObjectAspect], server: &Server) -> String {
    let name = quote_identifier(&object.name().name);
    let has = |aspect: &ObjectAspect| aspects.contains(aspect);
    match object {
        Object::Routine(routine) => {
            let mut text = format!("ALTER {} {name}", routine_keyword(routine.kind));
            if has(&ObjectAspect::DataAccess) {
                text.push_str(&format!(" {}", data_access(routine.data_access)));
            }
            if has(&ObjectAspect::Security) {
                text.push_str(&format!(" SQL SECURITY {}", security(routine.security)));
            }
            if has(&ObjectAspect::Comment) {
                let comment = quote_string(&routine.comment);
                text.push_str(&format!(" COMMENT {comment}"));
            }
            text
        }
        Object::Event(event) => {
            let definer = definer(event.definer.as_deref());
            let mut text = format!("ALTER {definer}EVENT {name}");
            for clause in event_clauses(event, server) {
                if clause.aspects.iter().any(has) {
                    text.push_str(&format!("\n  {}", clause.text));
                }
            }
            text
        }
        Object::Sequence(sequence) => {
            let clauses = sequence_clauses(sequence, server);
            let changed: Vec<String> = clauses
                .into_iter()
                .filter(|clause| clause.aspects.iter().any(has))
                .map(|clause| clause.text)
                .collect();
            if !changed.is_empty() {
                return format!("ALTER SEQUENCE {name} {}", changed.join(" "));
            }
            let engine = sequence.engine.as_ref().filter(|_| has(&ObjectAspect::Engine));
            let engine = engine.map(|engine| format!("ENGINE={engine}"));
            let comment = has(&ObjectAspect::Comment)
                .then(|| format!("COMMENT={}", quote_string(&sequence.comment)));
            let options: Vec<String> = engine.into_iter().chain(comment).collect();
            format!("ALTER TABLE {name} {}", options.join(" "))
        }
        Object::View(_) | Object::Trigger(_) => create(object, "OR REPLACE ", None, server),
    }
}

fn hold(limits: &SequenceLimits) -> String {
    let SequenceLimits { sequence, minimum, maximum, least, greatest } = limits;
    let name = quote_identifier(sequence);
    let mut value = "next_not_cached_value".to_owned();
    if let Some(least) = least {
        value = format!("greatest({value}, {least})");
    }
    if let Some(greatest) = greatest {
        value = format!("least({value}, {greatest})");
    }
    format!(
        "INSERT INTO {name} SELECT {value}, {minimum}, {maximum}, start_value, increment, \
         cache_size, cycle_option, cycle_count FROM {name}"
    )
}

fn drop(name: &ObjectName) -> String {
    format!("DROP {} {}", name.kind.noun().to_uppercase(), quote_identifier(&name.name))
}

/// `` DEFINER=`app`@`%`  ``, with a space at the end. A role has no host.
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
        .map(|parameter| parameter_definition(parameter, routine.sql_mode.as_deref(), server))
        .collect();
    let mut text = format!("{definer}{aggregate}{keyword} {name} ({})", parameters.join(", "));
    if let Some(returns) = &routine.returns {
        let returns = type_under(returns, routine.sql_mode.as_deref(), server);
        text.push_str(&format!(" RETURNS {returns}"));
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

/// `` OUT `a` int ``, as written in the parentheses of CREATE PROCEDURE.
fn parameter_definition(parameter: &Parameter, sql_mode: Option<&str>, server: &Server) -> String {
    let mode = match parameter.mode {
        ParameterMode::In => "",
        ParameterMode::Out => "OUT ",
        ParameterMode::InOut => "INOUT ",
    };
    let name = quote_identifier(&parameter.name);
    format!("{mode}{name} {}", type_under(&parameter.ty, sql_mode, server))
}

/// The type of a parameter, with its character set and collation if it has any.
pub fn parameter_type(ty: &ParameterType, server: &Server) -> String {
    type_under(ty, None, server)
}

/// The same for a statement that runs with a certain `sql_mode`.
fn type_under(ty: &ParameterType, sql_mode: Option<&str>, server: &Server) -> String {
    let listed = |members: &[String]| -> String {
        members.iter().map(|it| quoted(it, sql_mode)).collect::<Vec<_>>().join(",")
    };
    let mut text = match &ty.ty {
        ColumnType::Enum { members } => format!("enum({})", listed(members)),
        ColumnType::Set { members } => format!("set({})", listed(members)),
        other => column_type(other, server),
    };
    if let Some(charset) = &ty.charset {
        text.push_str(&format!(" CHARACTER SET {charset}"));
    }
    if let Some(collation) = &ty.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    text
}
