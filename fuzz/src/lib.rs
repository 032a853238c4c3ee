//! What must hold for any input; the targets of `cargo fuzz` and `tests/fuzz.rs` call it.

use driftline::compare::Comparison;
use driftline::model::{Object, Schema, Security, SelectText, View, ViewAlgorithm};
use driftline::normalize::expression::{canonical, compare};
use driftline::normalize::select::uses;
use driftline::report::{self, ReportExtras};
use driftline::server::Server;
use driftline::source::yaml::{self, WriteOptions};
use driftline::source::{Loaded, dump};
use driftline::syntax::parse_expression;

/// The servers whose rules the input is taken by.
const SERVERS: [Server; 2] = [Server::mysql(8, 4, 3), Server::mariadb(11, 4, 5)];

/// A schema.yaml: it is read or refused with a message that can be drawn; what was read can be
/// written, formatted and read again as the same.
pub fn yaml(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let loaded = match yaml::read_text("schema.yaml", text) {
        Ok(loaded) => loaded,
        Err(invalid) => return drop(invalid.to_string()),
    };
    let server = loaded.server.unwrap_or(SERVERS[0]);
    let written = yaml::write(&loaded.schema, &WriteOptions::new(server));
    same(&loaded, &written, server, "written");
    if let Ok(formatted) = yaml::format("schema.yaml", text) {
        same(&loaded, &formatted, server, "formatted");
        let again = yaml::format("schema.yaml", &formatted);
        let again = again.unwrap_or_else(|invalid| panic!("{formatted}\nis refused:\n{invalid}"));
        assert_eq!(again, formatted, "formatting goes on");
    }
    plan(&loaded, server);
}

/// A file of SQL: it is read or refused with a message, and what was read can be compared.
pub fn dump(data: &[u8]) {
    for server in SERVERS {
        match dump::read_from(data, "dump.sql", Some(server)) {
            Ok(loaded) => plan(&loaded, server),
            Err(error) => drop(error.to_string()),
        }
    }
}

/// An expression: it is read and made canonical, or is not; what is canonical says the same as
/// what it was made from.
pub fn expression(data: &[u8]) {
    let Some(text) = text(data) else { return };
    drop(uses(text, &Schema::default()));
    let spelled = canonical(text);
    let Ok(expression) = parse_expression(text) else { return };
    let _ = compare(&expression, &expression);
    if let Some(spelled) = spelled {
        assert_eq!(canonical(text), Some(spelled), "not the same twice");
    }
}

/// A view's query, over a few tables and as it stands: understood or not, and the same as itself.
pub fn select(data: &[u8]) {
    let Some(query) = text(data) else { return };
    let view = Object::View(View {
        name: "v".to_owned(),
        columns: Vec::new(),
        select: SelectText::new(query),
        algorithm: ViewAlgorithm::default(),
        security: Security::default(),
        check_option: None,
        definer: None,
    });
    for server in SERVERS {
        let read = dump::read_from(TABLES.as_bytes(), "tables.sql", Some(server));
        let mut loaded = read.unwrap_or_else(|error| panic!("{error}"));
        loaded.schema.objects.insert(view.name(), view.clone());
        drop(uses(query, &loaded.schema));
        plan(&loaded, server);
    }
}

/// What the queries are about.
const TABLES: &str = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50), d datetime);
CREATE TABLE s (id int PRIMARY KEY, a int, name varchar(50));
CREATE VIEW w AS SELECT a, b FROM t;";

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// Reads a text that was made of a schema, and finds the same in it.
fn same(loaded: &Loaded, text: &str, server: Server, how: &str) {
    let again = yaml::read_text("again.yaml", text)
        .unwrap_or_else(|invalid| panic!("{how}:\n{text}\nis refused:\n{invalid}"));
    let comparison = Comparison::new(loaded.clone(), again, Some(server)).unwrap();
    let changes = &comparison.difference.changes;
    assert!(changes.is_empty(), "{how}:\n{text}\ndiffers: {changes:?}");
}

/// Compares a schema with nothing, both ways, and with itself, and shows what comes of it.
fn plan(loaded: &Loaded, server: Server) {
    let nothing = Loaded { label: "nothing".to_owned(), ..Loaded::default() };
    for (from, to) in [(&nothing, loaded), (loaded, &nothing), (loaded, loaded)] {
        let comparison = Comparison::new(from.clone(), to.clone(), Some(server)).unwrap();
        drop(report::comparison_text(&comparison, &ReportExtras::default()));
        drop(report::plan_sql(&comparison));
        drop(report::down_sql(&comparison.plan, &report::MigrationHeader::default()));
        let changes = &comparison.difference.changes;
        let is_same = std::ptr::eq(from, to);
        assert!(!is_same || changes.is_empty(), "it differs from itself: {changes:?}");
    }
}
