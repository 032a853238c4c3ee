//! Comparing how two tables are partitioned.

mod pairs;

use super::{Doubt, ExpressionClause, TableChange, Uncertain};
use crate::model::{
    Element, Expression, HashBy, Hashing, Partition, PartitionAspect, PartitionBounds,
    PartitionList, PartitionMethod, PartitionOption, PartitionOptions, PartitionScheme,
    Partitioning, PartitioningAspect, Rotation, SystemTime, Table, same_name,
};
use crate::normalize::expression::{Sameness, compare};
use crate::normalize::{adopt_spelling, normalize_bounds, same_bounds};
use crate::renames::Renames;
use pairs::pair;

/// The result of comparing the partitions of two tables.
#[derive(Default)]
pub(super) struct ComparedPartitioning {
    pub(super) changes: Vec<TableChange>,
    /// How the new table is partitioned, if that isn't what it declares: it keeps the old
    /// partitions, or old texts of which it is uncertain whether they differ.
    pub(super) kept: Option<Option<Partitioning>>,
}

/// Compares how two tables are partitioned. The old one still has the old names of its columns.
pub(super) fn compare_partitioning(
    from: &Table,
    to: &Table,
    renames: &Renames,
    uncertain: &mut Vec<Uncertain>,
) -> ComparedPartitioning {
    let mut compared = ComparedPartitioning::default();
    let (old, new) = match (&from.partitioning, &to.partitioning) {
        (None, None) | (Some(Partitioning::Keep), Some(Partitioning::Keep)) => return compared,
        (kept, Some(Partitioning::Keep)) => {
            compared.kept = Some(renames.partitioning(kept.as_ref(), &to.name));
            return compared;
        }
        (kept @ Some(Partitioning::Keep), None) => {
            // Only the database knows what partitions there are, if any.
            uncertain.push(Uncertain {
                element: Element::table(&to.name),
                doubt: Doubt::KeptPartitions,
            });
            compared.kept = Some(kept.clone());
            return compared;
        }
        (Some(Partitioning::By(old)), Some(Partitioning::By(new))) => (old, new),
        (old, _) => {
            let aspects = vec![PartitioningAspect::Method];
            compared.changes.push(whole(old.clone(), to, aspects));
            return compared;
        }
    };
    let mut old = renames.scheme(old, &to.name);
    // The meaning of the old bounds for columns of the new types.
    normalize_bounds(&mut old, &to.columns);
    adopt_spelling(&mut old, new, &to.columns);
    let mut comparing = Comparing { table: &to.name, uncertain, kept: None };
    let aspects = comparing.methods(&old, new);
    if aspects.is_empty() {
        compared.changes = comparing.lists(&old, new, to);
    } else {
        compared.changes.push(whole(Some(Partitioning::By(old)), to, aspects));
    }
    compared.kept = comparing.kept.map(|scheme| Some(Partitioning::By(scheme)));
    compared
}

fn whole(from: Option<Partitioning>, to: &Table, aspects: Vec<PartitioningAspect>) -> TableChange {
    TableChange::ChangePartitioning { from, to: to.partitioning.clone(), aspects }
}

struct Comparing<'a> {
    table: &'a str,
    uncertain: &'a mut Vec<Uncertain>,
    /// The new scheme with the old texts of which it is uncertain whether they differ.
    kept: Option<PartitionScheme>,
}

