//! Renames that someone may have forgotten to declare: something is dropped and something similar
//! created.

use std::collections::{HashMap, HashSet, VecDeque};
use std::mem::{Discriminant, discriminant};

use super::Comparison;
use crate::diagnostic::{Diagnostic, near_name};
use crate::diff::{Change, TableChange};
use crate::model::{Column, ColumnType, Element, Table, same_name};

impl Comparison {
    /// Changes that look like undeclared renames.
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
        notes.extend(self.spelled_otherwise());
        notes
    }

    fn replaced_tables(&self) -> Vec<Diagnostic> {
        let changes = &self.difference.changes;
        let mut gone: HashMap<Likeness, VecDeque<&Table>> = HashMap::new();
        for change in changes {
            if let Change::DropTable(table) = change {
                gone.entry(columns_of(table)).or_default().push_back(table);
            }
        }
        let mut notes = Vec::new();
        for change in changes {
            let Change::CreateTable(table) = change else { continue };
            if table.renamed_from.is_some() {
                continue;
            }
            let alike = gone.get_mut(&columns_of(table)).and_then(VecDeque::pop_front);
            let Some(Table { name: old, .. }) = alike else { continue };
            let title = format!(
                "table {old} is dropped, and table {} with the same columns is created",
                table.name
            );
            let label = format!("renamed? say `renamed_from: {old}`, or its rows go");
            notes.push(self.note(&Element::table(&table.name), title, label));
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
        // If a table is changed as a whole, it is uncertain which column became which.
        if new.len().saturating_mul(old.len()) > MOST_PAIRS {
            let title = format!(
                "{} columns of {} go and {} come: whether some are renamed was not looked for",
                old.len(),
                to.name,
                new.len()
            );
            let label = "say `renamed_from` where a column is another's, or its values go";
            return vec![self.note(&Element::table(&to.name), title, label)];
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
        let mut used: HashSet<&str> = HashSet::new();
        let mut notes = Vec::new();
        for (_, old, new) in pairs {
            if used.contains(old.name.as_str()) || used.contains(new.name.as_str()) {
                continue;
            }
            used.extend([old.name.as_str(), new.name.as_str()]);
            let title = format!(
                "column {} of {} is dropped, and column {} with nearly the same definition is added",
                old.name, to.name, new.name
            );
            let label = format!("renamed? say `renamed_from: {}`, or these values go", old.name);
            notes.push(self.note(&Element::column(&to.name, &new.name), title, label));
        }
        notes
    }

    /// A note at an element's place in the file. Without a place, the label becomes help.
    pub(super) fn note(
        &self,
        element: &Element,
        title: String,
        label: impl Into<String>,
    ) -> Diagnostic {
        let place = self.to.places.get(element);
        let note = Diagnostic::note(title);
        match place {
            Some(_) => note.at(place, label),
            None => note.with_help(label),
        }
    }
}

/// The maximum number of pairs of dropped and added columns to look at in one table.
const MOST_PAIRS: usize = 900;

/// How much a new column differs from a dropped one; smaller is more alike. `None` if they can't be
/// the same column. A generated column has no values to lose.
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

/// The properties of its columns that a table must share with another one to count as the same.
type Likeness = Vec<(String, Discriminant<ColumnType>)>;

fn columns_of(table: &Table) -> Likeness {
    let columns = table.columns.iter();
    let mut all: Likeness =
        columns.map(|column| (column.name.to_lowercase(), discriminant(&column.ty))).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[cfg(test)]
pub(super) mod tests {
    use crate::compare::Comparison;
    use crate::source::yaml::read_text;

    pub(in crate::compare) fn table(name: &str, columns: &str) -> String {
        format!("  {name}: {{ columns: {{ id: int not null, {columns} }}, primary_key: [id] }}\n")
    }

    pub(in crate::compare) fn compared(before: &str, after: &str) -> Comparison {
        let [from, to] = [before, after]
            .map(|tables| read_text("schema.yaml", &format!("tables:\n{tables}")).unwrap());
        Comparison::new(from, to, None).unwrap()
    }

    fn notes(before: &str, after: &str) -> Vec<String> {
        let notes = compared(before, after).notes;
        notes.iter().map(|it| it.primary.as_ref().unwrap().text.clone()).collect()
    }

    #[test]
    fn a_table_that_changes_as_a_whole_has_no_renames() {
        let columns = |prefix: &str| -> String {
            (0..200).map(|number| format!("{prefix}_{number}: int, ")).collect()
        };
        let (before, after) = (table("t", &columns("old")), table("t", &columns("new")));
        assert_eq!(
            notes(&before, &after),
            ["say `renamed_from` where a column is another's, or its values go"]
        );
    }

    #[test]
    fn similar_drops_and_additions_are_noted() {
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
    fn a_change_of_case_is_noted() {
        let before = table("t", "userName: int");
        let noted = compared(&before, &table("t", "username: int"));
        assert!(noted.is_in_sync());
        assert_eq!(
            noted.notes[0].primary.as_ref().unwrap().text,
            "`renamed_from: userName` changes it"
        );
    }
}
