//! The objects of a database other than tables: views, triggers, routines, events, sequences.

use indexmap::IndexMap;

use super::{ColumnType, Expression, ObjectKind, SelectText};

/// Objects by kind and name, in the source's order. The order matters for triggers of the same
/// table, time and event: they run in it.
pub type Objects = IndexMap<ObjectName, Object>;

/// What identifies an object. Names are as the source spells them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}

/// A view, trigger, procedure, function, event or sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// CREATE VIEW
    View(View),
    /// CREATE TRIGGER
    Trigger(Trigger),
    /// CREATE PROCEDURE, CREATE FUNCTION
    Routine(Routine),
    /// CREATE EVENT
    Event(Event),
    /// CREATE SEQUENCE (MariaDB)
    Sequence(Sequence),
}

impl Object {
    /// The sql_mode with which it runs, for changes. `None` for a kind that has none.
    pub fn sql_mode_mut(&mut self) -> Option<&mut Option<String>> {
        match self {
            Object::Trigger(trigger) => Some(&mut trigger.sql_mode),
            Object::Routine(routine) => Some(&mut routine.sql_mode),
            Object::Event(event) => Some(&mut event.sql_mode),
            Object::View(_) | Object::Sequence(_) => None,
        }
    }

    /// Its kind and name.
    pub fn name(&self) -> ObjectName {
        let (kind, name) = match self {
            Object::View(view) => (ObjectKind::View, &view.name),
            Object::Trigger(trigger) => (ObjectKind::Trigger, &trigger.name),
            Object::Routine(routine) => (routine.kind.object_kind(), &routine.name),
            Object::Event(event) => (ObjectKind::Event, &event.name),
            Object::Sequence(sequence) => (ObjectKind::Sequence, &sequence.name),
        };
        ObjectName { kind, name: name.clone() }
    }
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The view's name.
    pub name: String,
    /// The names of its columns, if they are written before AS.
    pub columns: Vec<String>,
    /// The query, without the CHECK OPTION. `normalize` gives it a canonical text if it is
    /// understood.
    pub select: SelectText,
    /// ALGORITHM
    pub algorithm: ViewAlgorithm,
    /// SQL SECURITY
    pub security: Security,
    /// WITH CHECK OPTION
    pub check_option: Option<CheckOption>,
    /// DEFINER, as `user@host` without quotes, if the source says it.
    pub definer: Option<String>,
}

/// How a server executes a view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ViewAlgorithm {
    /// The server chooses.
    #[default]
    Undefined,
    /// MERGE
    Merge,
    /// TEMPTABLE
    Temptable,
}

/// Whose rights are checked when an object is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Security {
    /// The definer's.
    #[default]
    Definer,
    /// Those of the account that uses it.
    Invoker,
}

/// Which rows may be written through a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckOption {
    /// WITH LOCAL CHECK OPTION
    Local,
    /// WITH CASCADED CHECK OPTION, and WITH CHECK OPTION
    Cascaded,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The trigger's name, unique in its schema.
    pub name: String,
    /// The table.
    pub table: String,
    /// BEFORE or AFTER.
    pub timing: TriggerTiming,
    /// The statement that starts it.
    pub event: TriggerEvent,
    /// Its body: one statement, often BEGIN … END, without a delimiter.
    pub body: String,
    /// DEFINER, as `user@host` without quotes, if the source says it.
    pub definer: Option<String>,
    /// The sql_mode with which it runs, if the source says it.
    pub sql_mode: Option<String>,
}

impl Trigger {
    /// When it runs, in schema.yaml's words: `after insert`.
    pub fn when(&self) -> String {
        let timing = match self.timing {
            TriggerTiming::Before => "before",
            TriggerTiming::After => "after",
        };
        let event = match self.event {
            TriggerEvent::Insert => "insert",
            TriggerEvent::Update => "update",
            TriggerEvent::Delete => "delete",
        };
        format!("{timing} {event}")
    }
}

/// When a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriggerTiming {
    /// BEFORE
    Before,
    /// AFTER
    After,
}

/// The statement that starts a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriggerEvent {
    /// INSERT
    Insert,
    /// UPDATE
    Update,
    /// DELETE
    Delete,
}

/// A procedure or a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// Which of the two.
    pub kind: RoutineKind,
    /// The routine's name.
    pub name: String,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// What a function returns.
    pub returns: Option<ParameterType>,
    /// AGGREGATE (MariaDB's stored aggregate functions).
    pub aggregate: bool,
    /// DETERMINISTIC
    pub deterministic: bool,
    /// How it uses data.
    pub data_access: DataAccess,
    /// SQL SECURITY
    pub security: Security,
    /// The comment; empty if there is none.
    pub comment: String,
    /// Its body: one statement, often BEGIN … END, without a delimiter.
    pub body: String,
    /// DEFINER, as `user@host` without quotes, if the source says it.
    pub definer: Option<String>,
    /// The sql_mode with which it runs, if the source says it.
    pub sql_mode: Option<String>,
}

