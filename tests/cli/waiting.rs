//! `driftline wait` where no server is.

use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::driftline;

#[test]
fn a_server_that_does_not_come_is_waited_for_until_the_limit() {
    let started = Instant::now();
    let args = ["wait", "mysql://joe:s3cret@127.0.0.1:1/app", "--timeout", "2"];
    let (code, out, err) = driftline(Path::new("."), &args);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!((2..5).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    assert!(err.starts_with("waiting until joe can log in to app on 127.0.0.1:1 …\n"), "{err}");
    let last = "error: not ready within 2 s: 127.0.0.1:1 can't be reached: Connection refused";
    assert!(err.contains(last) && !err.contains("s3cret"), "{err}");
}

/// As a container's proxy does while nothing listens behind it, and as a server that hangs does.
#[test]
fn a_port_without_a_server_behind_it_is_waited_for() {
    for closes in [true, false] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("mysql://joe@127.0.0.1:{}/app", listener.local_addr().unwrap().port());
        thread::spawn(move || {
            let mut kept = Vec::new();
            kept.extend(listener.incoming().flatten().filter(|_| !closes));
        });
        let started = Instant::now();
        let (code, _, err) = driftline(Path::new("."), &["wait", &url, "--timeout", "2"]);
        assert_eq!(code, 3, "{err}");
        assert!(started.elapsed() >= Duration::from_secs(2), "{err}");
        assert!(err.contains(" 2 s"), "{err}");
    }
}

#[test]
fn what_is_no_server_is_not_waited_for() {
    let started = Instant::now();
    for source in ["schema.yaml", "mysql://joe@127.0.0.1:1/app?ssl-mod=required", "gopher://x/y"] {
        let (code, _, err) = driftline(Path::new("."), &["wait", source]);
        assert_eq!(code, 2, "{err}");
    }
    let (code, _, err) = driftline(Path::new("/"), &["wait"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("DATABASE_URL"), "{err}");
    let url = "mysql://joe@127.0.0.1:1/app?ssl-mode=verify-ca&ssl-ca=no/such/file";
    let (code, _, err) = driftline(Path::new("."), &["wait", url]);
    assert_eq!(code, 3, "{err}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
