//! A query that takes too long, on each server.

use std::time::{Duration, Instant};

use super::*;

#[test]
#[ignore = "needs DRIFTLINE_TEST_SERVERS"]
fn a_query_that_takes_too_long_ends_on_the_server_and_its_answer_is_dropped() {
    let urls = std::env::var("DRIFTLINE_TEST_SERVERS").expect("DRIFTLINE_TEST_SERVERS");
    for url in urls.split(',') {
        let url = url.trim().trim_end_matches('/').replace("mariadb://", "mysql://");
        let options = Opts::from_url(&url).unwrap();
        let (connect, read) = (Duration::from_secs(10), Duration::from_secs(1));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let limits = Limits { connect, read, all: None };
        let mut session = runtime.block_on(Session::open(options.clone(), limits)).unwrap();
        let number = session.conn.as_ref().unwrap().id();

        let started = Instant::now();
        let outcome = runtime.block_on(session.rows("SELECT SLEEP(40)", |_| ()));
        assert!(matches!(outcome, Err(Failure::Silent(_))), "{outcome:?}");
        assert!(started.elapsed() < Duration::from_secs(10));
        // The row of SLEEP must not be taken for an answer.
        let outcome = runtime.block_on(session.rows("SELECT 2", |_| panic!("a row")));
        assert!(matches!(outcome, Err(Failure::Ended)), "{outcome:?}");

        let mut other = runtime.block_on(Session::open(options, limits)).unwrap();
        let query = format!(
            "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = {number} AND INFO LIKE '%SLEEP%'"
        );
        let still_works = || {
            let mut rows = 0;
            runtime.block_on(other.rows(&query, |_| rows += 1)).unwrap();
            rows > 0
        };
        let ended = std::iter::repeat_with(still_works).take(50).any(|works| {
            std::thread::sleep(Duration::from_millis(100));
            !works
        });
        assert!(ended, "{url} still works on it");
    }
}
