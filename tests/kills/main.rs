//! Migrations that are killed, cut off and kept from their locks at any moment: nothing is lost,
//! nothing runs twice, and what is reported is true.
//!
//! Every run is of the binary; a proxy in front of the real server knows from the comments of the
//! statements what is being said. A share of the kills always runs, and with `DRIFTLINE_KILLS=all` all
//! of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

#[allow(unreachable_pub)]
#[path = "../generator/mod.rs"]
mod generator;

mod disk;
mod files;
mod matrix;
mod network;
mod project;
mod proxy;
mod random;
mod sessions;
mod signals;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Failed, Trial};
use matrix::{Action, After, Counts, Kill};
use support::own_server::OwnServer;
use support::servers::{OnServer, TestServer, USUAL_SERVERS, on_each_server, run, servers};

/// What needs a server as any other test does.
const ON_SERVERS: [(&str, OnServer); 11] = [
    ("of two runs at once one waits and has nothing to do", sessions::two_at_once),
    ("a lock held by another session names it", sessions::lock_held),
    ("a killed worker is replaced", sessions::worker_killed),
    ("Ctrl-C stops between two statements", signals::once),
    ("Ctrl-C twice stops the statement", signals::twice),
    ("what isn't in may be edited", files::edited),
    ("an edited statement that may be in is asked about", files::edited_open_statement),
    ("other ends of lines are the same files", files::other_ends_of_lines),
    ("a restored dump goes on", files::restored_dump),
    ("a bad network loses nothing", network::bad_network),
    ("random migrations that are killed", random::killed),
];

/// What changes settings of a whole server, or needs its list of metadata locks.
const ON_OWN_SERVERS: [(&str, OnServer); 5] = [
    ("a transaction that has read the table is named", sessions::metadata_lock),
    (
        "a transaction that has read a referencing table is named",
        sessions::metadata_lock_of_referencing_table,
    ),
    ("a global read lock is waited for", sessions::global_read_lock),
    (
        "a global read lock between a statement and its record",
        sessions::global_read_lock_in_between,
    ),
    ("a read-only server is named as such", sessions::read_only),
];

fn main() -> ExitCode {
    let counts = Arc::new(Counts::default());
    let mut trials = on_each_server(&ON_SERVERS);
    let own: Vec<Own> = servers().into_iter().map(Own::of).collect();
    for action in [Action::Client, Action::Socket, Action::Server] {
        for after in [After::Resume, After::Rollback, After::Undoing] {
            let (title, counts) = (format!("{action:?} killed, {after:?}"), Arc::clone(&counts));
            trials.extend(on_each(&own, &title, move |own| kill(own, action, after, &counts)));
        }
    }
    for (title, test) in ON_OWN_SERVERS {
        trials.extend(on_each(&own, title, move |own| own.exclusively(|own| test(&own.server))));
    }
    trials.extend(on_each(&own, "a dump of another server of the version goes on", |own| {
        own.exclusively(|started| files::restored_elsewhere(&own.server, &started.server))
    }));
    trials.extend(on_each(&own, "a full disk loses nothing", |own| disk::full(&own.server)));
    let code = run(trials);
    println!("{counts}");
    // Statics aren't dropped, and the servers are stopped by that.
    drop(own);
    code
}

/// A trial on each server; without servers they are listed as ignored.
fn on_each(
    own: &[Own],
    title: &str,
    test: impl Fn(&Own) -> Result<(), Failed> + Clone + Send + 'static,
) -> Vec<Trial> {
    if own.is_empty() {
        let ignored = |name| Trial::test(format!("{title} on {name}"), || Ok(()));
        return USUAL_SERVERS.map(|name| ignored(name).with_ignored_flag(true)).into();
    }
    let trial = |own: &Own| {
        let (own, test) = (own.clone(), test.clone());
        Trial::test(format!("{title} on {}", own.server.name()), move || test(&own))
    };
    own.iter().map(trial).collect()
}

/// Whether everything runs, instead of a share of it.
fn is_all() -> bool {
    std::env::var("DRIFTLINE_KILLS").is_ok_and(|it| it == "all")
}

/// The share of the kills that always runs.
fn share(action: Action, after: After) -> Vec<Kill> {
    let all = matrix::kills(action, after);
    if is_all() {
        return all;
    }
    let nth = after as usize;
    let (one_in, begin) = match action {
        Action::Client => (7, nth),
        Action::Socket => (11, 2 * nth),
        // A server takes seconds to start again.
        Action::Server => (23, 1 + 7 * nth),
    };
    all.into_iter().skip(begin).step_by(one_in).collect()
}

fn kill(own: &Own, action: Action, after: After, counts: &Counts) -> Result<(), Failed> {
    let kills = share(action, after);
    if action != Action::Server {
        return matrix::run(&own.server, None, &kills, counts);
    }
    own.exclusively(|server| matrix::run(&own.server, Some(server), &kills, counts))
}

/// A server, and one like it of this test's own, which is started when it is needed.
#[derive(Clone)]
struct Own {
    server: TestServer,
    started: Arc<Mutex<Option<Arc<OwnServer>>>>,
}

impl Own {
    fn of(server: TestServer) -> Own {
        Own { server, started: Arc::default() }
    }

    /// Uses it while no other test does.
    fn exclusively(
        &self,
        use_it: impl FnOnce(Arc<OwnServer>) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if started.is_none() {
            *started = OwnServer::like(&self.server)?.map(Arc::new);
        }
        match &*started {
            Some(own) => use_it(Arc::clone(own)),
            None => {
                println!("{}: no such server is installed here to be killed", self.server.name());
                Ok(())
            }
        }
    }
}
