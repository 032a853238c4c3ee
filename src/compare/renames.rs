//! Renames: those that are declared of what isn't there, and those that may have been forgotten.

use std::mem::discriminant;

use super::Comparison;
use crate::diagnostic::{Diagnostic, Label, Severity, near_name};
use crate::diff::{Change, Renames, TableChange};
use crate::model::{Column, Element, Table, same_name};
use crate::source::Loaded;

impl Comparison {
    /// `renamed_from` with a name that the old side hasn't, where it hasn't the new one either: a
    /// slip of the hand, for which what was meant would be dropped.
    pub(super) fn unknown_renames(&self) -> Vec<Diagnostic> {
        let (old, new) = (&self.old, &self.new);
        // What is made from nothing takes no name over.
        if old.tables.is_empty() {
            return Vec::new();
        }
        let renames = Renames::between(old, new);
        let mut found = Vec::new();
        for table in new.tables.values() {
            if let Some(former) = &table.renamed_from
                && !old.tables.contains_key(&table.name)
                && !old.tables.contains_key(former)
            {
                let gone = old.tables.keys().filter(|name| !new.tables.contains_key(*name));
                let near = near_name(former, gone.map(String::as_str));
                found.push(self.unknown(&Element::table(&table.name), former, "table", near));
            }
            let before = renames.old_table(&table.name).and_then(|name| old.tables.get(name));
            if let Some(before) = before.filter(|before| before.not_modelled.is_empty()) {
                self.unknown_within(before, table, &mut found);
            }
        }
        found
    }

    fn unknown_within(&self, before: &Table, table: &Table, found: &mut Vec<Diagnostic>) {
        for column in &table.columns {
            if let Some(former) = &column.renamed_from
                && before.column(former).is_none()
                && before.column(&column.name).is_none()
            {
                let gone = before.columns.iter().filter(|it| table.column(&it.name).is_none());
                let near = near_name(former, gone.map(|it| it.name.as_str()));
                let element = Element::column(&table.name, &column.name);
                found.push(self.unknown(&element, former, "column", near));
            }
        }
        for index in &table.indexes {
            if let Some(former) = &index.renamed_from
                && before.index(former).is_none()
                && before.index(&index.name).is_none()
            {
                let gone = before.indexes.iter().filter(|it| table.index(&it.name).is_none());
                let near = near_name(former, gone.map(|it| it.name.as_str()));
                let element = Element::index(&table.name, &index.name);
                found.push(self.unknown(&element, former, "index", near));
            }
        }
    }

    fn unknown(
        &self,
        element: &Element,
        former: &str,
        noun: &str,
        near: Option<&str>,
    ) -> Diagnostic {
        let (to, label) = (&self.to, &self.from.label);
        let title = format!(
            "{element} can't be renamed: {label} has no {noun} `{former}`, nor one of the new name"
        );
        let place = to.places.word(element, &to.files, former, 0);
        let error = match place.or_else(|| to.places.nearest(element)) {
            Some(span) => {
                let did_you_mean = near.map(|near| format!("did you mean `{near}`?"));
                Diagnostic::error(title, span, did_you_mean.unwrap_or_default())
            }
            None => Diagnostic::without_place(title),
        };
        error.with_help(format!("where the {noun} is new, take `renamed_from` out"))
    }

    /// What looks like a rename that nobody declared.
    pub(super) fn undeclared_renames(&self) -> Vec<Diagnostic> {
        if !self.to.is_declared {
            return Vec::new();
        }
        let mut notes = self.replaced_tables();
        for change in &self.difference.changes {
            if let Change::AlterTable { from, to, changes } = change {
                notes.extend(self.replaced_columns(from, to, changes));
            }
        }
        for table in self.new.tables.values() {
            if let Some(before) = self.old.tables.get(&table.name) {
                notes.extend(self.spelled_otherwise(before, table));
            }
        }
        notes
    }

    fn replaced_tables(&self) -> Vec<Diagnostic> {
        let changes = &self.difference.changes;
        let mut gone: Vec<&Table> = changes
            .iter()
            .filter_map(|change| match change {
                Change::DropTable(table) => Some(table),
                _ => None,
            })
            .collect();
        let mut notes = Vec::new();
        for change in changes {
            let Change::CreateTable(table) = change else { continue };
            let alike =
                |old: &&Table| table.renamed_from.is_none() && have_same_columns(old, table);
            let Some(place) = gone.iter().position(alike) else { continue };
            let old = gone.remove(place).name.clone();
            let title =
                format!("table {old} goes, and table {} comes with the same columns", table.name);
            let label = format!("renamed? say `renamed_from: {old}`, or its rows go");
            notes.push(note(&self.to, &Element::table(&table.name), title, label));
        }
        notes
    }

