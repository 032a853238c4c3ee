//! The sections other than `tables`.

use super::Shape::{self, Boolean, Choice, Integer, List, Text};
use super::{Key, Section, key, words};
use crate::source::yaml::object::{
    ALGORITHMS, CHECK_OPTIONS, DATA_ACCESS, SECURITY, STATUS, TIMES,
};

const FILE: Key = key(
    "file",
    Text("a path, relative to the file that names it"),
    "A file with the text, or with the whole CREATE statement, as the command-line client takes it \
     (with `DELIMITER` too).",
);
const BODY: Key = key("body", Text("an SQL statement"), "What it does.");
const DEFINER: Key = key("definer", Text("`app@%`"), "The account that it runs as.");
const SQL_MODE: Key = key(
    "sql_mode",
    Text("modes with commas between them"),
    "The mode that it runs with; left out, it isn't compared.",
);
const COMMENT: Key = key("comment", Text("any text"), "Its comment.");
const SAFETY: Key = key(
    "security",
    Choice(|| words(SECURITY)),
    "Whose rights count: the definer's or the caller's.",
);
const MOMENT: Shape = Text("a moment in SQL: `\"'2030-01-01 00:00:00'\"`");

pub(in super::super) const VIEW: Section = Section {
    place: "a view",
    title: "A view",
    path: "views.V",
    about: "A view is its query, or a map. The query may be the whole CREATE statement too.",
    keys: &[
        key("columns", List(&Text("a name"), 0, None), "The names of its columns."),
        key("algorithm", Choice(|| words(ALGORITHMS)), "`ALGORITHM`."),
        SAFETY,
        key("check_option", Choice(|| words(CHECK_OPTIONS)), "`WITH … CHECK OPTION`."),
        DEFINER,
        key("select", Text("a query"), "Its query."),
        FILE,
    ],
    example: "\
tables:
  reports: { columns: { id: int not null primary key, user_id: int, status: varchar(20) } }
views:
  open_reports: select id from reports where status = 'open'
  by_user:
    columns: [user, reports]
    security: invoker
    select: |
      select user_id, count(*)
      from reports group by user_id
",
};

pub(in super::super) const TRIGGER: Section = Section {
    place: "a trigger",
    title: "A trigger",
    path: "triggers.T",
    about: "A map, or the whole CREATE statement as a string.",
    keys: &[
        key("table", Text("a table"), "Its table."),
        key("when", Choice(|| words(TIMES)), "When it runs."),
        SQL_MODE,
        DEFINER,
        BODY,
        FILE,
    ],
    example: "\
tables:
  reports: { columns: { id: int not null primary key, title: varchar(80) } }
triggers:
  reports_bi:
    table: reports
    when: before insert
    body: |
      begin
        set new.title = trim(new.title);
      end
",
};

const PARAMETERS: Key =
    key("parameters", Text("what stands between the brackets: `in id int`"), "Its parameters.");
const DETERMINISTIC: Key =
    key("deterministic", Boolean, "Whether it gives the same for the same arguments.");
const ACCESS: Key = key("data_access", Choice(|| words(DATA_ACCESS)), "What it does with rows.");

pub(in super::super) const PROCEDURE: Section = Section {
    place: "a procedure",
    title: "A procedure",
    path: "procedures.P",
    about: "A map, or the whole CREATE statement as a string.",
    keys: &[PARAMETERS, DETERMINISTIC, ACCESS, SAFETY, COMMENT, SQL_MODE, DEFINER, BODY, FILE],
    example: "",
};

pub(in super::super) const FUNCTION: Section = Section {
    place: "a function",
    title: "A function",
    path: "functions.F",
    about: "A map, or the whole CREATE statement as a string.",
    keys: &[
        PARAMETERS,
        key("returns", Text("a type"), "The type of what it returns."),
        key("aggregate", Boolean, "Whether it is an aggregate function (MariaDB)."),
        DETERMINISTIC,
        ACCESS,
        SAFETY,
        COMMENT,
        SQL_MODE,
        DEFINER,
        BODY,
        FILE,
    ],
    example: "\
tables: {}
functions:
  twice: { parameters: a int, returns: bigint, deterministic: true, body: return a * 2 }
procedures:
  double: |
    create procedure `double` (inout a int)
    begin
      set a = twice(a);
    end
",
};

pub(in super::super) const EVENT: Section = Section {
    place: "an event",
    title: "An event",
    path: "events.E",
    about: "\
An event runs `every` so often, or once `at` a moment. One without `preserve: true` whose last moment
is over by the server's clock (`at` or `ends` a literal, `time_zone` an offset such as `+00:00`) is
no drift where the server has it no longer: a note names it.",
    keys: &[
        key("every", Text("an interval: `1 day`"), "How often it runs."),
        key("at", MOMENT, "When it runs once."),
        key("starts", MOMENT, "From when."),
        key("ends", MOMENT, "Until when."),
        key("preserve", Boolean, "Whether it stays when it is over."),
        key("status", Choice(|| words(STATUS)), "Whether it runs."),
        key("time_zone", Text("`+00:00`, `SYSTEM`, a name"), "The zone of its moments; left out, it \
            isn't compared."),
        COMMENT,
        SQL_MODE,
        DEFINER,
        BODY,
        FILE,
    ],
    example: "\
tables:
  log: { columns: { id: int not null primary key, created_at: datetime } }
events:
  purge:
    every: 1 day
    starts: \"'2030-01-01 00:00:00'\"
    body: delete from log where created_at < now() - interval 90 day
",
};

const BOUND: Shape = Integer(None, None);

pub(in super::super) const SEQUENCE: Section = Section {
    place: "a sequence",
    title: "A sequence",
    path: "sequences.S",
    about: "A map; nothing, for a sequence with no options; or a file with the CREATE statement.",
    keys: &[
        key("type", Text("a type of whole numbers"), "The type of its numbers (MariaDB 11.5)."),
        key("start", BOUND, "The first number."),
        key("minimum", BOUND, "The least."),
        key("maximum", BOUND, "The greatest."),
        key("increment", BOUND, "From one to the next."),
        key("cache", Integer(Some(0), None), "How many are taken at once."),
        key("cycle", Boolean, "Whether it begins again at its end."),
        key("engine", Text("a word"), "The storage engine."),
        COMMENT,
        FILE,
    ],
    example: "\
server: mariadb:10.11
tables: {}
sequences:
  numbers: { start: 100, increment: 10, cache: 50, cycle: true }
",
};
