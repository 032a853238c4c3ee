//! Recorded answers of a server, as rows.

use std::collections::BTreeMap;

use mysql_async::Value;

use crate::server::Server;
use crate::source::live::answers::Answers;
use crate::source::live::error::LiveError;
use crate::source::live::rows::RowFields;

/// The views about one database, as `scripts/record` writes them.
pub(super) struct Recording {
    pub(super) server: Server,
    views: BTreeMap<String, View>,
}

/// A view's columns by their names, and its rows.
#[derive(Default)]
struct View {
    names: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Recording {
    pub(super) fn parse(text: &str) -> Self {
        let mut server = None;
        let mut views: BTreeMap<String, View> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(version) = line.strip_prefix("version ") {
                server = Server::from_version_string(version);
            } else if let Some(name) = line.strip_prefix("== ") {
                name.clone_into(&mut current);
                views.insert(current.clone(), View::default());
            } else {
                let view = views.get_mut(&current).expect("a row in a section");
                let inside = line.strip_prefix("| ").and_then(|rest| rest.strip_suffix(" |"));
                let cells = inside.unwrap_or_else(|| panic!("no row: {line}")).split(" | ");
                if view.names.is_empty() {
                    view.names = cells.map(str::to_owned).collect();
                } else {
                    view.rows.push(cells.map(value).collect());
                    assert_eq!(view.rows.last().unwrap().len(), view.names.len(), "{line}");
                }
            }
        }
        Recording { server: server.expect("a version"), views }
    }
}

impl View {
    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }
}

/// A cell as the text protocol gives it.
fn value(cell: &str) -> Value {
    if cell == "\\N" {
        return Value::NULL;
    }
    let mut text = String::new();
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some(other) => other,
                None => panic!("a lone backslash in {cell}"),
            },
            c => c,
        });
    }
    Value::Bytes(text.into_bytes())
}

/// The fields that a SELECT asks for, split at the commas outside parentheses.
fn select_list(sql: &str) -> Vec<String> {
    let (list, _) = sql.trim_start().strip_prefix("SELECT").unwrap().split_once("FROM").unwrap();
    let mut depth = 0_usize;
    let mut fields = vec![String::new()];
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match c {
            ',' if depth == 0 => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields.iter().map(|field| field.trim().to_owned()).collect()
}

/// The views that a query reads.
fn views_of(sql: &str) -> Vec<String> {
    let after = sql.split("information_schema.").skip(1);
    after
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect())
        .collect()
}

/// A field of a row: a column, a literal, or `IF(column = 'literal', 'yes', 'no')`.
fn field(expression: &str, view: &View, row: &[Value]) -> Value {
    let literal = |text: &str| Some(text.strip_prefix('\'')?.strip_suffix('\'')?.to_owned());
    if let Some(text) = literal(expression) {
        return Value::Bytes(text.into_bytes());
    }
    // A recording has no current time.
    if expression == "UTC_TIMESTAMP()" {
        return Value::NULL;
    }
    if let Some(inside) = expression.strip_prefix("IF(").and_then(|rest| rest.strip_suffix(')')) {
        let mut parts = inside.split(", ");
        let (column, wanted) = parts.next().unwrap().split_once(" = ").unwrap();
        let is_so = field(column, view, row) == field(wanted, view, row);
        let (yes, no) = (parts.next().unwrap(), parts.next().unwrap());
        return field(if is_so { yes } else { no }, view, row);
    }
    let column = expression.split(" AS ").next().unwrap();
    let column = column.split_once('.').map_or(column, |(_, name)| name);
    let place = view
        .place(column)
        .unwrap_or_else(|| panic!("the server has no column {column}, or it is not recorded"));
    row[place].clone()
}

impl Answers for Recording {
    fn rows<T>(
        &mut self,
        sql: &str,
        mut row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        let views = views_of(sql);
        // The parts of a UNION are about objects, which the recordings don't have.
        if sql.contains("UNION ALL") {
            assert!(views.iter().all(|name| !self.views.contains_key(name)), "{sql}");
            return Ok(Vec::new());
        }
        assert!(views.len() == 1, "a query of several views: {sql}");
        let Some(view) = self.views.get(&views[0]) else { return Ok(Vec::new()) };
        let fields = select_list(sql);
        let answer = |values: &Vec<Value>| {
            row(RowFields::new(fields.iter().map(|name| field(name, view, values)).collect()))
        };
        Ok(view.rows.iter().map(answer).collect())
    }

    fn one_row_each<T>(
        &mut self,
        statements: &[String],
        _: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        assert!(statements.is_empty(), "nothing of this is recorded: {statements:?}");
        Ok(Vec::new())
    }
}
