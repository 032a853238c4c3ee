//! What `inspect` shows: all lists, one of them, or one element by its name.

use anyhow::{Result, anyhow, bail};

use crate::diagnostic::near_name;
use crate::model::{Object, ObjectKind, ObjectName, Schema};
use crate::report::{Inventory, one_line};
use crate::source::Loaded;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// One list, or all lists that aren't empty.
    Lists(Option<List>),
    /// One element.
    Named(WantedName),
}

/// A list of a source's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Tables,
    Indexes,
    ForeignKeys,
    Views,
    Triggers,
    Routines,
    Events,
    Sequences,
}

impl List {
    /// In the order in which they are shown.
    pub(super) const ALL: [List; 8] = [
        List::Tables,
        List::Indexes,
        List::ForeignKeys,
        List::Views,
        List::Triggers,
        List::Routines,
        List::Events,
        List::Sequences,
    ];

    fn word(self) -> &'static str {
        match self {
            List::Tables => "tables",
            List::Indexes => "indexes",
            List::ForeignKeys => "foreign-keys",
            List::Views => "views",
            List::Triggers => "triggers",
            List::Routines => "routines",
            List::Events => "events",
            List::Sequences => "sequences",
        }
    }

    /// The kinds of objects in the list; empty for lists of tables and their elements.
    pub(super) fn kinds(self) -> &'static [ObjectKind] {
        match self {
            List::Tables | List::Indexes | List::ForeignKeys => &[],
            List::Views => &[ObjectKind::View],
            List::Triggers => &[ObjectKind::Trigger],
            List::Routines => &[ObjectKind::Procedure, ObjectKind::Function],
            List::Events => &[ObjectKind::Event],
            List::Sequences => &[ObjectKind::Sequence],
        }
    }
}

/// A table or an object, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WantedName {
    /// `None` for any kind.
    pub(super) kind: Option<WantedKind>,
    pub(super) name: String,
}

/// The elements with the requested name.
#[derive(Debug, Clone)]
pub(super) struct FoundElements {
    pub(super) table: Option<String>,
    objects: Vec<ObjectName>,
}

impl FoundElements {
    /// The found part of a schema.
    pub(super) fn of(&self, schema: &Schema) -> Schema {
        let mut part = schema.clone();
        part.tables.retain(|name, _| Some(name) == self.table.as_ref());
        part.objects.retain(|name, _| self.objects.contains(name));
        part.unsupported.clear();
        part
    }

    /// The rows about the found elements.
    pub(super) fn rows(&self, mut inventory: Inventory) -> Inventory {
        let is_table = |name: &String| Some(name) == self.table.as_ref();
        inventory.tables.retain(|row| is_table(&row.name));
        inventory.indexes.retain(|row| is_table(&row.table));
        inventory.foreign_keys.retain(|row| is_table(&row.table));
        inventory.objects.retain(|row| {
            self.objects.iter().any(|it| it.kind.noun() == row.kind && it.name == row.name)
        });
        inventory
    }
}

/// The kind of element that a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WantedKind {
    Table,
    Object(ObjectKind),
}

impl WantedKind {
    fn noun(self) -> &'static str {
        match self {
            WantedKind::Table => "table",
            WantedKind::Object(kind) => kind.noun(),
        }
    }

    fn from_noun(noun: &str) -> Option<WantedKind> {
        let objects = ObjectKind::MODELLED.into_iter().map(WantedKind::Object);
        std::iter::once(WantedKind::Table).chain(objects).find(|kind| kind.noun() == noun)
    }
}

impl Wanted {
    /// Whether it can't be a source, whichever files exist.
    pub(super) fn is_certain(&self) -> bool {
        matches!(self, Wanted::Lists(_) | Wanted::Named(WantedName { kind: Some(_), .. }))
    }

    /// The list that the name is probably a misspelling of.
    pub(super) fn near_list(&self) -> Option<&'static str> {
        match self {
            Wanted::Named(WantedName { kind: None, name }) => {
                near_name(name, List::ALL.into_iter().map(List::word))
            }
            _ => None,
        }
    }

    /// What a word asks for. `None` if it has characters that only a source can have.
    pub(super) fn parse(word: &str) -> Result<Option<Wanted>> {
        if let Some(list) = List::ALL.into_iter().find(|list| list.word() == word) {
            return Ok(Some(Wanted::Lists(Some(list))));
        }
        if let Some((noun, name)) = word.split_once(':')
            && let Some(kind) = WantedKind::from_noun(noun)
        {
            if name.is_empty() {
                bail!("`{noun}:` needs a name after it");
            }
            return Ok(Some(Wanted::Named(WantedName { kind: Some(kind), name: name.to_owned() })));
        }
        let bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
        if word == "-" || word.is_empty() || !word.chars().all(bare) {
            return Ok(None);
        }
        Ok(Some(Wanted::Named(WantedName { kind: None, name: word.to_owned() })))
    }
}

