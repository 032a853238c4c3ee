//! Versioned tables, and application-time periods.

use driftline::model::{
    Column as ColumnModel, ColumnType, ColumnVersioning, IntegerSize, Period, ReferentialAction,
    Sign, Table as TableModel,
};
use driftline::server::{Capability, Server};

use super::build::renamed;
use super::pool;
use super::world::Table;

/// What is versioned, and in which columns.
#[derive(Clone, Copy, PartialEq)]
enum Versions {
    None,
    Unnamed,
    /// By time, in columns that the table names.
    Moments,
    /// By transaction, in columns that the table names.
    Transactions,
}

fn kind(table: &Table) -> Versions {
    match table.dice[8] % 12 {
        1 | 2 => Versions::Unnamed,
        3 => Versions::Moments,
        4 => Versions::Transactions,
        _ => Versions::None,
    }
}

fn system_time_columns(table: &Table) -> [String; 2] {
    let name = |what: &str| format!("{}{what}", pool::name(table.dice[7] / 64, table.id));
    [name(" row start"), name(" row end")]
}

/// Makes the table versioned if the dice say so.
pub fn versions(model: &mut TableModel, table: &Table, old: Option<&Table>, server: &Server) {
    let kind_of = kind(table);
    if kind_of == Versions::None || !server.can(Capability::SystemVersioning) {
        return;
    }
    model.versioned = true;
    for (model, column) in model.columns.iter_mut().zip(&table.columns) {
        if column.dice[10] % 6 == 1 && model.generated.is_none() {
            model.versioning = ColumnVersioning::Without;
        }
    }
    if kind_of == Versions::Unnamed {
        return;
    }
    let names = system_time_columns(table);
    let had = old.filter(|old| kind(old) == kind_of).map(system_time_columns);
    let ty = match kind_of {
        Versions::Transactions => {
            ColumnType::Integer { size: IntegerSize::Big, sign: Sign::Unsigned, width: None }
        }
        _ => ColumnType::Timestamp { fsp: 6 },
    };
    for (at, versioning) in
        [ColumnVersioning::RowStart, ColumnVersioning::RowEnd].iter().enumerate()
    {
        let mut column = ColumnModel::new(&names[at], ty.clone());
        column.versioning = *versioning;
        column.nullable = false;
        column.invisible = table.dice[9] % 4 > 1;
        column.renamed_from = renamed(had.as_ref().map(|had| had[at].as_str()), &names[at]);
        model.columns.push(column);
    }
    let [start, end] = names;
    model.periods.push(Period { name: Period::SYSTEM_TIME.to_owned(), start, end });
}

fn has_period(table: &Table) -> bool {
    table.dice[9] % 6 == 1
}

fn ends(table: &Table) -> [String; 2] {
    let name = |what: &str| format!("{}{what}", pool::name(table.dice[10] / 64, table.id));
    [name(" since"), name(" until")]
}

/// Gives the table an application-time period, with columns for it, if the dice say so.
pub fn period(model: &mut TableModel, table: &Table, old: Option<&Table>, server: &Server) {
    if !has_period(table) || !server.can(Capability::Periods) {
        return;
    }
    let names = ends(table);
    let had = old.filter(|old| has_period(old)).map(ends);
    let ty = match table.dice[11] / 16 % 4 {
        1 => ColumnType::Datetime { fsp: 0 },
        2 => ColumnType::Datetime { fsp: 3 },
        3 => ColumnType::Timestamp { fsp: 0 },
        _ => ColumnType::Date,
    };
    for (at, name) in names.iter().enumerate() {
        let mut column = ColumnModel::new(name, ty.clone());
        column.nullable = false;
        column.renamed_from = renamed(had.as_ref().map(|had| had[at].as_str()), name);
        column.comment = pool::comment(table.dice[11]);
        model.columns.push(column);
    }
    let [start, end] = names;
    model.periods.push(Period { name: format!("p{}", table.id), start, end });
}

/// Removes WITHOUT OVERLAPS from keys on columns that a foreign key may change (error 4171).
pub fn allow_overlaps(model: &mut TableModel) {
    let acts = |action: ReferentialAction| {
        !matches!(action, ReferentialAction::NoAction | ReferentialAction::Restrict)
    };
    let changed: Vec<&String> = model
        .foreign_keys
        .iter()
        .filter(|key| acts(key.on_update) || acts(key.on_delete))
        .flat_map(|key| &key.columns)
        .collect();
    for index in model.primary_key.iter_mut().chain(&mut model.indexes) {
        if index.column_names().any(|name| changed.iter().any(|other| *other == name)) {
            index.without_overlaps = None;
        }
    }
}
