//! What differs between two columns.

use super::rename::is_renamed;
use super::words::{
    attribute_fields, comment_words, default_words, field, format_words, generated_words,
    medium_words, nullable_words, srid_words, type_words, versioning_words,
};
use super::{FieldChange, Uncertain};
use crate::model::{Column, ColumnType, DefaultValue, Element, Expression};
use crate::normalize::expression::{Sameness, compare};

/// What was found out about a column.
pub(super) struct Compared {
    /// What differs.
    pub(super) fields: Vec<FieldChange>,
    /// The new column, where a clause of it can't be compared: with the old column's clause.
    pub(super) kept: Option<Column>,
}

/// Compares a column with the one that it becomes, which may have another name.
pub(super) fn compare_columns(
    table: &str,
    from: &Column,
    to: &Column,
    uncertain: &mut Vec<Uncertain>,
) -> Compared {
    let mut fields = Vec::new();
    if is_renamed(&from.name, &to.name, to.renamed_from.as_deref()) {
        fields.push(field("name", &from.name, &to.name));
    }
    compare_type(from, to, &mut fields);
    let mut clauses =
        Clauses { element: Element::column(table, &to.name), to, kept: None, fields, uncertain };
    clauses.generated(from);
    if from.nullable != to.nullable {
        let values = (nullable_words(from.nullable), nullable_words(to.nullable));
        clauses.fields.push(field("nullable", values.0, values.1));
    }
    clauses.default(from);
    clauses.flags(from);
    clauses.check(from);
    clauses.storage(from);
    Compared { fields: clauses.fields, kept: clauses.kept }
}

fn compare_type(from: &Column, to: &Column, fields: &mut Vec<FieldChange>) {
    let (old, new) = (type_words(from), type_words(to));
    if old != new {
        fields.push(field("type", old, new));
    }
    let (old, new) = (srid_words(&from.ty), srid_words(&to.ty));
    let geometry = |ty: &ColumnType| matches!(ty, ColumnType::Geometry { .. });
    if old != new && geometry(&from.ty) && geometry(&to.ty) {
        fields.push(field("srid", old, new));
    }
    if !from.ty.has_charset() || !to.ty.has_charset() {
        return;
    }
    // What neither side tells of a table's default is the same; where only one does, it may not be.
    for (name, old, new) in
        [("charset", &from.charset, &to.charset), ("collation", &from.collation, &to.collation)]
    {
        if old != new {
            let words = |value: &Option<String>| value.as_deref().unwrap_or(OF_TABLE).to_owned();
            fields.push(field(name, words(old), words(new)));
        }
    }
}

/// What a column that names no character set has, where that isn't known.
const OF_TABLE: &str = "the table's default";

/// The clauses after the type.
struct Clauses<'a> {
    element: Element,
    to: &'a Column,
    kept: Option<Column>,
    fields: Vec<FieldChange>,
    uncertain: &'a mut Vec<Uncertain>,
}

impl Clauses<'_> {
    /// The new column, to take a clause of the old one.
    fn keep(&mut self) -> &mut Column {
        self.kept.get_or_insert_with(|| self.to.clone())
    }

    /// Compares two expressions; one that can't be compared is noted.
    fn same(&mut self, name: &'static str, from: &Expression, to: &Expression) -> Sameness {
        let comparison = compare(from, to);
        if comparison == Sameness::Unknown {
            self.uncertain.push(Uncertain {
                element: self.element.clone(),
                field: name.to_owned(),
                from: from.text.clone(),
                to: to.text.clone(),
            });
        }
        comparison
    }

    fn generated(&mut self, from: &Column) {
        let (old, new) = (from.generated.as_ref(), self.to.generated.as_ref());
        let differs = match (old, new) {
            (None, None) => false,
            (Some(old), Some(new)) => {
                match self.same("generated", &old.expression, &new.expression) {
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
        if differs {
            self.fields.push(field("generated", generated_words(old), generated_words(new)));
        }
    }

    fn default(&mut self, from: &Column) {
        let differs = match (from.default.as_ref(), self.to.default.as_ref()) {
            (None | Some(DefaultValue::Null), None | Some(DefaultValue::Null)) => false,
            (Some(DefaultValue::Expression(old)), Some(DefaultValue::Expression(new))) => {
                match self.same("default", old, new) {
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
        if differs {
            self.fields.push(field("default", default_words(from), default_words(self.to)));
        }
    }

    fn flags(&mut self, from: &Column) {
        let to = self.to;
        let mut flag = |name, old: bool, new: bool, words: [&str; 2]| {
            if old != new {
                let word = |set: bool| words[usize::from(!set)];
                self.fields.push(field(name, word(old), word(new)));
            }
        };
        flag(
            "on_update",
            from.on_update_now,
            to.on_update_now,
            ["on update current_timestamp", "no on update"],
        );
        flag(
            "auto_increment",
            from.auto_increment,
            to.auto_increment,
            ["auto_increment", "no auto_increment"],
        );
        flag("invisible", from.invisible, to.invisible, ["invisible", "visible"]);
        if from.comment != to.comment {
            let (old, new) = (comment_words(&from.comment), comment_words(&to.comment));
            self.fields.push(field("comment", old, new));
        }
    }

    fn storage(&mut self, from: &Column) {
        let to = self.to;
        if from.versioning != to.versioning {
            let words = [from, to].map(|column| versioning_words(column.versioning));
            self.fields.push(field("system_versioning", words[0], words[1]));
        }
        if from.storage == to.storage {
            return;
        }
        let [old, new] = [from, to].map(|column| column.storage.as_deref().cloned());
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let yes = |is: bool| if is { "yes" } else { "no" };
        for (name, old, new) in [
            ("compressed", yes(old.compressed), yes(new.compressed)),
            ("column_format", format_words(&old), format_words(&new)),
            ("storage", medium_words(&old), medium_words(&new)),
            ("secondary", yes(!old.not_secondary), yes(!new.not_secondary)),
        ] {
            if old != new {
                self.fields.push(field(name, old, new));
            }
        }
        self.fields.extend(attribute_fields(&old.attributes, &new.attributes));
    }

    fn check(&mut self, from: &Column) {
        let (old, new) = (from.check.as_ref(), self.to.check.as_ref());
        let differs = match (old, new) {
            (None, None) => false,
            (Some(old), Some(new)) => match self.same("check", old, new) {
                Sameness::Same => false,
                Sameness::Different => true,
                Sameness::Unknown => {
                    self.keep().check.clone_from(&from.check);
                    false
                }
            },
            _ => true,
        };
        if differs {
            let words = |check: Option<&Expression>| {
                check.map_or_else(|| "no check".to_owned(), |check| format!("({})", check.text))
            };
            self.fields.push(field("check", words(old), words(new)));
        }
    }
}
