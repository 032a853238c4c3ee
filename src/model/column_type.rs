//! Data types, by what they are and not by how they were spelled.
//!
//! See the MySQL manual, chapter 13 "Data Types", and MariaDB's "Data Types".

/// A data type with its own modifiers. The parsers resolve synonyms (INTEGER, BOOL, DEC, REAL,
/// NCHAR, SERIAL, …).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// TINYINT to BIGINT.
    Integer {
        /// The number of bytes.
        size: IntegerSize,
        /// UNSIGNED and ZEROFILL.
        sign: Sign,
        /// The display width, if one was written. `tinyint(1)` is the boolean.
        width: Option<u32>,
    },
    /// DECIMAL.
    Decimal {
        /// The total number of digits (1 to 65); 10 if none was written.
        precision: u32,
        /// Digits after the point (0 to 30).
        scale: u32,
        /// UNSIGNED and ZEROFILL.
        sign: Sign,
    },
    /// FLOAT, 4 bytes.
    Float {
        /// `(M,D)`, if written.
        precision: Option<FloatPrecision>,
        /// UNSIGNED and ZEROFILL.
        sign: Sign,
    },
    /// DOUBLE, 8 bytes.
    Double {
        /// `(M,D)`, if written.
        precision: Option<FloatPrecision>,
        /// UNSIGNED and ZEROFILL.
        sign: Sign,
    },
    /// BIT.
    Bit {
        /// Bits, 1 to 64.
        length: u32,
    },
    /// CHAR.
    Char {
        /// Characters, 0 to 255.
        length: u32,
    },
    /// VARCHAR.
    Varchar {
        /// Characters.
        length: u32,
    },
    /// BINARY.
    Binary {
        /// Bytes, 0 to 255.
        length: u32,
    },
    /// VARBINARY.
    Varbinary {
        /// Bytes.
        length: u32,
    },
    /// TINYTEXT to LONGTEXT.
    Text {
        /// Which of the four.
        size: TextSize,
        /// A length in characters, as in `text(300)`: `normalize` chooses the size from it.
        length: Option<u64>,
    },
    /// TINYBLOB to LONGBLOB.
    Blob {
        /// Which of the four.
        size: TextSize,
        /// A length in bytes, as in `blob(300)`: `normalize` chooses the size from it.
        length: Option<u64>,
    },
    /// ENUM.
    Enum {
        /// The members, unquoted, in order.
        members: Vec<String>,
    },
    /// SET.
    Set {
        /// The members, unquoted, in order.
        members: Vec<String>,
    },
    /// DATE.
    Date,
    /// TIME.
    Time {
        /// Fractional digits, 0 to 6.
        fsp: u32,
    },
    /// DATETIME.
    Datetime {
        /// Fractional digits, 0 to 6.
        fsp: u32,
    },
    /// TIMESTAMP.
    Timestamp {
        /// Fractional digits, 0 to 6.
        fsp: u32,
    },
    /// YEAR.
    Year,
    /// JSON: a type on MySQL, `longtext` with a CHECK on MariaDB.
    Json,
    /// UUID (MariaDB 10.7).
    Uuid,
    /// INET4 (MariaDB 10.10).
    Inet4,
    /// INET6 (MariaDB 10.5).
    Inet6,
    /// VECTOR (MySQL 9.0, MariaDB 11.7).
    Vector {
        /// The number of dimensions.
        dimensions: u32,
    },
    /// GEOMETRY and its subtypes.
    Geometry {
        /// Which of them.
        kind: GeometryKind,
        /// The spatial reference system, if one was given (MySQL `SRID`, MariaDB `REF_SYSTEM_ID`).
        srid: Option<u32>,
    },
}

/// The integer types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IntegerSize {
    /// 1 byte
    Tiny,
    /// 2 bytes
    Small,
    /// 3 bytes
    Medium,
    /// 4 bytes
    Int,
    /// 8 bytes
    Big,
}

impl IntegerSize {
    /// How many bytes a value takes.
    pub fn bytes(self) -> u8 {
        match self {
            IntegerSize::Tiny => 1,
            IntegerSize::Small => 2,
            IntegerSize::Medium => 3,
            IntegerSize::Int => 4,
            IntegerSize::Big => 8,
        }
    }

    /// The smallest and the largest value.
    pub fn range(self, sign: Sign) -> (i128, i128) {
        let bits = 8 * u32::from(self.bytes());
        match sign {
            Sign::Signed => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            Sign::Unsigned | Sign::Zerofill => (0, (1 << bits) - 1),
        }
    }

