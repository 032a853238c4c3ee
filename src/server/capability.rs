//! What a server can, and from which version on.

use super::{Server, Vendor, Version};

/// Something that not every server can. Each names the manual's section that says since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// An expression as a part of an index (MySQL 15.1.15 "Functional Key Parts").
    FunctionalIndexes,
    /// `CAST(… AS … ARRAY)` in an index (MySQL 15.1.15 "Multi-Valued Indexes").
    MultiValuedIndexes,
    /// A descending part of an index that is kept so (MySQL 10.3.13 "Descending Indexes",
    /// MariaDB "CREATE INDEX": before 10.8 DESC is read and ignored).
    DescendingIndexes,
    /// INVISIBLE columns (MySQL 15.1.20.10 "Invisible Columns", MariaDB "Invisible Columns").
    InvisibleColumns,
    /// The right SHOW_ROUTINE (MySQL 8.2.2 "Privileges Provided by MySQL").
    ShowRoutine,
    /// The right SHOW CREATE ROUTINE (MariaDB "GRANT", since 11.3).
    ShowCreateRoutine,
    /// `INVISIBLE` on an index (MySQL 10.3.12 "Invisible Indexes").
    InvisibleIndexes,
    /// `IGNORED` on an index (MariaDB "Ignored Indexes").
    IgnoredIndexes,
    /// CHECK constraints that hold (MySQL 15.1.20.6 "CHECK Constraints", MariaDB "CONSTRAINT").
    Checks,
    /// `NOT ENFORCED` (MySQL 15.1.20.6 "CHECK Constraints").
    UnenforcedChecks,
    /// A CHECK of a column is kept apart from those of the table, named as the column
    /// (MariaDB "CONSTRAINT", "CHECK Constraints").
    ColumnChecks,
    /// A CHECK's name is unique in the schema rather than in its table
    /// (MySQL 15.1.20.6 "CHECK Constraints").
    SchemaWideCheckNames,
    /// `DEFAULT (expression)` (MySQL 13.6 "Data Type Default Values", MariaDB "CREATE TABLE",
    /// "DEFAULT Column Option").
    ExpressionDefaults,
    /// A literal default of TEXT, BLOB, JSON and the spatial types (MariaDB "DEFAULT Column
    /// Option"; MySQL takes an expression alone, 13.6).
    LiteralTextDefaults,
    /// `NOT NULL` on a generated column (MySQL 15.1.20.8 "CREATE TABLE and Generated Columns").
    NotNullGeneratedColumns,
    /// `RENAME COLUMN` (MySQL 15.1.9 "ALTER TABLE", MariaDB "ALTER TABLE").
    RenameColumn,
    /// `RENAME INDEX` (MySQL 15.1.9 "ALTER TABLE", MariaDB "ALTER TABLE").
    RenameIndex,
    /// `DROP CHECK` (MySQL 15.1.9 "ALTER TABLE").
    DropCheck,
    /// `DROP CONSTRAINT` for CHECKs (MySQL 15.1.9 "ALTER TABLE", MariaDB "ALTER TABLE").
    DropConstraint,
    /// The type JSON itself (MySQL 13.5 "The JSON Data Type"); on MariaDB it is a name for
    /// LONGTEXT with a CHECK ("JSON Data Type").
    JsonType,
    /// The type UUID (MariaDB "UUID Data Type").
    UuidType,
    /// The type INET4 (MariaDB "INET4").
    Inet4Type,
    /// The type INET6 (MariaDB "INET6").
    Inet6Type,
    /// Defaults of a routine's parameters (MariaDB "CREATE PROCEDURE").
    ParameterDefaults,
    /// The type VECTOR (MySQL 13.3.5 "The VECTOR Type", MariaDB "VECTOR").
    VectorType,
    /// `SRID` of a spatial column (MySQL 13.4.1 "Spatial Data Types").
    SpatialReferenceSystem,
    /// Integers keep their display width (MySQL 13.1.6 "Numeric Type Attributes": until 8.0.19;
    /// MariaDB "Numeric Data Type Overview").
    DisplayWidths,
    /// `WITH PARSER` of a full-text index (MySQL 14.9.8 "ngram Full-Text Parser").
    FulltextParsers,
    /// `SET DEFAULT` as a foreign key's action is kept (MySQL 15.1.20.5 "FOREIGN KEY
    /// Constraints"); MariaDB stores RESTRICT.
    SetDefaultAction,
    /// A unique index on a whole TEXT or BLOB, kept as a hash (MariaDB "Getting Started with
    /// Indexes", "Unique Index").
    HashUniqueIndexes,
    /// A part of an index that is too long for the engine is shortened in silence, unless the index
    /// is unique (MariaDB "InnoDB Limitations"); MySQL refuses it.
    ShortenedKeys,
    /// The collations of UCA 14.0.0, `uca1400_ai_ci` and its like
    /// (MariaDB "Supported Character Sets and Collations").
    Uca1400Collations,
    /// The collations of UCA 9.0.0 (MySQL 12.10.1 "Unicode Character Sets", MariaDB from 11.4.5
    /// on as names for its own).
    Uca900Collations,
    /// The collation `utf8mb4_0900_bin` (MySQL 8.0 12.10.1: added in 8.0.17).
    Uca900BinaryCollation,
    /// UNIQUE of a column's own makes an index beside PRIMARY KEY of its own (found by trial; SERIAL
    /// says UNIQUE too).
    UniqueWithPrimaryKey,
    /// A TIMESTAMP that says neither NULL nor NOT NULL may be NULL and has no default of its own, unless
    /// the server is set otherwise (MySQL 7.1.8 "Server System Variables", MariaDB "Server System
    /// Variables": `explicit_defaults_for_timestamp`).
    ExplicitTimestampDefaults,
    /// LOCALTIME is the time of day, and not the present (found by trial; MariaDB "LOCALTIME").
    LocalTimeOfDay,
    /// REFERENCES of a column's own makes a foreign key, and isn't read and forgotten (MySQL
    /// 15.1.20.5 "FOREIGN KEY Constraints", MariaDB "Foreign Keys").
    InlineReferences,
    /// A foreign key must refer to a unique key (MySQL 15.1.20.5, `restrict_fk_on_non_standard_key`).
    UniqueReferencedKeys,
    /// A descending index serves a foreign key of the table that has it (found by trial; MySQL
    /// makes another one).
    DescendingForeignKeyIndexes,
    /// A VARCHAR of a foreign key may get longer while the key stands (found by trial; MariaDB
    /// "Foreign Keys": a change of the column's type is refused).
    WidenForeignKeyColumns,
    /// A column of a foreign key may become NOT NULL by an ALTER TABLE that copies the table while
    /// the key stands (found by trial: MySQL gives error 1832).
    CopyToNotNullForeignKeyColumns,
    /// A column of a foreign key may be renamed whatever CHECKs its table has (found by trial:
    /// MySQL copies a table whose CHECK reads a date, time, ENUM, SET, or a TEXT or BLOB of another
    /// size than the plain one, error 1846).
    RenameForeignKeyColumnsWithChecks,
    /// A STORED column may be computed by what depends on the session, as its time zone or its
    /// language, wherever a VIRTUAL one may (MariaDB "Generated Columns", "Expression Support":
    /// only a VIRTUAL one, error 1901).
    StoredSessionValues,
    /// A table may be altered where a full-text index begins with the columns of a foreign key whose
    /// index came with it (found by trial: MySQL takes the full-text index for one that serves the
    /// key, and then can't drop the other, error 1553).
    FulltextWithForeignKeys,
    /// A CHECK may take the name of a foreign key that the same ALTER TABLE drops (found by trial:
    /// MariaDB gives error 1826).
    CheckNamedAsDroppedForeignKey,
    /// A column may be dropped by the ALTER TABLE that makes the generated column which reads it
    /// another, though a CHECK of the table reads the latter (found by trial: MariaDB looks for the
    /// dropped column, error 1054).
    DropColumnBehindCheckedColumn,
    /// More than one full-text index may be added by one ALTER TABLE (MySQL 17.12.1 "Online DDL
    /// Operations", error 1795).
    SeveralFulltextAdditions,
    /// ADD COLUMN with a default that differs from row to row, as `uuid()` (MySQL 13.6, error
    /// 1674).
    AddColumnWithVaryingDefault,
    /// An INET4 may become an INET6 and the other way round (found by trial: MariaDB 10.11 gives
    /// error 4078, 11.8 doesn't; "INET4", since 11.3).
    ConvertAddresses,
    /// A zero date as a default is taken by a session in its default SQL mode (MySQL 7.1.11
    /// "Server SQL Modes", NO_ZERO_DATE; error 1067).
    ZeroDateDefaults,
    /// Rows get a value for a new column of any type that may not be NULL: a date of zeros, a
    /// geometry of no bytes (found by trial; MySQL gives errors 1292 and 1138).
    FillEveryNewColumn,
    /// A table that no longer has a KEY_BLOCK_SIZE takes it from its indexes too (found by trial:
    /// MariaDB leaves it on each).
    BlockSizesGoWithTheTable,
    /// Names that a number, bytes or a character set may be written as, in partitions: `1e3` (found by
    /// trial: MySQL writes them without backticks for itself, and can't read them, error 1064).
    PartitionNamesLikeLiterals,
    /// The offset of a time zone in a literal, `'2020-01-01 00:00:00+02:00'` (MySQL 11.1.3 "Date and
    /// Time Literals", since 8.0.19).
    OffsetsOfTimeZones,
    /// System versioning (MariaDB "System-Versioned Tables").
    SystemVersioning,
    /// A versioned table gets named columns that hold when a row was true, and keeps its history
    /// (MariaDB 11.7, "System-Versioned Tables", "Implicit to Explicit").
    NameSystemTimeColumns,
    /// `PERIOD FOR` of two columns of one's own (MariaDB "Application-Time Periods").
    Periods,
    /// `WITHOUT OVERLAPS` (MariaDB "Application-Time Periods").
    WithoutOverlaps,
    /// VECTOR indexes (MariaDB "CREATE TABLE with Vectors").
    VectorIndexes,
    /// `COMPRESSED` of a column (MariaDB "Storage-Engine Independent Column Compression").
    CompressedColumns,
    /// `COLUMN_FORMAT` and `STORAGE` of a column (MySQL 15.1.20 "CREATE TABLE Statement").
    ColumnFormats,
    /// `NOT SECONDARY` of a column (MySQL 15.1.20 "CREATE TABLE Statement").
    SecondaryEngines,
    /// `ENGINE_ATTRIBUTE` and `SECONDARY_ENGINE_ATTRIBUTE` (MySQL 15.1.20 "CREATE TABLE
    /// Statement").
    EngineAttributes,
    /// Options of tables, columns and indexes that a storage engine defines (MariaDB
    /// "Engine-defined New Table/Field/Index Attributes").
    EngineOptions,
    /// A primary key for a table that declares none (MySQL 15.1.20.11 "Generated Invisible Primary
    /// Keys").
    GeneratedKeys,
    /// Partitions for the history of rows, BY SYSTEM_TIME (MariaDB "System-Versioned Tables").
    SystemTimePartitions,
    /// History partitions that the server makes itself, AUTO (MariaDB "System-Versioned Tables").
    AutoPartitions,
    /// A partition of LIST for all other values, DEFAULT (MariaDB "LIST Partitioning Type").
    DefaultPartitions,
    /// A partition's TABLESPACE is kept (MySQL 15.1.20 "CREATE TABLE"); MariaDB reads and forgets
    /// it.
    PartitionTablespaces,
    /// A column that the partitions are made by may be renamed, or dropped and added, and they follow
    /// (found by trial); MySQL wants PARTITION BY in the same statement (error 3855).
    RenamePartitioningColumns,
    /// A full-text index on a table with partitions (found by trial; MySQL 26.6 "Restrictions and
    /// Limitations on Partitioning", error 1214).
    FulltextIndexesWithPartitions,
    /// A literal beside a column of bits or bytes is kept with `_binary` (found by trial: MySQL
    /// does so once it has copied the table).
    IntroducersInExpressions,
    /// A column's type may become any other, as far as the rows' values can be read as such
    /// (found by trial: MariaDB gives error 4078 for a number, a geometry, a UUID, an address and
    /// a vector that are to become each other).
    ConvertAllTypes,
    /// An index holds a whole column that was a SET and becomes a text (found by trial: MySQL keeps
    /// the set's length in bytes as the prefix length).
    WidenSetsInIndexes,
    /// A column may be renamed that a virtual column reads which others read, or an index on an
    /// expression (found by trial: MySQL wants all these in the same statement, errors 3108 and
    /// 3837).
    RenameColumnsBehindGenerated,
    /// A column may be renamed that a CHECK, default or period reads, whatever was asked of the
    /// table before (found by trial: MariaDB fails with error 1054 once a statement has used the
    /// table twice, until it is opened anew).
    RenameColumnsOpenedTwice,
    /// A table may name the options of any engine (MariaDB "Engine-defined New Table/Field/Index
    /// Attributes": another engine's give error 1911).
    OptionsOfOtherEngines,
    /// One statement may drop an index and add it with blocks of another size (found by trial: MySQL
    /// keeps the old one).
    ResizeIndexBlocks,
    /// A TIMESTAMP that may no longer be NULL fails at rows with NULL, unless the table is copied
    /// (found by trial; MariaDB gives them the present moment).
    FailAtNullTimestamps,
    /// `CREATE OR REPLACE` of triggers, routines and events, in one stroke and keeping the rights on
    /// them (MariaDB "CREATE TRIGGER", "CREATE PROCEDURE", "CREATE EVENT"; the rights by trial).
    ReplaceObjects,
    /// `ALTER EVENT … ON SCHEDULE` without ENDS takes the old ENDS away (MySQL 15.1.3 "ALTER EVENT";
    /// found by trial that MariaDB keeps it, moved by the difference of the time zones).
    AlterEventTakesEndsAway,
    /// `ALTER PROCEDURE … COMMENT ''` takes the comment away (found by trial: MySQL passes over it).
    AlterRoutineTakesCommentAway,
    /// `DISABLE ON REPLICA` for an event, else `DISABLE ON SLAVE` (MySQL 15.1.13 "CREATE EVENT").
    DisableOnReplica,
    /// A primary key on a stored generated column (MySQL 15.1.20.8 "CREATE TABLE and Generated
    /// Columns"; MariaDB "Generated Columns", error 1903).
    GeneratedPrimaryKeys,
    /// A foreign key on a virtual column, or to one (found by trial; MySQL 15.1.20.5, error 3733).
    ForeignKeysOnVirtualColumns,
    /// A foreign key whose action changes a column that a CHECK reads (MySQL 15.1.20.6 "CHECK
    /// Constraints", error 3823; of MariaDB only newer versions refuse it).
    ActionsWithChecks,
    /// A foreign key whose action changes or deletes by a column that a stored column reads (MySQL
    /// 15.1.20.5 "FOREIGN KEY Constraints", error 1215; of MariaDB only newer versions refuse some).
    ActionsWithStoredColumns,
    /// A generated column or a default that reads an AUTO_INCREMENT column (MySQL 15.1.20.8, 13.6,
    /// errors 3109 and 3768; MariaDB takes it of virtual columns, and older versions everywhere).
    AutoIncrementInExpressions,
    /// A default that reads a later column with an expression as its default (found by trial; MySQL
    /// 13.6 "Data Type Default Values", error 3767).
    LaterDefaults,
    /// Partitions of tables that aren't in InnoDB or NDB (MySQL 26.6.2 "Partitioning Limitations
    /// Relating to Storage Engines", error 1178).
    PartitionsOfAnyEngine,
    /// Blanks at the end of an event's comment are kept (found by trial: MariaDB cuts them off).
    EventCommentsEndInBlanks,
    /// CREATE SEQUENCE (MariaDB "CREATE SEQUENCE").
    Sequences,
    /// `CREATE SEQUENCE … AS type` (MariaDB "CREATE SEQUENCE").
    SequenceTypes,
    /// `CREATE AGGREGATE FUNCTION` with a body (MariaDB "Stored Aggregate Functions").
    AggregateFunctions,
}

