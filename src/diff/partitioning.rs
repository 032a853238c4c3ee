//! Comparing how two tables are partitioned.

mod pairs;

use super::rename::Renames;
use super::words::{
    bounds_words, comment_words, count_words, field, hashing_words, method_words, names_words,
    or_none, partitioning_words,
};
use super::{FieldChange, TableChange, Uncertain};
use crate::model::{
    Element, Expression, HashBy, Hashing, Partition, PartitionBounds, PartitionList,
    PartitionMethod, PartitionOptions, PartitionScheme, Partitioning, Rotation, SystemTime, Table,
    same_name,
};
use crate::normalize::expression::{Sameness, compare, with_canonical};
use crate::normalize::{adopt_spelling, normalize_bounds};
use crate::syntax::references;
use pairs::pair;
pub(crate) use pairs::same_bounds;

/// What was found out about two tables' partitions.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) changes: Vec<TableChange>,
    /// How the new table is partitioned, where it isn't as it declares: it keeps the old one's
    /// partitions, or texts that can't be compared.
    pub(super) kept: Option<Option<Partitioning>>,
}

/// Compares how two tables are partitioned. The old one has its old columns' names yet.
pub(super) fn compare_partitioning(
    from: &Table,
    to: &Table,
    renames: &Renames,
    uncertain: &mut Vec<Uncertain>,
) -> Compared {
    let mut compared = Compared::default();
    let (old, new) = match (&from.partitioning, &to.partitioning) {
        (None, None) | (Some(Partitioning::Keep), Some(Partitioning::Keep)) => return compared,
        (kept, Some(Partitioning::Keep)) => {
            compared.kept = Some(kept_by(kept.as_ref(), &to.name, renames));
            return compared;
        }
        (kept @ Some(Partitioning::Keep), None) => {
            // What is there, if anything, only the database knows.
            uncertain.push(Uncertain {
                element: Element::table(&to.name),
                field: "partitioning".to_owned(),
                from: partitioning_words(kept.as_ref()),
                to: partitioning_words(None),
            });
            compared.kept = Some(kept.clone());
            return compared;
        }
        (Some(Partitioning::By(old)), Some(Partitioning::By(new))) => (old, new),
        (old, new) => {
            let words = |side: &Option<Partitioning>| partitioning_words(side.as_ref());
            let fields = vec![field("by", words(old), words(new))];
            compared.changes.push(whole(from, to, fields));
            return compared;
        }
    };
    let mut old = renamed(old, &to.name, renames);
    // What its bounds say to columns of other types.
    normalize_bounds(&mut old, &to.columns);
    adopt_spelling(&mut old, new, &to.columns);
    let mut comparing = Comparing { table: &to.name, uncertain, kept: None };
    let fields = comparing.methods(&old, new);
    if fields.is_empty() {
        compared.changes = comparing.lists(&old, new, from, to);
    } else {
        compared.changes.push(whole(from, to, fields));
    }
    compared.kept = comparing.kept.map(|scheme| Some(Partitioning::By(scheme)));
    compared
}

/// How a table is partitioned that keeps what it had.
pub(crate) fn kept_by(
    old: Option<&Partitioning>,
    table: &str,
    renames: &Renames,
) -> Option<Partitioning> {
    match old? {
        Partitioning::By(scheme) => Some(Partitioning::By(renamed(scheme, table, renames))),
        Partitioning::Keep => Some(Partitioning::Keep),
    }
}

fn whole(from: &Table, to: &Table, fields: Vec<FieldChange>) -> TableChange {
    let (from, to) = (from.partitioning.clone(), to.partitioning.clone());
    TableChange::ChangePartitioning { from, to, fields }
}

/// The scheme as it reads once the table's columns are renamed.
pub(crate) fn renamed(scheme: &PartitionScheme, table: &str, renames: &Renames) -> PartitionScheme {
    let mut scheme = scheme.clone();
    if renames.is_empty() {
        return scheme;
    }
    let new_name = |name: &str| {
        let new = renames.new_column(table, name);
        (new != name).then(|| new.to_owned())
    };
    let rename = |name: &mut String| {
        if let Some(new) = new_name(name) {
            *name = new;
        }
    };
    scheme.method.columns_mut().iter_mut().for_each(rename);
    if let Some(subpartitioning) = &mut scheme.subpartitioning {
        subpartitioning.hashing.columns_mut().iter_mut().for_each(rename);
    }
    for expression in scheme.expressions_mut() {
        let renamed = references::renamed(expression, new_name);
        if renamed.text != expression.text {
            *expression = with_canonical(&renamed);
        }
    }
    scheme
}

