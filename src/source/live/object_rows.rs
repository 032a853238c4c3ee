//! The rows of the queries about triggers, routines and events.

use super::rows::RowFields;

/// A row of `TRIGGERS`.
#[derive(Debug)]
pub(super) struct TriggerRow {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) timing: String,
    pub(super) event: String,
    pub(super) order: u32,
    /// `None` if the account may not see it; MariaDB then still shows the trigger.
    pub(super) body: Option<String>,
    pub(super) sql_mode: String,
    pub(super) definer: String,
}

impl TriggerRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        TriggerRow {
            name: row.text(),
            table: row.text(),
            timing: row.text(),
            event: row.text(),
            order: row.number().unwrap_or(0),
            body: row.optional(),
            sql_mode: row.text(),
            definer: row.text(),
        }
    }
}

/// A row of `ROUTINES`.
#[derive(Debug)]
pub(super) struct RoutineRow {
    pub(super) name: String,
    /// `PROCEDURE`, `FUNCTION`; MariaDB's `PACKAGE` and `PACKAGE BODY`.
    pub(super) kind: String,
    /// MySQL: `SQL`, or another language.
    pub(super) language: Option<String>,
    /// `None` if the account may not see it.
    pub(super) body: Option<String>,
    pub(super) deterministic: bool,
    pub(super) data_access: String,
    pub(super) security: String,
    pub(super) sql_mode: String,
    pub(super) comment: String,
    pub(super) definer: String,
}

impl RoutineRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        RoutineRow {
            name: row.text(),
            kind: row.text(),
            language: row.optional(),
            body: row.optional(),
            deterministic: row.yes(),
            data_access: row.text(),
            security: row.text(),
            sql_mode: row.text(),
            comment: row.text(),
            definer: row.text(),
        }
    }
}

/// A row of `PARAMETERS`. The row at position 0 is what a function returns.
#[derive(Debug)]
pub(super) struct ParameterRow {
    pub(super) routine: String,
    pub(super) kind: String,
    pub(super) position: u32,
    pub(super) mode: String,
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
}

impl ParameterRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        ParameterRow {
            routine: row.text(),
            kind: row.text(),
            position: row.number().unwrap_or(0),
            mode: row.text(),
            name: row.text(),
            ty: row.text(),
            charset: row.optional(),
            collation: row.optional(),
        }
    }
}

/// A row of `EVENTS`.
#[derive(Debug)]
pub(super) struct EventRow {
    pub(super) name: String,
    pub(super) time_zone: String,
    /// When it runs, if it runs once.
    pub(super) at: Option<String>,
    /// How often it runs, if it runs repeatedly.
    pub(super) interval: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) starts: Option<String>,
    pub(super) ends: Option<String>,
    pub(super) status: String,
    pub(super) on_completion: String,
    pub(super) comment: String,
    pub(super) body: String,
    pub(super) sql_mode: String,
    pub(super) definer: String,
}

impl EventRow {
    pub(super) fn new(mut row: RowFields) -> Self {
        EventRow {
            name: row.text(),
            time_zone: row.text(),
            at: row.optional(),
            interval: row.optional(),
            unit: row.optional(),
            starts: row.optional(),
            ends: row.optional(),
            status: row.text(),
            on_completion: row.text(),
            comment: row.text(),
            body: row.text(),
            sql_mode: row.text(),
            definer: row.text(),
        }
    }
}