/// Every capability, for tests and lists.
#[cfg(test)]
const ALL: &[Capability] = &[
    Capability::FunctionalIndexes,
    Capability::DescendingIndexes,
    Capability::InvisibleColumns,
    Capability::Checks,
    Capability::RenameColumn,
    Capability::VectorType,
];

/// Since which version each vendor has it; `None` for never.
struct Since {
    mysql: Option<Version>,
    mariadb: Option<Version>,
}

const fn v(major: u16, minor: u16, patch: u16) -> Option<Version> {
    Some(Version { major, minor, patch })
}

const fn mysql(since: Option<Version>) -> Since {
    Since { mysql: since, mariadb: None }
}

const fn mariadb(since: Option<Version>) -> Since {
    Since { mysql: None, mariadb: since }
}

const fn both(mysql: Option<Version>, mariadb: Option<Version>) -> Since {
    Since { mysql, mariadb }
}

impl Capability {
    fn since(self) -> Since {
        match self {
            Capability::FunctionalIndexes => mysql(v(8, 0, 13)),
            Capability::MultiValuedIndexes => mysql(v(8, 0, 17)),
            Capability::DescendingIndexes => both(v(8, 0, 1), v(10, 8, 1)),
            Capability::InvisibleColumns => both(v(8, 0, 23), v(10, 3, 3)),
            Capability::InvisibleIndexes => mysql(v(8, 0, 0)),
            Capability::IgnoredIndexes => mariadb(v(10, 6, 0)),
            Capability::ShowRoutine => mysql(v(8, 0, 20)),
            Capability::ShowCreateRoutine => mariadb(v(11, 3, 0)),
            Capability::Checks => both(v(8, 0, 16), v(10, 2, 1)),
            Capability::UnenforcedChecks => mysql(v(8, 0, 16)),
            Capability::ColumnChecks => mariadb(v(10, 2, 1)),
            Capability::SchemaWideCheckNames => mysql(v(8, 0, 16)),
            Capability::ExpressionDefaults => both(v(8, 0, 13), v(10, 2, 1)),
            Capability::LiteralTextDefaults => mariadb(v(10, 2, 1)),
            Capability::NotNullGeneratedColumns => mysql(v(5, 7, 6)),
            Capability::RenameColumn => both(v(8, 0, 3), v(10, 5, 2)),
            Capability::RenameIndex => both(v(5, 7, 1), v(10, 5, 2)),
            Capability::DropCheck => mysql(v(8, 0, 16)),
            Capability::DropConstraint => both(v(8, 0, 19), v(10, 2, 1)),
            Capability::JsonType => mysql(v(5, 7, 8)),
            Capability::UuidType => mariadb(v(10, 7, 0)),
            Capability::Inet4Type => mariadb(v(10, 10, 0)),
            Capability::Inet6Type => mariadb(v(10, 5, 0)),
            Capability::ParameterDefaults => mariadb(v(11, 8, 1)),
            Capability::VectorType => both(v(9, 0, 0), v(11, 7, 1)),
            Capability::SpatialReferenceSystem => mysql(v(8, 0, 3)),
            Capability::DisplayWidths => mariadb(v(5, 1, 0)),
            Capability::FulltextParsers => mysql(v(5, 7, 6)),
            Capability::SetDefaultAction => mysql(v(5, 5, 0)),
            Capability::HashUniqueIndexes => mariadb(v(10, 4, 3)),
            Capability::ShortenedKeys => mariadb(v(5, 5, 0)),
            Capability::Uca1400Collations => mariadb(v(10, 10, 1)),
            Capability::Uca900Collations => both(v(8, 0, 1), v(11, 4, 5)),
            Capability::Uca900BinaryCollation => both(v(8, 0, 17), v(11, 4, 5)),
            Capability::UniqueWithPrimaryKey => mysql(v(5, 0, 0)),
            Capability::ExplicitTimestampDefaults => both(v(8, 0, 2), v(10, 10, 1)),
            Capability::LocalTimeOfDay => mariadb(v(11, 7, 1)),
            Capability::InlineReferences => both(v(9, 0, 0), v(10, 5, 0)),
            Capability::UniqueReferencedKeys => mysql(v(8, 4, 0)),
            Capability::DescendingForeignKeyIndexes => mariadb(v(10, 8, 1)),
            Capability::WidenForeignKeyColumns => mysql(v(5, 7, 0)),
            Capability::CopyToNotNullForeignKeyColumns => mariadb(v(10, 0, 5)),
            Capability::RenameForeignKeyColumnsWithChecks => mariadb(v(10, 0, 5)),
            Capability::StoredSessionValues => mysql(v(5, 7, 6)),
            Capability::FulltextWithForeignKeys => mariadb(v(10, 0, 5)),
            Capability::CheckNamedAsDroppedForeignKey => mysql(v(8, 0, 16)),
            Capability::DropColumnBehindCheckedColumn => mysql(v(8, 0, 16)),
            Capability::SeveralFulltextAdditions => mariadb(v(10, 0, 5)),
            Capability::AddColumnWithVaryingDefault => mariadb(v(10, 2, 1)),
            Capability::ConvertAddresses => mariadb(v(11, 3, 0)),
            Capability::ZeroDateDefaults => mariadb(v(10, 0, 5)),
            Capability::FillEveryNewColumn => mariadb(v(10, 0, 5)),
            Capability::BlockSizesGoWithTheTable => mysql(v(5, 7, 0)),
            Capability::PartitionNamesLikeLiterals => mariadb(v(10, 0, 5)),
            Capability::OffsetsOfTimeZones => mysql(v(8, 0, 19)),
            Capability::SystemVersioning => mariadb(v(10, 3, 4)),
            Capability::NameSystemTimeColumns => mariadb(v(11, 7, 1)),
            Capability::Periods => mariadb(v(10, 4, 3)),
            Capability::WithoutOverlaps => mariadb(v(10, 5, 3)),
            Capability::VectorIndexes => mariadb(v(11, 7, 1)),
            Capability::CompressedColumns => mariadb(v(10, 3, 2)),
            Capability::ColumnFormats => mysql(v(5, 7, 0)),
            Capability::SecondaryEngines => mysql(v(8, 0, 13)),
            Capability::EngineAttributes => mysql(v(8, 0, 21)),
            Capability::GeneratedKeys => mysql(v(8, 0, 30)),
            Capability::SystemTimePartitions => mariadb(v(10, 3, 4)),
            Capability::AutoPartitions => mariadb(v(10, 9, 1)),
            Capability::DefaultPartitions => mariadb(v(10, 2, 0)),
            Capability::PartitionTablespaces => mysql(v(8, 0, 0)),
            Capability::RenamePartitioningColumns => mariadb(v(10, 5, 2)),
            Capability::FulltextIndexesWithPartitions => mariadb(v(10, 5, 0)),
            Capability::IntroducersInExpressions => mysql(v(5, 7, 0)),
            Capability::ConvertAllTypes => mysql(v(5, 7, 0)),
            Capability::WidenSetsInIndexes => mariadb(v(10, 0, 5)),
            Capability::RenameColumnsBehindGenerated => mariadb(v(10, 0, 5)),
            Capability::RenameColumnsOpenedTwice => mysql(v(5, 7, 0)),
            Capability::OptionsOfOtherEngines => mysql(v(5, 7, 0)),
            Capability::ResizeIndexBlocks => mariadb(v(10, 0, 5)),
            Capability::FailAtNullTimestamps => mysql(v(5, 7, 0)),
            Capability::ReplaceObjects => mariadb(v(10, 1, 4)),
            Capability::AlterEventTakesEndsAway => mysql(v(5, 5, 0)),
            Capability::AlterRoutineTakesCommentAway => mariadb(v(5, 5, 0)),
            Capability::DisableOnReplica => mysql(v(8, 4, 0)),
            Capability::GeneratedPrimaryKeys => mysql(v(5, 7, 6)),
            Capability::ForeignKeysOnVirtualColumns => mariadb(v(10, 2, 1)),
            Capability::ActionsWithChecks => mariadb(v(10, 2, 1)),
            Capability::ActionsWithStoredColumns => mariadb(v(10, 2, 1)),
            Capability::AutoIncrementInExpressions => mariadb(v(10, 2, 1)),
            Capability::LaterDefaults => mariadb(v(10, 2, 1)),
            Capability::PartitionsOfAnyEngine => mariadb(v(5, 1, 0)),
            Capability::EventCommentsEndInBlanks => mysql(v(5, 5, 0)),
            Capability::EngineOptions => mariadb(v(5, 2, 0)),
            Capability::Sequences => mariadb(v(10, 3, 1)),
            Capability::SequenceTypes => mariadb(v(11, 5, 0)),
            Capability::AggregateFunctions => mariadb(v(10, 3, 3)),
        }
    }
}