struct Comparing<'a> {
    table: &'a str,
    uncertain: &'a mut Vec<Uncertain>,
    /// The new scheme with the old one's texts where they can't be compared.
    kept: Option<PartitionScheme>,
}

impl Comparing<'_> {
    fn methods(&mut self, old: &PartitionScheme, new: &PartitionScheme) -> Vec<FieldChange> {
        let mut fields = Vec::new();
        if !self.same_method(&old.method, &new.method, new) {
            fields.push(field("by", method_words(&old.method), method_words(&new.method)));
        }
        let hashing = |scheme: &PartitionScheme| {
            hashing_words(scheme.subpartitioning.as_ref().map(|sub| &sub.hashing))
        };
        let same = match (&old.subpartitioning, &new.subpartitioning) {
            (None, None) => true,
            (Some(a), Some(b)) => self.same_hashing(&a.hashing, &b.hashing, "subpartition_by"),
            _ => false,
        };
        if !same {
            fields.push(field("subpartition_by", hashing(old), hashing(new)));
        }
        let (few, many) = (old.subpartition_count(), new.subpartition_count());
        if same && few != many {
            fields.push(field("subpartitions", few.to_string(), many.to_string()));
        }
        fields
    }

    fn same_method(
        &mut self,
        old: &PartitionMethod,
        new: &PartitionMethod,
        scheme: &PartitionScheme,
    ) -> bool {
        match (old, new) {
            (PartitionMethod::Range(a), PartitionMethod::Range(b))
            | (PartitionMethod::List(a), PartitionMethod::List(b)) => {
                let same = self.same_expression(a, b, "by");
                if same.is_none() {
                    let kept = self.kept.get_or_insert_with(|| scheme.clone());
                    kept.method = old.clone();
                }
                same != Some(false)
            }
            (PartitionMethod::RangeColumns(a), PartitionMethod::RangeColumns(b))
            | (PartitionMethod::ListColumns(a), PartitionMethod::ListColumns(b)) => {
                same_columns(a, b)
            }
            (PartitionMethod::Hash(a), PartitionMethod::Hash(b)) => self.same_hashing(a, b, "by"),
            (PartitionMethod::SystemTime(a), PartitionMethod::SystemTime(b)) => {
                let same = same_system_time(a, b);
                if same && a != b {
                    let kept = self.kept.get_or_insert_with(|| scheme.clone());
                    kept.method = old.clone();
                }
                same
            }
            _ => false,
        }
    }

    fn same_hashing(&mut self, old: &Hashing, new: &Hashing, clause: &str) -> bool {
        let same = match (&old.by, &new.by) {
            (HashBy::Expression(a), HashBy::Expression(b)) => {
                self.same_expression(a, b, clause) != Some(false)
            }
            (
                HashBy::Columns { algorithm, columns },
                HashBy::Columns { algorithm: other, columns: others },
            ) => algorithm == other && same_columns(columns, others),
            _ => false,
        };
        same && old.linear == new.linear
    }

    /// `None` where it can't be told.
    fn same_expression(
        &mut self,
        old: &Expression,
        new: &Expression,
        clause: &str,
    ) -> Option<bool> {
        match compare(old, new) {
            Sameness::Same => Some(true),
            Sameness::Different => Some(false),
            Sameness::Unknown => {
                self.uncertain.push(Uncertain {
                    element: Element::partitioning(self.table),
                    field: clause.to_owned(),
                    from: old.text.clone(),
                    to: new.text.clone(),
                });
                None
            }
        }
    }

    fn lists(
        &mut self,
        old: &PartitionScheme,
        new: &PartitionScheme,
        from: &Table,
        to: &Table,
    ) -> Vec<TableChange> {
        let mut changes = Vec::new();
        if old.partitions == new.partitions {
            return changes;
        }
        let (olds, news) = (old.listed(), new.listed());
        let pairs = match &new.method {
            // The server makes them when it needs them.
            PartitionMethod::SystemTime(SystemTime { auto: true, .. }) => return changes,
            PartitionMethod::Hash(_) => {
                if olds.len() != news.len() {
                    let words = |scheme: &PartitionScheme| count_words(scheme.len());
                    changes.push(whole(from, to, vec![field("count", words(old), words(new))]));
                }
                (0..news.len()).map(|place| Some(place).filter(|it| *it < olds.len())).collect()
            }
            // A partition of history is known by its name alone.
            PartitionMethod::SystemTime(_) => pair(&olds, &news, false),
            _ => pair(&olds, &news, true),
        };
        let mut kept: Vec<(usize, PartitionBounds)> = Vec::new();
        for (place, new_partition) in news.iter().enumerate() {
            match pairs[place].map(|old| &olds[old]) {
                Some(old_partition) => {
                    let fields = self.fields(old_partition, new_partition, new, &mut kept, place);
                    if !fields.is_empty() {
                        changes.push(TableChange::ChangePartition {
                            from: old_partition.clone(),
                            to: new_partition.clone(),
                            fields,
                        });
                    }
                }
                None if is_hashed(new) => {}
                None => changes.push(TableChange::AddPartition(new_partition.clone())),
            }
        }
        if !is_hashed(new) {
            let paired: Vec<usize> = pairs.iter().flatten().copied().collect();
            let dropped = olds.iter().enumerate().filter(|(place, _)| !paired.contains(place));
            changes.extend(dropped.map(|(_, it)| TableChange::DropPartition(it.clone())));
        }
        if !kept.is_empty() {
            let scheme = self.kept.get_or_insert_with(|| new.clone());
            let mut listed = scheme.listed();
            for (place, bounds) in kept {
                listed[place].bounds = bounds;
            }
            scheme.partitions = PartitionList::Listed(listed);
        }
        changes
    }

    fn fields(
        &mut self,
        old: &Partition,
        new: &Partition,
        scheme: &PartitionScheme,
        kept: &mut Vec<(usize, PartitionBounds)>,
        place: usize,
    ) -> Vec<FieldChange> {
        let mut fields = Vec::new();
        if !same_name(&old.name, &new.name) {
            fields.push(field("name", &old.name, &new.name));
        }
        match same_bounds(&old.bounds, &new.bounds) {
            Sameness::Same => {}
            Sameness::Different => {
                fields.push(field("values", bounds_words(&old.bounds), bounds_words(&new.bounds)));
            }
            Sameness::Unknown => {
                self.uncertain.push(Uncertain {
                    element: Element::partition(self.table, &new.name),
                    field: "values".to_owned(),
                    from: bounds_words(&old.bounds),
                    to: bounds_words(&new.bounds),
                });
                kept.push((place, old.bounds.clone()));
            }
        }
        fields.extend(option_fields(&old.options, &new.options));
        if scheme.subpartitioning.is_some() && old.subpartitions != new.subpartitions {
            let words = |partition: &Partition| {
                names_words(partition.subpartitions.iter().map(|it| it.name.as_str()))
            };
            if words(old) == words(new) {
                for (a, b) in old.subpartitions.iter().zip(&new.subpartitions) {
                    fields.extend(option_fields(&a.options, &b.options));
                }
            } else {
                fields.push(field("subpartitions", words(old), words(new)));
            }
        }
        fields
    }
}

