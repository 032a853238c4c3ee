//! One element as `pull` writes it, for whoever takes a change of the database into schema.yaml.

use super::element_glob::ElementGlob;
use super::layout::{Layout, WrittenValue};
use super::scalar::{ScalarPosition, scalar};
use super::write::{
    check_item, column_item, foreign_key_item, index_item, write_elements, write_elements_where,
};
use super::{WriteOptions, WrittenElement};
use crate::ddl::{Keywords, column_definition};
use crate::model::{Column, Element, Object, Schema, Table, TableOptions};
use crate::server::Server;

fn options(server: &Server) -> WriteOptions {
    WriteOptions { compact: true, ..WriteOptions::new(*server) }
}

/// An element of a table or the table itself. `None` if the table doesn't have it.
pub(super) fn of_table(
    table: &Table,
    element: &Element,
    server: &Server,
) -> Option<WrittenElement> {
    let under = |key: &str| format!("{}.{key}", Element::table(&table.name));
    let named = |key: &str, name: &str, value: WrittenValue| {
        let mut layout = Layout::default();
        layout.entry(0, name, &value);
        WrittenElement { under: under(key), lines: layout.text.trim_end().to_owned() }
    };
    match element {
        Element::Schema | Element::Object { .. } => None,
        Element::Table { .. } => Some(of_whole_table(table, &TableOptions::default(), server)),
        Element::Column { column, .. } => {
            let column = table.column(column)?;
            let item = column_item(column, table, &options(server));
            Some(named("columns", &column.name, item))
        }
        Element::PrimaryKey { .. } => {
            let item = index_item(table.primary_key.as_ref()?, table);
            let written = named("", "primary_key", item);
            Some(WrittenElement { under: Element::table(&table.name).to_string(), ..written })
        }
        Element::Index { index, .. } => {
            let index = table.index(index)?;
            Some(named("indexes", &index.name, index_item(index, table)))
        }
        Element::ForeignKey { foreign_key, .. } => {
            let key = table.foreign_key(foreign_key)?;
            Some(named("foreign_keys", &key.name, foreign_key_item(key, table)))
        }
        Element::Check { check, .. } => {
            let check = table.checks.iter().find(|it| it.name == *check)?;
            Some(named("checks", &check.name, check_item(check)))
        }
        Element::Partition { .. } => of_key(table, "partitioning", server),
        Element::TableOption { option, .. } => {
            of_key(table, option.split('.').next().unwrap_or_default(), server)
        }
    }
}

/// A column with every clause that it has, also those that say what its table says.
pub(super) fn of_whole_column(table: &Table, column: &Column, server: &Server) -> WrittenElement {
    let mut layout = Layout::default();
    let text = column_definition(column, server, Keywords::Lower);
    layout.entry(0, &column.name, &WrittenValue::text(text));
    let under = format!("{}.columns", Element::table(&table.name));
    WrittenElement { under, lines: layout.text.trim_end().to_owned() }
}

/// A table without the options that it inherits.
pub(super) fn of_whole_table(
    table: &Table,
    inherited: &TableOptions,
    server: &Server,
) -> WrittenElement {
    let text = table_text(table, inherited, server);
    WrittenElement { under: "tables".to_owned(), lines: without_heading(&text, 1) }
}

/// A view, trigger, routine, event or sequence.
pub(super) fn of_object(object: &Object, server: &Server, definer: bool) -> WrittenElement {
    let mut schema = Schema::default();
    let name = object.name();
    let under = name.kind.section().to_owned();
    schema.objects.insert(name, object.clone());
    let mut options = options(server);
    options.settings.compare_definers = definer;
    let text = write_elements(&schema, &options);
    WrittenElement { under, lines: without_heading(&text, 1) }
}

/// The line of schema.yaml that waives the findings with a code about an element. Where the reason
/// is to be written it has `…`, which is refused as a reason.
pub(super) fn waiver_line(code: &str, element: &Element) -> String {
    let path = scalar(&ElementGlob::path_of(element), ScalarPosition::Flow);
    format!("waivers: [{{ rule: {code}, element: {path}, reason: … }}]")
}