/// Whether a routine is called or used in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoutineKind {
    /// PROCEDURE
    Procedure,
    /// FUNCTION
    Function,
}

impl RoutineKind {
    /// The kind among all objects.
    pub fn object_kind(self) -> ObjectKind {
        match self {
            RoutineKind::Procedure => ObjectKind::Procedure,
            RoutineKind::Function => ObjectKind::Function,
        }
    }
}

/// A parameter of a routine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The parameter's name.
    pub name: String,
    /// IN, OUT or INOUT; always IN for a function.
    pub mode: ParameterMode,
    /// Its type.
    pub ty: ParameterType,
}

/// The direction in which a parameter's value is passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ParameterMode {
    /// IN
    #[default]
    In,
    /// OUT
    Out,
    /// INOUT
    InOut,
}

/// The type of a parameter or of what a function returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterType {
    /// The data type.
    pub ty: ColumnType,
    /// The character set, by the rule of [`super::Column::charset`].
    pub charset: Option<String>,
    /// The collation, by the same rule.
    pub collation: Option<String>,
}

/// How a routine uses data. Servers store it and don't check it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DataAccess {
    /// CONTAINS SQL
    #[default]
    ContainsSql,
    /// NO SQL
    NoSql,
    /// READS SQL DATA
    ReadsSqlData,
    /// MODIFIES SQL DATA
    ModifiesSqlData,
}

/// An event: a statement that the server runs at certain times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The event's name.
    pub name: String,
    /// When it runs.
    pub schedule: Schedule,
    /// ON COMPLETION PRESERVE
    pub preserve: bool,
    /// ENABLE, DISABLE, DISABLE ON REPLICA
    pub status: EventStatus,
    /// The comment; empty if there is none.
    pub comment: String,
    /// Its body: one statement, often BEGIN … END, without a delimiter.
    pub body: String,
    /// The time zone of its schedule and body (`SYSTEM`, `+00:00`), if the source says it.
    pub time_zone: Option<String>,
    /// DEFINER, as `user@host` without quotes, if the source says it.
    pub definer: Option<String>,
    /// The sql_mode with which it runs, if the source says it.
    pub sql_mode: Option<String>,
}

/// When an event runs. Moments are SQL expressions; from a server they are literals, quoted as in
/// SQL (`2030-01-01 00:00:00`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// Once.
    At(Expression),
    /// Repeatedly.
    Every {
        /// How many of the unit: a number, or for a compound unit its text without quotes
        /// (`1:30`).
        interval: String,
        /// The unit, in upper case (`DAY`, `MINUTE_SECOND`).
        unit: String,
        /// The first moment, if one is set.
        starts: Option<Expression>,
        /// The last moment.
        ends: Option<Expression>,
    },
}

impl Schedule {
    /// When it runs, where it runs once.
    pub fn at(&self) -> Option<&Expression> {
        match self {
            Schedule::At(moment) => Some(moment),
            Schedule::Every { .. } => None,
        }
    }

    /// The first and the last moment of one that runs again and again, where they are set.
    pub fn bounds(&self) -> [Option<&Expression>; 2] {
        match self {
            Schedule::At(_) => [None, None],
            Schedule::Every { starts, ends, .. } => [starts.as_ref(), ends.as_ref()],
        }
    }

    /// When it ends, where an end is set.
    pub fn last_moment(&self) -> Option<&Expression> {
        match self {
            Schedule::At(at) => Some(at),
            Schedule::Every { ends, .. } => ends.as_ref(),
        }
    }
}

/// Whether an event runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum EventStatus {
    /// ENABLE
    #[default]
    Enabled,
    /// DISABLE
    Disabled,
    /// DISABLE ON REPLICA, by its old name DISABLE ON SLAVE
    DisabledOnReplica,
}

/// A sequence (MariaDB). `None` is the server's own choice until `normalize`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The sequence's name.
    pub name: String,
    /// AS type (MariaDB 11.5); `None` for BIGINT.
    pub ty: Option<ColumnType>,
    /// START WITH
    pub start: Option<i128>,
    /// MINVALUE
    pub minimum: Option<i128>,
    /// MAXVALUE
    pub maximum: Option<i128>,
    /// INCREMENT BY
    pub increment: Option<i128>,
    /// CACHE; 0 for NOCACHE.
    pub cache: Option<u64>,
    /// CYCLE
    pub cycle: bool,
    /// ENGINE
    pub engine: Option<String>,
    /// COMMENT; empty if there is none.
    pub comment: String,
}