fn is_hashed(scheme: &PartitionScheme) -> bool {
    matches!(scheme.method, PartitionMethod::Hash(_))
}

fn same_columns(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_name(a, b))
}

/// Where no beginning was declared, any will do: the server has taken the day it was made.
fn same_system_time(old: &SystemTime, new: &SystemTime) -> bool {
    let bare = |rotation: &Rotation| match rotation {
        Rotation::Interval { quantity, unit, .. } => {
            Rotation::Interval { quantity: quantity.clone(), unit: unit.clone(), starts: None }
        }
        other => other.clone(),
    };
    let declared = matches!(&new.rotation, Rotation::Interval { starts: Some(_), .. });
    let same = match declared {
        true => old.rotation == new.rotation,
        false => bare(&old.rotation) == bare(&new.rotation),
    };
    same && old.auto == new.auto
}

fn option_fields(old: &PartitionOptions, new: &PartitionOptions) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    if old.comment != new.comment {
        fields.push(field("comment", comment_words(&old.comment), comment_words(&new.comment)));
    }
    for (name, a, b) in [
        ("engine", &old.engine, &new.engine),
        ("data_directory", &old.data_directory, &new.data_directory),
        ("index_directory", &old.index_directory, &new.index_directory),
        ("tablespace", &old.tablespace, &new.tablespace),
    ] {
        if a != b {
            fields.push(field(name, or_none(a.as_deref()), or_none(b.as_deref())));
        }
    }
    for (name, a, b) in
        [("max_rows", old.max_rows, new.max_rows), ("min_rows", old.min_rows, new.min_rows)]
    {
        if a != b {
            let words = |rows: Option<u64>| rows.map_or("none".to_owned(), |it| it.to_string());
            fields.push(field(name, words(a), words(b)));
        }
    }
    fields
}