    /// The default display width: enough for every value, with its sign if there is one (MySQL
    /// manual, 13.1.6 "Numeric Type Attributes").
    pub fn default_width(self, sign: Sign) -> u32 {
        let unsigned = u32::from(sign != Sign::Signed);
        match self {
            IntegerSize::Tiny => 4 - unsigned,
            IntegerSize::Small => 6 - unsigned,
            IntegerSize::Medium => 9 - unsigned,
            IntegerSize::Int => 11 - unsigned,
            IntegerSize::Big => 20,
        }
    }
}

/// UNSIGNED and ZEROFILL, which implies UNSIGNED.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Neither.
    #[default]
    Signed,
    /// UNSIGNED
    Unsigned,
    /// UNSIGNED ZEROFILL
    Zerofill,
}

/// `(M,D)` of FLOAT and DOUBLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FloatPrecision {
    /// The total number of digits.
    pub digits: u32,
    /// Digits after the point.
    pub decimals: u32,
}

/// The four lengths of TEXT and BLOB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextSize {
    /// up to 255 bytes
    Tiny,
    /// up to 65,535 bytes
    Normal,
    /// up to 16,777,215 bytes
    Medium,
    /// up to 4,294,967,295 bytes
    Long,
}

/// The spatial types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeometryKind {
    /// GEOMETRY
    Geometry,
    /// POINT
    Point,
    /// LINESTRING
    LineString,
    /// POLYGON
    Polygon,
    /// MULTIPOINT
    MultiPoint,
    /// MULTILINESTRING
    MultiLineString,
    /// MULTIPOLYGON
    MultiPolygon,
    /// GEOMETRYCOLLECTION, on MySQL shown as GEOMCOLLECTION
    GeometryCollection,
}

/// The kind of values of a type, for rules about all types of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TypeClass {
    /// Integers, DECIMAL, FLOAT, DOUBLE, BIT, YEAR
    Numeric,
    /// CHAR, VARCHAR, TEXT, ENUM, SET: those with a character set
    Character,
    /// BINARY, VARBINARY, BLOB
    Binary,
    /// DATE, TIME, DATETIME, TIMESTAMP
    Temporal,
    /// GEOMETRY and its subtypes
    Spatial,
    /// JSON, UUID, INET4, INET6, VECTOR
    Other,
}

impl ColumnType {
    /// The kind of values of the type.
    pub fn class(&self) -> TypeClass {
        match self {
            ColumnType::Integer { .. }
            | ColumnType::Decimal { .. }
            | ColumnType::Float { .. }
            | ColumnType::Double { .. }
            | ColumnType::Bit { .. }
            | ColumnType::Year => TypeClass::Numeric,
            ColumnType::Char { .. }
            | ColumnType::Varchar { .. }
            | ColumnType::Text { .. }
            | ColumnType::Enum { .. }
            | ColumnType::Set { .. } => TypeClass::Character,
            ColumnType::Binary { .. } | ColumnType::Varbinary { .. } | ColumnType::Blob { .. } => {
                TypeClass::Binary
            }
            ColumnType::Date
            | ColumnType::Time { .. }
            | ColumnType::Datetime { .. }
            | ColumnType::Timestamp { .. } => TypeClass::Temporal,
            ColumnType::Geometry { .. } => TypeClass::Spatial,
            ColumnType::Json
            | ColumnType::Uuid
            | ColumnType::Inet4
            | ColumnType::Inet6
            | ColumnType::Vector { .. } => TypeClass::Other,
        }
    }

    /// Whether a column of the type has a character set and a collation.
    pub fn has_charset(&self) -> bool {
        self.class() == TypeClass::Character
    }

    /// The maximum length of the values, in characters or bytes, for CHAR, VARCHAR, BINARY and
    /// VARBINARY. `None` for other types.
    pub fn length(&self) -> Option<u32> {
        match self {
            ColumnType::Char { length }
            | ColumnType::Varchar { length }
            | ColumnType::Binary { length }
            | ColumnType::Varbinary { length } => Some(*length),
            _ => None,
        }
    }

    /// Whether an index part on the type may have a prefix length
    /// (MySQL manual, 15.1.15 "Column Prefix Key Parts").
    pub fn allows_prefix(&self) -> bool {
        matches!(
            self,
            ColumnType::Char { .. }
                | ColumnType::Varchar { .. }
                | ColumnType::Text { .. }
                | ColumnType::Binary { .. }
                | ColumnType::Varbinary { .. }
                | ColumnType::Blob { .. }
                | ColumnType::Geometry { .. }
                // All of its bytes are indexed, so there is no prefix.
                | ColumnType::Bit { .. }
                // On some servers it is a LONGTEXT.
                | ColumnType::Json
        )
    }

    /// The prefix length that covers the whole column, in characters or bytes; `None` if there is
    /// none.
    pub fn whole_prefix(&self) -> Option<u32> {
        match self {
            ColumnType::Bit { length } => Some(length.div_ceil(8)),
            _ => self.length(),
        }
    }
}
