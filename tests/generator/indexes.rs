//! Indexes of every kind that a server has.

use driftline::model::{
    Column, ColumnType, Expression, Index as IndexModel, IndexAlgorithm, IndexKind, IndexPart,
    KeyPart, Table as TableModel, VectorDistance, VectorOptions,
};
use driftline::server::{Capability, Server};

use super::build::{quoted, renamed};
use super::pool;
use super::world::{Index, Table};

/// The index, if its columns can have one.
pub fn index(
    table: &Table,
    index: &Index,
    model: &TableModel,
    old: Option<&Table>,
    server: &Server,
) -> Option<IndexModel> {
    let dice = &index.dice;
    let columns: Vec<&Column> = index
        .columns
        .iter()
        .filter_map(|id| table.columns.iter().position(|column| column.id == *id))
        .filter_map(|at| model.columns.get(at))
        .collect();
    let vectors = vector(model, server).filter(|_| dice[8] % 2 == 1);
    let arrays = multi_valued(model, server, dice[9]).filter(|_| dice[8] % 4 == 2);
    let (kind, parts) = match (dice[0] % 10, vectors, arrays) {
        (_, Some(part), _) => (IndexKind::Vector, vec![part]),
        (6 | 7, ..) => (IndexKind::Fulltext, fulltext(&columns)),
        (8, ..) => (IndexKind::Spatial, spatial(&columns)),
        (choice, _, array) => {
            let kind = if choice > 3 { IndexKind::Unique } else { IndexKind::Plain };
            let parts = columns.iter().enumerate();
            let parts = parts.filter_map(|(at, column)| match choice {
                9 if server.can(Capability::FunctionalIndexes) => functional(column),
                5 if hashes(column, dice[10], server) => Some(IndexPart::column(&column.name)),
                _ => part(column, dice[6] >> at, server),
            });
            (kind, array.into_iter().chain(parts).collect())
        }
    };
    let mut built = IndexModel::new(&index.name, kind, parts);
    let old = old.and_then(|old| old.indexes.iter().find(|other| other.id == index.id));
    built.renamed_from = renamed(old.map(|old| old.name.as_str()), &index.name);
    built.comment = pool::comment(dice[7]);
    // An index that serves as the primary key can't be hidden (errors 3522 and 4174).
    let is_key = kind == IndexKind::Unique && model.primary_key.is_none();
    built.invisible = dice[7] % 16 == 15 && !is_key;
    options(&mut built, index, model, server);
    let mut names: Vec<&str> = built.column_names().collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    let once = names.len() == count;
    (once && !built.parts.is_empty()).then_some(built)
}

/// The options after the parts, including `WITHOUT OVERLAPS`.
fn options(built: &mut IndexModel, index: &Index, model: &TableModel, server: &Server) {
    let dice = &index.dice;
    built.key_block_size = [Some(4), Some(8)].get(usize::from(dice[11] % 16)).copied().flatten();
    if built.kind.is_ordered() {
        built.algorithm = match dice[9] % 12 {
            1 => Some(IndexAlgorithm::Btree),
            2 => Some(IndexAlgorithm::Hash),
            _ => None,
        };
    }
    if built.kind == IndexKind::Fulltext && server.can(Capability::FulltextParsers) {
        built.parser = (dice[9] % 4 == 1).then(|| "ngram".to_owned());
    }
    if built.kind == IndexKind::Vector {
        built.vector = VectorOptions {
            m: [None, Some(5), Some(20)][usize::from(dice[9] % 3)],
            distance: match dice[10] % 3 {
                1 => Some(VectorDistance::Cosine),
                2 => Some(VectorDistance::Euclidean),
                _ => None,
            },
        };
    }
    let own = model.periods.iter().find(|period| !period.is_system_time());
    if built.kind == IndexKind::Unique && server.can(Capability::WithoutOverlaps) {
        built.without_overlaps = own.filter(|_| dice[8] % 2 == 1).map(|period| period.name.clone());
    }
}

