//! Writes the objects of a world as a server accepts them.

use driftline::model::{
    ColumnType, DataAccess, DefaultValue, Event, EventStatus, Expression, Object as ObjectModel,
    Parameter, ParameterMode, ParameterType, Routine, RoutineKind, Schedule, Schema, Security,
    Trigger, TriggerEvent, TriggerTiming,
};
use driftline::server::{Capability, Server};

use super::bodies::{Mode, Scope, body, parameter_name};
use super::objects::{Kind, Object, Part};
use super::pool;
use super::queries;
use super::relations::{Callable, Relation, table};
use super::seed::Dice;
use super::sequences;
use super::types;
use super::values::{Sort, literal, quoted, sort};
use super::world::{World, pick};

/// Adds the world's objects to a schema that has its tables.
pub fn add(schema: &mut Schema, world: &World, server: &Server) {
    let mut relations: Vec<Relation> = world.tables.iter().map(|it| table(it, schema)).collect();
    let functions: Vec<Callable> = of_kind(world, Kind::Function)
        .map(|function| Callable {
            id: function.id,
            name: function.name.clone(),
            parameters: parameters(function, server).iter().map(|it| sort(&it.ty.ty)).collect(),
            returns: sort(&returns(function, server).ty),
        })
        .collect();
    let mut views: Vec<&Object> = of_kind(world, Kind::View).collect();
    views.sort_by_key(|view| view.id);
    let mut spelled = Vec::new();
    for view in views {
        if let Some((model, relation)) = queries::view(view, &relations, &functions, server) {
            relations.push(relation);
            spelled.push((view.id, model));
        }
    }
    for object in &world.objects {
        let model = match object.kind {
            Kind::View => {
                let found = spelled.iter().find(|(id, _)| *id == object.id);
                found.map(|(_, view)| ObjectModel::View(view.clone()))
            }
            Kind::Trigger => trigger(object, &relations).map(ObjectModel::Trigger),
            Kind::Procedure | Kind::Function => {
                Some(ObjectModel::Routine(routine(object, &relations, server)))
            }
            Kind::Event => Some(ObjectModel::Event(event(object, &relations))),
            Kind::Sequence if server.can(Capability::Sequences) => {
                feed(object, schema, world);
                Some(ObjectModel::Sequence(sequences::sequence(object, server)))
            }
            Kind::Sequence => None,
        };
        if let Some(model) = model {
            schema.objects.insert(model.name(), model);
        }
    }
}

fn of_kind(world: &World, kind: Kind) -> impl Iterator<Item = &Object> {
    world.objects.iter().filter(move |object| object.kind == kind)
}

/// Makes the sequence's next value the default of a column.
fn feed(object: &Object, schema: &mut Schema, world: &World) {
    let Some(table) = object.reads.first().and_then(|id| world.table(*id)) else { return };
    let of = object.parts.first().and_then(|part| part.of);
    let Some(column) = table.columns.iter().find(|column| Some(column.id) == of) else { return };
    let Some(model) = schema.tables.get_mut(&table.name) else { return };
    let found = model.columns.iter_mut().find(|other| other.name == column.name);
    let Some(model) = found.filter(|it| it.generated.is_none() && !it.auto_increment) else {
        return;
    };
    if matches!(model.ty, ColumnType::Integer { .. } | ColumnType::Decimal { .. }) {
        let text = format!("nextval({})", quoted(&object.name));
        model.default = Some(DefaultValue::Expression(Expression::new(text)));
    }
}

/// The sql_mode of a body, and how text is written under it.
fn mode(choice: u8) -> (Option<String>, Mode) {
    let (text, mode) = match choice % 16 {
        1 => ("", Mode::Usual),
        2 => ("STRICT_TRANS_TABLES", Mode::Usual),
        3 => ("ANSI_QUOTES,STRICT_TRANS_TABLES", Mode::AnsiQuotes),
        4 => ("NO_BACKSLASH_ESCAPES", Mode::NoBackslashEscapes),
        _ => return (None, Mode::Usual),
    };
    (Some(text.to_owned()), mode)
}

