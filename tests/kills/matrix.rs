//! The kill matrix: a run is killed at every point of every statement, and after each kill nothing
//! is lost, nothing has run twice, and what is reported is true.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use libtest_mimic::Failed;
use serde_json::Value;

use crate::project::{
    BASE, CHANGE, DATA, Project, STATEMENTS, Said, level, said, wait_for_the_lock,
};
use crate::proxy::{Act, Decide, Proxy, Step, query};
use crate::support::own_server::OwnServer;
use crate::support::servers::{Database, TestServer};

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// The client, by SIGKILL.
    Client,
    /// The connection that runs the statements.
    Socket,
    /// The server, by SIGKILL; it is started again.
    Server,
}

/// The point of a statement at which it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Point {
    /// Before `started` is recorded.
    BeforeStarted,
    /// `started` is recorded, and the client doesn't know it.
    Started,
    /// The statement is sent.
    Sent,
    /// It is in, and the client doesn't know it.
    Answered,
    /// `done` is recorded, and the client doesn't know it.
    Done,
    /// The transaction of data is committed, and the client doesn't know it.
    Committed,
}

const POINTS: [Point; 6] = [
    Point::BeforeStarted,
    Point::Started,
    Point::Sent,
    Point::Answered,
    Point::Done,
    Point::Committed,
];

/// What is done after the kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum After {
    /// The same run again. Where the client lives it goes on by itself.
    Resume,
    /// What is in is undone, and then everything is carried out.
    Rollback,
    /// The killed run is a rollback: it goes on, and then everything is carried out.
    Undoing,
}

/// One kill.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kill {
    pub(crate) action: Action,
    pub(crate) after: After,
    pub(crate) point: Point,
    pub(crate) statement: u32,
    /// Whether `status` and the database are looked at in between; otherwise the next run comes at
    /// once.
    pub(crate) looks: bool,
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kill { action, after, point, statement, looks } = self;
        write!(f, "{action:?} {after:?} at {point:?} of {statement}, looks: {looks}")
    }
}

/// All kills of an action.
pub(crate) fn kills(action: Action, after: After) -> Vec<Kill> {
    let mut kills = Vec::new();
    for statement in 1..=STATEMENTS {
        for point in POINTS {
            if point != Point::Committed || DATA.contains(&statement) {
                let looks = kills.len() % 2 == 0;
                kills.push(Kill { action, after, point, statement, looks });
            }
        }
    }
    kills
}

/// A server, and what of the kills is the same.
type Group = (String, Action, After, Point);

/// How many kills there were, and in how many of them a statement was in of which the history didn't
/// say so.
#[derive(Default)]
pub(crate) struct Counts {
    counts: Mutex<BTreeMap<Group, (u32, u32)>>,
}

impl Counts {
    fn add(&self, server: &TestServer, kill: Kill, was_in: bool) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Kill { action, after, point, .. } = kill;
        let count = counts.entry((server.name(), action, after, point)).or_default();
        count.0 += 1;
        count.1 += u32::from(was_in);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines: BTreeMap<(&str, Action, After), String> = BTreeMap::new();
        for ((server, action, after, point), (count, was_in)) in &*counts {
            let line = lines.entry((server, *action, *after)).or_default();
            let _ = write!(line, "  {point:?} {count}");
            if *was_in > 0 {
                let _ = write!(line, " ({was_in} in unrecorded)");
            }
        }
        for ((server, action, after), line) in lines {
            writeln!(f, "{server}, {action:?}, {after:?}:{line}")?;
        }
        let (all, was_in) = counts.values().fold((0, 0), |all, it| (all.0 + it.0, all.1 + it.1));
        write!(f, "{all} kills; in {was_in} a statement was in that wasn't recorded")
    }
}

/// Carries out kills one after the other; returns what went wrong.
pub(crate) fn run(
    server: &TestServer,
    own: Option<Arc<OwnServer>>,
    kills: &[Kill],
    counts: &Counts,
) -> Result<(), Failed> {
    let project = Project::new()?;
    let mut wrong = Vec::new();
    for kill in kills {
        let server = own.as_ref().map_or(server, |own| &own.server);
        match trial(server, own.clone(), &project, *kill) {
            Ok(was_in) => counts.add(server, *kill, was_in),
            Err(failed) => wrong.push(format!("{kill}: {}", failed.message().unwrap_or(""))),
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("{} kills failed:\n{}", wrong.len(), wrong.join("\n\n")).into()),
    }
}

fn trial(
    server: &TestServer,
    own: Option<Arc<OwnServer>>,
    project: &Project,
    kill: Kill,
) -> Result<bool, Failed> {
    let database = server.database("kills")?;
    let url = database.url_text();
    let prepared: &[&str] = match kill.after {
        After::Undoing => &["migrate", &url],
        _ => &["migrate", &url, "--to", BASE],
    };
    project.run(prepared)?.expect(0, "before the kill")?;
    let first = killed(project, &database, own, kill)?;
    let goes_on = kill.action != Action::Client && kill.after != After::Rollback;
    let mut output = String::new();
    if goes_on {
        output = first.expect(0, "the run that went on")?.saying(&["connecting again"])?.err;
    } else {
        if kill.action == Action::Client {
            if first.code.is_some() {
                return Err(format!("the client wasn't killed: {first:?}").into());
            }
        } else {
            first.expect(6, "the run that couldn't go on")?.saying(&["run the same again"])?;
        }
        if kill.looks {
            wait_for_the_lock(&database)?;
            status_is_true(project, &database, kill)?;
        }
    }
    let again: &[&str] = match kill.after {
        After::Resume => &["migrate", &url],
        After::Rollback => &["rollback", &url, "--failed", "--allow", "*:*"],
        After::Undoing => &["rollback", &url, "--allow", "*:*"],
    };
    if !goes_on {
        output = project.run(again)?.expect(0, "the run after the kill")?.err;
    }
    if kill.after != After::Resume {
        project.run(&["status", &url])?.expect(1, "status after the rollback")?;
        match level(&database)? {
            0 => {}
            level => return Err(format!("after the rollback {level} statements are in").into()),
        }
        let mut again = project.run(&["migrate", &url])?;
        // MariaDB that is killed within DROP TRIGGER can leave a file of the trigger, and says so only
        // when it is made again.
        if kill.action == Action::Server && again.err.contains("(error 1359)") {
            again.saying(&["`DROP TRIGGER IF EXISTS` removes that"])?;
            database.plain("DROP TRIGGER IF EXISTS counted")?;
            again = project.run(&["migrate", &url])?;
        }
        again.expect(0, "migrate after the rollback")?;
    }
    match level(&database)? {
        STATEMENTS => {}
        level => return Err(format!("at the end {level} statements are in\n{output}").into()),
    }
    project.expect_final(&database)?;
    Ok(output.contains("was in already"))
}

