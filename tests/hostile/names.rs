//! Names and texts that try to look like something else: lines of a report, commands to a terminal
//! or to a CI service, ends of comments.

use libtest_mimic::Failed;

use crate::driftline;
use crate::support::servers::TestServer;

type Outcome = Result<(), Failed>;

/// The end of each name and text, after a part that makes it unique.
const EVIL: [&str; 7] = [
    "\nFORGED in sync · 4 tables compared",
    "\n::error::FORGED",
    "\r\nFORGED\u{1b}[2J\u{1b}]0;t\u{7}",
    "\nFORGED\u{1b}[2J\u{1b}]0;t\u{7}",
    "\u{202e}FORGED\u{2066}",
    "*/ -- `FORGED` 'FORGED' \"\\",
    "</script></svg><script>FORGED</script>]]>``` | [F](x)",
];

/// A schema in which everything with a name has such a name.
fn schema(evil: &str) -> String {
    let name = |name: &str| format!("`{}{}`", name, evil.replace('`', "``"));
    let text = format!("'{}'", evil.replace('\\', "\\\\").replace('\'', "''"));
    let (p, t, a, b) = (name("p"), name("t"), name("a"), name("b"));
    format!(
        "CREATE TABLE {p} ({a} int PRIMARY KEY COMMENT {text}, {b} varchar(90) DEFAULT {text})
            COMMENT {text};
         CREATE TABLE {t} ({a} int, {b} enum({text}), KEY {k} ({b}), CONSTRAINT {f}
            FOREIGN KEY ({a}) REFERENCES {p} ({a}), CONSTRAINT {c} CHECK ({a} > 0));
         CREATE VIEW {v} AS SELECT {a} AS {b} FROM {p};
         CREATE TRIGGER {g} BEFORE INSERT ON {p} FOR EACH ROW SET NEW.{a} = 1;
         CREATE EVENT {e} ON SCHEDULE EVERY 1 DAY COMMENT {text} DO SELECT {text};
         CREATE PROCEDURE {r}({a} int) COMMENT {text} SELECT {text}",
        k = name("k"),
        f = name("f"),
        c = name("c"),
        v = name("v"),
        g = name("g"),
        e = name("e"),
        r = name("r"),
    )
}