    fn replaced_columns(
        &self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
    ) -> Vec<Diagnostic> {
        let place = |table: &Table, name: &str| {
            table.columns.iter().position(|it| same_name(&it.name, name)).unwrap_or(0)
        };
        let new: Vec<(usize, &Column)> = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::AddColumn(new) => Some((place(to, &new.name), new)),
                _ => None,
            })
            .collect();
        let old: Vec<(usize, &Column)> = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::DropColumn(old) => Some((place(from, &old.name), old)),
                _ => None,
            })
            .collect();
        // Of a table that is made otherwise as a whole, nothing tells which column became which.
        if new.len().saturating_mul(old.len()) > MOST_PAIRS {
            return Vec::new();
        }
        let mut pairs = Vec::new();
        for &(new_place, new) in &new {
            for &(old_place, old) in &old {
                if let Some(likeness) = likeness(old, new, (old_place, new_place)) {
                    let distance = old_place.abs_diff(new_place);
                    let order = (likeness, !have_common_word(&old.name, &new.name), distance);
                    pairs.push((order, old, new));
                }
            }
        }
        pairs.sort_by_key(|(order, ..)| *order);
        let mut used: Vec<&str> = Vec::new();
        let mut notes = Vec::new();
        for (_, old, new) in pairs {
            if used.contains(&old.name.as_str()) || used.contains(&new.name.as_str()) {
                continue;
            }
            used.extend([old.name.as_str(), new.name.as_str()]);
            let title = format!(
                "column {} of {} goes, and column {} comes with nearly the same definition",
                old.name, to.name, new.name
            );
            let label = format!("renamed? say `renamed_from: {}`, or these values go", old.name);
            notes.push(note(&self.to, &Element::column(&to.name, &new.name), title, label));
        }
        notes
    }

    /// Names that differ in case only, which a server holds for the same.
    fn spelled_otherwise(&self, before: &Table, table: &Table) -> Vec<Diagnostic> {
        let other = |old: &str, new: &str, former: Option<&String>| {
            old != new && former.is_none_or(|former| former != old)
        };
        let mut notes = Vec::new();
        let mut add = |element: Element, noun: &str, old: &str, new: &str| {
            let title = format!(
                "{noun} {old} of {} is written {new} here: the same name to the server, which keeps \
                 its spelling",
                table.name
            );
            let label = format!("`renamed_from: {old}` changes it");
            notes.push(note(&self.to, &element, title, label));
        };
        for column in &table.columns {
            if let Some(old) = before.column(&column.name)
                && other(&old.name, &column.name, column.renamed_from.as_ref())
            {
                let element = Element::column(&table.name, &column.name);
                add(element, "column", &old.name, &column.name);
            }
        }
        for index in &table.indexes {
            if let Some(old) = before.index(&index.name)
                && other(&old.name, &index.name, index.renamed_from.as_ref())
            {
                let element = Element::index(&table.name, &index.name);
                add(element, "index", &old.name, &index.name);
            }
        }
        notes
    }
}

/// So many pairs of columns that go and come in one table are looked at.
const MOST_PAIRS: usize = 900;

/// How little a new column differs from one that goes, the less the more alike; `None` where one
/// can't be the other. A generated column has no values that could be lost.
fn likeness(old: &Column, new: &Column, (from, to): (usize, usize)) -> Option<u8> {
    if new.renamed_from.is_some() || old.generated.is_some() || new.generated.is_some() {
        return None;
    }
    let renamed = Column { name: new.name.clone(), renamed_from: None, ..old.clone() };
    if renamed == *new {
        return Some(0);
    }
    if old.ty == new.ty {
        return Some(1);
    }
    let is_near = from == to || have_common_word(&old.name, &new.name);
    (discriminant(&old.ty) == discriminant(&new.ty) && is_near).then_some(2)
}

fn have_common_word(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let words = |name: &str| -> Vec<String> {
        name.split('_').filter(|word| word.len() > 2).map(str::to_owned).collect()
    };
    near_name(&a, [b.as_str()]).is_some()
        || words(&a).iter().any(|word| b.contains(word))
        || words(&b).iter().any(|word| a.contains(word))
}