/// A run that is killed.
fn killed(
    project: &Project,
    database: &Database,
    own: Option<Arc<OwnServer>>,
    kill: Kill,
) -> Result<Said, Failed> {
    let process = Arc::new(OnceLock::new());
    let of_act = Arc::clone(&process);
    let act: Act = match (kill.action, own) {
        (Action::Client, _) => Box::new(move || end_process(*of_act.wait())),
        (Action::Server, Some(own)) => Box::new(move || {
            let _ = own.kill();
            // The proxy cuts the connection after the act, and a client that connects meanwhile is
            // refused by the system.
            let _ = own.start();
        }),
        _ => Box::new(|| {}),
    };
    let denies = kill.action != Action::Client && kill.after == After::Rollback;
    let endpoint = database.url()?.endpoint();
    let proxy = Proxy::start(&endpoint, denies, decide(kill), act)?;
    let url = format!("mysql://root@127.0.0.1:{}/{}?ssl-mode=disabled", proxy.port, database.name);
    let wait = if denies { "1" } else { "60" };
    let child = match kill.after {
        After::Undoing => project.spawn(&["rollback", &url, "--allow", "*:*", "--wait", wait])?,
        _ => project.spawn(&["migrate", &url, "--wait", wait])?,
    };
    let _ = process.set(child.id());
    let said = said(child)?;
    match proxy.has_acted() {
        true => Ok(said),
        false => Err(format!("the point wasn't reached: {said:?}").into()),
    }
}

/// Kills a process, and returns when it is dead.
pub(crate) fn end_process(process: u32) {
    let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
    let is_alive = || {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|it| !it.is_empty() && !it.trim().starts_with('Z'))
    };
    while is_alive() {
        std::thread::yield_now();
    }
}

/// Looks for the point among what the client sends.
fn decide(kill: Kill) -> Decide {
    let direction = if kill.after == After::Undoing { "down" } else { "up" };
    let marker = format!("/* driftline {CHANGE} {direction} {}", kill.statement);
    let mut is_done = false;
    Box::new(move |packet| {
        let text = query(packet);
        if is_done && text == "COMMIT" && kill.point == Point::Committed {
            return Step::ActAtAnswer;
        }
        let Some(rest) = text.strip_prefix(&marker) else { return Step::Pass };
        is_done |= rest.starts_with(" done */");
        match kill.point {
            Point::BeforeStarted if rest.starts_with(" started */") => Step::ActBefore,
            Point::Started if rest.starts_with(" started */") => Step::ActAtAnswer,
            Point::Sent if rest.starts_with(" */") => Step::ActAfter,
            Point::Answered if rest.starts_with(" */") => Step::ActAtAnswer,
            Point::Done if rest.starts_with(" done */") => Step::ActAtAnswer,
            _ => Step::Pass,
        }
    })
}

/// What `status` says of each statement is so.
fn status_is_true(project: &Project, database: &Database, kill: Kill) -> Result<(), Failed> {
    let said = project.run(&["status", &database.url_text(), "--format", "json"])?;
    // The beginning is recorded together with the first statement.
    let has_begun =
        kill.statement > 1 || !matches!(kill.point, Point::BeforeStarted | Point::Started);
    let code = match (has_begun, kill.after) {
        (true, _) => 6,
        (false, After::Undoing) => 0,
        (false, _) => 1,
    };
    let said = said.expect(code, "status after the kill")?;
    let document: Value = serde_json::from_str(&said.out)?;
    let unfinished = &document["unfinished"];
    if !has_begun {
        return match unfinished.is_null() {
            true => Ok(()),
            false => Err(format!("nothing was sent, and status says {document}").into()),
        };
    }
    if unfinished["migration"] != CHANGE {
        return Err(format!("status names no unfinished migration: {document}").into());
    }
    let level = level(database)?;
    let mut open = 0;
    for statement in unfinished["statements"].as_array().ok_or("no statements")? {
        let position = u32::try_from(statement["position"].as_u64().ok_or("no position")?)?;
        let has_run = match kill.after {
            After::Undoing => level <= STATEMENTS - position,
            _ => level >= position,
        };
        let is_true = match statement["state"].as_str() {
            Some("in") => has_run,
            Some("not in") => !has_run,
            Some("may be in; the next run finds out") => {
                open += 1;
                position == kill.statement
            }
            _ => false,
        };
        if !is_true {
            return Err(format!("with {level} statements in, status says {document}").into());
        }
    }
    match open {
        0 | 1 => Ok(()),
        _ => Err(format!("status leaves more than one statement open: {document}").into()),
    }
}
