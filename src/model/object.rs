//! The objects of a database beside its tables: views, triggers, routines, events, sequences.

use indexmap::IndexMap;

use super::{ColumnType, Expression, ObjectKind};

/// Objects by kind and name, in the source's order. That order counts among triggers of one
/// table, time and event: they run in it.
pub type Objects = IndexMap<ObjectName, Object>;

/// What tells one object from another. Names are as the source spells them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// What it is.
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
    /// The sql_mode that it runs with, where it has one, to be changed.
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
    /// The names of its columns, where they were written before AS.
    pub columns: Vec<String>,
    /// The query, without the CHECK OPTION; its canonical text is that of
    /// [`crate::normalize`] where it was understood.
    pub select: Expression,
    /// ALGORITHM
    pub algorithm: ViewAlgorithm,
    /// SQL SECURITY
    pub security: Security,
    /// WITH CHECK OPTION
    pub check_option: Option<CheckOption>,
    /// DEFINER, as `user@host` without quotes, where the source tells.
    pub definer: Option<String>,
}

/// How a server carries out a view.
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

/// Whose rights count when an object is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Security {
    /// The definer's.
    #[default]
    Definer,
    /// Those of whoever uses it.
    Invoker,
}

/// What rows may be written through a view.
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
    /// What sets it off.
    pub event: TriggerEvent,
    /// What it does: one statement, often BEGIN … END, without a delimiter.
    pub body: String,
    /// DEFINER, as `user@host` without quotes, where the source tells.
    pub definer: Option<String>,
    /// The sql_mode that it runs with, where the source tells.
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

/// What sets a trigger off.
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
    /// What it does with data.
    pub data_access: DataAccess,
    /// SQL SECURITY
    pub security: Security,
    /// The comment; empty where there is none.
    pub comment: String,
    /// What it does: one statement, often BEGIN … END, without a delimiter.
    pub body: String,
    /// DEFINER, as `user@host` without quotes, where the source tells.
    pub definer: Option<String>,
    /// The sql_mode that it runs with, where the source tells.
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

/// Which way a parameter's value goes.
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

/// What a routine does with data. Servers store it and don't check it.
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

/// An event: a statement that the server runs by the clock.
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
    /// The comment; empty where there is none.
    pub comment: String,
    /// What it does: one statement, often BEGIN … END, without a delimiter.
    pub body: String,
    /// The time zone that its schedule and body are read in (`SYSTEM`, `+00:00`), where the source
    /// tells.
    pub time_zone: Option<String>,
    /// DEFINER, as `user@host` without quotes, where the source tells.
    pub definer: Option<String>,
    /// The sql_mode that it runs with, where the source tells.
    pub sql_mode: Option<String>,
}

/// When an event runs. Moments are SQL expressions, literals (`2030-01-01 00:00:00`, quoted as SQL)
/// where a server tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// Once.
    At(Expression),
    /// Again and again.
    Every {
        /// How many of the unit: a number, or for a compound unit its text without quotes
        /// (`1:30`).
        interval: String,
        /// The unit, in upper case (`DAY`, `MINUTE_SECOND`).
        unit: String,
        /// The first moment, where one is set.
        starts: Option<Expression>,
        /// The last moment.
        ends: Option<Expression>,
    },
}

impl Schedule {
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

/// A sequence (MariaDB). `None` stands for the server's own choice until `normalize`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The sequence's name.
    pub name: String,
    /// AS type (MariaDB 11.5); BIGINT where none was written.
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
    /// COMMENT; empty where there is none.
    pub comment: String,
}
