//! Indexes, including the primary key.

use super::{EngineAttributes, Expression, same_name};

/// The name of every primary key.
pub const PRIMARY: &str = "PRIMARY";

/// An index of a table. The primary key is one too, named [`PRIMARY`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name, unique in its table, case-insensitively.
    pub name: String,
    /// The kind of index.
    pub kind: IndexKind,
    /// Its parts, in order; at least one.
    pub parts: Vec<IndexPart>,
    /// `USING BTREE` or `USING HASH`, if written. After `normalize`, `None` if it is the engine's
    /// own choice.
    pub algorithm: Option<IndexAlgorithm>,
    /// The full-text parser (`WITH PARSER ngram`).
    pub parser: Option<String>,
    /// `KEY_BLOCK_SIZE`, in KiB.
    pub key_block_size: Option<u64>,
    /// INVISIBLE on MySQL, IGNORED on MariaDB: it is updated, but the optimizer doesn't use it.
    pub invisible: bool,
    /// The comment; empty if there is none.
    pub comment: String,
    /// `WITHOUT OVERLAPS`: the name of a period that may not overlap between two rows with the same
    /// values (MariaDB "Application-Time Periods"). Written after the parts.
    pub without_overlaps: Option<String>,
    /// The options of an index of the kind [`IndexKind::Vector`].
    pub vector: VectorOptions,
    /// Attributes that only the engine interprets; `None` if there are none.
    pub attributes: Option<Box<EngineAttributes>>,
    /// The index's former name, if schema.yaml declares a rename.
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

    /// The engine's attributes, for changes.
    pub fn attributes_mut(&mut self) -> &mut EngineAttributes {
        self.attributes.get_or_insert_default()
    }

    /// Whether the index forbids two rows with the same values.
    pub fn is_unique(&self) -> bool {
        matches!(self.kind, IndexKind::Primary | IndexKind::Unique)
    }

    /// Whether the index begins with the columns, in order and in full, so that a foreign key can
    /// use it. `descending`: whether it can use descending parts.
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

    /// The names of the columns in the parts, in order; expressions are left out.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match &part.key {
            KeyPart::Column { name, .. } => Some(name.as_str()),
            KeyPart::Expression(_) => None,
        })
    }
}

/// The kind of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexKind {
    /// PRIMARY KEY
    Primary,
    /// UNIQUE
    Unique,
    /// Not unique
    Plain,
    /// FULLTEXT
    Fulltext,
    /// SPATIAL
    Spatial,
    /// VECTOR (MariaDB 11.7, "CREATE TABLE with Vectors")
    Vector,
}

impl IndexKind {
    /// Whether the index is ordered, so that its first parts can be used alone.
    pub fn is_ordered(self) -> bool {
        matches!(self, IndexKind::Primary | IndexKind::Unique | IndexKind::Plain)
    }
}

/// The options of a VECTOR index. `None` is the value of the server's variable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct VectorOptions {
    /// `M`: the maximum number of neighbours of each node in the graph, 3 to 200.
    pub m: Option<u32>,
    /// `DISTANCE`
    pub distance: Option<VectorDistance>,
}

/// How the distance of two vectors is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VectorDistance {
    /// `euclidean`
    Euclidean,
    /// `cosine`
    Cosine,
}

impl VectorDistance {
    /// The word in SQL and schema.yaml.
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

/// One part of an index.
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

/// The column or expression of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    /// A column, or its first characters or bytes.
    Column {
        /// The column's name.
        name: String,
        /// The prefix length: in characters for a character type, in bytes for a binary one.
        prefix_length: Option<u32>,
    },
    /// An expression (MySQL 8.0.13, "Functional Key Parts").
    Expression(Expression),
}
