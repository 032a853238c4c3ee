//! Partitions, as a server accepts them.

use driftline::model::{
    Column, ColumnType, Expression, HashBy, Hashing, IndexKind, IndexPart, KeyPart, PartitionList,
    PartitionMethod, PartitionScheme, Partitioning, Rotation, Subpartitioning, SystemTime,
    Table as TableModel,
};
use driftline::server::{Capability, Server, Vendor};

use super::build::quoted;
use super::pieces::{self, Bounds};
use super::seed::Dice;
use super::world::Partitions;

/// Partitions the table if it has suitable columns, and adds these to its unique keys, which all
/// have to contain them (error 1503).
pub fn divide(model: &mut TableModel, partitions: &Partitions, server: &Server) {
    // A partitioned table can't have columns of these types (MySQL manual, 26.6 "Restrictions and
    // Limitations on Partitioning"), or an index on vectors (error 1506).
    let is_barred = |column: &Column| matches!(column.ty, ColumnType::Geometry { .. });
    let has_vectors = model.indexes.iter().any(|index| index.kind == IndexKind::Vector);
    if model.columns.iter().any(is_barred) || has_vectors {
        return;
    }
    // Partitions may name the engine; then the table's own isn't written.
    model.options.engine = None;
    let mut columns = columns(model, server);
    let by_time = is_by_time(model) && partitions.dice[10] % 2 == 1;
    if columns.is_empty() && !by_time {
        return;
    }
    columns.truncate(if partitions.dice[9] % 3 == 1 { 2 } else { 1 });
    let divided = Divided { columns, has_whole_key: has_whole_key(model), partitions, server };
    let scheme = if by_time { divided.by_time() } else { divided.by_values() };
    let deciding = deciding(&scheme, model);
    // `keep` means those of the database; a new table has none.
    let kept = partitions.dice[8] % 8 == 1;
    model.partitioning = Some(if kept { Partitioning::Keep } else { Partitioning::By(scheme) });
    if !server.can(Capability::FulltextIndexesWithPartitions) {
        model.indexes.retain(|index| index.kind != IndexKind::Fulltext);
    }
    for index in model.indexes.iter_mut().filter(|index| index.kind == IndexKind::Unique) {
        index.parts.retain(|part| match &part.key {
            KeyPart::Column { name, .. } => !deciding.contains(name),
            KeyPart::Expression(_) => true,
        });
        index.parts.extend(deciding.iter().map(IndexPart::column));
    }
}

/// Whether history can have partitions of its own: not if it is versioned by transaction (error
/// 4128).
fn is_by_time(model: &TableModel) -> bool {
    let by_transaction = model
        .columns
        .iter()
        .any(|column| column.is_system_time() && matches!(column.ty, ColumnType::Integer { .. }));
    model.versioned && !by_transaction
}

/// The possible partitioning columns: those of the primary key, or any if there is none.
fn columns(model: &TableModel, server: &Server) -> Vec<Column> {
    // MySQL rewrites the clause without quotes around such names, and then can't parse it (1064).
    let can_be_named = |name: &str| server.vendor == Vendor::MariaDb || !is_like_a_number(name);
    // MySQL also refuses a column of which another index has only a prefix (6123).
    let is_cut = |column: &Column| {
        let mut parts = model.all_indexes().flat_map(|index| &index.parts);
        parts.any(|part| match &part.key {
            KeyPart::Column { name, prefix_length: Some(_) } => *name == column.name,
            _ => false,
        })
    };
    let fits = |column: &&Column| {
        column.generated.is_none()
            && !column.is_system_time()
            && (server.vendor == Vendor::MariaDb || !is_cut(column))
            && can_decide(&column.ty)
            && can_be_named(&column.name)
    };
    let Some(key) = &model.primary_key else {
        return model.columns.iter().filter(fits).cloned().collect();
    };
    let whole = key.parts.iter().filter_map(|part| match &part.key {
        KeyPart::Column { name, prefix_length: None } => model.column(name),
        _ => None,
    });
    whole.filter(fits).cloned().collect()
}

/// Whether KEY () can stand for the primary key, which then may have no prefix lengths.
fn has_whole_key(model: &TableModel) -> bool {
    let is_whole =
        |part: &IndexPart| matches!(part.key, KeyPart::Column { prefix_length: None, .. });
    model.primary_key.as_ref().is_some_and(|key| key.parts.iter().all(is_whole))
}

