//! Declared renames of something that doesn't exist.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::Comparison;
use super::spelled::Parts;
use crate::diagnostic::{Diagnostic, MOST_ERRORS, near_name};
use crate::model::{Element, Schema, Table};
use crate::renames::Renames;

/// A declared rename from a name that the old side doesn't have.
struct Unknown<'a> {
    element: Element,
    former: &'a str,
    noun: &'static str,
    /// The dropped names among which the old name was searched.
    gone: Rc<[&'a str]>,
    is_ignored: bool,
}

impl Comparison {
    /// Errors for `renamed_from` with a name that the old side doesn't have, if it doesn't have the
    /// new name either: a typo, because of which the element that was meant would be dropped.
    pub(super) fn unknown_renames(&self) -> Vec<Diagnostic> {
        let (old, new) = (&self.old, &self.new);
        // In an empty database everything is new.
        if old.tables.is_empty() {
            return Vec::new();
        }
        let mut found = self.unknown_tables();
        let renames = Renames::between(old, new);
        for table in new.tables.values() {
            let before = renames.old_table(&table.name).and_then(|name| old.tables.get(name));
            if let Some(before) = before.filter(|before| before.unsupported.is_empty()) {
                for parts in Parts::of(before, table) {
                    unknown_within(table, &parts, &mut found);
                }
            }
        }
        found.sort_by_key(|unknown| self.to.places.nearest(&unknown.element));
        let drawn = |(number, unknown)| self.drawn_unknown(&unknown, number < MOST_ERRORS);
        found.into_iter().enumerate().map(drawn).collect()
    }

    /// New tables with a declared former name. If no dropped table could be meant, the table is new
    /// to this database, and its rename is already done.
    fn unknown_tables(&self) -> Vec<Unknown<'_>> {
        let (old, new) = (&self.old, &self.new);
        let is_new = |table: &&Table| !old.tables.contains_key(&table.name);
        let renamed = new.tables.values().filter(is_new).filter_map(|table| {
            let former = table.renamed_from.as_deref()?;
            (!old.tables.contains_key(former)).then_some((table, former))
        });
        let renamed: Vec<(&Table, &str)> = renamed.collect();
        if renamed.is_empty() {
            return Vec::new();
        }
        let gone = Gone::between(old, new);
        let unknown = renamed.into_iter().filter_map(|(table, former)| {
            let is_ignored =
                self.ignored.table(former) && self.from.schema.tables.contains_key(former);
            (is_ignored || gone.may_be(table, former)).then(|| Unknown {
                element: Element::table(&table.name),
                former,
                noun: "table",
                gone: Rc::clone(&gone.names),
                is_ignored,
            })
        });
        unknown.collect()
    }

    /// The error. If it is one of the first, which are shown, it also gets a similar name, at the
    /// word itself.
    fn drawn_unknown(&self, unknown: &Unknown<'_>, is_shown: bool) -> Diagnostic {
        let Unknown { element, former, noun, .. } = unknown;
        let (to, label) = (&self.to, &self.from.label);
        let title = if unknown.is_ignored {
            format!("{element} can't be renamed: the {noun} `{former}` of {label} is ignored")
        } else {
            format!(
                "{element} can't be renamed: {label} has no {noun} `{former}`, nor one of the new \
                 name"
            )
        };
        let gone = unknown.gone.iter().copied().filter(|_| is_shown && !unknown.is_ignored);
        let near = near_name(former, gone).map(|near| format!("did you mean `{near}`?"));
        let word = is_shown.then(|| to.places.word(element, &to.files, former, 0)).flatten();
        let error = match word.or_else(|| to.places.nearest(element)) {
            Some(span) => Diagnostic::error(title, span, near.unwrap_or_default()),
            None => Diagnostic::without_place(title),
        };
        error.with_help(if unknown.is_ignored {
            format!("take `{former}` from under `ignore`, or `renamed_from` out")
        } else {
            format!("where the {noun} is new, take `renamed_from` out")
        })
    }
}

fn unknown_within<'a>(table: &Table, parts: &Parts<'a>, found: &mut Vec<Unknown<'a>>) {
    if parts.new.iter().all(|(_, former)| former.is_none()) {
        return;
    }
    let old: HashSet<String> = parts.old.iter().map(|name| name.to_lowercase()).collect();
    let new: HashSet<String> = parts.new.iter().map(|(name, _)| name.to_lowercase()).collect();
    let gone = parts.old.iter().copied().filter(|name| !new.contains(&name.to_lowercase()));
    let gone: Rc<[&str]> = gone.collect();
    for (name, former) in &parts.new {
        if let Some(former) = former
            && !old.contains(&former.to_lowercase())
            && !old.contains(&name.to_lowercase())
        {
            found.push(Unknown {
                element: (parts.element)(&table.name, name),
                former,
                noun: parts.noun,
                gone: Rc::clone(&gone),
                is_ignored: false,
            });
        }
    }
}

/// The dropped tables.
struct Gone<'a> {
    names: Rc<[&'a str]>,
    /// The number of columns in each.
    widths: Vec<usize>,
    /// The tables that have a column, by its name in lower case.
    by_column: HashMap<String, Vec<usize>>,
}