fn trigger(object: &Object, relations: &[Relation]) -> Option<Trigger> {
    let dice = &object.dice;
    let is_table = |relation: &&Relation| relation.is_table;
    let tables: Vec<&Relation> = relations.iter().filter(is_table).collect();
    let own = object.reads.first();
    let table = match tables.iter().find(|table| Some(&table.id) == own) {
        Some(table) => *table,
        None if dice[7].is_multiple_of(2) => return None,
        None => *pick(&tables, dice[0])?,
    };
    let timing =
        if dice[3].is_multiple_of(2) { TriggerTiming::Before } else { TriggerTiming::After };
    let (event, words): (_, &[&'static str]) = match dice[3] / 2 % 4 {
        0 | 1 => (TriggerEvent::Insert, &["new"]),
        2 => (TriggerEvent::Update, &["new", "old"]),
        _ => (TriggerEvent::Delete, &["old"]),
    };
    let (sql_mode, mode) = match mode(dice[5]) {
        // MariaDB also parses the partitions of the trigger's table in that mode, and fails.
        (_, Mode::NoBackslashEscapes) => (None, Mode::Usual),
        other => other,
    };
    let scope = Scope {
        mode,
        relations,
        rows: Some((words, table)),
        sets_rows: timing == TriggerTiming::Before && event != TriggerEvent::Delete,
        parameters: Vec::new(),
        returns: None,
        shows_rows: false,
    };
    Some(Trigger {
        name: object.name.clone(),
        table: table.name.clone(),
        timing,
        event,
        body: body(object, &scope),
        definer: None,
        sql_mode,
    })
}

fn parameters(object: &Object, server: &Server) -> Vec<Parameter> {
    let parts = object.parts.iter().filter(|part| part.dice[7].is_multiple_of(2));
    let parameter = |part: &Part| Parameter {
        name: parameter_name(part),
        mode: match part.dice[3] % 4 {
            1 if object.kind == Kind::Procedure => ParameterMode::Out,
            2 if object.kind == Kind::Procedure => ParameterMode::InOut,
            _ => ParameterMode::In,
        },
        ty: parameter_type([part.dice[5], part.dice[6], part.dice[2]], server),
    };
    parts.map(parameter).collect()
}

fn parameter_type(choice: [u8; 3], server: &Server) -> ParameterType {
    let mut dice = Dice::default();
    dice[..2].copy_from_slice(&choice[..2]);
    let mut ty = types::column_type(&dice, server);
    if let ColumnType::Geometry { srid, .. } = &mut ty {
        *srid = None;
    }
    let (charset, collation) = match ty.has_charset() {
        true => types::collation(choice[2], server),
        false => (None, None),
    };
    ParameterType { ty, charset, collation }
}

fn returns(object: &Object, server: &Server) -> ParameterType {
    parameter_type([object.dice[0], object.dice[1], object.dice[2]], server)
}

fn routine(object: &Object, relations: &[Relation], server: &Server) -> Routine {
    let dice = &object.dice;
    let is_function = object.kind == Kind::Function;
    let parameters = parameters(object, server);
    let returns = is_function.then(|| returns(object, server));
    let is_list =
        |ty: &ParameterType| matches!(ty.ty, ColumnType::Enum { .. } | ColumnType::Set { .. });
    let (sql_mode, mode) = match mode(dice[5]) {
        // In that mode, servers double the backslashes in the members of a returned ENUM or SET.
        (_, Mode::NoBackslashEscapes) if returns.as_ref().is_some_and(is_list) => {
            (None, Mode::Usual)
        }
        other => other,
    };
    let scope = Scope {
        mode,
        relations,
        rows: None,
        sets_rows: false,
        parameters: parameters.iter().map(|it| (it.name.clone(), sort(&it.ty.ty))).collect(),
        returns: returns.as_ref().map(|ty| value(sort(&ty.ty), &parameters)),
        shows_rows: !is_function,
    };
    Routine {
        kind: if is_function { RoutineKind::Function } else { RoutineKind::Procedure },
        name: object.name.clone(),
        body: body(object, &scope),
        parameters,
        returns,
        aggregate: false,
        deterministic: dice[6] % 2 == 1,
        data_access: match dice[6] / 2 % 8 {
            1 => DataAccess::NoSql,
            2 => DataAccess::ReadsSqlData,
            3 => DataAccess::ModifiesSqlData,
            _ => DataAccess::ContainsSql,
        },
        security: if dice[6] / 16 % 4 == 1 { Security::Invoker } else { Security::Definer },
        comment: pool::comment(dice[7]),
        definer: None,
        sql_mode,
    }
}

/// A value of this sort: a parameter or a literal.
fn value(wanted: Sort, parameters: &[Parameter]) -> String {
    let fits = |parameter: &&Parameter| sort(&parameter.ty.ty) == wanted;
    match parameters.iter().find(fits) {
        Some(parameter) => quoted(&parameter.name),
        None => literal(wanted),
    }
}

fn event(object: &Object, relations: &[Relation]) -> Event {
    let dice = &object.dice;
    let (sql_mode, mode) = mode(dice[5]);
    let status = match dice[3] % 4 {
        1 => EventStatus::Enabled,
        2 => EventStatus::DisabledOnReplica,
        _ => EventStatus::Disabled,
    };
    let scope = Scope {
        mode,
        relations,
        rows: None,
        sets_rows: false,
        parameters: Vec::new(),
        returns: None,
        shows_rows: false,
    };
    let moment = |year: u32| Some(Expression::new(format!("'{year}-01-02 03:04:05'")));
    // An event that may run during its test would make the result random.
    let starts = match dice[0] % 4 {
        0 | 1 if status != EventStatus::Enabled => None,
        _ => moment(2028 + u32::from(dice[0] / 4 % 3)),
    };
    let ends = (dice[1] % 3 == 1).then(|| moment(2032 + u32::from(dice[1] / 3 % 3))).flatten();
    let (interval, unit) = [
        ("1", "DAY"),
        ("2", "WEEK"),
        ("90", "MINUTE"),
        ("1:30", "HOUR_MINUTE"),
        ("2-3", "YEAR_MONTH"),
        ("1 2:3:4", "DAY_SECOND"),
        ("5", "QUARTER"),
        ("3", "MONTH"),
    ][usize::from(dice[2] % 8)];
    let schedule = match dice[4] / 8 % 3 {
        0 => Schedule::At(Expression::new(format!("'203{}-06-07 08:09:10'", dice[0] % 8))),
        _ => Schedule::Every { interval: interval.to_owned(), unit: unit.to_owned(), starts, ends },
    };
    Event {
        name: object.name.clone(),
        schedule,
        preserve: dice[6].is_multiple_of(2),
        status,
        comment: pool::comment(dice[7]),
        body: body(object, &scope),
        time_zone: match dice[6] / 2 % 6 {
            1 => Some("+00:00".to_owned()),
            2 => Some("-05:30".to_owned()),
            3 => Some("SYSTEM".to_owned()),
            _ => None,
        },
        definer: None,
        sql_mode,
    }
}
