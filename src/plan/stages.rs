//! The statements that take one table to another: one ALTER TABLE, unless a server can't do all
//! of it at once.

use std::collections::{HashMap, HashSet};

use super::clauses::{clauses, needs_rebuild};
use super::mentions::{depends_on_session, varies_by_row};
use super::obstacles::{Obstacles, is_mentioned, renames_only};
use super::partitions::{Operation, changes_partitions, must_repartition, operations};
use super::versioning::{must_copy, put_off_versioning, touches_history, without_versioning};
use crate::ddl::{Clause, Statement};
use crate::diff::{Renames, TableChange, compare_tables, renamed_scheme};
use crate::model::{
    Column, ColumnType, DefaultValue, Expression, ForeignKey, GeneratedStorage, Index, IndexKind,
    KeyPart, PartitionMethod, Partitioning, Table, same_name,
};
use crate::normalize::{adopt_spelling, normalize_bounds};
use crate::server::{Capability, Server};

/// One ALTER TABLE, with the table before and after it.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub(super) from: Table,
    pub(super) to: Table,
    pub(super) changes: Vec<TableChange>,
    /// What is renamed by it.
    pub(super) renames: Renames,
    /// What it does to partitions, and nothing else.
    pub(super) operation: Option<Box<Operation>>,
    /// The columns that it adds without the default, in SQL, that a later stage gives them.
    pub(super) late_defaults: Vec<(String, String)>,
}

impl Stage {
    fn new(from: Table, to: Table, renames: Renames, server: &Server) -> Option<Stage> {
        let changes = compare_tables(&from, &to, &from.name, &renames, server).changes;
        (!changes.is_empty()).then_some(Stage {
            from,
            to,
            changes,
            renames,
            operation: None,
            late_defaults: Vec::new(),
        })
    }

    /// The statement.
    pub(super) fn statement(&self, server: &Server) -> Statement {
        let mut clauses = match &self.operation {
            Some(operation) => vec![operation.clause.clone()],
            None => clauses(&self.from, &self.to, &self.changes, server),
        };
        if must_copy(&self.from, &self.changes) {
            clauses.push(Clause::Copy);
        }
        Statement::AlterTable {
            table: self.to.name.clone(),
            clauses,
            options: self.to.options.clone(),
            rewrites_history: touches_history(&self.from, &self.changes),
        }
    }

    /// The stages that undo this one, while the foreign keys named in `without` are away.
    pub(super) fn reversed(
        &self,
        without: &[String],
        pinned: &HashSet<String>,
        server: &Server,
    ) -> Vec<Stage> {
        let (mut after, mut before) = (self.to.clone(), self.table_before());
        if !without.is_empty() {
            after.foreign_keys.retain(|key| !without.contains(&key.name));
            before.foreign_keys.retain(|key| !without.contains(&key.name));
        }
        stages(&after, &before, &self.renames.of_columns_reversed(), pinned, server)
    }

    /// What foreign keys stand in the way of when this stage is undone.
    pub(super) fn obstacles_back(&self, server: &Server) -> Obstacles {
        let before = self.table_before();
        let renames = self.renames.of_columns_reversed();
        let changes = compare_tables(&self.to, &before, &self.to.name, &renames, server).changes;
        Obstacles::of(&self.to, &before, &changes, server)
    }

    /// The table before the stage, which declares the renames that undoing it takes.
    fn table_before(&self) -> Table {
        let mut before = self.from.clone();
        for column in &mut before.columns {
            column.renamed_from = None;
        }
        for index in before.indexes.iter_mut().chain(&mut before.primary_key) {
            index.renamed_from = None;
        }
        for change in &self.changes {
            if let TableChange::ChangeColumn { from, to, .. } = change
                && !same_name(&from.name, &to.name)
                && let Some(column) = before.columns.iter_mut().find(|c| c.name == from.name)
            {
                column.renamed_from = Some(to.name.clone());
            }
        }
        before
    }
}

