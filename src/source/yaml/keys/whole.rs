//! The file as a whole, and its settings besides tables and objects.

use super::Shape;
use super::Shape::{Any, Choice, Each, List, Map, Text};
use super::{
    EVENT, FUNCTION, PROCEDURE, SEQUENCE, Section, TABLE, TRIGGER, VIEW, key, required, words,
};
use crate::source::yaml::document::DEFINERS;
use crate::source::yaml::settings::{LAYOUTS, SEVERITIES};

const GLOBS: Shape = List(&Text("a glob"), 0, None);
const WHOLE: Shape = Text("the whole CREATE statement");

pub(in super::super) const FILE: Section = Section {
    place: "a schema file",
    title: "The file",
    path: "",
    about: "\
A file has `tables`, or one of the sections of objects, or includes files that do. A key that
begins with `x-` is never looked at: it may hold what YAML's anchors are to share.

What the file can't mean is an error at its line and column, several in one run, before anything is
sent to a server; so is what the server would refuse. `driftline lint` says so without a database:
where the file names no `server`, only what both vendors refuse.",
    keys: &[
        key(
            "server",
            Text("`mysql:8.4`, `mariadb:10.11`"),
            "The server that the file is for. It \
            counts where no database is asked (`lint`, `generate`, `check --offline`).",
        ),
        key("defaults", Map(&DEFAULTS), "What every table inherits unless it says otherwise."),
        key("ignore", Map(&IGNORE), "What is in the database and no business of driftline's."),
        key("compare", Map(&COMPARE), "What isn't compared at all."),
        key(
            "include",
            List(&Text("a path or a glob, relative to this file"), 0, None),
            "Files \
            whose tables and objects are part of this one. They have no `server`, `defaults`, \
            `ignore`, `compare`, `rules`, `waivers` and `definer` of their own.",
        ),
        key(
            "rules",
            Each(
                "rule",
                &Any(&[Choice(|| words(SEVERITIES)), Map(&RULE), Map(&NAMING), Map(&UNUSED_INDEX)]),
            ),
            "How severe a finding of a rule, \
            or of a kind of risk like `drop-column`, is; `driftline rules` lists them.",
        ),
        key(
            "waivers",
            List(&Map(&WAIVER), 0, None),
            "Findings that are accepted, each with the reason.",
        ),
        key(
            "definer",
            Choice(|| words(DEFINERS)),
            "Whether definers are compared. They aren't \
            unless `compare` is said, since they differ from one environment to the next.",
        ),
        key(
            "tables",
            Each("table", &Map(&TABLE)),
            "The tables. `tables: {}` says that there are \
            none.",
        ),
        key("views", Each("view", &Any(&[Text("the query"), Map(&VIEW)])), "The views."),
        key(
            "triggers",
            Each("trigger", &Any(&[WHOLE, Map(&TRIGGER)])),
            "The triggers. Those of one \
            table, time and event run in the order of the file.",
        ),
        key("procedures", Each("procedure", &Any(&[WHOLE, Map(&PROCEDURE)])), "The procedures."),
        key("functions", Each("function", &Any(&[WHOLE, Map(&FUNCTION)])), "The functions."),
        key("events", Each("event", &Any(&[WHOLE, Map(&EVENT)])), "The events."),
        key(
            "sequences",
            Each("sequence", &Any(&[Shape::Null, WHOLE, Map(&SEQUENCE)])),
            "The \
            sequences of MariaDB.",
        ),
        key(
            "migrations",
            Map(&MIGRATIONS),
            "The list of the migrations that lead to this schema, in \
            `generated/schema.lock.yaml` alone.",
        ),
    ],
    example: "\
server: mysql:8.4

defaults:
  engine: InnoDB
  charset: utf8mb4

ignore:
  tables: [alembic_version, \"tmp_*\"]

rules:
  missing-primary-key: error

tables:
  users:
    columns:
      id: int not null auto_increment
      email: varchar(255) not null
    primary_key: [id]
    indexes:
      users_email: { columns: [email], unique: true }
",
};

pub(in super::super) const DEFAULTS: Section = Section {
    place: "`defaults`",
    title: "Defaults",
    path: "defaults",
    about: "\
Character set and collation go together: a table that names one of them inherits neither. Where
neither the table nor `defaults` names any, it is the database's own default.",
    keys: &[
        key("engine", Text("a word"), "The storage engine."),
        key("charset", Text("a word"), "The character set."),
        key("collation", Text("a word"), "The collation."),
        key("row_format", Text("a word"), "`dynamic`, `compressed`, …"),
    ],
    example: "",
};

pub(in super::super) const IGNORE: Section = Section {
    place: "`ignore`",
    title: "Ignore",
    path: "ignore",
    about: "\
Lists of globs: `*` stands for any characters, `?` for one. A trigger of a table that is ignored is
ignored too. `driftline pull` puts the tables of migration tools here.",
    keys: &[
        key("tables", GLOBS, "Tables."),
        key("views", GLOBS, "Views."),
        key("triggers", GLOBS, "Triggers."),
        key("procedures", GLOBS, "Procedures."),
        key("functions", GLOBS, "Functions."),
        key("events", GLOBS, "Events."),
        key("sequences", GLOBS, "Sequences."),
    ],
    example: "",
};

pub(in super::super) const COMPARE: Section = Section {
    place: "`compare`",
    title: "Compare",
    path: "compare",
    about: "\
What is said here holds for every comparison with this file: with a database, with another file and
with the last migration. What isn't compared is left as it is: a statement that changes a column
for another reason keeps its comment and its place. Together the keys cover all drift of the class
`cosmetic`. The order of indexes, and names that differ in case alone, aren't compared anyway; definers
have a key of their own.",
    keys: &[
        key(
            "column_order",
            Shape::Boolean,
            "Whether the order of the columns is compared; `true` if left out. A new column still \
            gets its place.",
        ),
        key(
            "comments",
            Shape::Boolean,
            "Whether comments are compared; `true` if left out. What is new still gets its comment.",
        ),
        key(
            "server_names",
            Shape::Boolean,
            "Whether an index, foreign key or CHECK differs of which only the name does, if the \
            server made one of the two names (`reports_ibfk_1`, or the first column of an index); \
            `true` if left out.",
        ),
    ],
    example: "",
};

pub(in super::super) const RULE: Section = Section {
    place: "the severity of a rule",
    title: "The severity of a rule",
    path: "rules.R",
    about: "\
A rule may be stricter for what is new than for what is there: `{ severity: note, new: error }`. New is
what isn't in that with which the file is compared: for `check` the database, or the schema of the last
migration (`--offline`); for `lint` the schema of the last migration, or that of the commit after
`--changed-since`. What is in a new table is new, and what is renamed isn't. Where there is nothing to
compare with, nothing is new.",
    keys: &[
        key(
            "severity",
            Choice(|| words(SEVERITIES)),
            "How severe a finding is; the rule's own if left out.",
        ),
        key(
            "new",
            Choice(|| words(SEVERITIES)),
            "How severe a finding about what is new is.",
        ),
    ],
    example: "",
};

const PATTERN: Shape = Text("a regular expression, as in `\"^[a-z_]+$\"`");

pub(in super::super) const NAMING: Section = Section {
    place: "the rule `naming`",
    title: "The names that the rule `naming` wants",
    path: "rules.naming",
    about: "\
Each key is a kind, and its value the pattern that the names of this kind match: a regular expression
(without `^` and `$` it matches anywhere in the name; `(?i)` at its beginning leaves case out). A kind
without a pattern may have any names. An index that has the name of a foreign key is the one that the
server made for it, and isn't looked at.",
    keys: &[
        key("severity", Choice(|| words(SEVERITIES)), "How severe a finding is; `warning` if left out."),
        key("new", Choice(|| words(SEVERITIES)), "How severe a finding about what is new is."),
        key("tables", PATTERN, "Tables."),
        key("columns", PATTERN, "Columns."),
        key("indexes", PATTERN, "Indexes that aren't unique."),
        key("unique_indexes", PATTERN, "Unique indexes."),
        key("foreign_keys", PATTERN, "Foreign keys."),
        key("checks", PATTERN, "CHECKs."),
        key("views", PATTERN, "Views."),
        key("triggers", PATTERN, "Triggers."),
        key("routines", PATTERN, "Procedures and functions."),
        key("events", PATTERN, "Events."),
    ],
    example: "\
rules:
  naming:
    severity: error
    tables: \"^[a-z][a-z0-9_]*$\"
    indexes: ^ix_
    unique_indexes: ^ux_

tables:
  users:
    columns:
      id: int not null
      email: varchar(255) not null
    primary_key: [id]
    indexes:
      ux_users_email: { columns: [email], unique: true }
",
};

pub(in super::super) const UNUSED_INDEX: Section = Section {
    place: "the rule `unused-index`",
    title: "When the rule `unused-index` says something",
    path: "rules.unused-index",
    about: "A server counts the use of its indexes since it was started.",
    keys: &[
        key("severity", Choice(|| words(SEVERITIES)), "How severe a finding is."),
        key("new", Choice(|| words(SEVERITIES)), "How severe a finding about what is new is."),
        key(
            "days",
            Shape::Integer(Some(0), None),
            "For how many days the server has to have run; 7 if left out.",
        ),
    ],
    example: "",
};

pub(in super::super) const WAIVER: Section = Section {
    place: "a waiver",
    title: "A waiver",
    path: "waivers.W",
    about: "\
A finding that a waiver covers doesn't count for the exit code. It is still shown: as the number of
those that are waived in the text, and with the waiver in every other format. A waiver accepts a
finding and nothing else: `generate`, `diff` and `push` plan the same statements. One that has ended
or that covers nothing is a finding itself ([reviewing.md](reviewing.md#accepting-a-finding)).",
    keys: &[
        required(
            "rule",
            Any(&[Text("the code of a finding"), List(&Text("a code"), 1, None)]),
            "A rule, a class of drift (`drift-extra`, …) or a kind of risk (`drop-column`, …).",
        ),
        required(
            "element",
            Text("a path, as in `tables.reports.indexes.ix_a`"),
            "The element, by its path in this file. `*` and `?` stand for characters of one part \
            of the path, and at least one name is more than these. A path covers the element \
            itself, not what is in it; a dot in a name is written `[.]`.",
        ),
        required("reason", Text("a text"), "Why it is accepted."),
        key("owner", Text("a text"), "Who answers for it."),
        key("until", Text("a date, as in `2026-12-31`"), "The last day on which it holds, in UTC."),
    ],
    example: "\
waivers:
  - rule: missing-primary-key
    element: tables.audit_*
    reason: rows are only appended, and read by time
  - rule: [drift-extra, drift-different]
    element: tables.users.indexes.tmp_*
    reason: tried by the data team
    owner: data team
    until: 2026-12-31

tables:
  audit_logins:
    columns: { at: datetime not null }
  users:
    columns: { id: int not null }
    primary_key: [id]
",
};

pub(in super::super) const MIGRATIONS: Section = Section {
    place: "`migrations`",
    title: "Migrations",
    path: "migrations",
    about: "\
`driftline generate` writes this list into `generated/schema.lock.yaml`, and `check --offline` holds it
against the files. A line depends on the lines before it, so two branches that both add a migration
conflict when they are merged.",
    keys: &[
        key(
            "from_nothing",
            Shape::Boolean,
            "Whether the first migration starts from an empty database, so that the files give \
            the schema.",
        ),
        key(
            "layout",
            Choice(|| words(LAYOUTS)),
            "What the migrations are written as; revisions of Alembic's name one another and \
            are not listed.",
        ),
        key(
            "list",
            List(&Text("a version, the checksum of its file, and a chain value"), 0, None),
            "A line for each migration.",
        ),
    ],
    example: "",
};
