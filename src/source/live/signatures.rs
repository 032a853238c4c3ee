//! The parameters of routines, and what functions return.

use std::collections::BTreeMap;

use super::object_rows::ParameterRow;
use crate::model::{Parameter, ParameterMode, ParameterType};
use crate::syntax::parse_parameter_type;

/// The head of a routine: its parameters, and what a function returns.
#[derive(Debug, Default)]
pub(super) struct Signature {
    pub(super) parameters: Vec<Parameter>,
    pub(super) returns: Option<ParameterType>,
}

/// The rows of `PARAMETERS`, by kind and name of their routine.
pub(super) struct Signatures(BTreeMap<(String, String), Vec<ParameterRow>>);

impl Signatures {
    pub(super) fn new(rows: Vec<ParameterRow>) -> Self {
        let mut of_routine: BTreeMap<_, Vec<ParameterRow>> = BTreeMap::new();
        for row in rows {
            let key = (row.kind.clone(), row.routine.clone());
            of_routine.entry(key).or_default().push(row);
        }
        Signatures(of_routine)
    }

    pub(super) fn has_any(&self, kind: &str, routine: &str) -> bool {
        let rows = self.0.get(&(kind.to_owned(), routine.to_owned()));
        rows.is_some_and(|rows| rows.iter().any(|row| row.position > 0))
    }

    pub(super) fn take(&mut self, kind: &str, routine: &str) -> Result<Signature, String> {
        let rows = self.0.remove(&(kind.to_owned(), routine.to_owned()));
        let mut rows = rows.unwrap_or_default();
        rows.sort_by_key(|row| row.position);
        let mut signature = Signature::default();
        for row in rows {
            let mut ty = parse_parameter_type(&row.ty)
                .map_err(|error| format!("the type {}: {}", row.ty, error.message))?;
            if ty.ty.has_charset() {
                ty.charset = row.charset;
                ty.collation = row.collation;
            }
            if row.position == 0 {
                signature.returns = Some(ty);
                continue;
            }
            let mode = match row.mode.as_str() {
                "OUT" => ParameterMode::Out,
                "INOUT" => ParameterMode::InOut,
                _ => ParameterMode::In,
            };
            signature.parameters.push(Parameter { name: row.name, mode, ty });
        }
        Ok(signature)
    }
}