/// An index part on the column, with a prefix length if it needs one.
pub fn part(column: &Column, choice: u8, server: &Server) -> Option<IndexPart> {
    if is_compressed(column) {
        return None;
    }
    let mut part = IndexPart::column(&column.name);
    let prefix = match &column.ty {
        ColumnType::Text { .. } | ColumnType::Blob { .. } => Some(10),
        ColumnType::Varchar { length } | ColumnType::Varbinary { length } if *length > 20 => {
            (choice % 4 > 1 && column.generated.is_none() || *length > 255).then_some(20)
        }
        ColumnType::Geometry { .. } | ColumnType::Json | ColumnType::Vector { .. } => return None,
        _ => None,
    };
    if let KeyPart::Column { prefix_length, .. } = &mut part.key {
        *prefix_length = prefix;
    }
    part.descending = choice % 2 == 1 && server.can(Capability::DescendingIndexes);
    Some(part)
}

fn is_compressed(column: &Column) -> bool {
    column.storage.as_ref().is_some_and(|storage| storage.compressed)
}

/// Whether a unique index covers the whole column, however long it is.
fn hashes(column: &Column, choice: u8, server: &Server) -> bool {
    let is_long = matches!(column.ty, ColumnType::Text { .. } | ColumnType::Blob { .. });
    let is_plain = column.generated.is_none() && !is_compressed(column);
    server.can(Capability::HashUniqueIndexes) && choice % 4 == 1 && is_long && is_plain
}

fn fulltext(columns: &[&Column]) -> Vec<IndexPart> {
    let is_text = |column: &&&Column| {
        let has_words = matches!(
            column.ty,
            ColumnType::Char { .. } | ColumnType::Varchar { .. } | ColumnType::Text { .. }
        );
        has_words && column.generated.is_none() && !is_compressed(column)
    };
    let texts: Vec<_> = columns.iter().filter(is_text).collect();
    let alike = texts.iter().filter(|column| {
        column.charset == texts[0].charset && column.collation == texts[0].collation
    });
    alike.map(|column| IndexPart::column(&column.name)).collect()
}

fn spatial(columns: &[&Column]) -> Vec<IndexPart> {
    let fits =
        |column: &&&Column| !column.nullable && matches!(column.ty, ColumnType::Geometry { .. });
    columns.iter().filter(fits).take(1).map(|column| IndexPart::column(&column.name)).collect()
}

fn functional(column: &Column) -> Option<IndexPart> {
    let name = quoted(&column.name);
    let text = match &column.ty {
        ColumnType::Char { .. } => format!("lower({name})"),
        ColumnType::Varchar { length } if *length < 256 => format!("lower({name})"),
        ColumnType::Integer { .. } if !column.auto_increment => format!("{name} + 1"),
        _ => return None,
    };
    Some(IndexPart { key: KeyPart::Expression(Expression::new(text)), descending: false })
}

/// A part for the values of an array.
fn multi_valued(table: &TableModel, server: &Server, choice: u8) -> Option<IndexPart> {
    let fits = |column: &&Column| column.ty == ColumnType::Json && column.generated.is_none();
    let column =
        table.columns.iter().find(fits).filter(|_| server.can(Capability::MultiValuedIndexes))?;
    let name = quoted(&column.name);
    let text = match choice % 3 {
        0 => format!("cast({name} as unsigned array)"),
        1 => format!("cast({name}->'$.tags' as char(20) array)"),
        _ => format!("cast(json_extract({name}, '$[*].id') as signed array)"),
    };
    Some(IndexPart { key: KeyPart::Expression(Expression::new(text)), descending: false })
}

/// A part for a vector. A table has at most one such index (error 1235).
fn vector(table: &TableModel, server: &Server) -> Option<IndexPart> {
    if !server.can(Capability::VectorIndexes)
        || table.indexes.iter().any(|index| index.kind == IndexKind::Vector)
    {
        return None;
    }
    let fits = |column: &&Column| {
        matches!(column.ty, ColumnType::Vector { .. })
            && !column.nullable
            && column.generated.is_none()
    };
    // It needs a short primary key (error 1071: 256 bytes).
    let is_short = |name: &str| {
        table.column(name).is_some_and(|column| match &column.ty {
            ColumnType::Char { length } | ColumnType::Varchar { length } => *length < 30,
            ColumnType::Binary { length } | ColumnType::Varbinary { length } => *length < 120,
            _ => true,
        })
    };
    let key = table.primary_key.as_ref().filter(|key| key.column_names().all(is_short))?;
    let column = table.columns.iter().find(fits)?;
    (key.parts.len() < 3).then(|| IndexPart::column(&column.name))
}
