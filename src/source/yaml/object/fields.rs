//! The keys of an object's map.

use super::text::SqlText;
use super::{Entry, ReadingContext, Reported};
use crate::diagnostic::Span;
use crate::model::{Object, ObjectKind, Security};
use crate::source::yaml::keys::{EVENT, FUNCTION, PROCEDURE, SEQUENCE, Section, TRIGGER, VIEW};
use crate::source::yaml::node::Value;
use crate::source::yaml::reading::{KeyValue, Reading};

/// The section for a kind of object. `None` if the file can't have such objects.
fn section(kind: ObjectKind) -> Option<&'static Section> {
    match kind {
        ObjectKind::View => Some(&VIEW),
        ObjectKind::Trigger => Some(&TRIGGER),
        ObjectKind::Procedure => Some(&PROCEDURE),
        ObjectKind::Function => Some(&FUNCTION),
        ObjectKind::Event => Some(&EVENT),
        ObjectKind::Sequence => Some(&SEQUENCE),
        ObjectKind::Package | ObjectKind::Library => None,
    }
}

/// The values of `security`.
pub(in super::super) const SECURITY: &[(&str, Security)] =
    &[("definer", Security::Definer), ("invoker", Security::Invoker)];

/// Keys that are allowed together with a CREATE statement in a file, because no statement can say
/// this.
const AFTER_A_STATEMENT: &[&str] = &["file", "sql_mode", "time_zone"];

/// The fields of an object's map; all their keys are known for its kind.
#[derive(Default)]
pub(super) struct ObjectFields<'n> {
    fields: Vec<KeyValue<'n>>,
    pub(super) definer: Option<String>,
    pub(super) sql_mode: Option<String>,
    pub(super) time_zone: Option<String>,
}

impl<'n> ObjectFields<'n> {
    /// The fields of an entry's value. `None` if it isn't a map, which is reported.
    pub(super) fn read(
        reading: &mut Reading<'_, '_>,
        kind: ObjectKind,
        field: KeyValue<'n>,
    ) -> Option<Self> {
        let mut fields = ObjectFields::default();
        if matches!(field.value.value, Value::Null) {
            return Some(fields);
        }
        let section = section(kind)?;
        for field in reading.fields(field)? {
            let word = field.word();
            if !section.has(word) {
                reading.unknown_key(field, section);
                continue;
            }
            match word {
                "definer" => fields.definer = definer(reading, field),
                "sql_mode" => fields.sql_mode = sql_mode(reading, field),
                "time_zone" => fields.time_zone = reading.string(field).map(str::to_owned),
                _ => {}
            }
            fields.fields.push(field);
        }
        Some(fields)
    }

    pub(super) fn get(&self, key: &str) -> Option<KeyValue<'n>> {
        self.fields.iter().find(|field| field.word() == key).copied()
    }

    /// The query or the body, from its own key or from a file.
    pub(super) fn text(
        &self,
        reading: &mut Reading<'_, '_>,
        entry: &Entry<'_>,
        surroundings: &mut ReadingContext<'_>,
    ) -> Result<Option<SqlText<'n>>, Reported> {
        let own = if entry.kind == ObjectKind::View { "select" } else { "body" };
        match (self.get(own), self.get("file")) {
            (Some(text), Some(file)) => {
                let (first, second) = (reading.span(text.key), reading.span(file.key));
                let (first, second) = (first.min(second), first.max(second));
                let title =
                    format!("`{own}` and `file` are two texts for one {}", entry.kind.noun());
                reading.error(title, second, "the second").also(first, "the first");
                Err(Reported)
            }
            (Some(text), None) => SqlText::of_string(reading, text).map(Some).ok_or(Reported),
            (None, Some(file)) => {
                SqlText::of_file(reading, surroundings, file).map(Some).ok_or(Reported)
            }
            (None, None) => Ok(None),
        }
    }

    /// The object of a CREATE statement in a file, completed by the keys next to it. Keys that the
    /// statement decides already are reported.
    pub(super) fn complete(
        &self,
        reading: &mut Reading<'_, '_>,
        mut object: Object,
    ) -> Option<Object> {
        let mut good = true;
        for field in &self.fields {
            if AFTER_A_STATEMENT.contains(&field.word()) {
                continue;
            }
            let span = reading.span(field.key);
            let title = format!("`{}` is what the CREATE statement in the file says", field.word());
            reading.error(title, span, "").help.push("leave it out here".to_owned());
            good = false;
        }
        let sql_mode = match &mut object {
            Object::Trigger(trigger) => Some(&mut trigger.sql_mode),
            Object::Routine(routine) => Some(&mut routine.sql_mode),
            Object::Event(event) => {
                event.time_zone.clone_from(&self.time_zone);
                Some(&mut event.sql_mode)
            }
            Object::View(_) | Object::Sequence(_) => None,
        };
        if let Some(sql_mode) = sql_mode {
            sql_mode.clone_from(&self.sql_mode);
        }
        good.then_some(object)
    }

    // --- values that several kinds have

    pub(super) fn string(&self, reading: &mut Reading<'_, '_>, key: &str) -> Option<String> {
        self.get(key).and_then(|field| reading.string(field)).map(str::to_owned)
    }

    pub(super) fn boolean(&self, reading: &mut Reading<'_, '_>, key: &str) -> bool {
        self.get(key).and_then(|field| reading.boolean(field)).unwrap_or_default()
    }

    pub(super) fn choice<T: Copy>(
        &self,
        reading: &mut Reading<'_, '_>,
        key: &str,
        known: &[(&str, T)],
    ) -> Option<T> {
        self.get(key).and_then(|field| reading.choice(field, known))
    }

    pub(super) fn security(&self, reading: &mut Reading<'_, '_>) -> Security {
        self.choice(reading, "security", SECURITY).unwrap_or_default()
    }

    /// The place of a key.
    pub(super) fn span(&self, reading: &Reading<'_, '_>, key: &str) -> Option<Span> {
        self.get(key).map(|field| reading.value_span(field))
    }
}

/// `user@host`, or the name of a role.
fn definer(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<String> {
    let text = reading.string(field)?;
    let quoted = text.starts_with(['\'', '"', '`']) || text.ends_with(['\'', '"', '`']);
    if text.is_empty() || quoted {
        let span = reading.span(field.value);
        reading
            .error(format!("`{text}` isn't a user"), span, "")
            .help
            .push("write it without quotes of SQL: `app@%`".to_owned());
        return None;
    }
    Some(text.to_owned())
}

/// Modes separated by commas, in upper case. Empty for no modes.
fn sql_mode(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<String> {
    let text = reading.string(field)?;
    let modes: Vec<String> = text.split(',').map(|mode| mode.trim().to_ascii_uppercase()).collect();
    let good =
        |mode: &String| mode.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if let Some(bad) = modes.iter().find(|mode| !good(mode)) {
        let span = reading.span(field.value);
        reading
            .error(format!("`{bad}` isn't an sql_mode"), span, "")
            .help
            .push("modes are separated by commas".to_owned());
        return None;
    }
    Some(modes.join(","))
}
