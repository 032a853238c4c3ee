//! Random migrations that are killed at a random packet: what comes of them is as without the kill.

use std::cell::Cell;
use std::fs;
use std::sync::{Arc, OnceLock};

use driftline::model::Schema;
use driftline::server::Server;
use driftline::source::yaml::{self, WriteOptions};
use libtest_mimic::Failed;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::generator::schemas;
use crate::generator::seed::pairs;
use crate::is_all;
use crate::matrix::end_process;
use crate::network::Random;
use crate::project::{Project, Said, said, wait_for_the_lock};
use crate::proxy::{Act, Proxy, Step, query};
use crate::support::servers::{Database, TestServer};

type Outcome = Result<(), Failed>;

/// What came of the pairs.
#[derive(Debug, Default)]
struct Count {
    resumed: Cell<u32>,
    was_in: Cell<u32>,
    passed_over: Cell<u32>,
    refused: Cell<u32>,
}

fn add(count: &Cell<u32>) {
    count.set(count.get() + 1);
}

pub(crate) fn killed(server: &TestServer) -> Outcome {
    let pairs_wanted = if is_all() { 60 } else { 4 };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let count = Count::default();
    let mut wrong = Vec::new();
    for number in 0..pairs_wanted {
        let pair = pairs().new_tree(&mut runner).map_err(|error| error.to_string())?.current();
        let (before, after) = schemas(&pair, &server.server);
        if let Err(failed) = trial(server, (&before, &after), number, &count) {
            wrong.push(format!("pair {number}: {}", failed.message().unwrap_or("")));
        }
    }
    println!("{}: random migrations: {count:?}", server.name());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

fn write(project: &Project, schema: &Schema, server: &Server) -> Outcome {
    let text = yaml::write(schema, &WriteOptions::new(*server));
    Ok(fs::write(project.generated().with_file_name("schema.yaml"), text)?)
}

fn trial(
    server: &TestServer,
    (before, after): (&Schema, &Schema),
    number: u64,
    count: &Count,
) -> Outcome {
    let project = Project::of(&[])?;
    fs::remove_file(project.generated().join("schema.lock.yaml"))?;
    let flavor = server.server.flavor();
    for (schema, message) in [(before, "before"), (after, "after")] {
        write(&project, schema, &server.server)?;
        let run = project.run(&["generate", "-m", message, "--flavor", &flavor])?;
        // What can't be compared or isn't a difference gives no migration.
        if run.code != Some(0) || !run.out.contains(".up.sql") {
            add(&count.passed_over);
            return Ok(());
        }
    }
    // Without a kill: whether the server takes it, and how many packets it takes.
    let plain = server.database("plain")?;
    let url = plain.url_text();
    let mut files: Vec<String> = fs::read_dir(project.generated())?
        .filter_map(|it| it.ok()?.file_name().into_string().ok())
        .filter_map(|it| it.strip_suffix(".up.sql").map(str::to_owned))
        .collect();
    files.sort();
    let [first, _] = files.as_slice() else { return Err(format!("{files:?}").into()) };
    let options = ["--allow", "*:*", "--wait", "60"];
    let migrate = |url: &str, more: &[&str]| -> Result<Said, Failed> {
        project.run(&[&["migrate", url], &options[..], more].concat())
    };
    if migrate(&url, &[])?.code != Some(0) {
        add(&count.refused);
        return Ok(());
    }
    let database = server.database("random")?;
    let url = database.url_text();
    migrate(&url, &["--to", first])?.expect(0, "the first migration")?;
    let said = killed_at_random(&project, &database, number, &options)?;
    wait_for_the_lock(&database)?;
    if said.code == Some(0) {
        // It went on by itself, or the packet never came.
    } else {
        let run = migrate(&url, &[])?.expect(0, "the run after the kill")?;
        if run.err.contains("was in already") {
            add(&count.was_in);
        }
    }
    add(&count.resumed);
    let shown = |database: &Database| -> Result<Vec<(String, String)>, Failed> {
        // The name of a sequence is shown with its database.
        let own = format!("`{}`.", database.name);
        let shown = [database.show_create()?, database.show_create_objects()?].concat();
        Ok(shown.into_iter().map(|(name, text)| (name, text.replace(&own, ""))).collect())
    };
    let (expected, found) = (shown(&plain)?, shown(&database)?);
    let differing = found.iter().find(|it| !expected.contains(it));
    if expected.len() != found.len() || differing.is_some() {
        let as_expected = expected.iter().find(|it| differing.is_some_and(|one| it.0 == one.0));
        return Err(format!("without the kill {as_expected:?}\nwith it {differing:?}").into());
    }
    project.run(&["status", &url])?.expect(0, "status at the end").map(drop)
}

fn killed_at_random(
    project: &Project,
    database: &Database,
    number: u64,
    options: &[&str],
) -> Result<Said, Failed> {
    let mut random = Random(number);
    let (kills_client, nth) = (random.next().is_multiple_of(2), random.next() % 40);
    let step = [Step::ActBefore, Step::ActAfter, Step::ActAtAnswer];
    let step = step[usize::try_from(random.next() % 3)?];
    let mut packets = 0;
    // Only the working connection's: the others read.
    let decide = move |packet: &[u8]| {
        if !query(packet).starts_with("/* driftline ") {
            return Step::Pass;
        }
        packets += 1;
        if packets == nth + 1 { step } else { Step::Pass }
    };
    let process = Arc::new(OnceLock::new());
    let of_act = Arc::clone(&process);
    let act: Act = match kills_client {
        true => Box::new(move || end_process(*of_act.wait())),
        false => Box::new(|| {}),
    };
    let endpoint = database.url()?.endpoint();
    let proxy = Proxy::start(&endpoint, false, Box::new(decide), act)?;
    let url = format!("mysql://root@127.0.0.1:{}/{}?ssl-mode=disabled", proxy.port, database.name);
    let child = project.spawn(&[&["migrate", &url], options].concat())?;
    let _ = process.set(child.id());
    said(child)
}