impl<'a> Gone<'a> {
    fn between(old: &'a Schema, new: &Schema) -> Self {
        let goes = |table: &&Table| !new.tables.contains_key(&table.name);
        let tables: Vec<&Table> = old.tables.values().filter(goes).collect();
        let mut by_column: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, table) in tables.iter().enumerate() {
            for column in &table.columns {
                by_column.entry(column.name.to_lowercase()).or_default().push(place);
            }
        }
        Gone {
            names: tables.iter().map(|table| table.name.as_str()).collect(),
            widths: tables.iter().map(|table| table.columns.len()).collect(),
            by_column,
        }
    }

    /// Whether one of the dropped tables may be the one that was renamed: its name is similar, or
    /// both tables share half of the columns of the wider one.
    fn may_be(&self, table: &Table, former: &str) -> bool {
        let mut common = vec![0_usize; self.widths.len()];
        for column in &table.columns {
            for place in self.by_column.get(&column.name.to_lowercase()).into_iter().flatten() {
                common[*place] += 1;
                let width = self.widths[*place].max(table.columns.len());
                if common[*place] * 2 >= width {
                    return true;
                }
            }
        }
        near_name(former, self.names.iter().copied()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::renames::tests::{compared, table};
    use crate::source::yaml::read_text;

    fn refused(before: &str, after: &str) -> Vec<String> {
        let comparison = compared(before, after);
        let label = |it: &Diagnostic| {
            it.primary.as_ref().map(|label| label.text.clone()).unwrap_or_default()
        };
        comparison.refused().iter().map(|it| format!("{}: {}", it.title, label(it))).collect()
    }

    #[test]
    fn a_typo_in_renamed_from_is_an_error_with_the_near_name() {
        let before = table("users", "nickname: varchar(50)");
        let slip = table("users", "nick: { type: varchar(50), renamed_from: nickame }");
        assert_eq!(
            refused(&before, &slip),
            [
                "tables.users.columns.nick can't be renamed: schema.yaml has no column `nickame`, nor \
              one of the new name: did you mean `nickname`?"
            ]
        );
        let of_table = "  people: { renamed_from: uzers, columns: { id: int not null } }\n";
        let errors = refused(&before, of_table);
        assert!(errors.len() == 1 && errors[0].ends_with("did you mean `users`?"), "{errors:?}");
        let index = |name: &str, rest: &str| {
            format!(
                "  t: {{ columns: {{ a: int }}, indexes: {{ {name}: {{ columns: [a]{rest} }} }} }}\n"
            )
        };
        let errors = refused(&index("by_a", ""), &index("ix", ", renamed_from: by_b"));
        assert!(errors.len() == 1 && errors[0].ends_with("did you mean `by_a`?"), "{errors:?}");
    }

    #[test]
    fn a_rename_that_is_done_or_planned_is_no_error() {
        let declared = table("users", "nick: { type: varchar(50), renamed_from: nickname }");
        for before in ["nickname: varchar(50)", "nick: varchar(50)"] {
            assert!(refused(&table("users", before), &declared).is_empty());
            assert!(compared(&table("users", before), &declared).notes.is_empty());
        }
        let other = table("other", "a: int");
        assert!(refused(&other, &format!("{other}{declared}")).is_empty(), "a new table");
        let [nothing, people] =
            ["tables: {}\n", "tables: { people: { renamed_from: users, columns: { id: int } } }\n"]
                .map(|text| read_text("schema.yaml", text).unwrap());
        assert!(Comparison::new(nothing, people, None).unwrap().refused().is_empty());
    }

    #[test]
    fn a_rename_of_a_table_that_never_existed_creates_the_table() {
        let history = "  flyway_schema_history: { columns: { installed_rank: int, id: int, script: text } }\n";
        let people = "  people: { renamed_from: users, columns: { id: int, nick: { type: text, renamed_from: name } } }\n";
        assert!(refused(history, people).is_empty());
        assert!(refused(history, &format!("{history}{people}")).is_empty());
        let clients = "  clients: { columns: { id: int, name: text } }\n";
        let errors = refused(clients, people);
        assert!(errors.len() == 1 && errors[0].contains("has no table `users`"), "{errors:?}");
    }

    #[test]
    fn a_rename_of_something_ignored_says_so() {
        let text = "ignore: { tables: [old_*] }
tables: { people: { renamed_from: old_users, columns: { id: int } } }\n";
        let [from, to] = [
            "tables: { old_users: { columns: { id: int } }, t: { columns: { id: int } } }\n",
            text,
        ]
        .map(|text| read_text("schema.yaml", text).unwrap());
        let refused = Comparison::new(from, to, None).unwrap().refused();
        assert_eq!(
            refused[0].title,
            "tables.people can't be renamed: the table `old_users` of schema.yaml is ignored"
        );
        assert_eq!(
            refused[0].help,
            ["take `old_users` from under `ignore`, or `renamed_from` out"]
        );
    }

    #[test]
    fn many_wrong_renames_are_found_at_once() {
        let tables = |renamed: bool| -> String {
            let table = |number: usize| {
                let from = format!("renamed_from: t{number}, ");
                let (name, from) = if renamed { ("u", from.as_str()) } else { ("s", "") };
                format!("  {name}{number}: {{ {from}columns: {{ id: int, a{number}: int }} }}\n")
            };
            (0..2_000).map(table).collect()
        };
        let started = std::time::Instant::now();
        assert_eq!(refused(&tables(false), &tables(true)).len(), MOST_ERRORS + 1);
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }
}
