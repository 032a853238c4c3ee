//! What a server can do, and in which versions.

use super::Server;
use super::versions::{ALWAYS, MARIADB, MYSQL, before, both, by_server, mariadb, mysql, since};

by_server! {
    /// Something that not every server can. Each names the manual's section that says since when.
    Capability {
        /// An expression as a part of an index (MySQL 15.1.15 "Functional Key Parts").
        FunctionalIndexes: mysql(since(8, 0, 13)),
        /// `CAST(… AS … ARRAY)` in an index (MySQL 15.1.15 "Multi-Valued Indexes").
        MultiValuedIndexes: mysql(since(8, 0, 17)),
        /// A descending part of an index that is kept so (MySQL 10.3.13 "Descending Indexes",
        /// MariaDB "CREATE INDEX": before 10.8 DESC is read and ignored).
        DescendingIndexes: both(ALWAYS, since(10, 8, 1)),
        /// INVISIBLE columns (MySQL 15.1.20.10 "Invisible Columns", MariaDB "Invisible Columns").
        InvisibleColumns: both(since(8, 0, 23), ALWAYS),
        /// The right SHOW_ROUTINE (MySQL 8.2.2 "Privileges Provided by MySQL").
        ShowRoutine: mysql(since(8, 0, 20)),
        /// The right SHOW CREATE ROUTINE (MariaDB "GRANT", since 11.3).
        ShowCreateRoutine: mariadb(since(11, 3, 0)),
        /// The right SET_ANY_DEFINER, which was SET_USER_ID before (MySQL 8.2.2 "Privileges Provided by
        /// MySQL").
        SetAnyDefiner: mysql(since(8, 2, 0)),
        /// SUPER includes the rights SET USER, CONNECTION ADMIN and the like, or, on MySQL, permits the
        /// same (MariaDB "GRANT", "SUPER": until 11.0).
        SuperSetsDefiners: both(ALWAYS, before(11, 0, 1)),
        /// SUPER includes READ_ONLY ADMIN (MariaDB "GRANT", "SUPER": until 10.11).
        SuperWritesReadOnly: both(ALWAYS, before(10, 11, 1)),
        /// CHECK constraints that hold (MySQL 15.1.20.6 "CHECK Constraints", MariaDB "CONSTRAINT").
        Checks: both(since(8, 0, 16), ALWAYS),
        /// `NOT ENFORCED` (MySQL 15.1.20.6 "CHECK Constraints").
        UnenforcedChecks: mysql(since(8, 0, 16)),
        /// A CHECK of a column is kept apart from those of the table, named as the column
        /// (MariaDB "CONSTRAINT", "CHECK Constraints").
        ColumnChecks: MARIADB,
        /// A CHECK's name is unique in the schema rather than in its table
        /// (MySQL 15.1.20.6 "CHECK Constraints").
        SchemaWideCheckNames: mysql(since(8, 0, 16)),
        /// A TIMESTAMP after 2038-01-19 (MariaDB "TIMESTAMP", on 64-bit systems since 11.5: until 2106).
        TimestampsAfter2038: mariadb(since(11, 5, 0)),
        /// A spatial index is only used if its column has an SRID (MySQL 13.4.10 "Creating Spatial
        /// Indexes").
        IndexesNeedSrid: MYSQL,
        /// Digits and signs of numbers that aren't integers, and ZEROFILL, are deprecated (MySQL 13.1.6
        /// "Numeric Type Attributes").
        DeprecatesNumberAttributes: mysql(since(8, 0, 17)),
        /// `DEFAULT (expression)` (MySQL 13.6 "Data Type Default Values", MariaDB "CREATE TABLE",
        /// "DEFAULT Column Option").
        ExpressionDefaults: both(since(8, 0, 13), ALWAYS),
        /// A literal default of TEXT, BLOB, JSON and the spatial types (MariaDB "DEFAULT Column
        /// Option"; MySQL takes an expression alone, 13.6).
        LiteralTextDefaults: MARIADB,
        /// `NOT NULL` on a generated column (MySQL 15.1.20.8 "CREATE TABLE and Generated Columns").
        NotNullGeneratedColumns: MYSQL,
        /// `DROP CHECK` (MySQL 15.1.9 "ALTER TABLE").
        DropCheck: mysql(since(8, 0, 16)),
        /// The type JSON itself (MySQL 13.5 "The JSON Data Type"); on MariaDB it is a name for
        /// LONGTEXT with a CHECK ("JSON Data Type").
        JsonType: MYSQL,
        /// The type UUID (MariaDB "UUID Data Type").
        UuidType: mariadb(since(10, 7, 0)),
        /// The type INET4 (MariaDB "INET4").
        Inet4Type: mariadb(since(10, 10, 0)),
        /// The type INET6 (MariaDB "INET6").
        Inet6Type: MARIADB,
        /// Defaults of a routine's parameters (MariaDB "CREATE PROCEDURE").
        ParameterDefaults: mariadb(since(11, 8, 1)),
        /// The type VECTOR (MySQL 13.3.5 "The VECTOR Type", MariaDB "VECTOR").
        VectorType: both(since(9, 0, 0), since(11, 7, 1)),
        /// `SRID` of a spatial column (MySQL 13.4.1 "Spatial Data Types").
        SpatialReferenceSystem: MYSQL,
        /// Integers keep their display width (MySQL 13.1.6 "Numeric Type Attributes": until 8.0.19;
        /// MariaDB "Numeric Data Type Overview").
        DisplayWidths: both(before(8, 0, 19), ALWAYS),
        /// `WITH PARSER` of a full-text index (MySQL 14.9.8 "ngram Full-Text Parser").
        FulltextParsers: MYSQL,
        /// `SET DEFAULT` as a foreign key's action is kept (MySQL 15.1.20.5 "FOREIGN KEY
        /// Constraints"); MariaDB stores RESTRICT.
        SetDefaultAction: MYSQL,
        /// A unique index on a whole TEXT or BLOB, kept as a hash (MariaDB "Getting Started with
        /// Indexes", "Unique Index").
        HashUniqueIndexes: MARIADB,
        /// A part of an index that is too long for the engine is shortened in silence, unless the index
        /// is unique (MariaDB "InnoDB Limitations"); MySQL refuses it.
        ShortenedKeys: MARIADB,
        /// The collations of UCA 14.0.0, `uca1400_ai_ci` and its like
        /// (MariaDB "Supported Character Sets and Collations").
        Uca1400Collations: mariadb(since(10, 10, 1)),
        /// The collations of UCA 9.0.0 (MySQL 12.10.1 "Unicode Character Sets", MariaDB from 11.4.5
        /// on as names for its own).
        Uca900Collations: both(ALWAYS, since(11, 4, 5)),
        /// The collation `utf8mb4_0900_bin` (MySQL 8.0 12.10.1: added in 8.0.17).
        Uca900BinaryCollation: both(since(8, 0, 17), since(11, 4, 5)),
        /// UNIQUE of a column's own makes an index beside PRIMARY KEY of its own (found by trial; SERIAL
        /// says UNIQUE too).
        UniqueWithPrimaryKey: MYSQL,
        /// A TIMESTAMP that says neither NULL nor NOT NULL may be NULL and has no default of its own, unless
        /// the server is set otherwise (MySQL 7.1.8 "Server System Variables", MariaDB "Server System
        /// Variables": `explicit_defaults_for_timestamp`).
        ExplicitTimestampDefaults: both(ALWAYS, since(10, 10, 1)),
        /// LOCALTIME is the time of day, and not the present (found by trial; MariaDB "LOCALTIME").
        LocalTimeOfDay: mariadb(since(11, 7, 1)),
        /// REFERENCES of a column's own makes a foreign key, and isn't read and forgotten (MySQL
        /// 15.1.20.5 "FOREIGN KEY Constraints", MariaDB "Foreign Keys").
        InlineReferences: both(since(9, 0, 0), ALWAYS),
        /// A foreign key must refer to a unique key (MySQL 15.1.20.5, `restrict_fk_on_non_standard_key`).
        UniqueReferencedKeys: mysql(since(8, 4, 0)),
        /// A descending index serves a foreign key of the table that has it (found by trial; MySQL
        /// makes another one).
        DescendingForeignKeyIndexes: mariadb(since(10, 8, 1)),
        /// A VARCHAR of a foreign key may get longer while the key stands (found by trial; MariaDB
        /// "Foreign Keys": a change of the column's type is refused).
        WidenForeignKeyColumns: MYSQL,
        /// A column of a foreign key may become NOT NULL by an ALTER TABLE that copies the table while
        /// the key stands (found by trial: MySQL gives error 1832).
        CopyToNotNullForeignKeyColumns: MARIADB,
        /// A column of a foreign key may be renamed whatever CHECKs its table has (found by trial:
        /// MySQL copies a table whose CHECK reads a date, time, ENUM, SET, or a TEXT or BLOB of another
        /// size than the plain one, error 1846).
        RenameForeignKeyColumnsWithChecks: MARIADB,
        /// A STORED column may be computed by what depends on the session, as its time zone or its
        /// language, wherever a VIRTUAL one may (MariaDB "Generated Columns", "Expression Support":
        /// only a VIRTUAL one, error 1901).
        StoredSessionValues: MYSQL,
        /// More than one full-text index may be added by one ALTER TABLE (MySQL 17.12.1 "Online DDL
        /// Operations", error 1795).
        SeveralFulltextAdditions: MARIADB,
        /// ADD COLUMN with a default that differs from row to row, as `uuid()` (MySQL 13.6, error
        /// 1674).
        AddColumnWithVaryingDefault: MARIADB,
        /// An INET4 may become an INET6 and the other way round (found by trial: MariaDB 10.11 gives
        /// error 4078, 11.8 doesn't; "INET4", since 11.3).
        ConvertAddresses: mariadb(since(11, 3, 0)),
        /// A zero date as a default is taken by a session in its default SQL mode (MySQL 7.1.11
        /// "Server SQL Modes", NO_ZERO_DATE; error 1067).
        ZeroDateDefaults: MARIADB,
        /// Rows get a value for a new column of any type that may not be NULL: a date of zeros, a
        /// geometry of no bytes (found by trial; MySQL gives errors 1292 and 1138).
        FillEveryNewColumn: MARIADB,
        /// The offset of a time zone in a literal, `'2020-01-01 00:00:00+02:00'` (MySQL 11.1.3 "Date and
        /// Time Literals", since 8.0.19).
        OffsetsOfTimeZones: mysql(since(8, 0, 19)),
        /// System versioning (MariaDB "System-Versioned Tables").
        SystemVersioning: MARIADB,
        /// A versioned table gets named columns that hold when a row was true, and keeps its history
        /// (MariaDB 11.7, "System-Versioned Tables", "Implicit to Explicit").
        NameSystemTimeColumns: mariadb(since(11, 7, 1)),
        /// `PERIOD FOR` of two columns of one's own (MariaDB "Application-Time Periods").
        Periods: MARIADB,
        /// `WITHOUT OVERLAPS` (MariaDB "Application-Time Periods").
        WithoutOverlaps: MARIADB,
        /// VECTOR indexes (MariaDB "CREATE TABLE with Vectors").
        VectorIndexes: mariadb(since(11, 7, 1)),
        /// `COMPRESSED` of a column (MariaDB "Storage-Engine Independent Column Compression").
        CompressedColumns: MARIADB,
        /// `COLUMN_FORMAT` and `STORAGE` of a column (MySQL 15.1.20 "CREATE TABLE Statement").
        ColumnFormats: MYSQL,
        /// `NOT SECONDARY` of a column (MySQL 15.1.20 "CREATE TABLE Statement").
        SecondaryEngines: mysql(since(8, 0, 13)),
        /// `ENGINE_ATTRIBUTE` and `SECONDARY_ENGINE_ATTRIBUTE` (MySQL 15.1.20 "CREATE TABLE
        /// Statement").
        EngineAttributes: mysql(since(8, 0, 21)),
        /// Options of tables, columns and indexes that a storage engine defines (MariaDB
        /// "Engine-defined New Table/Field/Index Attributes").
        EngineOptions: MARIADB,
        /// A primary key for a table that declares none (MySQL 15.1.20.11 "Generated Invisible Primary
        /// Keys").
        GeneratedKeys: mysql(since(8, 0, 30)),
        /// Partitions for the history of rows, BY SYSTEM_TIME (MariaDB "System-Versioned Tables").
        SystemTimePartitions: MARIADB,
        /// History partitions that the server makes itself, AUTO (MariaDB "System-Versioned Tables").
        AutoPartitions: mariadb(since(10, 9, 1)),
        /// A partition of LIST for all other values, DEFAULT (MariaDB "LIST Partitioning Type").
        DefaultPartitions: MARIADB,
        /// A partition's TABLESPACE is kept (MySQL 15.1.20 "CREATE TABLE"); MariaDB reads and forgets
        /// it.
        PartitionTablespaces: MYSQL,
        /// A column that the partitions are made by may be renamed, or dropped and added, and they follow
        /// (found by trial); MySQL wants PARTITION BY in the same statement (error 3855).
        RenamePartitioningColumns: MARIADB,
        /// A full-text index on a table with partitions (found by trial; MySQL 26.6 "Restrictions and
        /// Limitations on Partitioning", error 1214).
        FulltextIndexesWithPartitions: MARIADB,
        /// A literal beside a column of bits or bytes is kept with `_binary` (found by trial: MySQL
        /// does so once it has copied the table).
        IntroducersInExpressions: MYSQL,
        /// A column's type may become any other, as far as the rows' values can be read as such
        /// (found by trial: MariaDB gives error 4078 for a number, a geometry, a UUID, an address and
        /// a vector that are to become each other).
        ConvertAllTypes: MYSQL,
        /// A column may be renamed that a virtual column reads which others read, or an index on an
        /// expression (found by trial: MySQL wants all these in the same statement, errors 3108 and
        /// 3837).
        RenameColumnsBehindGenerated: MARIADB,
        /// A table may name the options of any engine (MariaDB "Engine-defined New Table/Field/Index
        /// Attributes": another engine's give error 1911).
        OptionsOfOtherEngines: MYSQL,
        /// A TIMESTAMP that may no longer be NULL fails at rows with NULL, unless the table is copied
        /// (found by trial; MariaDB gives them the present moment).
        FailAtNullTimestamps: MYSQL,
        /// `CREATE OR REPLACE` of triggers, routines and events, in one stroke and keeping the rights on
        /// them (MariaDB "CREATE TRIGGER", "CREATE PROCEDURE", "CREATE EVENT"; the rights by trial).
        ReplaceObjects: MARIADB,
        /// `DISABLE ON REPLICA` for an event, else `DISABLE ON SLAVE` (MySQL 15.1.13 "CREATE EVENT").
        DisableOnReplica: mysql(since(8, 4, 0)),
        /// A primary key on a stored generated column (MySQL 15.1.20.8 "CREATE TABLE and Generated
        /// Columns"; MariaDB "Generated Columns", error 1903).
        GeneratedPrimaryKeys: MYSQL,
        /// A foreign key on a virtual column, or to one (found by trial; MySQL 15.1.20.5, error 3733).
        ForeignKeysOnVirtualColumns: MARIADB,
        /// A foreign key whose action changes a column that a CHECK reads (MySQL 15.1.20.6 "CHECK
        /// Constraints", error 3823; of MariaDB only newer versions refuse it).
        ActionsWithChecks: MARIADB,
        /// A foreign key whose action changes or deletes by a column that a stored column reads (MySQL
        /// 15.1.20.5 "FOREIGN KEY Constraints", error 1215; of MariaDB only newer versions refuse some).
        ActionsWithStoredColumns: MARIADB,
        /// A generated column or a default that reads an AUTO_INCREMENT column (MySQL 15.1.20.8, 13.6,
        /// errors 3109 and 3768; MariaDB takes it of virtual columns, and older versions everywhere).
        AutoIncrementInExpressions: MARIADB,
        /// A default that reads a later column with an expression as its default (found by trial; MySQL
        /// 13.6 "Data Type Default Values", error 3767).
        LaterDefaults: MARIADB,
        /// Partitions of tables that aren't in InnoDB or NDB (MySQL 26.6.2 "Partitioning Limitations
        /// Relating to Storage Engines", error 1178).
        PartitionsOfAnyEngine: MARIADB,
        /// CREATE SEQUENCE (MariaDB "CREATE SEQUENCE").
        Sequences: MARIADB,
        /// `CREATE SEQUENCE … AS type` (MariaDB "CREATE SEQUENCE").
        SequenceTypes: mariadb(since(11, 5, 0)),
        /// `CREATE AGGREGATE FUNCTION` with a body (MariaDB "Stored Aggregate Functions").
        AggregateFunctions: MARIADB,
    }
}

