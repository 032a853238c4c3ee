//! Migrations that are killed, cut off and kept from their locks at any moment: nothing is lost,
//! nothing runs twice, and what is reported is true.
//!
//! Every run is of the binary; a proxy in front of the real server knows from the comments of the
//! statements what is being said. A share of the kills always runs, and with `DRIFTLINE_KILLS=all` all
//! of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod matrix;
mod project;
mod proxy;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Failed, Trial};
use matrix::{Action, After, Counts, Kill};
use support::own_server::OwnServer;
use support::servers::{TestServer, USUAL_SERVERS, run, servers};

fn main() -> ExitCode {
    let counts = Arc::new(Counts::default());
    let mut trials = Vec::new();
    let own: Vec<Own> = servers().into_iter().map(Own::of).collect();
    for action in [Action::Client, Action::Socket, Action::Server] {
        for after in [After::Resume, After::Rollback, After::Undoing] {
            let title = format!("{action:?} killed, {after:?}");
            if own.is_empty() {
                trials.extend(USUAL_SERVERS.map(|name| {
                    Trial::test(format!("{title} on {name}"), || Ok(())).with_ignored_flag(true)
                }));
            }
            for own in own.clone() {
                let counts = Arc::clone(&counts);
                let title = format!("{title} on {}", own.server.name());
                trials.push(Trial::test(title, move || kill(&own, action, after, &counts)));
            }
        }
    }
    let code = run(trials);
    println!("{counts}");
    // Statics aren't dropped, and the servers are stopped by that.
    drop(own);
    code
}

/// The share of the kills that always runs.
fn share(action: Action, after: After) -> Vec<Kill> {
    let all = matrix::kills(action, after);
    if std::env::var("DRIFTLINE_KILLS").is_ok_and(|it| it == "all") {
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
