//! What differs between two columns.

use super::index::engine_aspects;
use super::{Doubt, ExpressionClause, Uncertain};
use crate::model::{Column, ColumnAspect, ColumnType, DefaultValue, Element, Expression};
use crate::normalize::expression::{Sameness, compare};
use crate::renames::is_renamed;

/// The result of comparing two columns.
pub(super) struct ComparedColumn {
    /// What differs.
    pub(super) aspects: Vec<ColumnAspect>,
    /// The new column with clauses of the old one, if it is uncertain whether these clauses differ.
    pub(super) kept: Option<Column>,
}

/// Compares an old column with the new one, which may have another name.
pub(super) fn compare_columns(
    table: &str,
    from: &Column,
    to: &Column,
    uncertain: &mut Vec<Uncertain>,
) -> ComparedColumn {
    let mut aspects = Vec::new();
    if is_renamed(&from.name, &to.name, to.renamed_from.as_deref()) {
        aspects.push(ColumnAspect::Name);
    }
    compare_type(from, to, &mut aspects);
    let element = Element::column(table, &to.name);
    let mut clauses = Clauses { element, to, kept: None, aspects, uncertain };
    clauses.generated(from);
    clauses.note(ColumnAspect::Nullable, from.nullable != to.nullable);
    clauses.default(from);
    clauses.note(ColumnAspect::OnUpdate, from.on_update_now != to.on_update_now);
    clauses.note(ColumnAspect::AutoIncrement, from.auto_increment != to.auto_increment);
    clauses.note(ColumnAspect::Invisible, from.invisible != to.invisible);
    clauses.note(ColumnAspect::Comment, from.comment != to.comment);
    clauses.check(from);
    clauses.note(ColumnAspect::Versioning, from.versioning != to.versioning);
    clauses.storage(from);
    ComparedColumn { aspects: clauses.aspects, kept: clauses.kept }
}

fn compare_type(from: &Column, to: &Column, aspects: &mut Vec<ColumnAspect>) {
    match (&from.ty, &to.ty) {
        (
            ColumnType::Geometry { kind, srid },
            ColumnType::Geometry { kind: new_kind, srid: new_srid },
        ) => {
            aspects.extend((kind != new_kind).then_some(ColumnAspect::Type));
            aspects.extend((srid != new_srid).then_some(ColumnAspect::Srid));
        }
        (old, new) => aspects.extend((old != new).then_some(ColumnAspect::Type)),
    }
    // If neither side knows a table's default, it counts as the same. If only one side knows it, it
    // may differ.
    if from.ty.has_charset() && to.ty.has_charset() {
        aspects.extend((from.charset != to.charset).then_some(ColumnAspect::Charset));
        aspects.extend((from.collation != to.collation).then_some(ColumnAspect::Collation));
    }
}

/// Compares the clauses after the type.
struct Clauses<'a> {
    element: Element,
    to: &'a Column,
    kept: Option<Column>,
    aspects: Vec<ColumnAspect>,
    uncertain: &'a mut Vec<Uncertain>,
}

impl Clauses<'_> {
    fn note(&mut self, aspect: ColumnAspect, differs: bool) {
        if differs {
            self.aspects.push(aspect);
        }
    }

    /// The new column, for taking over a clause of the old one.
    fn keep(&mut self) -> &mut Column {
        self.kept.get_or_insert_with(|| self.to.clone())
    }

    /// Compares two expressions. If the result is uncertain, it is noted.
    fn same(&mut self, clause: ExpressionClause, from: &Expression, to: &Expression) -> Sameness {
        let comparison = compare(from, to);
        if comparison == Sameness::Unknown {
            let (from, to) = (from.clone(), to.clone());
            let doubt = Doubt::Expressions { clause, from, to };
            self.uncertain.push(Uncertain { element: self.element.clone(), doubt });
        }
        comparison
    }

    fn generated(&mut self, from: &Column) {
        let (old, new) = (from.generated.as_ref(), self.to.generated.as_ref());
        let differs = match (old, new) {
            (None, None) => false,
            (Some(old), Some(new)) => {
                match self.same(ExpressionClause::Generated, &old.expression, &new.expression) {
                    Sameness::Same => old.storage != new.storage,
                    Sameness::Different => true,
                    Sameness::Unknown => {
                        let expression = old.expression.clone();
                        if let Some(generated) = &mut self.keep().generated {
                            generated.expression = expression;
                        }
                        old.storage != new.storage
                    }
                }
            }
            _ => true,
        };
        self.note(ColumnAspect::Generated, differs);
    }

    fn default(&mut self, from: &Column) {
        let differs = match (from.default.as_ref(), self.to.default.as_ref()) {
            (None | Some(DefaultValue::Null), None | Some(DefaultValue::Null)) => false,
            (Some(DefaultValue::Expression(old)), Some(DefaultValue::Expression(new))) => {
                match self.same(ExpressionClause::Default, old, new) {
                    Sameness::Same => false,
                    Sameness::Different => true,
                    Sameness::Unknown => {
                        self.keep().default.clone_from(&from.default);
                        false
                    }
                }
            }
            (old, new) => old != new,
        };
        self.note(ColumnAspect::Default, differs);
    }

    fn storage(&mut self, from: &Column) {
        if from.storage == self.to.storage {
            return;
        }
        let [old, new] = [from, self.to].map(|column| column.storage.as_deref().cloned());
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        self.note(ColumnAspect::Compressed, old.compressed != new.compressed);
        self.note(ColumnAspect::Format, old.format != new.format);
        self.note(ColumnAspect::Medium, old.medium != new.medium);
        self.note(ColumnAspect::Secondary, old.not_secondary != new.not_secondary);
        let engine = engine_aspects(&old.attributes, &new.attributes);
        self.aspects.extend(engine.map(ColumnAspect::Engine));
    }

    fn check(&mut self, from: &Column) {
        let (old, new) = (from.check.as_ref(), self.to.check.as_ref());
        let differs = match (old, new) {
            (None, None) => false,
            (Some(old), Some(new)) => match self.same(ExpressionClause::ColumnCheck, old, new) {
                Sameness::Same => false,
                Sameness::Different => true,
                Sameness::Unknown => {
                    self.keep().check.clone_from(&from.check);
                    false
                }
            },
            _ => true,
        };
        self.note(ColumnAspect::Check, differs);
    }
}
