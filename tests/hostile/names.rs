//! Names and texts that try to look like something else: lines of a report, commands to a terminal
//! or to a CI service, ends of comments.

use libtest_mimic::Failed;

use crate::driftline;
use crate::support::servers::TestServer;

type Outcome = Result<(), Failed>;

/// The end of each name and text, after a part that makes it unique.
const EVIL: [&str; 6] = [
    "\nFORGED in sync · 4 tables compared",
    "\n::error::FORGED",
    "\r\nFORGED\u{1b}[2J\u{1b}]0;t\u{7}",
    "\nFORGED\u{1b}[2J\u{1b}]0;t\u{7}",
    "\u{202e}FORGED\u{2066}",
    "*/ -- `FORGED` 'FORGED' \"\\",
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