/// The stages from one table to another of the same name.
///
/// `pinned` are the columns, in lower case by their old names, that foreign keys use which stand
/// meanwhile. A server doesn't rename these while it copies the table.
pub(super) fn stages(
    from: &Table,
    to: &Table,
    renames: &Renames,
    pinned: &HashSet<String>,
    server: &Server,
) -> Vec<Stage> {
    let mut start = from.clone();
    let mut stages = Vec::new();
    let mut left = renames.clone();
    if let Some((renamed, names)) = with_pinned_renamed(from, to, renames, pinned, server) {
        left = left.without(&to.name, names.keys());
        stages.extend(Stage::new(
            start,
            renamed.clone(),
            Renames::of_table(&to.name, names),
            server,
        ));
        start = renamed;
    }
    let unversioned = without_versioning(&start, to, &left, server);
    if !unversioned.is_empty() && has_history_partitions(&start) {
        let bare = Table { partitioning: None, ..start.clone() };
        stages.extend(Stage::new(start, bare.clone(), Renames::default(), server));
        start = bare;
    }
    for mut next in unversioned {
        next.partitioning.clone_from(&start.partitioning);
        stages.extend(Stage::new(start, next.clone(), Renames::default(), server));
        start = next;
    }
    let from = start.clone();
    let changes = compare_tables(&from, to, &from.name, &left, server).changes;
    for earlier in [without_dropped_foreign_keys, without_spatial_indexes, with_values_stored] {
        if let Some(next) = earlier(&start, &changes, server) {
            stages.extend(Stage::new(start, next.clone(), Renames::default(), server));
            start = next;
        }
    }
    let mut targets = vec![to.clone()];
    if !server.can(Capability::SeveralFulltextAdditions) {
        put_off_fulltext(&mut targets, &changes);
    }
    if !server.can(Capability::AddColumnWithVaryingDefault) {
        put_off_defaults(&mut targets, &changes, server);
    }
    let late_defaults = late_defaults(&targets, &changes);
    put_off_versioning(&mut targets, &from);
    for target in targets.iter_mut().filter(|it| !it.versioned && has_history_partitions(it)) {
        target.partitioning.clone_from(&from.partitioning);
    }
    put_off_foreign_keys(&mut targets, &from);
    let operations = partition_operations(&from, to, &left, &changes, server);
    if let Some(first) = operations.first() {
        for target in &mut targets {
            target.partitioning = Some(Partitioning::By(first.before.clone()));
        }
    }
    for (number, target) in targets.into_iter().enumerate() {
        let renames = if number == 0 { left.clone() } else { Renames::default() };
        let mut stage = Stage::new(start, target.clone(), renames, server);
        if let (0, Some(stage)) = (number, &mut stage) {
            stage.late_defaults.clone_from(&late_defaults);
        }
        stages.extend(stage);
        start = target;
    }
    for operation in operations {
        let mut target = start.clone();
        target.partitioning = Some(Partitioning::By(operation.after.clone()));
        let mut stage = Stage::new(start, target.clone(), Renames::default(), server);
        if let Some(stage) = &mut stage {
            stage.operation = Some(Box::new(operation));
        }
        stages.extend(stage);
        start = target;
    }
    stages
}

/// Whether a table has partitions that only one with system versioning can have.
fn has_history_partitions(table: &Table) -> bool {
    table
        .partition_scheme()
        .is_some_and(|scheme| matches!(scheme.method, PartitionMethod::SystemTime(_)))
}

/// The statements of their own that change the partitions; none where they are made anew by the
/// statement that makes all other changes.
fn partition_operations(
    from: &Table,
    to: &Table,
    renames: &Renames,
    changes: &[TableChange],
    server: &Server,
) -> Vec<Operation> {
    if !changes_partitions(changes) || must_repartition(from, to, changes, server) {
        return Vec::new();
    }
    let (Some(old), Some(new)) = (from.partition_scheme(), to.partition_scheme()) else {
        return Vec::new();
    };
    let mut old = renamed_scheme(old, &to.name, renames);
    normalize_bounds(&mut old, &to.columns);
    adopt_spelling(&mut old, new, &to.columns);
    operations(&old, new, from, to).unwrap_or_default()
}

/// Leaves to a statement of their own the foreign keys that a table gets once it has no partitions:
/// a server may not take both at once (error 1506).
fn put_off_foreign_keys(targets: &mut Vec<Table>, from: &Table) {
    let Some(last) = targets.last() else { return };
    let is_new = |key: &ForeignKey| from.foreign_key(&key.name).is_none();
    if from.partitioning.is_none()
        || last.partitioning.is_some()
        || !last.foreign_keys.iter().any(is_new)
    {
        return;
    }
    let late = last.clone();
    for target in targets.iter_mut() {
        target.foreign_keys.retain(|key| !is_new(key));
    }
    targets.push(late);
}

