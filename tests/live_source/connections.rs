//! Connections that are refused, break, or are not encrypted as they should be.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use driftline::source::ReadOptions;
use driftline::source::live::{self, LiveError};
use libtest_mimic::Failed;

use crate::accounts::Account;
use crate::support::proxy;
use crate::support::servers::TestServer;
use crate::{Outcome, expect_error, with_query};

pub(crate) fn tls(server: &TestServer) -> Outcome {
    let database = server.database("tls")?;
    let read = |query: &str| -> Result<_, Failed> {
        Ok(live::read(&with_query(&database, query).parse()?, &ReadOptions::default()))
    };
    read("ssl-mode=disabled")?.map_err(|error| format!("disabled: {error}"))?;
    read("ssl-mode=preferred")?.map_err(|error| format!("preferred: {error}"))?;
    // No CA that the machine trusts has signed a test server's certificate.
    let error = expect_error(read("ssl-mode=verify-identity")?)?;
    ensure!(matches!(error, LiveError::Tls { .. }), "{error}");
    let error = expect_error(read("ssl-mode=required&ssl-ca=/no/such.pem")?)?;
    ensure!(error.to_string().contains("/no/such.pem"), "{error}");
    for name in ["ssl-ca=/tmp", "ssl-cert=/tmp&ssl-key=/tmp"] {
        let error = expect_error(read(&format!("ssl-mode=required&{name}"))?)?.to_string();
        ensure!(error.contains(", /tmp, can't be read: it is a folder."), "{error}");
    }
    certificate_of_mysql(server)?;
    match read("ssl-mode=required")? {
        Ok(_) => {
            let account = Account::new(&database, server, "IDENTIFIED BY 'geheim' REQUIRE SSL")?;
            account.grant(&format!("ALL ON `{}`.*", database.name))?;
            live::read(&account.url(&database, "geheim")?, &ReadOptions::default())?;
        }
        Err(LiveError::Tls { reason, .. }) => {
            ensure!(reason.contains("does not offer"), "{reason}");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// A CA of no server.
const STRANGER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/source/live/certificates/other.der");

/// MySQL makes a CA and a certificate of its own. With this CA in `ssl-ca` it is trusted, and with
/// another CA it isn't.
fn certificate_of_mysql(server: &TestServer) -> Outcome {
    let database = server.database("tls_ca")?;
    let read = |mode: &str, ca: &str| -> Result<_, Failed> {
        Ok(live::read(
            &with_query(&database, &format!("ssl-mode={mode}&ssl-ca={ca}")).parse()?,
            &ReadOptions::default(),
        ))
    };
    for mode in ["verify-ca", "verify-identity"] {
        let error = expect_error(read(mode, STRANGER)?)?;
        ensure!(matches!(error, LiveError::Tls { .. }), "{mode}: {error}");
    }
    if server.is_mariadb() {
        return Ok(());
    }
    let ca = database.plain("SELECT LOAD_FILE(CONCAT(@@datadir, @@ssl_ca))")?;
    // The file of a server on another machine can't be read.
    let Some(start) = ca.find("-----BEGIN") else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("ca.pem");
    let text = |text: &str| fs::write(&path, text);
    text(&ca[start..].replace("\\n", "\n"))?;
    let ca = path.to_str().ok_or("no path")?;
    read("verify-ca", ca)?.map_err(|error| format!("its own CA: {error}"))?;
    // It names no host, so the identity can't be verified.
    let error = expect_error(read("verify-identity", ca)?)?;
    ensure!(matches!(error, LiveError::Tls { .. }), "{error}");
    text("no certificate")?;
    let error = expect_error(read("verify-ca", ca)?)?;
    ensure!(error.to_string().contains("`ssl-ca`"), "{error}");
    Ok(())
}

/// A proxy that breaks every connection after this number of the server's bytes.
fn breaking_proxy(server: &str, after: usize) -> Result<u16, Failed> {
    Ok(proxy::start(server, move |from, to| forward(from, to, after))?)
}

fn forward(mut from: &TcpStream, mut to: &TcpStream, mut most: usize) {
    let mut buffer = [0; 512];
    while most > 0 {
        let Ok(length @ 1..) = from.read(&mut buffer) else { break };
        let length = length.min(most);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
        most -= length;
    }
}

pub(crate) fn broken_connection(server: &TestServer) -> Outcome {
    let database = server.database("broken")?;
    database.plain("CREATE TABLE t (id int PRIMARY KEY, a int)")?;
    let endpoint = database.url()?.endpoint();
    for (after, pool) in [(40, 1), (400, 1), (1200, 1), (1200, 4)] {
        let port = breaking_proxy(&endpoint, after)?;
        let mut url: url::Url = database.url_text().parse()?;
        url.set_host(Some("127.0.0.1"))?;
        url.set_port(Some(port)).map_err(|()| "no port")?;
        url.set_query(Some(&format!("ssl-mode=disabled&pool_max={pool}")));
        let error = expect_error(live::read(&url.as_str().parse()?, &ReadOptions::default()))?;
        let is_told = match error {
            LiveError::ConnectionLost { .. } => after > 100,
            LiveError::Unreachable { .. } | LiveError::NotADatabase { .. } => after < 500,
            _ => false,
        };
        ensure!(is_told && error.to_string().contains(&port.to_string()), "{after}: {error}");
    }
    Ok(())
}

/// Something listens and never sends anything.
pub(crate) fn silent_port() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let started = Instant::now();
    let url = format!("mysql://root@127.0.0.1:{port}/x?connect_timeout=1");
    let error = expect_error(live::read(&url.parse()?, &ReadOptions::default()))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    ensure!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    Ok(())
}
