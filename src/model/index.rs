//! Indexes, the primary key among them.

use super::{EngineAttributes, Expression, same_name};

/// The name that every primary key has.
pub const PRIMARY: &str = "PRIMARY";

/// An index of a table. The primary key is one too, named [`PRIMARY`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name, unique in its table without regard to case.
    pub name: String,
    /// What the index promises or serves.
    pub kind: IndexKind,
    /// Its parts, in order; at least one.
    pub parts: Vec<IndexPart>,
    /// `USING BTREE` or `USING HASH`, where written or, after `normalize`, where it is not the
    /// engine's own choice.
    pub algorithm: Option<IndexAlgorithm>,
    /// The full-text parser (`WITH PARSER ngram`).
    pub parser: Option<String>,
    /// `KEY_BLOCK_SIZE`, in KiB.
    pub key_block_size: Option<u64>,
    /// INVISIBLE on MySQL, IGNORED on MariaDB: kept up to date but not used by the optimizer.
    pub invisible: bool,
    /// The comment; empty where there is none.
    pub comment: String,
    /// `WITHOUT OVERLAPS`: the period that no two rows with the same key may share a moment of,
    /// by its name (MariaDB "Application-Time Periods"). Stands after the parts.
    pub without_overlaps: Option<String>,
    /// The options of an index of the kind [`IndexKind::Vector`].
    pub vector: VectorOptions,
    /// What the engine alone makes anything of; `None` where nothing is said.
    pub attributes: Option<Box<EngineAttributes>>,
    /// The name that the index had, where schema.yaml declares a rename.
    pub renamed_from: Option<String>,
}

impl Index {
    /// A visible index with no options.
    pub fn new(name: impl Into<String>, kind: IndexKind, parts: Vec<IndexPart>) -> Self {
        Index {
            name: name.into(),
            kind,
            parts,
            algorithm: None,
            parser: None,
            key_block_size: None,
            invisible: false,
            comment: String::new(),
            without_overlaps: None,
            vector: VectorOptions::default(),
            attributes: None,
            renamed_from: None,
        }
    }

    /// What the engine alone makes anything of, to be changed.
    pub fn attributes_mut(&mut self) -> &mut EngineAttributes {
        self.attributes.get_or_insert_default()
    }

    /// Whether the index forbids two rows with the same key.
    pub fn is_unique(&self) -> bool {
        matches!(self.kind, IndexKind::Primary | IndexKind::Unique)
    }

    /// Whether the index begins with the columns, in order and in full, so that it can serve a foreign
    /// key on them; `descending` says whether parts in descending order can.
    pub fn begins_with(&self, columns: &[String], descending: bool) -> bool {
        self.kind.is_ordered()
            && self.parts.len() >= columns.len()
            && self.parts.iter().zip(columns).all(|(part, column)| match &part.key {
                KeyPart::Column { name, prefix_length: None } => {
                    (descending || !part.descending) && same_name(name, column)
                }
                _ => false,
            })
    }

    /// The names of the columns that the parts name, in order; expressions are left out.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match &part.key {
            KeyPart::Column { name, .. } => Some(name.as_str()),
            KeyPart::Expression(_) => None,
        })
    }
}

/// What an index promises or serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexKind {
    /// PRIMARY KEY
    Primary,
    /// UNIQUE
    Unique,
    /// An index without a promise.
    Plain,
    /// FULLTEXT
    Fulltext,
    /// SPATIAL
    Spatial,
    /// VECTOR (MariaDB 11.7, "CREATE TABLE with Vectors")
    Vector,
}

impl IndexKind {
    /// Whether the index keeps its keys in an order, so that its beginning serves as one too.
    pub fn is_ordered(self) -> bool {
        matches!(self, IndexKind::Primary | IndexKind::Unique | IndexKind::Plain)
    }
}

/// The options of a VECTOR index; those that are left out are the server's variables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct VectorOptions {
    /// `M`: how many neighbours each node of the graph has at most, 3 to 200.
    pub m: Option<u32>,
    /// `DISTANCE`
    pub distance: Option<VectorDistance>,
}

/// How far two vectors are from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VectorDistance {
    /// `euclidean`
    Euclidean,
    /// `cosine`
    Cosine,
}

impl VectorDistance {
    /// As SQL and schema.yaml spell it.
    pub fn word(self) -> &'static str {
        match self {
            VectorDistance::Euclidean => "euclidean",
            VectorDistance::Cosine => "cosine",
        }
    }
}

/// `USING …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexAlgorithm {
    /// `USING BTREE`
    Btree,
    /// `USING HASH`
    Hash,
}

/// One part of an index's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPart {
    /// A column, or an expression.
    pub key: KeyPart,
    /// DESC.
    pub descending: bool,
}

impl IndexPart {
    /// An ascending part on a whole column.
    pub fn column(name: impl Into<String>) -> Self {
        IndexPart {
            key: KeyPart::Column { name: name.into(), prefix_length: None },
            descending: false,
        }
    }
}

/// What a part of an index is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    /// A column, or its beginning.
    Column {
        /// The column's name.
        name: String,
        /// The prefix length: characters of a character type, bytes of a binary one.
        prefix_length: Option<u32>,
    },
    /// An expression (MySQL 8.0.13, "Functional Key Parts").
    Expression(Expression),
}
