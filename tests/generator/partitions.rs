//! How the rows of a table are divided, as far as a server takes it.

use driftline::model::{
    Column, ColumnType, Expression, HashBy, Hashing, IndexKind, IndexPart, KeyPart, Partition,
    PartitionBounds, PartitionList, PartitionMethod, PartitionScheme, PartitionValue, Partitioning,
    Subpartitioning, Table as TableModel,
};
use driftline::server::{Capability, Server, Vendor};

use super::pool;
use super::world::{Partitions, Piece};

/// Divides the table, if it has a column to do it by, and gives its keys what that asks for: every
/// one that is unique contains the column (error 1503).
pub fn divide(model: &mut TableModel, partitions: &Partitions, server: &Server) {
    // No partitioned table has columns of these types (MySQL manual, 26.6 "Restrictions and
    // Limitations on Partitioning").
    let is_barred = |column: &Column| matches!(column.ty, ColumnType::Geometry { .. });
    let has_vectors = model.indexes.iter().any(|index| index.kind == IndexKind::Vector);
    if model.columns.iter().any(is_barred) || has_vectors {
        return;
    }
    let Some(column) = column(model, server).cloned() else { return };
    let mut scheme = scheme(&column, has_whole_key(model), partitions);
    if server.vendor == Vendor::MySql {
        // It writes the clause again without quotes around such names, and can't read it (1064).
        let numbers = scheme.partitions_mut().iter_mut();
        for partition in numbers.filter(|partition| is_like_a_number(&partition.name)) {
            partition.name.insert(0, 'p');
        }
    }
    let deciding = deciding(&scheme, model, &column.name);
    model.partitioning = Some(Partitioning::By(scheme));
    if !server.can(Capability::FulltextIndexesWithPartitions) {
        model.indexes.retain(|index| index.kind != IndexKind::Fulltext);
    }
    for index in model.indexes.iter_mut().filter(|index| index.kind == IndexKind::Unique) {
        let is_one = |part: &IndexPart| matches!(&part.key, KeyPart::Column { name, .. } if deciding.contains(name));
        index.parts.retain(|part| !is_one(part));
        index.parts.extend(deciding.iter().map(IndexPart::column));
    }
}

/// The columns that each unique key must have: KEY () stands for those of the primary key.
fn deciding(scheme: &PartitionScheme, model: &TableModel, column: &str) -> Vec<String> {
    let hashings = [
        match &scheme.method {
            PartitionMethod::Hash(hashing) => Some(hashing),
            _ => None,
        },
        scheme.subpartitioning.as_ref().map(|it| &it.hashing),
    ];
    let is_bare =
        |hashing: &Hashing| hashing.expression().is_none() && hashing.columns().is_empty();
    match &model.primary_key {
        Some(key) if hashings.into_iter().flatten().any(is_bare) => {
            key.column_names().map(str::to_owned).collect()
        }
        _ => vec![column.to_owned()],
    }
}

/// The column that decides: one of the primary key; of a table without, any.
fn column<'a>(model: &'a TableModel, server: &Server) -> Option<&'a Column> {
    let can_be_named = |name: &str| server.vendor == Vendor::MariaDb || !is_like_a_number(name);
    let fits = |column: &&Column| {
        column.generated.is_none() && can_decide(&column.ty) && can_be_named(&column.name)
    };
    let Some(key) = &model.primary_key else { return model.columns.iter().find(fits) };
    let whole = key.parts.iter().filter_map(|part| match &part.key {
        KeyPart::Column { name, prefix_length: None } => model.column(name),
        _ => None,
    });
    whole.into_iter().find(fits)
}

/// Whether KEY () can stand for the primary key: no part of it is a mere beginning.
fn has_whole_key(model: &TableModel) -> bool {
    let is_whole =
        |part: &IndexPart| matches!(part.key, KeyPart::Column { prefix_length: None, .. });
    model.primary_key.as_ref().is_some_and(|key| key.parts.iter().all(is_whole))
}

