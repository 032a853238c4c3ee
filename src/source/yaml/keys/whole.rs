//! The file as a whole, and its settings besides tables and objects.

use super::Shape;
use super::Shape::{Any, Choice, Each, List, Map, Text};
use super::{EVENT, FUNCTION, PROCEDURE, SEQUENCE, Section, TABLE, TRIGGER, VIEW, key, words};
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
            `ignore`, `compare`, `rules` and `definer` of their own.",
        ),
        key(
            "rules",
            Each("rule", &Choice(|| words(SEVERITIES))),
            "How severe a finding of a rule, \
            or of a kind of risk like `drop-column`, is; `driftline rules` lists them.",
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
for another reason keeps its comment and its place. Definers have a key of their own.",
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
    ],
    example: "",
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
