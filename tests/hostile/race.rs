//! A session that alters tables all the time while they are compared: what is reported was true at
//! some moment.

use std::sync::atomic::{AtomicBool, Ordering};

use libtest_mimic::Failed;

use crate::support::servers::{Database, TestServer};
use crate::{driftline, one_in};

type Outcome = Result<(), Failed>;

/// A kind of DDL: the first state, the statements for the other state, and those back.
struct Kind {
    name: &'static str,
    first: &'static str,
    there: &'static str,
    back: &'static str,
}

const KINDS: [Kind; 9] = [
    Kind {
        name: "a column",
        first: "CREATE TABLE t (id int PRIMARY KEY, a int)",
        there: "ALTER TABLE t ADD COLUMN b varchar(20) NOT NULL DEFAULT 'x', ADD KEY (b)",
        back: "ALTER TABLE t DROP COLUMN b",
    },
    Kind {
        name: "a table made anew",
        first: "CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a), CHECK (a > 0))",
        there: "ALTER TABLE t MODIFY a bigint, ALGORITHM=COPY",
        back: "ALTER TABLE t MODIFY a int, ALGORITHM=COPY",
    },
    Kind {
        name: "the same table made anew",
        first: "CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a))",
        there: "ALTER TABLE t FORCE, ALGORITHM=COPY",
        back: "ALTER TABLE t FORCE",
    },
    Kind {
        name: "a primary key",
        first: "CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (id))",
        there: "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a)",
        back: "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id)",
    },
    Kind {
        name: "a foreign key",
        first: "CREATE TABLE p (id int PRIMARY KEY);
                CREATE TABLE t (id int PRIMARY KEY, p int, KEY k (p))",
        there: "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE",
        back: "ALTER TABLE t DROP FOREIGN KEY f",
    },
    Kind {
        name: "a table that comes and goes",
        first: "CREATE TABLE u (id int PRIMARY KEY)",
        there: "CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a), CONSTRAINT f FOREIGN KEY (a)
                REFERENCES u (id))",
        back: "DROP TABLE t",
    },
    Kind {
        name: "two names exchanged",
        first: "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id bigint PRIMARY KEY)",
        there: "RENAME TABLE t TO x, u TO t, x TO u",
        back: "RENAME TABLE t TO x, u TO t, x TO u",
    },
    Kind {
        name: "a view",
        first: "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT id FROM t",
        there: "CREATE OR REPLACE VIEW v AS SELECT id, a FROM t",
        back: "CREATE OR REPLACE VIEW v AS SELECT id FROM t",
    },
    Kind {
        name: "partitions",
        first: "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id)
                (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))",
        there: "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))",
        back: "ALTER TABLE t DROP PARTITION p2",
    },
];

pub(crate) fn during_ddl(server: &TestServer) -> Outcome {
    let runs = 60 / usize::try_from(one_in(10))?;
    let mut wrong = Vec::new();
    for kind in &KINDS {
        race(kind, server, runs, &mut wrong)?;
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

fn race(kind: &Kind, server: &TestServer, runs: usize, wrong: &mut Vec<String>) -> Outcome {
    let database = server.database("race")?;
    database.plain(kind.first)?;
    let folder = tempfile::tempdir()?;
    let schema = folder.path().join("schema.yaml");
    let schema = schema.to_str().ok_or("no path")?;
    let url = database.url_text();
    let commands: [&[&str]; 6] = [
        &["diff", &url, schema, "--format", "diff"],
        &["pull", &url],
        &["diff", &url, schema, "--format", "diff"],
        &["inspect", &url, "--format", "json"],
        &["lint", &url, "--format", "json"],
        &["inspect", &url, "--self-check"],
    ];
    std::fs::write(schema, driftline(&["pull", &url])?.1)?;
    let (code, first, error) = driftline(commands[0])?;
    if code != Some(0) {
        return Err(format!("{}: {code:?} {first}{error}", kind.name).into());
    }
    let say = || commands.iter().map(|it| Ok(driftline(it)?.1)).collect::<Result<Vec<_>, Failed>>();
    let first = say()?;
    database.plain(kind.there)?;
    let second = say()?;
    database.plain(kind.back)?;

    let done = AtomicBool::new(false);
    let mut told = 0;
    std::thread::scope(|scope| {
        let altering = scope.spawn(|| alter(kind, &database, &done));
        for run in 0..runs {
            let number = run % commands.len();
            let command = commands[number];
            let Ok((code, out, error)) = driftline(command) else { continue };
            let was_so =
                matches!(code, Some(0 | 1)) && (out == first[number] || out == second[number]);
            let is_told =
                code == Some(3) && error.contains("schema") && !error.contains("panicked");
            told += u64::from(code == Some(3));
            if !was_so && !is_told {
                let command = command[0];
                wrong.push(format!("{}: {command}: {code:?}\n{out}{error}", kind.name));
            }
        }
        done.store(true, Ordering::Relaxed);
        println!("{}: {}: {told} of {runs} runs could not be settled", server.name(), kind.name);
        altering.join().unwrap_or_else(|_| Err("the other session failed".into()))
    })
}

fn alter(kind: &Kind, database: &Database, done: &AtomicBool) -> Outcome {
    while !done.load(Ordering::Relaxed) {
        let both = format!("{};\n{};\n", kind.there, kind.back);
        database.plain(&both.repeat(20))?;
    }
    Ok(())
}