fn have_same_columns(old: &Table, new: &Table) -> bool {
    old.columns.len() == new.columns.len()
        && new.columns.iter().all(|column| {
            old.column(&column.name)
                .is_some_and(|before| discriminant(&before.ty) == discriminant(&column.ty))
        })
}

fn note(to: &Loaded, element: &Element, title: String, label: String) -> Diagnostic {
    Diagnostic {
        severity: Severity::Note,
        code: None,
        title,
        primary: to.places.get(element).map(|span| Label { span, text: label.clone() }),
        secondary: Vec::new(),
        help: if to.places.get(element).is_none() { vec![label] } else { Vec::new() },
    }
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::source::yaml::read_text;

    fn table(name: &str, columns: &str) -> String {
        format!("  {name}: {{ columns: {{ id: int not null, {columns} }}, primary_key: [id] }}\n")
    }

    fn compared(before: &str, after: &str) -> Comparison {
        let [from, to] = [before, after]
            .map(|tables| read_text("schema.yaml", &format!("tables:\n{tables}")).unwrap());
        Comparison::new(from, to, None).unwrap()
    }

    fn refused(before: &str, after: &str) -> Vec<String> {
        let comparison = compared(before, after);
        let label = |it: &crate::diagnostic::Diagnostic| {
            it.primary.as_ref().map(|label| label.text.clone()).unwrap_or_default()
        };
        comparison.refused().iter().map(|it| format!("{}: {}", it.title, label(it))).collect()
    }

    fn notes(before: &str, after: &str) -> Vec<String> {
        let notes = compared(before, after).notes;
        notes.iter().map(|it| it.primary.as_ref().unwrap().text.clone()).collect()
    }

    #[test]
    fn a_table_that_is_made_otherwise_as_a_whole_is_no_rename() {
        let columns = |prefix: &str| -> String {
            (0..200).map(|number| format!("{prefix}_{number}: int, ")).collect()
        };
        let (before, after) = (table("t", &columns("old")), table("t", &columns("new")));
        assert!(notes(&before, &after).is_empty());
    }

    #[test]
    fn a_slip_in_renamed_from_is_an_error_with_the_near_name() {
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
    fn a_rename_that_is_done_or_to_be_done_is_none() {
        let declared = table("users", "nick: { type: varchar(50), renamed_from: nickname }");
        for before in ["nickname: varchar(50)", "nick: varchar(50)"] {
            assert!(refused(&table("users", before), &declared).is_empty());
            assert!(notes(&table("users", before), &declared).is_empty());
        }
        let other = table("other", "a: int");
        assert!(refused(&other, &format!("{other}{declared}")).is_empty(), "a new table");
        let [nothing, people] =
            ["tables: {}\n", "tables: { people: { renamed_from: users, columns: { id: int } } }\n"]
                .map(|text| read_text("schema.yaml", text).unwrap());
        assert!(Comparison::new(nothing, people, None).unwrap().refused().is_empty());
    }

    #[test]
    fn what_goes_and_comes_alike_is_noted() {
        let column = |before: &str, after: &str| notes(&table("t", before), &table("t", after));
        let say = "renamed? say `renamed_from: nickname`, or these values go";
        assert_eq!(column("nickname: varchar(50)", "nick: varchar(50)"), [say]);
        assert_eq!(
            column("nickname: varchar(50)", "alias: varchar(50) not null default ''"),
            [say]
        );
        assert_eq!(column("nickname: varchar(50)", "nick: varchar(80)"), [say]);
        assert_eq!(column("nickname: varchar(50)", "born: date").len(), 0);
        assert_eq!(column("nickname: varchar(50)", "a: int, b: varchar(20)").len(), 0);
        assert_eq!(
            column("first: int, last: int", "last_name: int, first_name: int"),
            [
                "renamed? say `renamed_from: last`, or these values go",
                "renamed? say `renamed_from: first`, or these values go"
            ]
        );
        let tables = notes(&table("users", "a: int"), &table("people", "a: bigint"));
        assert_eq!(tables, ["renamed? say `renamed_from: users`, or its rows go"]);
    }

    #[test]
    fn another_case_is_noted() {
        let before = table("t", "userName: int");
        let noted = compared(&before, &table("t", "username: int"));
        assert!(noted.is_in_sync());
        assert_eq!(
            noted.notes[0].primary.as_ref().unwrap().text,
            "`renamed_from: userName` changes it"
        );
    }
}
