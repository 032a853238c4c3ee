//! The sections under `tables`.

use super::Shape::{self, Any, Boolean, Choice, Each, Integer, List, Map, Null, Number, Text};
use super::{Section, key, required, words};
use crate::source::yaml::column::{FORMATS, MEDIA};
use crate::source::yaml::constraint::ACTIONS;
use crate::source::yaml::index::{ALGORITHMS, DISTANCES, TYPES};

const WORD: Shape = Text("a word");
const EXPRESSION: Shape = Any(&[Text("an SQL expression"), Number, Boolean]);
const COLUMNS: Shape = List(&Text("a column"), 1, None);
const PARTS: Shape = List(&Text("`name`, `name(10)`, `name desc` or `(expression)`"), 1, None);
const JSON: Shape = Text("JSON");
const SIZE: Shape = Integer(Some(0), None);

pub(in super::super) const TABLE: Section = Section {
    place: "a table",
    title: "A table",
    path: "tables.T",
    about: "",
    keys: &[
        key("comment", Text("any text"), "The table's comment."),
        key("columns", Each("column", &Any(&[Text("what follows the name in CREATE TABLE"),
            Map(&COLUMN)])), "The columns, in their order. The string may have every clause of \
            SQL, `primary key`, `unique`, `check (…)` and `references t(c)` too."),
        key("system_versioning", Boolean, "Whether MariaDB keeps the history of the rows."),
        key("periods", Each("period", &List(&Text("a column"), 2, Some(2))), "MariaDB's periods, \
            each the columns of its beginning and its end; `system_time` is that of versioning."),
        key("primary_key", Any(&[PARTS, Map(&PRIMARY_KEY)]), "The primary key."),
        key("indexes", Each("index", &Any(&[PARTS, Map(&INDEX)])), "The indexes."),
        key("foreign_keys", Each("foreign key", &Map(&FOREIGN_KEY)), "The foreign keys. The index \
            that a server makes for one need not be listed."),
        key("checks", Each("check", &Any(&[Text("an SQL expression"), Number, Boolean,
            Map(&CHECK)])), "The CHECK constraints."),
        key("partitioning", Any(&[Text("SQL: `by hash (id) partitions 4`; or `keep`"),
            Map(&PARTITIONING)]), "How its rows are divided. `keep`: something else manages the \
            partitions, and they are never compared nor touched."),
        key("engine", WORD, "The storage engine."),
        key("charset", WORD, "The character set."),
        key("collation", WORD, "The collation."),
        key("row_format", WORD, "`dynamic`, `compressed`, …"),
        key("auto_increment", SIZE, "The first number for a new table. It is not compared."),
        key("options", Each("option", &Any(&[Text("its value"), Number])), "Every other option \
            of CREATE TABLE, by its name in SQL: `key_block_size: 8`."),
        key("renamed_from", Text("a name"), "What it was called: it is renamed, and keeps its rows."),
    ],
    example: "\
tables:
  users:
    columns:
      id: int not null auto_increment primary key
  reports:
    comment: Safety compliance reports
    columns:
      id: int not null auto_increment
      title: varchar(500) not null
      status: { type: \"enum('new','open','done')\", nullable: false, default: new, renamed_from: state }
      user_id: int not null
      details: json
      created_at: datetime not null default current_timestamp
    primary_key: [id]
    indexes:
      reports_user_created: [user_id, created_at desc]
      reports_title: [\"title(40)\"]
      reports_lower: [\"(lower(status))\"]
    foreign_keys:
      reports_user: { columns: [user_id], references: users(id), on_delete: cascade }
    checks:
      reports_title_said: \"title <> ''\"
",
};

pub(in super::super) const COLUMN: Section = Section {
    place: "a column",
    title: "A column",
    path: "tables.T.columns.C",
    about: "\
A column is a string, which is what stands after its name in CREATE TABLE, or a map with the keys
below. What the text of `type` says already is said once.",
    keys: &[
        required(
            "type",
            Text("what follows the name in CREATE TABLE, or the type alone"),
            "The type.",
        ),
        key("nullable", Boolean, "Whether NULL may stand in it; `true` where it isn't said."),
        key(
            "default",
            Any(&[Text("a literal"), Number, Boolean, Null, Map(&DEFAULT)]),
            "The \
            default value.",
        ),
        key("on_update", Text("`current_timestamp`"), "What an UPDATE sets it to."),
        key("auto_increment", Boolean, "Whether the server numbers the rows."),
        key("generated", Map(&GENERATED), "How it is computed."),
        key("charset", WORD, "The character set, where it isn't the table's."),
        key("collation", WORD, "The collation, where it isn't the table's."),
        key("comment", Text("any text"), "The column's comment."),
        key("invisible", Boolean, "Whether `select *` leaves it out."),
        key("check", EXPRESSION, "A CHECK of the column."),
        key("system_versioning", Boolean, "`false`: its history isn't kept (MariaDB)."),
        key("compressed", Boolean, "Whether MariaDB compresses its values."),
        key("column_format", Choice(|| words(FORMATS)), "`COLUMN_FORMAT` (MySQL)."),
        key("storage", Choice(|| words(MEDIA)), "`STORAGE` (MySQL)."),
        key("secondary", Boolean, "`false`: a secondary engine doesn't get it (MySQL)."),
        key("engine_attribute", JSON, "`ENGINE_ATTRIBUTE` (MySQL)."),
        key("secondary_engine_attribute", JSON, "`SECONDARY_ENGINE_ATTRIBUTE` (MySQL)."),
        key("engine_options", Text("SQL"), "Options that an engine defines (MariaDB)."),
        key("srid", SIZE, "The spatial reference system of a spatial column."),
        key("unique", Boolean, "Whether it has a unique index of its own."),
        key("primary_key", Boolean, "Whether it is the primary key."),
        key(
            "renamed_from",
            Text("a name"),
            "What it was called: it is renamed, and keeps its values.",
        ),
    ],
    example: "",
};

pub(in super::super) const DEFAULT: Section = Section {
    place: "a default",
    title: "A default that is computed",
    path: "tables.T.columns.C.default",
    about: "A literal stands as it is; SQL stands under `sql`.",
    keys: &[required("sql", EXPRESSION, "An expression, or `current_timestamp`.")],
    example: "\
tables:
  notes:
    columns:
      id: { type: char(36), nullable: false, default: { sql: uuid() } }
      written_at: { type: datetime, default: { sql: current_timestamp } }
      stars: { type: int, default: 5 }
    primary_key: [id]
",
};

pub(in super::super) const GENERATED: Section = Section {
    place: "`generated`",
    title: "A generated column",
    path: "tables.T.columns.C.generated",
    about: "",
    keys: &[
        required("as", EXPRESSION, "The expression."),
        key(
            "stored",
            Boolean,
            "Whether its values are kept; computed when they are read otherwise.",
        ),
    ],
    example: "\
tables:
  people:
    columns:
      id: int not null primary key
      first: varchar(40)
      last: varchar(40)
      name: { type: varchar(90), generated: { as: \"concat(first, ' ', last)\", stored: true } }
      initial: char(1) as (left(last, 1)) virtual
",
};

const ENGINE_KEYS: [super::Key; 3] = [
    key("engine_attribute", JSON, "`ENGINE_ATTRIBUTE` (MySQL)."),
    key("secondary_engine_attribute", JSON, "`SECONDARY_ENGINE_ATTRIBUTE` (MySQL)."),
    key("engine_options", Text("SQL"), "Options that an engine defines (MariaDB)."),
];

pub(in super::super) const PRIMARY_KEY: Section = Section {
    place: "a primary key",
    title: "A primary key",
    path: "tables.T.primary_key",
    about: "A list of columns, or a map.",
    keys: &{
        let [attribute, secondary, options] = ENGINE_KEYS;
        [
            required("columns", PARTS, "The columns, in their order."),
            key("using", Choice(|| words(ALGORITHMS)), "The algorithm."),
            key("comment", Text("any text"), "The key's comment."),
            key("key_block_size", SIZE, "`KEY_BLOCK_SIZE`."),
            key(
                "without_overlaps",
                Text("a period"),
                "No two rows are true at one time (MariaDB).",
            ),
            attribute,
            secondary,
            options,
        ]
    },
    example: "",
};

pub(in super::super) const INDEX: Section = Section {
    place: "an index",
    title: "An index",
    path: "tables.T.indexes.I",
    about: "A list of columns, or a map.",
    keys: &{
        let [attribute, secondary, options] = ENGINE_KEYS;
        [
            required("columns", PARTS, "The columns, in their order."),
            key("unique", Boolean, "Whether two rows may not have the same key."),
            key("type", Choice(|| words(TYPES)), "What it is, where it is no plain index."),
            key("using", Choice(|| words(ALGORITHMS)), "The algorithm."),
            key("parser", WORD, "The parser of a full-text index."),
            key("invisible", Boolean, "Whether the optimizer leaves it alone (MySQL's word)."),
            key("ignored", Boolean, "The same (MariaDB's word)."),
            key("comment", Text("any text"), "The index's comment."),
            key("key_block_size", SIZE, "`KEY_BLOCK_SIZE`."),
            key(
                "without_overlaps",
                Text("a period"),
                "No two rows are true at one time (MariaDB).",
            ),
            key("m", SIZE, "`M` of a vector index (MariaDB)."),
            key("distance", Choice(|| words(DISTANCES)), "`DISTANCE` of a vector index (MariaDB)."),
            attribute,
            secondary,
            options,
            key("renamed_from", Text("a name"), "What it was called."),
        ]
    },
    example: "\
tables:
  articles:
    columns:
      id: int not null
      slug: varchar(100) not null
      body: text not null
    primary_key: { columns: [id], comment: numbered by the editor }
    indexes:
      articles_slug: { columns: [slug], unique: true }
      articles_body: { columns: [body], type: fulltext }
",
};

pub(in super::super) const FOREIGN_KEY: Section = Section {
    place: "a foreign key",
    title: "A foreign key",
    path: "tables.T.foreign_keys.F",
    about: "",
    keys: &[
        required("columns", COLUMNS, "The columns that refer."),
        required(
            "references",
            Text("`users(id)`, `other_database.users(id)`, `users`"),
            "The table \
            and columns that they refer to; without columns its primary key.",
        ),
        key(
            "on_delete",
            Choice(|| words(ACTIONS)),
            "What becomes of a row when the one that it \
            refers to is deleted.",
        ),
        key(
            "on_update",
            Choice(|| words(ACTIONS)),
            "What becomes of it when that one's key changes.",
        ),
    ],
    example: "",
};

pub(in super::super) const CHECK: Section = Section {
    place: "a check",
    title: "A CHECK constraint",
    path: "tables.T.checks.C",
    about: "The expression alone, or a map.",
    keys: &[
        required("expression", EXPRESSION, "The expression."),
        key("enforced", Boolean, "`false`: rows needn't keep to it (MySQL)."),
    ],
    example: "",
};

const PARTITIONS: Shape = Any(&[
    Each("partition", &Any(&[Null, Text("`less than (10)`, `in (1, 2)`"), Map(&PARTITION)])),
    List(&Text("a name"), 1, None),
]);
const SUBPARTITIONS: Shape =
    Any(&[Each("subpartition", &Any(&[Null, Map(&SUBPARTITION)])), List(&Text("a name"), 0, None)]);
const COUNT: Shape = Integer(Some(1), Some(8192));

pub(in super::super) const PARTITIONING: Section = Section {
    place: "`partitioning`",
    title: "Partitioning",
    path: "tables.T.partitioning",
    about: "\
A partition that leaves the list takes its rows with it only where no other partition has a place for
them: `p1`, `p2` that become a wider `p2` are merged. What is destroyed is marked and named. A table
that is made from a file with `keep` has no partitions yet. `unix_timestamp('…')` in a bound is read
in UTC.",
    keys: &[
        required("by", Text("`range columns (created_at)`, `hash (id)`, …"), "What follows \
            PARTITION BY."),
        key("count", COUNT, "How many partitions, where they have no names."),
        key("partitions", PARTITIONS, "The partitions: what follows the name of each, without \
            VALUES."),
        key("subpartition_by", Text("`hash (id)`, `key (id)`"), "How each is divided again."),
        key("subpartitions", COUNT, "Into how many."),
    ],
    example: "\
tables:
  logs:
    columns: { id: bigint not null, created_at: datetime not null }
    primary_key: [id, created_at]
    partitioning:
      by: range columns (created_at)
      partitions:
        p2025: less than ('2026-01-01')
        p2026: { values: \"less than ('2027-01-01')\", comment: this year }
        pmax: less than maxvalue
  sessions:
    columns: { id: bigint not null primary key }
    partitioning: { by: hash (id), count: 4 }
  visits:
    columns: { id: bigint not null primary key }
    partitioning: keep
",
};

/// What partitions and subpartitions share.
pub(in super::super) const PARTITION_OPTIONS: [super::Key; 7] = [
    key("comment", Text("any text"), "Its comment."),
    key("engine", WORD, "Its storage engine."),
    key("data_directory", Text("a path"), "`DATA DIRECTORY`."),
    key("index_directory", Text("a path"), "`INDEX DIRECTORY`."),
    key("tablespace", Text("a name"), "`TABLESPACE`."),
    key("max_rows", SIZE, "`MAX_ROWS`."),
    key("min_rows", SIZE, "`MIN_ROWS`."),
];

pub(in super::super) const PARTITION: Section = Section {
    place: "a partition",
    title: "A partition",
    path: "tables.T.partitioning.partitions.P",
    about: "What follows VALUES as a string, nothing, or a map.",
    keys: &{
        let [comment, engine, data, index, tablespace, max, min] = PARTITION_OPTIONS;
        [
            key("values", Text("`less than (10)`, `in (1, 2)`"), "What follows VALUES."),
            key("subpartitions", SUBPARTITIONS, "Its subpartitions by their names."),
            comment,
            engine,
            data,
            index,
            tablespace,
            max,
            min,
        ]
    },
    example: "",
};

pub(in super::super) const SUBPARTITION: Section = Section {
    place: "a subpartition",
    title: "A subpartition",
    path: "tables.T.partitioning.partitions.P.subpartitions.S",
    about: "",
    keys: &PARTITION_OPTIONS,
    example: "",
};
