//! The clauses of views, triggers, routines and events as a person reads them.

use super::words::columns_words;
use crate::ddl;
use crate::model::{
    CheckOption, DataAccess, Event, EventStatus, Object, Parameter, ParameterMode, Routine,
    Schedule, Security, View, ViewAlgorithm,
};
use crate::server::Server;

/// `(a, b)`, `none`
pub(super) fn columns(columns: &[String]) -> String {
    if columns.is_empty() { "none".to_owned() } else { columns_words(columns) }
}

pub(super) fn algorithm(view: &View) -> &'static str {
    match view.algorithm {
        ViewAlgorithm::Undefined => "undefined",
        ViewAlgorithm::Merge => "merge",
        ViewAlgorithm::Temptable => "temptable",
    }
}

pub(super) fn security(security: Security) -> &'static str {
    match security {
        Security::Definer => "definer",
        Security::Invoker => "invoker",
    }
}

pub(super) fn check_option(view: &View) -> &'static str {
    match view.check_option {
        None => "none",
        Some(CheckOption::Local) => "local",
        Some(CheckOption::Cascaded) => "cascaded",
    }
}

/// `(a int, out b varchar(10))`
pub(super) fn parameters(routine: &Routine) -> String {
    let one = |parameter: &Parameter| {
        let mode = match parameter.mode {
            ParameterMode::In => "",
            ParameterMode::Out => "out ",
            ParameterMode::InOut => "inout ",
        };
        let ty = ddl::parameter_type(&parameter.ty, &Server::ASSUMED);
        format!("{mode}{} {ty}", parameter.name)
    };
    let all: Vec<String> = routine.parameters.iter().map(one).collect();
    format!("({})", all.join(", "))
}

pub(super) fn data_access(routine: &Routine) -> &'static str {
    match routine.data_access {
        DataAccess::ContainsSql => "contains sql",
        DataAccess::NoSql => "no sql",
        DataAccess::ReadsSqlData => "reads sql data",
        DataAccess::ModifiesSqlData => "modifies sql data",
    }
}

pub(super) fn status(event: &Event) -> &'static str {
    match event.status {
        EventStatus::Enabled => "enabled",
        EventStatus::Disabled => "disabled",
        EventStatus::DisabledOnReplica => "disabled on replica",
    }
}

/// An object in a line: `trigger reports_ai after insert on reports`, `event purge every 1 day`.
pub(crate) fn object_words(object: &Object) -> String {
    let name = object.name();
    let head = format!("{} {}", name.kind.noun(), name.name);
    match object {
        Object::View(view) if view.columns.is_empty() => head,
        Object::View(view) => format!("{head} {}", columns_words(&view.columns)),
        Object::Trigger(trigger) => format!("{head} {} on {}", trigger.when(), trigger.table),
        Object::Routine(routine) => {
            let returns = routine.returns.as_ref();
            let returns =
                returns.map(|ty| format!(" returns {}", ddl::parameter_type(ty, &Server::ASSUMED)));
            format!("{head} {}{}", parameters(routine), returns.unwrap_or_default())
        }
        Object::Event(event) => match &event.schedule {
            Schedule::At(moment) => format!("{head} at {}", moment.text),
            Schedule::Every { interval, unit, .. } => {
                format!("{head} every {interval} {}", unit.to_lowercase())
            }
        },
        Object::Sequence(_) => head,
    }
}