pub(crate) fn in_reports(server: &TestServer) -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (nothing, pulled) = (path("nothing.yaml"), path("pulled.yaml"));
    std::fs::write(&nothing, "tables: {}\n")?;
    let mut wrong = Vec::new();
    for evil in EVIL {
        let database = server.database("names")?;
        let mut connection = database.connection()?;
        for statement in schema(evil).split(";\n") {
            connection.query_drop(statement)?;
        }
        let url = database.url_text();
        let url = url.as_str();
        let (code, text, error) = driftline(&["pull", url])?;
        std::fs::write(&pulled, &text)?;
        if code != Some(0) || !error.is_empty() && error.contains("FORGED\n") {
            wrong.push(format!("{evil:?}: pull: {code:?} {error}"));
        }
        let (code, out, error) = driftline(&["check", url, "-s", &pulled, "--fail-on", "drift"])?;
        if code != Some(0) {
            wrong.push(format!("{evil:?}: what is pulled differs: {out}{error}"));
        }
        // In a body, servers drop a carriage return before a line feed, also in a name there.
        if !evil.contains('\r') {
            let why = made_again(server, &pulled)?;
            wrong.extend(why.map(|why| format!("{evil:?}: made again: {why}")));
        }
        for args in [
            &["check", url, "-s", &nothing][..],
            &["diff", &nothing, url, "--format", "text"],
            &["diff", url, &nothing, "--format", "text"],
            &["lint", "-s", &pulled],
            &["inspect", url],
            &["inspect", "columns", url],
            &["inspect", "indexes", url],
            &["check", url, "-s", &nothing, "--format", "sql"],
            &["check", url, "-s", &nothing, "--format", "diff"],
            &["diff", &nothing, url, "--format", "sql"],
            &["diff", &nothing, url, "--format", "diff"],
        ] {
            let (_, out, error) = driftline(args)?;
            let holds = match args {
                [.., "--format", "sql" | "diff"] => Holds::Sql,
                [.., "--format", "text"] => Holds::SqlForPeople,
                _ => Holds::Names,
            };
            let found = forged(&out, holds).or_else(|| forged(&error, Holds::Names));
            wrong.extend(found.map(|line| format!("{evil:?}: {args:?}: {line:?}")));
        }
        for (format, is_right) in FOR_PROGRAMS {
            let check = ["check", url, "-s", &nothing, "--format", format];
            let graph = ["graph", url, "--columns", "all", "--format", format];
            let args = if GRAPHS.contains(&format) { &graph } else { &check };
            let (_, out, error) = driftline(args)?;
            let found = forged(&error, Holds::Names).map(str::to_owned);
            let found = found.or_else(|| is_right(&out).err());
            wrong.extend(found.map(|why| format!("{evil:?}: {args:?}: {why}")));
        }
        let (_, out, error) = driftline(&["inspect", "tables", url, "--format", "json"])?;
        let tables = json(&out).map_err(|why| format!("{why}: {error}"))?;
        let name = tables["tables"][0]["name"].as_str().unwrap_or_default().to_owned();
        for args in [
            &["explain", &format!("table:{name}"), url, &pulled][..],
            &["graph", url, "--focus", &name, "--format", "dot"],
        ] {
            let (code, out, error) = driftline(args)?;
            let found = forged(&out, Holds::SqlForPeople).or_else(|| forged(&error, Holds::Names));
            let found = found.or_else(|| (code != Some(0)).then_some(error.as_str()));
            wrong.extend(found.map(|line| format!("{evil:?}: {args:?}: {line:?}")));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

/// Makes the schema again with the plain client, in a session that lexes text differently. Returns
/// what is wrong with it then.
fn made_again(server: &TestServer, schema: &str) -> Result<Option<String>, Failed> {
    let again = server.database("names_again")?;
    let databases =
        "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '%FORGED%'";
    let url = again.url_text();
    let (_, sql, error) = driftline(&["diff", &url, schema, "--format", "sql"])?;
    if let Err(failed) = again.run_as_printed(&sql) {
        return Ok(Some(format!("{}\n{sql}{error}", failed.message().unwrap_or_default())));
    }
    let (code, out, error) = driftline(&["check", &url, "-s", schema, "--fail-on", "drift"])?;
    if code != Some(0) {
        return Ok(Some(format!("{out}{error}")));
    }
    let forged = again.plain(databases)?;
    Ok((!forged.trim().ends_with('0')).then(|| format!("databases came: {forged}")))
}

/// The formats of `graph`; the others are those of `check`.
const GRAPHS: [&str; 3] = ["svg", "mermaid", "dot"];

/// Whether an output has no line or element that only a name can have produced.
type IsRight = fn(&str) -> Result<(), String>;

/// The formats for programs and pages, and what has to hold for each of them.
const FOR_PROGRAMS: [(&str, IsRight); 9] = [
    ("html", page),
    ("sarif", |text| json(text).map(drop)),
    ("gitlab", |text| json(text).map(drop)),
    ("junit", xml),
    ("svg", xml),
    ("github", lines),
    ("markdown", markdown),
    ("mermaid", lines),
    ("dot", lines),
];

fn json(text: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn xml(text: &str) -> Result<(), String> {
    let document = roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
    let script = document.descendants().find(|node| node.has_tag_name("script"));
    script.map_or(Ok(()), |_| Err("a name has become an element".to_owned()))
}

/// No text has become an element, and none ends the script in which it is data.
fn page(text: &str) -> Result<(), String> {
    match text.find("<script>FORGED").or_else(|| text.find("</script></svg>")) {
        Some(_) => Err("a name has become an element".to_owned()),
        None => Ok(()),
    }
}

fn lines(text: &str) -> Result<(), String> {
    let begins = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("FORGED") || line.starts_with("::error::FORGED")
    };
    text.lines().find(begins).map_or(Ok(()), |line| Err(format!("{line:?}")))
}

/// Outside blocks of code no line is a name's, and no name is an element or ends a block.
fn markdown(text: &str) -> Result<(), String> {
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open.len() && line.trim_end() == &line[..ticks] => fence = None,
            Some(_) => continue,
            None if ticks >= 3 => fence = Some(&line[..ticks]),
            None if line.starts_with("FORGED") || line.contains("<script>") => {
                return Err(format!("{line:?}"));
            }
            None => {}
        }
    }
    fence.map_or(Ok(()), |open| Err(format!("a block of code isn't closed by {open}")))
}

/// What a text has of the schema besides names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Names,
    /// Statements, byte for byte: a name may span lines there, but not in the comments.
    Sql,
    /// Statements in which no line is a command.
    SqlForPeople,
}

/// The first line that only a name can have produced.
fn forged(text: &str, holds: Holds) -> Option<&str> {
    let mut before = "-- ";
    text.lines().find(|line| {
        let in_statement = !before.starts_with("-- ") && !before.starts_with("---");
        before = line;
        let is_command = line.trim_start().starts_with("::");
        let is_forged = line.starts_with("FORGED");
        let acts = |c: char| {
            c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        match holds {
            Holds::Names => is_command || is_forged || line.contains(acts),
            Holds::SqlForPeople => is_command || is_forged && !in_statement || line.contains(acts),
            Holds::Sql => {
                (is_command || is_forged) && !in_statement
                    || line.starts_with("--") && line.contains(acts)
            }
        }
    })
}
