// Shared by the tests of the tables of keys and by those that run a JSON Schema validator.

/// A file that has the section at `path`, with what the section requires and with `entries`.
pub fn file(path: &str, entries: &str) -> String {
    let table = |rest: &str| format!("tables:\n  t:\n    columns: {{ a: int }}\n    {rest}\n");
    let column = |rest: &str| format!("tables:\n  t:\n    columns:\n      a: {rest}\n");
    let object = |section: &str, rest: &str| {
        format!(
            "tables: {{ t: {{ columns: {{ a: int }} }} }}\n\
             {section}:\n  o: {{ {rest}{entries} }}\n"
        )
    };
    match path {
        "" if entries.starts_with("tables:") => format!("{entries}\n"),
        "" => format!("tables: {{}}\n{entries}\n"),
        "defaults" | "ignore" | "compare" | "migrations" => format!("{path}: {{ {entries} }}\ntables: {{}}\n"),
        "rules.R" => format!("rules: {{ name-case: {{ {entries} }} }}\ntables: {{}}\n"),
        "rules.naming" => format!("rules: {{ naming: {{ {entries} }} }}\ntables: {{}}\n"),
        "rules.unused-index" => {
            format!("rules: {{ unused-index: {{ {entries} }} }}\ntables: {{}}\n")
        }
        "waivers.W" => {
            let rest = ["rule: name-case", "element: tables.t", "reason: why"];
            let rest = rest.map(|it| unless(entries, it)).concat();
            format!("waivers: [{{ {rest}{entries} }}]\ntables: {{}}\n")
        }
        "tables.T" if entries.starts_with("columns:") => {
            format!("tables:\n  t: {{ {entries} }}\n")
        }
        "tables.T" => format!("tables:\n  t: {{ columns: {{ a: int }}, {entries} }}\n"),
        "tables.T.columns.C" => column(&format!("{{ {}{entries} }}", unless(entries, "type: int"))),
        "tables.T.columns.C.default" => {
            let entries = if entries.is_empty() { "sql: '1'" } else { entries };
            column(&format!("{{ type: int, default: {{ {entries} }} }}"))
        }
        "tables.T.columns.C.generated" => {
            let rest = unless(entries, "as: '1'");
            column(&format!("{{ type: int, generated: {{ {rest}{entries} }} }}"))
        }
        "tables.T.primary_key" => {
            table(&format!("primary_key: {{ {}{entries} }}", unless(entries, "columns: [a]")))
        }
        "tables.T.indexes.I" => {
            table(&format!("indexes: {{ i: {{ {}{entries} }} }}", unless(entries, "columns: [a]")))
        }
        "tables.T.foreign_keys.F" => {
            let rest = [unless(entries, "columns: [a]"), unless(entries, "references: t(a)")];
            table(&format!("foreign_keys: {{ f: {{ {}{entries} }} }}", rest.concat()))
        }
        "tables.T.checks.C" => {
            let rest = unless(entries, "expression: a > 1");
            table(&format!("checks: {{ c: {{ {rest}{entries} }} }}"))
        }
        "tables.T.partitioning" => {
            let rest = unless(entries, "by: hash (a)");
            table(&format!("partitioning: {{ {rest}{entries} }}"))
        }
        "tables.T.partitioning.partitions.P" => table(&format!(
            "partitioning: {{ by: hash (a), partitions: {{ p: {{ {entries} }} }} }}"
        )),
        "tables.T.partitioning.partitions.P.subpartitions.S" => table(&format!(
            "partitioning: {{ by: range (a), subpartition_by: hash (a), partitions: {{ p: {{ \
             values: less than (1), subpartitions: {{ s: {{ {entries} }} }} }} }} }}"
        )),
        "views.V" => object("views", &unless(entries, "select: select 1")),
        "triggers.T" => {
            let rest = ["table: t", "when: before insert", "body: do 1"];
            object("triggers", &rest.map(|it| unless(entries, it)).concat())
        }
        "procedures.P" => object("procedures", &unless(entries, "body: do 1")),
        "functions.F" => {
            let rest = ["returns: int", "body: return 1"];
            object("functions", &rest.map(|it| unless(entries, it)).concat())
        }
        "events.E" => {
            let rest = ["every: 1 day", "body: do 1"];
            object("events", &rest.map(|it| unless(entries, it)).concat())
        }
        "sequences.S" => object("sequences", ""),
        other => panic!("where is {other}?"),
    }
}

/// An entry and a comma; empty if `entries` has its key already.
fn unless(entries: &str, entry: &str) -> String {
    let key = entry.split(':').next().unwrap_or_default();
    if entries.starts_with(&format!("{key}:")) { String::new() } else { format!("{entry}, ") }
}