impl Server {
    /// Whether the server can do it.
    pub fn can(&self, capability: Capability) -> bool {
        capability.servers().include(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{Fault, Version};

    #[test]
    fn each_server_can_what_its_version_has() {
        let can = |server: Server| -> Vec<_> {
            let some = [
                Capability::FunctionalIndexes,
                Capability::DescendingIndexes,
                Capability::InvisibleColumns,
                Capability::Checks,
                Capability::VectorType,
            ];
            some.into_iter().filter(|one| server.can(*one)).collect()
        };
        assert_eq!(can(Server::mysql(9, 7, 4)).len(), 5);
        assert_eq!(
            can(Server::mariadb(10, 11, 19)),
            [Capability::DescendingIndexes, Capability::InvisibleColumns, Capability::Checks]
        );
        assert!(!Server::mysql(8, 4, 0).can(Capability::VectorType));
        assert!(!Server::mysql(8, 0, 19).can(Capability::DisplayWidths));
        assert!(Server::mysql(8, 0, 18).can(Capability::DisplayWidths));
        assert!(Server::mariadb(11, 8, 6).can(Capability::DisplayWidths));
    }

    /// Else it would be said of versions that no server is supported in, or of all alike.
    #[test]
    fn each_version_sets_supported_servers_apart() {
        let capabilities = Capability::ALL.iter().map(|it| (format!("{it:?}"), it.servers()));
        let faults = Fault::ALL.iter().map(|it| (format!("{it:?}"), it.servers()));
        for (name, servers) in capabilities.chain(faults) {
            let [oldest, newest] = [Server::OLDEST, Server::NEWEST];
            let alike = |server: Server| servers.include(&server);
            let all = oldest.into_iter().chain(newest);
            assert!(all.clone().any(alike) && !all.clone().all(alike), "{name} of all, or of none");
            let each = [servers.mysql, servers.mariadb].into_iter().zip(oldest.iter().zip(&newest));
            for (versions, (oldest, newest)) in each {
                let named = versions.iter().flat_map(|it| [it.from, it.before]).flatten();
                for version in named.collect::<Vec<Version>>() {
                    assert!(version > oldest.version, "{name}: {version} isn't supported");
                    assert!(version <= newest.version, "{name}: {version} isn't known");
                }
            }
        }
    }
}
