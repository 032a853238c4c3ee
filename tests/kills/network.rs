//! A network that drops, delays and truncates what is sent, at random.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libtest_mimic::Failed;

use crate::is_all;
use crate::project::{Project, STATEMENTS, level};
use crate::sessions::with_base;
use crate::support::proxy;
use crate::support::servers::TestServer;

type Outcome = Result<(), Failed>;

/// Through a bad network a run goes on until it is done, or says that it is half-way; what is in is
/// in once.
pub(crate) fn bad_network(server: &TestServer) -> Outcome {
    let trials = if is_all() { 40 } else { 3 };
    let mut wrong = Vec::new();
    for seed in 0..trials {
        if let Err(failed) = trial(server, seed) {
            wrong.push(format!("seed {seed}: {}", failed.message().unwrap_or("")));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

fn trial(server: &TestServer, seed: u64) -> Outcome {
    let project = Project::new()?;
    let database = with_base(server, &project)?;
    let connections = Arc::new(AtomicU32::new(0));
    let answers = move |from: &TcpStream, to: &TcpStream| {
        let connection = u64::from(connections.fetch_add(1, Ordering::Relaxed));
        // If a connection breaks, it simply ends.
        let _ = spoil(from, to, Random(seed * 1000 + connection));
    };
    let port = proxy::start(&database.url()?.endpoint(), answers)?;
    let url = format!("mysql://root@127.0.0.1:{port}/{}?ssl-mode=disabled", database.name);
    let mut ends = Vec::new();
    for _ in 0..20 {
        let run = project.run(&["migrate", &url, "--wait", "3"])?;
        ends.push(run.code);
        match run.code {
            Some(0) => break,
            // It didn't come as far as the first statement; it is half-way; or the server hasn't seen
            // the end of a connection yet.
            Some(3 | 6 | 7) if !run.err.contains("panicked") => {}
            _ => return Err(format!("{ends:?}: {run:?}").into()),
        }
        // Half of the statements are in, or none, or all, but none of them twice.
        crate::project::wait_for_the_lock(&database)?;
        level(&database)?;
    }
    project.run(&["migrate", &database.url_text()])?.expect(0, "through a good network")?;
    match level(&database)? {
        STATEMENTS => project.expect_final(&database),
        level => Err(format!("{ends:?}: {level} statements are in").into()),
    }
}

/// Passes the server's answers on. One in some of them is late, cut in the middle, or never comes,
/// after which the connection ends.
fn spoil(mut from: &TcpStream, mut to: &TcpStream, mut random: Random) -> io::Result<()> {
    let mut bytes = vec![0; 1 << 16];
    // The first connections of a run only look; the login is left alone.
    let good = 4 + random.next() % 60;
    for count in 0.. {
        let read = from.read(&mut bytes)?;
        if read == 0 {
            return Ok(());
        }
        let answer = &bytes[..read];
        match random.next() % 8 {
            0 => std::thread::sleep(Duration::from_millis(random.next() % 60)),
            1 if count > good => {
                to.write_all(&answer[..read / 2])?;
                return Ok(());
            }
            2 if count > good => return Ok(()),
            _ => {}
        }
        to.write_all(answer)?;
    }
    Ok(())
}

/// Numbers that look random, the same for the same seed (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