impl Comparing<'_> {
    fn methods(&mut self, old: &PartitionScheme, new: &PartitionScheme) -> Vec<PartitioningAspect> {
        let mut aspects = Vec::new();
        if !self.same_method(&old.method, &new.method, new) {
            aspects.push(PartitioningAspect::Method);
        }
        let same = match (&old.subpartitioning, &new.subpartitioning) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                let clause = ExpressionClause::Subpartitioning;
                self.same_hashing(&a.hashing, &b.hashing, clause)
            }
            _ => false,
        };
        if !same {
            aspects.push(PartitioningAspect::Subpartitioning);
        } else if old.subpartition_count() != new.subpartition_count() {
            aspects.push(PartitioningAspect::SubpartitionCount);
        }
        aspects
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
                let same = self.same_expression(a, b, ExpressionClause::Partitioning);
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
            (PartitionMethod::Hash(a), PartitionMethod::Hash(b)) => {
                self.same_hashing(a, b, ExpressionClause::Partitioning)
            }
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

    fn same_hashing(&mut self, old: &Hashing, new: &Hashing, clause: ExpressionClause) -> bool {
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

    /// Whether two expressions are the same. `None` if it is uncertain.
    fn same_expression(
        &mut self,
        old: &Expression,
        new: &Expression,
        clause: ExpressionClause,
    ) -> Option<bool> {
        match compare(old, new) {
            Sameness::Same => Some(true),
            Sameness::Different => Some(false),
            Sameness::Unknown => {
                self.uncertain.push(Uncertain {
                    element: Element::partitioning(self.table),
                    doubt: Doubt::Expressions { clause, from: old.clone(), to: new.clone() },
                });
                None
            }
        }
    }

    fn lists(
        &mut self,
        old: &PartitionScheme,
        new: &PartitionScheme,
        to: &Table,
    ) -> Vec<TableChange> {
        let mut changes = Vec::new();
        if old.partitions == new.partitions {
            return changes;
        }
        let (olds, news) = (old.listed(), new.listed());
        let pairs = match &new.method {
            // The server creates these partitions when it needs them.
            PartitionMethod::SystemTime(SystemTime { auto: true, .. }) => return changes,
            PartitionMethod::Hash(_) => {
                if olds.len() != news.len() {
                    let from = Some(Partitioning::By(old.clone()));
                    changes.push(whole(from, to, vec![PartitioningAspect::Count]));
                }
                (0..news.len()).map(|place| Some(place).filter(|it| *it < olds.len())).collect()
            }
            // History partitions are matched only by name.
            PartitionMethod::SystemTime(_) => pair(&olds, &news, false),
            _ => pair(&olds, &news, true),
        };
        let mut kept: Vec<(usize, PartitionBounds)> = Vec::new();
        for (place, new_partition) in news.iter().enumerate() {
            match pairs[place].map(|old| &olds[old]) {
                Some(old_partition) => {
                    let aspects = self.aspects(old_partition, new_partition, new, &mut kept, place);
                    if !aspects.is_empty() {
                        changes.push(TableChange::ChangePartition {
                            from: old_partition.clone(),
                            to: new_partition.clone(),
                            aspects,
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

    fn aspects(
        &mut self,
        old: &Partition,
        new: &Partition,
        scheme: &PartitionScheme,
        kept: &mut Vec<(usize, PartitionBounds)>,
        place: usize,
    ) -> Vec<PartitionAspect> {
        let mut aspects = Vec::new();
        if !same_name(&old.name, &new.name) {
            aspects.push(PartitionAspect::Name);
        }
        match same_bounds(&old.bounds, &new.bounds) {
            Sameness::Same => {}
            Sameness::Different => aspects.push(PartitionAspect::Bounds),
            Sameness::Unknown => {
                let (from, to) = (old.bounds.clone(), new.bounds.clone());
                self.uncertain.push(Uncertain {
                    element: Element::partition(self.table, &new.name),
                    doubt: Doubt::Bounds { from, to },
                });
                kept.push((place, old.bounds.clone()));
            }
        }
        aspects.extend(differing(&old.options, &new.options).map(PartitionAspect::Option));
        if scheme.subpartitioning.is_some() && old.subpartitions != new.subpartitions {
            let names = |partition: &Partition| -> Vec<String> {
                partition.subpartitions.iter().map(|it| it.name.clone()).collect()
            };
            if names(old) == names(new) {
                let pairs = old.subpartitions.iter().zip(&new.subpartitions).enumerate();
                aspects.extend(pairs.flat_map(|(place, (a, b))| {
                    let options = differing(&a.options, &b.options);
                    options.map(move |it| PartitionAspect::SubpartitionOption(place, it))
                }));
            } else {
                aspects.push(PartitionAspect::Subpartitions);
            }
        }
        aspects
    }
}

fn is_hashed(scheme: &PartitionScheme) -> bool {
    matches!(scheme.method, PartitionMethod::Hash(_))
}

fn same_columns(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_name(a, b))
}

/// If the new side declares no STARTS, every start counts as the same, because the server has
/// filled in the day on which the table was created.
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

/// The options in which two partitions differ.
fn differing(
    old: &PartitionOptions,
    new: &PartitionOptions,
) -> impl Iterator<Item = PartitionOption> + use<> {
    let all = [
        (PartitionOption::Comment, old.comment != new.comment),
        (PartitionOption::Engine, old.engine != new.engine),
        (PartitionOption::DataDirectory, old.data_directory != new.data_directory),
        (PartitionOption::IndexDirectory, old.index_directory != new.index_directory),
        (PartitionOption::Tablespace, old.tablespace != new.tablespace),
        (PartitionOption::MaxRows, old.max_rows != new.max_rows),
        (PartitionOption::MinRows, old.min_rows != new.min_rows),
    ];
    all.into_iter().filter_map(|(option, differs)| differs.then_some(option))
}