impl Server {
    /// Whether the server can do it.
    pub fn can(&self, capability: Capability) -> bool {
        let since = capability.since();
        let has = match self.vendor {
            Vendor::MySql => since.mysql,
            Vendor::MariaDb => since.mariadb,
        };
        let old_widths = capability == Capability::DisplayWidths
            && self.vendor == Vendor::MySql
            && self.version < Version { major: 8, minor: 0, patch: 19 };
        has.is_some_and(|first| self.version >= first) || old_widths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_can_what_its_version_has() {
        let can = |server: Server| -> Vec<_> {
            ALL.iter().filter(|one| server.can(**one)).copied().collect()
        };
        assert_eq!(can(Server::mysql(9, 7, 4)), ALL);
        assert_eq!(
            can(Server::mariadb(10, 11, 19)),
            [
                Capability::DescendingIndexes,
                Capability::InvisibleColumns,
                Capability::Checks,
                Capability::RenameColumn
            ]
        );
        assert!(!Server::mysql(8, 4, 0).can(Capability::VectorType));
        assert!(!Server::mysql(8, 0, 19).can(Capability::DisplayWidths));
        assert!(Server::mysql(8, 0, 18).can(Capability::DisplayWidths));
        assert!(Server::mariadb(11, 8, 6).can(Capability::DisplayWidths));
    }
}
