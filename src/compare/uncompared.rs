//! What `compare` in schema.yaml leaves out: the new side takes it from the old one, so that no
//! change is found and no statement changes it.

use std::collections::HashMap;

use crate::diagnostic::ElementPlaces;
use crate::diff::{Change, TableChange, diff};
use crate::model::{
    CheckAspect, Column, Element, ForeignKeyAspect, IndexAspect, Object, Partition, PartitionList,
    Partitioning, Schema, Table,
};
use crate::renames::{
    Renames, check_number, column_renames, foreign_key_number, has_servers_name, key,
};
use crate::server::Server;
use crate::source::Compared;

/// Takes over from the old schema what isn't compared. What only the new schema has stays. `places`
/// also gets the names that are taken over.
pub(super) fn take_over(
    compared: Compared,
    old: &Schema,
    (new, places): (&mut Schema, &mut ElementPlaces),
    server: &Server,
) {
    if compared == Compared::default() {
        return;
    }
    let renames = Renames::between(old, new);
    for table in new.tables.values_mut() {
        let before = renames.old_table(&table.name).and_then(|name| old.tables.get(name));
        let Some(before) = before else { continue };
        let old_names = old_names(before, table);
        if !compared.comments {
            take_comments(before, table, &old_names);
        }
        if !compared.column_order {
            take_order(before, table, &old_names);
        }
    }
    if !compared.comments {
        for (name, object) in &mut new.objects {
            if let Some(before) = old.objects.get(name) {
                take_comment(before, object);
            }
        }
    }
    if !compared.server_names {
        take_names(old, new, places, server);
    }
}

/// Takes over the names of indexes, foreign keys and CHECKs that differ in nothing else, if the
/// server made one of the two names. Which ones belong together is what the difference says.
fn take_names(old: &Schema, new: &mut Schema, places: &mut ElementPlaces, server: &Server) {
    for change in diff(old, new, server).changes {
        let Change::AlterTable { from, to, changes } = change else { continue };
        let Some(table) = new.tables.get_mut(&to.name) else { continue };
        for change in &changes {
            let Some((here, there)) = take_name(change, &from.name, table) else { continue };
            if let Some(place) = places.get(&here) {
                places.set(there, place);
            }
        }
    }
}

/// Takes over the name of one element. Returns the element under its own name and under that of the
/// old schema, if these differ by a name of the server's making.
fn take_name(
    change: &TableChange,
    old_table: &str,
    table: &mut Table,
) -> Option<(Element, Element)> {
    let is_of_key = |name: &str| foreign_key_number(name, old_table).is_some();
    let is_of_check = |name: &str| check_number(name, old_table).is_some();
    let name = table.name.clone();
    match change {
        TableChange::ChangeIndex { from, to, aspects }
            if *aspects == [IndexAspect::Name]
                && to.renamed_from.is_none()
                && (has_servers_name(from) || has_servers_name(to)) =>
        {
            let index = table.indexes.iter_mut().find(|it| it.name == to.name)?;
            index.name.clone_from(&from.name);
            Some((Element::index(&name, &to.name), Element::index(&name, &from.name)))
        }
        TableChange::ChangeForeignKey { from, to, aspects }
            if *aspects == [ForeignKeyAspect::Name]
                && (is_of_key(&from.name) || is_of_key(&to.name)) =>
        {
            let key = table.foreign_keys.iter_mut().find(|it| it.name == to.name)?;
            key.name.clone_from(&from.name);
            Some((Element::foreign_key(&name, &to.name), Element::foreign_key(&name, &from.name)))
        }
        TableChange::ChangeCheck { from, to, aspects }
            if *aspects == [CheckAspect::Name]
                && (is_of_check(&from.name) || is_of_check(&to.name)) =>
        {
            let check = table.checks.iter_mut().find(|it| it.name == to.name)?;
            check.name.clone_from(&from.name);
            Some((Element::check(&name, &to.name), Element::check(&name, &from.name)))
        }
        _ => None,
    }
}

/// The old name of each column that is renamed, by its new name; both as keys.
fn old_names(before: &Table, table: &Table) -> HashMap<String, String> {
    column_renames(before, table).into_iter().map(|(old, new)| (key(&new), key(&old))).collect()
}

fn take_comments(before: &Table, table: &mut Table, old_names: &HashMap<String, String>) {
    table.options.comment.clone_from(&before.options.comment);
    for column in &mut table.columns {
        let name = key(&column.name);
        let name = old_names.get(&name).unwrap_or(&name);
        if let Some(old) = before.columns.iter().find(|old| key(&old.name) == *name) {
            column.comment.clone_from(&old.comment);
        }
    }
    for index in table.indexes.iter_mut().chain(&mut table.primary_key) {
        let name = index.renamed_from.as_deref().unwrap_or(&index.name);
        let found = before.all_indexes().find(|old| old.name == name);
        if let Some(old) = found.or_else(|| before.all_indexes().find(|it| it.name == index.name)) {
            index.comment.clone_from(&old.comment);
        }
    }
    if let (Some(Partitioning::By(old)), Some(Partitioning::By(new))) =
        (&before.partitioning, &mut table.partitioning)
    {
        let before = old.listed();
        let listed = new.listed();
        let mut partitions = listed.clone();
        for partition in &mut partitions {
            if let Some(old) = before.iter().find(|old| old.name == partition.name) {
                take_comments_of_partition(old, partition);
            }
        }
        // Partitions that are counted have no comments, so they are listed if the old ones have some.
        if partitions != listed {
            new.partitions = PartitionList::Listed(partitions);
        }
    }
}