/// The old table with the pinned columns renamed, where there is more to do than renaming.
fn with_pinned_renamed(
    from: &Table,
    to: &Table,
    renames: &Renames,
    pinned: &HashSet<String>,
    server: &Server,
) -> Option<(Table, HashMap<String, String>)> {
    if renames.is_empty() || pinned.is_empty() {
        return None;
    }
    let changes = compare_tables(from, to, &from.name, renames, server).changes;
    if changes.iter().all(renames_only) {
        return None;
    }
    let mut names: HashMap<String, String> = HashMap::new();
    for change in &changes {
        if let TableChange::ChangeColumn { from: old, to: new, .. } = change {
            let name = old.name.to_lowercase();
            let free = from.column(&new.name).is_none();
            if !same_name(&old.name, &new.name)
                && free
                && pinned.contains(&name)
                && !is_mentioned(&name, from)
            {
                names.insert(name, new.name.clone());
            }
        }
    }
    if names.is_empty() {
        return None;
    }
    let new_name = |name: &str| names.get(&name.to_lowercase()).cloned();
    let mut renamed = from.clone();
    for column in &mut renamed.columns {
        if let Some(name) = new_name(&column.name) {
            column.renamed_from = Some(std::mem::replace(&mut column.name, name));
        }
    }
    for part in renamed
        .indexes
        .iter_mut()
        .chain(&mut renamed.primary_key)
        .flat_map(|index| &mut index.parts)
    {
        if let KeyPart::Column { name, .. } = &mut part.key
            && let Some(new) = new_name(name)
        {
            *name = new;
        }
    }
    for name in renamed.periods.iter_mut().flat_map(|it| [&mut it.start, &mut it.end]) {
        *name = new_name(name).unwrap_or_else(|| name.clone());
    }
    for key in &mut renamed.foreign_keys {
        let own = key.referenced_schema.is_none() && key.referenced_table == from.name;
        for name in &mut key.columns {
            *name = new_name(name).unwrap_or_else(|| name.clone());
        }
        for name in key.referenced_columns.iter_mut().filter(|_| own) {
            *name = new_name(name).unwrap_or_else(|| name.clone());
        }
    }
    Some((renamed, names))
}

/// The old table with its virtual columns that become plain ones stored, which keeps their
/// values: a stored column can become a plain one, a virtual one can't.
fn with_values_stored(from: &Table, changes: &[TableChange], server: &Server) -> Option<Table> {
    let mut stored = from.clone();
    let mut any = false;
    for column in &mut stored.columns {
        if let Some(generated) = &mut column.generated
            && becomes_plain(&column.name, changes)
            && can_be_stored(&generated.expression, server)
        {
            generated.storage = GeneratedStorage::Stored;
            any = true;
        }
    }
    any.then_some(stored)
}

/// Whether the server lets a column keep what the expression gives.
fn can_be_stored(expression: &Expression, server: &Server) -> bool {
    server.can(Capability::StoredSessionValues) || !depends_on_session(expression)
}

/// Whether a virtual column becomes a plain one.
fn becomes_plain(column: &str, changes: &[TableChange]) -> bool {
    changes.iter().any(|change| match change {
        TableChange::ChangeColumn { from, to, .. } => {
            let generated = from.generated.as_ref();
            from.name == column
                && to.generated.is_none()
                && generated.is_some_and(|it| it.storage == GeneratedStorage::Virtual)
        }
        _ => false,
    })
}

/// The old table without the spatial indexes on columns whose reference system changes: while
/// there is one, it can't (error 3644), nor in the statement that drops it.
fn without_spatial_indexes(from: &Table, changes: &[TableChange], _: &Server) -> Option<Table> {
    let moves = |column: &str| {
        changes.iter().any(|change| match change {
            TableChange::ChangeColumn { from, to, .. } => {
                same_name(&from.name, column) && srid(from) != srid(to)
            }
            _ => false,
        })
    };
    let stays =
        |index: &Index| index.kind != IndexKind::Spatial || !index.column_names().any(moves);
    if from.indexes.iter().all(stays) {
        return None;
    }
    let mut bare = from.clone();
    bare.indexes.retain(stays);
    Some(bare)
}

fn srid(column: &Column) -> Option<u32> {
    match column.ty {
        ColumnType::Geometry { srid, .. } => srid,
        _ => None,
    }
}