fn is_like_a_number(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

fn can_decide(ty: &ColumnType) -> bool {
    !matches!(ty, ColumnType::Text { .. } | ColumnType::Blob { .. } | ColumnType::Json)
}

/// What kind of bounds a column can have.
#[derive(Clone, Copy, PartialEq)]
enum Bounds {
    Numbers,
    Texts,
    Days,
    None,
}

fn bounds(ty: &ColumnType) -> Bounds {
    match ty {
        ColumnType::Integer { .. } => Bounds::Numbers,
        ColumnType::Char { length } | ColumnType::Varchar { length } if *length > 4 => {
            Bounds::Texts
        }
        ColumnType::Date | ColumnType::Datetime { .. } => Bounds::Days,
        _ => Bounds::None,
    }
}

fn value(bounds: Bounds, bound: u8) -> PartitionValue {
    match bounds {
        Bounds::Texts => PartitionValue::Text(format!("k{bound:03}")),
        Bounds::Days => PartitionValue::Text(format!("{}-01-01", 2000 + u32::from(bound))),
        _ => PartitionValue::Number(bound.to_string()),
    }
}

fn scheme(column: &Column, has_key: bool, partitions: &Partitions) -> PartitionScheme {
    let dice = &partitions.dice;
    let kind = bounds(&column.ty);
    let name = || column.name.clone();
    let expression = || Expression::new(format!("`{}`", column.name.replace('`', "``")));
    let days = || Expression::new(format!("to_days(`{}`)", column.name.replace('`', "``")));
    let method = match (dice[0] % 8, kind) {
        (0, Bounds::Numbers) => PartitionMethod::Range(expression()),
        (0, Bounds::Days) => PartitionMethod::Range(days()),
        (1, Bounds::Numbers) => PartitionMethod::List(expression()),
        (2 | 3, Bounds::Numbers | Bounds::Texts | Bounds::Days) => {
            PartitionMethod::RangeColumns(vec![name()])
        }
        (4, Bounds::Numbers | Bounds::Texts | Bounds::Days) => {
            PartitionMethod::ListColumns(vec![name()])
        }
        _ => PartitionMethod::Hash(hashing(column, kind, has_key, dice[1])),
    };
    let hashed = matches!(method, PartitionMethod::Hash(_));
    let subpartitioning = (!hashed && dice[2] % 3 == 1).then(|| Subpartitioning {
        // The columns of the primary key can't be left out of a subpartition's KEY.
        hashing: hashing(column, kind, false, dice[3]),
        count: Some(2 + u32::from(dice[4] % 2)),
    });
    let partitions = match hashed && dice[5] % 4 != 1 {
        true => PartitionList::Count(partitions.pieces.len() as u32),
        false => PartitionList::Listed(listed(&method, kind, partitions)),
    };
    PartitionScheme { method, subpartitioning, partitions }
}

fn hashing(column: &Column, kind: Bounds, has_key: bool, choice: u8) -> Hashing {
    let by = match (kind, choice % 4) {
        (Bounds::Numbers, 0) => {
            HashBy::Expression(Expression::new(format!("`{}`", column.name.replace('`', "``"))))
        }
        (_, 1) if has_key => HashBy::Columns { algorithm: None, columns: Vec::new() },
        _ => HashBy::Columns { algorithm: None, columns: vec![column.name.clone()] },
    };
    Hashing { linear: choice / 4 % 3 == 1, by }
}

fn listed(method: &PartitionMethod, kind: Bounds, partitions: &Partitions) -> Vec<Partition> {
    let last = partitions.pieces.len() - 1;
    let to_maximum = partitions.dice[6] % 3 == 1;
    let one = |(at, piece): (usize, &Piece)| {
        let plain = match method {
            // The days since year 0.
            PartitionMethod::Range(_) if kind == Bounds::Days => {
                PartitionValue::Number((730_000 + u32::from(piece.bound)).to_string())
            }
            _ => value(kind, piece.bound),
        };
        let bounds = match method {
            PartitionMethod::Range(_) | PartitionMethod::RangeColumns(_) => {
                let end = at == last && to_maximum;
                PartitionBounds::LessThan(vec![if end { PartitionValue::Maxvalue } else { plain }])
            }
            PartitionMethod::List(_) | PartitionMethod::ListColumns(_) => {
                let mut entries = vec![vec![plain]];
                if piece.bound % 2 == 1 {
                    entries.push(vec![value(kind, piece.bound + 101)]);
                }
                PartitionBounds::In(entries)
            }
            _ => PartitionBounds::Hashed,
        };
        let mut partition = Partition::new(&piece.name, bounds);
        partition.options.comment = pool::comment(piece.comment);
        partition
    };
    partitions.pieces.iter().enumerate().map(one).collect()
}