pub fn is_like_a_number(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

fn can_decide(ty: &ColumnType) -> bool {
    !matches!(
        ty,
        ColumnType::Text { .. }
            | ColumnType::Blob { .. }
            | ColumnType::Json
            | ColumnType::Vector { .. }
    )
}

/// The columns that each unique key must have; KEY () stands for those of the primary key.
fn deciding(scheme: &PartitionScheme, model: &TableModel) -> Vec<String> {
    let subpartitions = scheme.subpartitioning.as_ref().map(|it| &it.hashing);
    let of_method = match &scheme.method {
        PartitionMethod::Hash(hashing) => Some(hashing),
        _ => None,
    };
    let mut names: Vec<String> = scheme.method.columns().to_vec();
    let mut expressions: Vec<&Expression> = scheme.method.expression().into_iter().collect();
    for hashing in [of_method, subpartitions].into_iter().flatten() {
        names.extend(hashing.columns().to_vec());
        expressions.extend(hashing.expression());
        if hashing.expression().is_none() && hashing.columns().is_empty() {
            let key = model.primary_key.iter().flat_map(|key| key.column_names());
            names.extend(key.map(str::to_owned));
        }
    }
    let is_read = |column: &&Column| {
        expressions.iter().any(|expression| expression.text.contains(&quoted(&column.name)))
    };
    names.extend(model.columns.iter().filter(is_read).map(|column| column.name.clone()));
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// What a scheme is built from.
struct Divided<'a> {
    /// The partitioning columns; empty if only time matters.
    columns: Vec<Column>,
    has_whole_key: bool,
    partitions: &'a Partitions,
    server: &'a Server,
}

impl Divided<'_> {
    fn dice(&self) -> &Dice {
        &self.partitions.dice
    }

    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// By the time when a row stopped being current.
    fn by_time(&self) -> PartitionScheme {
        let dice = self.dice();
        let count = self.partitions.pieces.len().max(2) as u32;
        let rotation = match dice[0] % 3 {
            1 => Rotation::Limit(1000),
            2 => Rotation::Interval {
                quantity: "1".to_owned(),
                unit: ["DAY", "WEEK", "MONTH"][usize::from(dice[1] % 3)].to_owned(),
                starts: Some("2020-01-01 00:00:00".to_owned()),
            },
            _ => Rotation::Never,
        };
        let never = rotation == Rotation::Never;
        let auto = self.server.can(Capability::AutoPartitions) && dice[2] % 3 == 1 && !never;
        let method = PartitionMethod::SystemTime(SystemTime { rotation, auto });
        let partitions = match dice[5] % 2 == 1 {
            true => PartitionList::Listed(pieces::history(self.partitions, never, self.server)),
            // History without a rotation has only one partition (error 4115).
            false => PartitionList::Count(if never { 2 } else { count }),
        };
        PartitionScheme { method, subpartitioning: None, partitions }
    }

    fn by_values(&self) -> PartitionScheme {
        let dice = self.dice();
        let first = &self.columns[0];
        let kinds: Vec<Bounds> =
            self.columns.iter().map(|column| pieces::bounds(&column.ty)).collect();
        let have_bounds = !kinds.contains(&Bounds::None);
        let expression = || Expression::new(quoted(&first.name));
        let days = || Expression::new(format!("to_days({})", quoted(&first.name)));
        let method = match (dice[0] % 8, kinds[0]) {
            (0, Bounds::Numbers) => PartitionMethod::Range(expression()),
            (0, Bounds::Days) => PartitionMethod::Range(days()),
            (1, Bounds::Numbers) => PartitionMethod::List(expression()),
            (2 | 3, _) if have_bounds => PartitionMethod::RangeColumns(self.names()),
            (4 | 5, _) if have_bounds => PartitionMethod::ListColumns(self.names()),
            _ => PartitionMethod::Hash(self.hashing(kinds[0], self.has_whole_key, dice[1])),
        };
        let hashed = matches!(method, PartitionMethod::Hash(_));
        let listed = dice[4] % 3 == 1;
        let subpartitioning = (!hashed && dice[2] % 3 == 1).then(|| Subpartitioning {
            // A subpartition's KEY has to name its columns, even those of the primary key.
            hashing: self.hashing(kinds[0], false, dice[3]),
            count: (!listed).then(|| 2 + u32::from(dice[4] % 2)),
        });
        let partitions = match hashed && dice[5] % 4 != 1 {
            true => PartitionList::Count(self.partitions.pieces.len() as u32),
            false => {
                let mut all = pieces::listed(&method, &kinds, self.partitions, self.server);
                if subpartitioning.is_some() && listed {
                    pieces::divide_again(&mut all, self.partitions);
                }
                PartitionList::Listed(all)
            }
        };
        PartitionScheme { method, subpartitioning, partitions }
    }

    fn hashing(&self, kind: Bounds, can_be_bare: bool, choice: u8) -> Hashing {
        let algorithm = [None, None, Some(1), Some(2)][usize::from(choice / 16 % 4)];
        let by = match (kind, choice % 4) {
            (Bounds::Numbers, 0) => {
                HashBy::Expression(Expression::new(quoted(&self.columns[0].name)))
            }
            (_, 1) if can_be_bare => HashBy::Columns { algorithm, columns: Vec::new() },
            _ => HashBy::Columns { algorithm, columns: self.names() },
        };
        Hashing { linear: choice / 4 % 3 == 1, by }
    }
}
