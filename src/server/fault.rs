//! Faults of servers that driftline works around. Each was found by trial; docs/server-facts.md has
//! what was seen, in the section that is named.

use super::Server;
use super::versions::{MARIADB, MYSQL, by_server};

by_server! {
    /// Something that a server does wrong: a statement that its manual allows fails or does
    /// something else.
    Fault {
        /// An index that a statement drops and adds again with another KEY_BLOCK_SIZE keeps the old
        /// one ("Other columns, indexes and options").
        BlockSizeOfIndexStays: MYSQL,
        /// The KEY_BLOCK_SIZE of a table stays with its indexes after the table has lost it ("Other
        /// columns, indexes and options").
        BlockSizeOfTableStaysWithIndexes: MARIADB,
        /// A CHECK can't take the name of a foreign key that the same ALTER TABLE drops: error 1826
        /// ("Other columns, indexes and options").
        CheckNameOfDroppedForeignKey: MARIADB,
        /// ALTER TABLE looks for a dropped column of which a generated column was made, if the statement
        /// changes the generated column and a CHECK reads that one: error 1054 ("Generated columns").
        DroppedColumnBehindCheck: MARIADB,
        /// Blanks at the end of an event's comment are cut off ("Views, triggers, routines, events and
        /// sequences").
        EventCommentLosesBlanks: MARIADB,
        /// `ALTER EVENT … ON SCHEDULE` without ENDS keeps the old ENDS, moved by the difference of the
        /// time zones ("Views, triggers, routines, events and sequences"; MySQL 15.1.3 "ALTER EVENT" has
        /// what should happen).
        EventKeepsEnds: MARIADB,
        /// A full-text index that begins with the columns of a foreign key is taken for one that serves
        /// the key, after which the implicit index can't be dropped: error 1553 ("Foreign keys and the
        /// indexes that serve them").
        FulltextIndexServesForeignKey: MYSQL,
        /// Names that look like a number, bytes or a character set, as `1e3`, are written without
        /// backticks in partitions and then can't be read: error 1064 ("Other columns, indexes and
        /// options").
        PartitionNamesWithoutQuotes: MYSQL,
        /// A column that a CHECK, default or period reads can't be renamed once a statement has used the
        /// table twice, until it is opened anew: error 1054 ("Generated columns").
        RenameAfterTableUsedTwice: MARIADB,
        /// `ALTER PROCEDURE … COMMENT ''` does nothing ("Views, triggers, routines, events and
        /// sequences").
        RoutineKeepsComment: MYSQL,
        /// An index on a whole SET that becomes a text is held by a prefix of the set's length in bytes
        /// ("Indexes").
        SetLengthStaysInIndex: MYSQL,
    }
}

impl Server {
    /// Whether the server has the fault.
    pub fn has(&self, fault: Fault) -> bool {
        fault.servers().include(self)
    }
}
