//! Which version has which columns of `information_schema`.

use std::collections::{BTreeMap, BTreeSet};

use crate::server::{Server, Vendor, Version};

const VIEWS: &str = include_str!("../recorded/views.txt");

/// The columns of each view that a server has, by the view's name.
fn columns_of(server: &Server) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let vendor = match server.vendor {
        Vendor::MySql => "mysql ",
        Vendor::MariaDb => "mariadb ",
    };
    let lines = VIEWS.lines().filter_map(|line| line.strip_prefix(vendor)?.split_once(": "));
    lines
        .filter_map(|(view, columns)| {
            let columns = columns.split(' ').filter_map(|column| at(column, server));
            Some((at(view, server)?, columns.collect()))
        })
        .collect()
}

/// The name in `NAME` or `NAME@8.0.13`, if the server has it.
fn at(name: &'static str, server: &Server) -> Option<&'static str> {
    let Some((name, since)) = name.split_once('@') else { return Some(name) };
    let mut numbers = since.split('.').map(|number| number.parse().unwrap());
    let mut next = || numbers.next().unwrap();
    let since = Version { major: next(), minor: next(), patch: next() };
    (server.version >= since).then_some(name)
}

/// The views and columns in a query that the server does not have. A word that is a column of no
/// version is taken for a word of SQL.
pub(super) fn unknown(sql: &str, server: &Server) -> Vec<String> {
    let newest = [columns_of(&Server::mysql(99, 0, 0)), columns_of(&Server::mariadb(99, 0, 0))];
    let ever: BTreeSet<&str> =
        newest.iter().flat_map(|views| views.values().flatten().copied()).collect();
    let views = columns_of(server);
    let named: BTreeSet<&str> = sql.split("information_schema.").skip(1).map(first_word).collect();
    let mut unknown: BTreeSet<&str> =
        named.iter().copied().filter(|view| !views.contains_key(view)).collect();
    let there: BTreeSet<&str> =
        named.iter().filter_map(|view| views.get(view)).flatten().copied().collect();
    unknown.extend(
        words(sql)
            .filter(|word| ever.contains(word) && !there.contains(word) && !named.contains(word)),
    );
    unknown.into_iter().map(str::to_owned).collect()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn first_word(text: &str) -> &str {
    text.split(|c| !is_word(c)).next().unwrap()
}

/// The words outside quotes.
fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split('\'').step_by(2).flat_map(|text| text.split(|c| !is_word(c)))
}

#[test]
fn the_list_shows_what_is_too_new() {
    let sql = "SELECT t.TABLE_NAME, 'ENFORCED', EXPRESSION FROM information_schema.STATISTICS";
    assert_eq!(unknown(sql, &Server::mysql(8, 0, 13)), Vec::<String>::new());
    assert_eq!(unknown(sql, &Server::mysql(8, 0, 12)), ["EXPRESSION"]);
    assert_eq!(unknown(sql, &Server::mariadb(11, 8, 6)), ["EXPRESSION"]);
    let sql = "SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS";
    assert_eq!(unknown(sql, &Server::mysql(8, 0, 15)), ["CHECK_CLAUSE", "CHECK_CONSTRAINTS"]);
}