fn take_comments_of_partition(before: &Partition, partition: &mut Partition) {
    partition.options.comment.clone_from(&before.options.comment);
    for subpartition in &mut partition.subpartitions {
        let mut all = before.subpartitions.iter();
        if let Some(old) = all.find(|old| old.name == subpartition.name) {
            subpartition.options.comment.clone_from(&old.options.comment);
        }
    }
}

fn take_comment(before: &Object, object: &mut Object) {
    match (before, object) {
        (Object::Routine(old), Object::Routine(new)) => new.comment.clone_from(&old.comment),
        (Object::Event(old), Object::Event(new)) => new.comment.clone_from(&old.comment),
        (Object::Sequence(old), Object::Sequence(new)) => new.comment.clone_from(&old.comment),
        _ => {}
    }
}

/// Puts the columns that both tables have into the order of the old one. A new column stays after
/// the column that it comes after.
fn take_order(before: &Table, table: &mut Table, old_names: &HashMap<String, String>) {
    let places: HashMap<String, usize> =
        before.columns.iter().enumerate().map(|(place, it)| (key(&it.name), place)).collect();
    let place_of = |column: &Column| {
        let name = key(&column.name);
        places.get(old_names.get(&name).unwrap_or(&name)).copied()
    };
    // Each column that is there already, with the new ones that follow it.
    let mut first: Vec<Column> = Vec::new();
    let mut groups: Vec<(usize, Vec<Column>)> = Vec::new();
    for column in std::mem::take(&mut table.columns) {
        match (place_of(&column), groups.last_mut()) {
            (Some(place), _) => groups.push((place, vec![column])),
            (None, Some((_, group))) => group.push(column),
            (None, None) => first.push(column),
        }
    }
    groups.sort_by_key(|(place, _)| *place);
    first.extend(groups.into_iter().flat_map(|(_, group)| group));
    table.columns = first;
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::source::yaml::read_text;

    const OLD: &str = "tables:
  t:
    comment: old
    columns: { a: int, b: int comment 'old', c: int }
    indexes: { i: { columns: [a], comment: old } }
events:
  e: { every: 1 day, comment: old, body: select 1 }
";

    /// The statements that lead from one file to the other.
    fn statements(compare: &str, old: &str, new: &str) -> Vec<String> {
        let [from, to] = [old.to_owned(), format!("{compare}\n{new}")]
            .map(|text| read_text("schema.yaml", &text).unwrap());
        let there = Comparison::new(from.clone(), to.clone(), None).unwrap();
        let back = Comparison::new(to, from, None).unwrap();
        assert_eq!(there.difference.changes.is_empty(), back.difference.changes.is_empty());
        there.plan.statements().map(|sql| sql.text.clone()).collect()
    }

    #[test]
    fn comments_are_left_as_they_are() {
        let new = OLD.replace("old", "new");
        assert!(!statements("", OLD, &new).is_empty());
        assert_eq!(statements("compare: { comments: false }", OLD, &new), [""; 0]);
        let changed = new.replace("b: int ", "b: bigint ");
        let statements = statements("compare: { comments: false }", OLD, &changed);
        assert_eq!(statements.len(), 1);
        assert!(statements[0].contains("bigint") && statements[0].contains("COMMENT 'old'"));
        assert!(!statements[0].contains("new"), "{statements:?}");
    }

    #[test]
    fn names_that_the_server_made_are_left_as_they_are() {
        let old = "tables:
  t:
    columns: { a: int not null, b: int, c: int }
    primary_key: [a]
    indexes: { b: [b], b_2: [b, c], own: [c] }
    foreign_keys: { t_ibfk_1: { columns: [b], references: t(a) } }
    checks: { t_chk_1: c > 1 }
";
        let new = old
            .replace("b: [b], b_2: [b, c], own", "by_b: [b], by_c: [b, c], mine")
            .replace("t_ibfk_1", "fk_b")
            .replace("t_chk_1", "positive");
        let off = "compare: { server_names: false }";
        assert!(statements("", old, &new).concat().contains("by_b"));
        let left = statements(off, old, &new);
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].contains("RENAME INDEX `own` TO `mine`"), "{left:?}");
        assert!(!left[0].contains("by_b") && !left[0].contains("fk_b"), "{left:?}");
        let declared = new.replace("by_b: [b]", "by_b: { columns: [b], renamed_from: b }");
        assert!(statements(off, old, &declared).concat().contains("by_b"));
        // What differs in more than its name is changed, name and all.
        let unique = new.replace("by_b: [b]", "by_b: { columns: [b], unique: true }");
        assert!(statements(off, old, &unique).concat().contains("by_b"));
    }

    #[test]
    fn the_order_of_columns_is_left_as_it_is() {
        let new = OLD.replace(
            "a: int, b: int comment 'old', c: int",
            "c: int, d: int, a: int, b: int comment 'old'",
        );
        let off = "compare: { column_order: false }";
        assert!(statements("", OLD, &new).concat().contains("MODIFY"));
        let only_new = statements(off, OLD, &new);
        assert_eq!(only_new.len(), 1, "{only_new:?}");
        assert!(only_new[0].contains("ADD COLUMN `d` int") && !only_new[0].contains("MODIFY"));
        let moved = OLD.replace(
            "a: int, b: int comment 'old', c: int",
            "c: int, b: int comment 'old', a: int",
        );
        assert_eq!(statements(off, OLD, &moved), [""; 0]);
    }
}
