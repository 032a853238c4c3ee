//! `driftline wait`.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use std::{io, thread};

use libtest_mimic::Failed;

use crate::support::servers::TestServer;
use crate::{Account, Outcome, driftline};

pub(crate) fn ready(server: &TestServer) -> Outcome {
    let database = server.database("ready")?;
    let run = driftline(&["wait", &database.url_text()])?.expect(0)?;
    if !run.out.starts_with(&database.name) || !run.out.contains(") is ready in ") {
        return Err(run.out.into());
    }
    if run.time > Duration::from_secs(2) || !run.err.is_empty() {
        return Err(format!("{:?} {}", run.time, run.err).into());
    }
    let without = database.url_text().replace(&format!("/{}", database.name), "");
    driftline(&["wait", &without])?.expect(0)?;
    let named = ["wait", &without, "--database", "no_such_database", "--timeout", "1"];
    let run = driftline(&named)?.expect(3)?;
    match run.err.contains("not ready within 1 s: there is no database `no_such_database`") {
        true => Ok(()),
        false => Err(run.err.into()),
    }
}

/// A port on which nobody answers at first.
pub(crate) fn later(server: &TestServer) -> Outcome {
    let database = server.database("later")?;
    let url: url::Url = database.url_text().parse()?;
    let upstream = (url.host_str().unwrap_or_default().to_owned(), url.port().unwrap_or(3306));
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(1500));
        let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) else { return };
        for (number, client) in listener.incoming().flatten().enumerate() {
            // The first connections end as they do at a server that is just starting.
            if number >= 2 {
                forward(client, &upstream);
            }
        }
    });
    let mut proxied = url.clone();
    proxied.set_port(Some(port)).map_err(|()| "no port")?;
    let run = driftline(&["wait", proxied.as_str(), "--timeout", "30"])?.expect(0)?;
    if run.time < Duration::from_millis(1500) || run.time > Duration::from_secs(10) {
        return Err(format!("{:?}", run.time).into());
    }
    match run.err.starts_with("waiting until ") {
        true => Ok(()),
        false => Err(run.err.into()),
    }
}

fn forward(client: TcpStream, upstream: &(String, u16)) {
    let Ok(server) = TcpStream::connect((upstream.0.as_str(), upstream.1)) else { return };
    let (Ok(from_client), Ok(to_server)) = (client.try_clone(), server.try_clone()) else { return };
    thread::spawn(move || io::copy(&mut &from_client, &mut &to_server));
    thread::spawn(move || io::copy(&mut &server, &mut &client));
}

/// The account comes first, and the database after it, as in an initialization.
pub(crate) fn made_later(server: &TestServer) -> Outcome {
    let database = server.database("made")?;
    let account = Account::named(server, &database);
    let url = account.url(&database, "geheim")?;
    server.plain(None, &format!("DROP DATABASE `{}`", database.name))?;
    let everything = format!("ALL ON `{}`.*", database.name);
    let make = account.statements("geheim", &[&everything]);
    let maker = {
        let (server, name) = (server.clone(), database.name.clone());
        thread::spawn(move || -> Result<(), Failed> {
            thread::sleep(Duration::from_millis(1000));
            server.plain(None, &make)?;
            thread::sleep(Duration::from_millis(1000));
            server.plain(None, &format!("CREATE DATABASE `{name}`")).map(drop)
        })
    };
    let run = driftline(&["wait", &url])?;
    maker.join().map_err(|_| "the thread failed")??;
    let run = run.expect(0)?;
    match run.time > Duration::from_secs(2) {
        true => Ok(()),
        false => Err(format!("{:?}", run.time).into()),
    }
}

pub(crate) fn wrong_password(server: &TestServer) -> Outcome {
    let database = server.database("password")?;
    let account = Account::named(server, &database).make("geheim", &[])?;
    refused(&account.url(&database, "falsch")?, " refuses user ")
}

pub(crate) fn unknown_database(server: &TestServer) -> Outcome {
    let database = server.database("unknown")?;
    let url = database.url_text().replace(&database.name, "no_such_database");
    refused(&url, "there is no database `no_such_database`")
}

/// What a server refuses is tried for some seconds, and not until the limit.
fn refused(url: &str, why: &str) -> Outcome {
    let run = driftline(&["wait", url])?.expect(3)?;
    if !(Duration::from_secs(5)..Duration::from_secs(9)).contains(&run.time) {
        return Err(format!("{:?}: {}", run.time, run.err).into());
    }
    match run.err.contains(why) && !run.err.contains("falsch") {
        true => Ok(()),
        false => Err(run.err.into()),
    }
}