impl WantedName {
    /// The elements with this name. For a table, its triggers are included. It is an error if there
    /// are no such elements.
    pub(super) fn find(&self, loaded: &Loaded) -> Result<FoundElements> {
        let tables: Vec<String> = loaded.schema.tables.values().map(|it| it.name.clone()).collect();
        let objects: Vec<ObjectName> = loaded.schema.objects.keys().cloned().collect();
        let mut table = None;
        let mut of_name: Vec<ObjectName> = Vec::new();
        // First exactly as written, then case-insensitively.
        for same in [exactly, without_case] {
            table = tables.iter().find(|name| self.is_of(WantedKind::Table, name, same)).cloned();
            let named = |it: &&ObjectName| self.is_of(WantedKind::Object(it.kind), &it.name, same);
            of_name = objects.iter().filter(named).cloned().collect();
            if table.is_some() || !of_name.is_empty() {
                break;
            }
        }
        if table.is_none() && of_name.is_empty() {
            return Err(self.missing(loaded, &tables, &objects));
        }
        let of_table = |object: &Object| match object {
            Object::Trigger(trigger) => Some(&trigger.table) == table.as_ref(),
            _ => false,
        };
        let all = loaded.schema.objects.iter();
        let found = all.filter(|(name, object)| of_name.contains(name) || of_table(object));
        let objects = found.map(|(name, _)| name.clone()).collect();
        Ok(FoundElements { table, objects })
    }

    fn is_of(&self, kind: WantedKind, name: &str, same: fn(&str, &str) -> bool) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind) && same(&self.name, name)
    }

    fn missing(&self, loaded: &Loaded, tables: &[String], objects: &[ObjectName]) -> anyhow::Error {
        let (name, label) = (one_line(&self.name), one_line(&loaded.label));
        let unread = loaded.schema.unsupported.iter().find(|it| {
            without_case(&it.name, &self.name)
                && self.kind.is_none_or(|kind| kind == WantedKind::Object(it.kind))
        });
        if let Some(object) = unread {
            return anyhow!("{} `{name}` is in {label} and is unsupported", object.kind.noun());
        }
        let mut names: Vec<&str> = tables.iter().map(String::as_str).collect();
        names.extend(objects.iter().map(|it| it.name.as_str()));
        if self.kind.is_none() {
            names.extend(List::ALL.map(List::word));
        }
        let near = near_name(&self.name, names)
            .map(|near| format!("; did you mean `{}`?", one_line(near)))
            .unwrap_or_default();
        match self.kind {
            Some(kind) => anyhow!("there is no {} `{name}` in {label}{near}", kind.noun()),
            None => anyhow!(
                "nothing in {label} is called `{name}`{near} (a source is a URL, or a path with a \
                 `.` or `/` in it)"
            ),
        }
    }
}

fn exactly(one: &str, other: &str) -> bool {
    one == other
}

fn without_case(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{List, Wanted, WantedKind, WantedName};
    use crate::model::ObjectKind;

    #[test]
    fn the_characters_of_a_word_say_whether_it_is_a_source() {
        for source in [
            "-",
            "dump.sql",
            "./reports",
            "generated/",
            "mysql://root@localhost/app",
            "a.yaml",
            "/dev/stdin",
            "..",
        ] {
            assert_eq!(Wanted::parse(source).unwrap(), None, "{source}");
        }
        assert_eq!(Wanted::parse("indexes").unwrap(), Some(Wanted::Lists(Some(List::Indexes))));
        let named = |kind: Option<WantedKind>, name: &str| {
            Some(Wanted::Named(WantedName { kind, name: name.to_owned() }))
        };
        assert_eq!(Wanted::parse("reports").unwrap(), named(None, "reports"));
        assert_eq!(Wanted::parse("größe$1-2").unwrap(), named(None, "größe$1-2"));
        assert_eq!(Wanted::parse("table:a.b/c").unwrap(), named(Some(WantedKind::Table), "a.b/c"));
        assert_eq!(
            Wanted::parse("table:tables").unwrap(),
            named(Some(WantedKind::Table), "tables")
        );
        let view = WantedKind::Object(ObjectKind::View);
        assert_eq!(Wanted::parse("view:v").unwrap(), named(Some(view), "v"));
        assert!(Wanted::parse("table:").is_err());
    }
}
