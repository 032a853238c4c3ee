//! What `sqlparser` doesn't know of the SQL that driftline prints. If no statement has a clause, or
//! a newer version of the parser knows it, the test fails: this list may only get shorter.

/// A clause, and what the parser reads instead.
pub struct Clause {
    /// The words of the clause, separated by spaces. `<name>` is a name or a value, `<list>` a pair
    /// of parentheses with their content, and `<rest>` the rest of the statement.
    pub words: &'static str,
    /// The text for the parser.
    pub instead: &'static str,
}

const fn clause(words: &'static str, instead: &'static str) -> Clause {
    Clause { words, instead }
}

/// A statement that the parser doesn't know at all.
const fn statement(words: &'static str) -> Clause {
    clause(words, "")
}

/// A part of ALTER TABLE between two commas.
const fn action(words: &'static str) -> Clause {
    clause(words, "DROP COLUMN it")
}

/// A clause that can be left out.
const fn attribute(words: &'static str) -> Clause {
    clause(words, "")
}

/// An entry that begins like another one, but is longer, comes before it.
pub const UNKNOWN: &[Clause] = &[
    statement("ALTER DEFINER = <name> @ <name> EVENT <rest>"),
    statement("ALTER EVENT <rest>"),
    statement("ALTER FUNCTION <rest>"),
    statement("ALTER SEQUENCE <rest>"),
    // An `ALTER TABLE t` that changes nothing.
    statement("ALTER TABLE <name> ;"),
    statement("CREATE DEFINER = <name> @ <name> PROCEDURE <rest>"),
    statement("CREATE EVENT <rest>"),
    statement("CREATE FUNCTION <rest>"),
    statement("CREATE OR REPLACE DEFINER = <name> @ <name> PROCEDURE <rest>"),
    statement("CREATE OR REPLACE EVENT <rest>"),
    statement("CREATE OR REPLACE FUNCTION <rest>"),
    statement("CREATE OR REPLACE PROCEDURE <rest>"),
    statement("CREATE OR REPLACE TRIGGER <rest>"),
    statement("CREATE PROCEDURE <rest>"),
    statement("CREATE SEQUENCE <rest>"),
    statement("DROP EVENT <name>"),
    statement("SET STATEMENT <name> = <name> FOR"),
    action("ADD PARTITION <list>"),
    action("ADD PARTITION PARTITIONS <name>"),
    action("ADD PERIOD FOR <name> <list>"),
    action("ALTER CHECK <name> ENFORCED"),
    action("ALTER CHECK <name> NOT ENFORCED"),
    action("ALTER INDEX <name> IGNORED"),
    action("ALTER INDEX <name> INVISIBLE"),
    action("ALTER INDEX <name> NOT IGNORED"),
    action("ALTER INDEX <name> VISIBLE"),
    action("COALESCE PARTITION <name>"),
    action("DROP CHECK <name>"),
    action("DROP PARTITION <rest>"),
    action("DROP PERIOD FOR <name>"),
    action("DROP SYSTEM VERSIONING"),
    action("RENAME INDEX <name> TO <name>"),
    action("REORGANIZE PARTITION <rest>"),
    // Options of the table in ALTER TABLE.
    action("AUTOEXTEND_SIZE = <name>"),
    action("COMMENT = <name>"),
    action("CONNECTION = <name>"),
    action("DEFAULT CHARSET = <name> COLLATE = <name>"),
    action("ENCRYPTED = <name>"),
    action("ENCRYPTION_KEY_ID = <name>"),
    action("ENGINE = <name>"),
    action("MAX_ROWS = <name>"),
    action("ROW_FORMAT = <name>"),
    action("SECONDARY_ENGINE_ATTRIBUTE = <name>"),
    action("STATS_PERSISTENT = <name>"),
    action("TABLESPACE = <name>"),
    // Without commas around them.
    statement("ALTER TABLE <name> PARTITION BY <rest>"),
    statement("ALTER TABLE <name> REMOVE PARTITIONING"),
    attribute("PARTITION BY <rest>"),
    attribute("REMOVE PARTITIONING"),
    // Of columns and indexes.
    clause(") KEY_BLOCK_SIZE = <name>", ")"),
    action("KEY_BLOCK_SIZE = <name>"),
    clause("AS ROW END", "AS (it)"),
    clause("AS ROW START", "AS (it)"),
    clause("ADD VECTOR KEY <name> <list>", "ADD KEY it (it)"),
    clause("VECTOR KEY <name> <list>", "KEY it (it)"),
    attribute("COLUMN_FORMAT <name>"),
    attribute("COMMENT <name>"),
    attribute("COMPRESSED"),
    attribute("DISTANCE = <name>"),
    attribute("IGNORED"),
    attribute("INVISIBLE"),
    attribute("M = <name>"),
    attribute("SECONDARY_ENGINE_ATTRIBUTE <name>"),
    attribute("STORAGE <name>"),
    attribute("WITH PARSER <name>"),
    attribute("WITHOUT OVERLAPS"),
    clause("PERIOD FOR SYSTEM_TIME <list>", "KEY it (it)"),
    attribute("WITHOUT SYSTEM VERSIONING"),
    // Of tables, triggers and views.
    attribute("WITH SYSTEM VERSIONING"),
    attribute("FOLLOWS <name>"),
    attribute("PRECEDES <name>"),
    attribute("WITH CASCADED CHECK OPTION"),
    // Two tables in parentheses.
    clause("( <name> <name> , <name> <name> )", "it"),
];