fn table_text(table: &Table, inherited: &TableOptions, server: &Server) -> String {
    let mut schema = Schema::default();
    schema.insert(table.clone());
    write_elements_where(&schema, inherited, &options(server))
}

/// A key of a table with everything under it.
fn of_key(table: &Table, key: &str, server: &Server) -> Option<WrittenElement> {
    let text = table_text(table, &TableOptions::default(), server);
    let is_it = |line: &&str| line.trim_start().starts_with(&format!("{key}:"));
    // A key of a table is two steps in, and what is under it three or more.
    let is_key = |line: &str| line.len() - line.trim_start().len() == 4;
    let mut lines = text.lines().skip_while(|line| !(is_key(line) && is_it(line)));
    let first = lines.next()?;
    let rest = lines.take_while(|line| !is_key(line) && !line.trim().is_empty());
    let block: Vec<&str> = std::iter::once(first).chain(rest).collect();
    let under = Element::table(&table.name).to_string();
    Some(WrittenElement { under, lines: moved_left(&block, 2) })
}

/// A text without its first line, the heading of the section, moved left.
fn without_heading(text: &str, steps: usize) -> String {
    moved_left(&text.lines().skip(1).collect::<Vec<_>>(), steps)
}

fn moved_left(lines: &[&str], steps: usize) -> String {
    let space = "  ".repeat(steps);
    let moved: Vec<&str> =
        lines.iter().map(|line| line.strip_prefix(space.as_str()).unwrap_or(line)).collect();
    moved.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::read_text;

    const TEXT: &str = "tables:
  t:
    comment: some text
    columns:
      a: int not null
      d: date not null
    primary_key: [a, d]
    indexes:
      i: { columns: [d], unique: true }
    checks:
      c: a > 0
    partitioning:
      by: range (year(d))
      partitions:
        p0: less than (2000)
        p1: less than (2010)
views:
  v: select 1
";

    #[test]
    fn each_element_is_written_as_in_the_whole_file() {
        let loaded = read_text("schema.yaml", TEXT).unwrap();
        let server = Server::ASSUMED;
        let table = loaded.schema.table("t").unwrap();
        let written = |element: Element| {
            let it = of_table(table, &element, &server).unwrap();
            format!("{}: {}", it.under, it.lines)
        };
        assert_eq!(written(Element::column("t", "a")), "tables.t.columns: a: int not null");
        assert_eq!(written(Element::primary_key("t")), "tables.t: primary_key: [a, d]");
        assert_eq!(
            written(Element::index("t", "i")),
            "tables.t.indexes: i: { columns: [d], unique: true }"
        );
        assert_eq!(written(Element::check("t", "c")), "tables.t.checks: c: a > 0");
        assert_eq!(written(Element::option("t", "comment")), "tables.t: comment: some text");
        let partitioning = "tables.t: partitioning:\n  by: range (year(d))\n  partitions:\n    \
                            p0: less than (2000)\n    p1: less than (2010)";
        assert_eq!(written(Element::partition("t", "p0")), partitioning);
        let whole = written(Element::table("t"));
        assert!(whole.starts_with("tables: t:\n  comment: some text\n  columns:\n    a: int"));
        assert!(of_table(table, &Element::column("t", "b"), &server).is_none());
        let view = loaded.schema.objects.values().next().unwrap();
        let view = of_object(view, &server, false);
        assert_eq!((view.under.as_str(), view.lines.as_str()), ("views", "v: select 1"));
    }

    #[test]
    fn the_line_of_a_waiver_can_be_read_once_the_reason_is_written() {
        for name in ["a[b", "c.d", "e'\"", "f, g"] {
            let element = Element::index("t", name);
            let text = format!("{}\ntables: {{}}\n", waiver_line("drift-extra", &element));
            let error = read_text("schema.yaml", &text).unwrap_err().to_string();
            assert!(error.contains("`reason` says nothing"), "{error}");
            let text = text.replace('…', "why");
            let loaded = read_text("schema.yaml", &text).unwrap_or_else(|it| panic!("{text}{it}"));
            assert!(loaded.waivers[0].covers(&element), "{text}");
        }
    }
}
