//! Whether a schema is the same from every source: schema.yaml, a dump or a server.

use std::borrow::Cow;

use driftline::compare::spell_as_before;
use driftline::diagnostic::ElementPlaces;
use driftline::model::{ColumnType, Expression, Index, Object, Schema, Table, same_name};
use driftline::normalize::{Context, normalize};
use driftline::server::{Server, Vendor};
use driftline::source::{Loaded, dump};
use libtest_mimic::Failed;
use similar::TextDiff;

use super::objects::ShownObject;
use super::pipeline::planned;
use super::servers::Database;

/// Everything that the server shows of a database, as a dump.
pub fn as_dump(database: &Database) -> Result<String, Failed> {
    let tables = database.show_create()?;
    let mut text: String = tables.iter().map(|(_, sql)| format!("{sql};\n")).collect();
    text.extend(database.show_objects()?.iter().map(ShownObject::dumped));
    Ok(text)
}

/// Checks that what was read from a database, what the server shows, and a file are the same
/// schema.
pub fn expect_one_schema(database: &Database, read: &Loaded, file: &Loaded) -> Result<(), Failed> {
    let server = database.server.server;
    expect_same(read, file, &server)?;
    if !is_shown_as_it_is(&read.schema, &server) {
        return Ok(());
    }
    let text = as_dump(database)?;
    let shown = dump::read_from(text.as_bytes(), "SHOW CREATE", Some(server))
        .map_err(|error| error.to_string())?;
    expect_same(read, &shown, &server)
}

/// Checks that two sources give the same schema: no difference, and the same values except what is
/// never compared.
pub fn expect_same(a: &Loaded, b: &Loaded, server: &Server) -> Result<(), Failed> {
    planned(a, b, server)?
        .expect_nothing(&format!("the difference of {} to {}", a.label, b.label))?;
    let context = Context::of(*server, &a.schema, &b.schema);
    let mut spelled = Cow::Borrowed(&b.schema);
    spell_as_before(&a.schema, &mut spelled, &mut ElementPlaces::default());
    let [one, other] = [&a.schema, &*spelled].map(|it| compared(normalize(it, &context)));
    for (name, table) in &one.tables {
        let Some(twin) = other.table(name) else { continue };
        let (mut table, mut twin) = (table.clone(), twin.clone());
        without_implied(&mut table, &twin.indexes.clone());
        without_implied(&mut twin, &table.indexes.clone());
        expect_equal(&table, &twin, &format!("table {name}"), [a, b])?;
    }
    Ok(())
}

fn expect_equal<T: PartialEq + std::fmt::Debug>(
    one: &T,
    other: &T,
    what: &str,
    sources: [&Loaded; 2],
) -> Result<(), Failed> {
    if one == other {
        return Ok(());
    }
    let [from, to] = sources.map(|it| it.label.as_str());
    let (one, other) = (format!("{one:#?}\n"), format!("{other:#?}\n"));
    let diff = TextDiff::from_lines(&one, &other);
    Err(format!("{what}\n{}", diff.unified_diff().header(from, to)).into())
}

/// The schema without what is never compared.
fn compared(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.renamed_from = None;
        // Partitions may be written in two ways; the comparison decides whether they are the same.
        table.partitioning = None;
        table.options.auto_increment = None;
        table.options.inherits_charset = false;
        table.foreign_keys.iter_mut().for_each(|key| key.implicit_index = None);
        for column in &mut table.columns {
            column.renamed_from = None;
            column.states_charset = false;
        }
        table.indexes.iter_mut().for_each(|index| index.renamed_from = None);
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        table.expressions_mut().for_each(|(_, expression)| meaning_alone(expression));
    }
    schema
}

/// The comparison has decided that texts that weren't understood are the same.
fn meaning_alone(expression: &mut Expression) {
    let canonical = expression.canonical.clone();
    let text = canonical.clone().unwrap_or_default();
    *expression = Expression::new(text).with_canonical(canonical);
}

/// Whether the server shows the database correctly: MariaDB 11.8 doesn't double a backtick in the
/// names of a foreign key, no MariaDB shows a spatial reference system, and MySQL escapes an
/// event's comment as if backslashes had a meaning in the event's mode.
fn is_shown_as_it_is(schema: &Schema, server: &Server) -> bool {
    let keys = schema.tables.values().flat_map(|table| &table.foreign_keys);
    let mut names = keys
        .flat_map(|key| [&key.name].into_iter().chain(&key.columns).chain(&key.referenced_columns));
    let comments = schema.objects.values().any(|object| match object {
        Object::Event(event) => {
            let mode = event.sql_mode.as_deref().unwrap_or_default();
            mode.contains("NO_BACKSLASH_ESCAPES") && event.comment.contains('\\')
        }
        _ => false,
    });
    let systems =
        schema.tables.values().flat_map(|table| &table.columns).any(
            |column| matches!(&column.ty, ColumnType::Geometry { srid, .. } if srid.is_some()),
        );
    let is_mariadb = server.vendor == Vendor::MariaDb;
    !comments && !(is_mariadb && (systems || names.any(|name| name.contains('`'))))
}

/// Removes the implicit indexes that the other side doesn't list.
fn without_implied(table: &mut Table, others: &[Index]) {
    let keys = table.foreign_keys.clone();
    table.indexes.retain(|index| {
        let is_listed = others.iter().any(|other| same_name(&other.name, &index.name));
        let first: Vec<&str> = index.column_names().collect();
        let serves =
            keys.iter().any(|key| key.columns.iter().map(String::as_str).eq(first.iter().copied()));
        is_listed || !serves
    });
}