/// The old table without the foreign keys that go, where its engine changes or it gets partitions:
/// that one statement does both no server takes (errors 3776, 1217 and 1506). So it is where a virtual column is
/// stored for a while: a foreign key that writes what it is made of forbids that (error 1215).
/// And where a CHECK takes the name of one that goes, for a server that looks for names first.
fn without_dropped_foreign_keys(
    from: &Table,
    changes: &[TableChange],
    server: &Server,
) -> Option<Table> {
    let changes_engine = changes.iter().any(|change| match change {
        TableChange::ChangeOption(field) => field.field == "engine",
        TableChange::ChangePartitioning { from, .. } => from.is_none(),
        _ => false,
    });
    let goes = |key: &ForeignKey| {
        changes.iter().any(|change| {
            matches!(change, TableChange::DropForeignKey(dropped) if dropped.name == key.name)
        })
    };
    let stores = with_values_stored(from, changes, server).is_some();
    let takes_name = |key: &ForeignKey| {
        let is_taken = |change: &TableChange| matches!(change, TableChange::AddCheck(check) if same_name(&check.name, &key.name));
        !server.can(Capability::CheckNamedAsDroppedForeignKey) && changes.iter().any(is_taken)
    };
    let names = from.foreign_keys.iter().any(|key| goes(key) && takes_name(key));
    if !(changes_engine || stores || names) || !from.foreign_keys.iter().any(goes) {
        return None;
    }
    let mut unbound = from.clone();
    unbound.foreign_keys.retain(|key| !goes(key));
    Some(unbound)
}

/// Leaves one added full-text index to each target, and none of another parser to the statement
/// that drops the old one: a server may take the two for the same index and keep it, in silence.
fn put_off_fulltext(targets: &mut Vec<Table>, changes: &[TableChange]) {
    let added: Vec<(&Index, bool)> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddIndex(index) => Some((index, false)),
            TableChange::ChangeIndex { to, fields, .. }
                if fields.iter().any(|f| f.field != "name" && f.field != "invisible") =>
            {
                Some((to, fields.iter().any(|f| f.field == "parser")))
            }
            _ => None,
        })
        .filter(|(index, _)| index.kind == IndexKind::Fulltext)
        .collect();
    let alone = added.iter().position(|(_, has_another_parser)| !has_another_parser);
    for (number, (late, _)) in added.iter().enumerate().rev() {
        if Some(number) == alone {
            continue;
        }
        let Some(mut earlier) = targets.first().cloned() else { return };
        earlier.indexes.retain(|index| index.name != late.name);
        targets.insert(0, earlier);
    }
}

/// Leaves to a statement of their own the defaults that differ from row to row: of columns that
/// are added, and of those that are changed where any is added.
fn put_off_defaults(targets: &mut Vec<Table>, changes: &[TableChange], server: &Server) {
    let adds = changes.iter().any(|change| match change {
        TableChange::AddColumn(_) => true,
        TableChange::ChangeColumn { from, to, .. } => needs_rebuild(from, to, server),
        _ => false,
    });
    if !adds {
        return;
    }
    let late: Vec<&str> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddColumn(column) | TableChange::ChangeColumn { to: column, .. }
                if has_varying_default(column) =>
            {
                Some(column.name.as_str())
            }
            _ => None,
        })
        .collect();
    if late.is_empty() {
        return;
    }
    let Some(mut earlier) = targets.first().cloned() else { return };
    for column in &mut earlier.columns {
        if late.contains(&column.name.as_str()) {
            column.default = None;
        }
    }
    targets.insert(0, earlier);
}

/// The columns that are added without their default, and the default that they get later.
fn late_defaults(targets: &[Table], changes: &[TableChange]) -> Vec<(String, String)> {
    let Some(first) = targets.first() else { return Vec::new() };
    let added = changes.iter().filter_map(|change| match change {
        TableChange::AddColumn(column) if has_varying_default(column) => Some(column),
        _ => None,
    });
    added
        .filter(|column| first.column(&column.name).is_some_and(|it| it.default.is_none()))
        .filter_map(|column| match &column.default {
            Some(DefaultValue::Expression(expression)) => {
                Some((column.name.clone(), expression.text.clone()))
            }
            _ => None,
        })
        .collect()
}

fn has_varying_default(column: &Column) -> bool {
    matches!(&column.default, Some(DefaultValue::Expression(expression)) if varies_by_row(expression))
}
