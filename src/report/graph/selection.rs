//! Which tables a diagram shows, and which lines.

use std::collections::BTreeSet;

use super::table::{DiagramTable, TableReference, TableReferences};
use super::{DiagramOptions, DiagramStart};

/// In a diagram of no more tables than this, every line is drawn.
const FEW_TABLES: usize = 14;

/// What is shown, by the places in the list of all tables.
pub(super) struct Selection {
    /// The tables that are boxes.
    pub(super) boxes: BTreeSet<usize>,
    /// The tables that are only listed.
    pub(super) unrelated: Vec<usize>,
    /// The tables that were asked for by name.
    named: BTreeSet<usize>,
    few: bool,
}

impl Selection {
    pub(super) fn of(
        tables: &[DiagramTable<'_>],
        references: &TableReferences<'_>,
        options: &DiagramOptions,
    ) -> Selection {
        let all = || 0..tables.len();
        let named: BTreeSet<usize> = match &options.start {
            DiagramStart::Tables(names) => {
                all().filter(|at| names.iter().any(|name| name == tables[*at].name())).collect()
            }
            DiagramStart::Everything | DiagramStart::Changed => BTreeSet::new(),
        };
        let start: BTreeSet<usize> = match options.start {
            DiagramStart::Everything => all().collect(),
            DiagramStart::Changed => all().filter(|at| tables[*at].sign.is_some()).collect(),
            DiagramStart::Tables(_) => named.clone(),
        };
        let mut boxes = start.clone();
        let mut newest = start.clone();
        for _ in 0..options.depth {
            newest = neighbours(&newest, &named, references);
            newest.retain(|at| !boxes.contains(at));
            boxes.extend(&newest);
            if newest.is_empty() {
                break;
            }
        }
        // A line that differs is always drawn, with both its ends.
        for at in start.iter().filter(|at| tables[**at].sign.is_some()) {
            let ends = references.of[*at].iter().filter(|it| it.sign.is_some());
            boxes.extend(ends.filter_map(|it| it.to));
        }
        let mut selection =
            Selection { few: boxes.len() <= FEW_TABLES, boxes, unrelated: Vec::new(), named };
        selection.list_unrelated(tables, references);
        selection
    }

    /// Whether the line of a foreign key is drawn. If not, its column says the table.
    pub(super) fn draws(
        &self,
        from: usize,
        reference: &TableReference<'_>,
        references: &TableReferences<'_>,
    ) -> bool {
        let Some(to) = reference.to.filter(|to| self.boxes.contains(to)) else { return false };
        let is_end = |at| self.named.contains(&at);
        self.few
            || reference.sign.is_some()
            || !references.is_hub(to)
            || is_end(to)
            || self.named.len() == 1 && is_end(from)
    }

    /// Takes out of the boxes what has no line and doesn't differ.
    fn list_unrelated(&mut self, tables: &[DiagramTable<'_>], references: &TableReferences<'_>) {
        let mut related = BTreeSet::new();
        for &at in &self.boxes {
            for reference in &references.of[at] {
                related.insert(at);
                related.extend(reference.to.filter(|_| self.draws(at, reference, references)));
            }
        }
        let is_box = |at: &usize| {
            related.contains(at)
                || tables[*at].sign.is_some()
                || self.named.contains(at)
                || references.is_hub(*at)
        };
        self.unrelated = self.boxes.iter().copied().filter(|at| !is_box(at)).collect();
        self.boxes.retain(|at| is_box(at));
    }
}

/// The tables one foreign key away. Those that reference a hub are many and tell little about it,
/// so they count only if the hub was asked for by name; and a hub is said by its name.
fn neighbours(
    tables: &BTreeSet<usize>,
    named: &BTreeSet<usize>,
    references: &TableReferences<'_>,
) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for &at in tables {
        let is_named = named.contains(&at);
        let to = references.of[at].iter().filter_map(|it| it.to);
        found.extend(to.filter(|to| is_named || !references.is_hub(*to)));
        if is_named || !references.is_hub(at) {
            found.extend(&references.referencing[at]);
        }
    }
    found
}
