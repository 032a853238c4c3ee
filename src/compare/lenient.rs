//! What a server makes of a file of SQL if the session's `sql_mode` isn't strict: it then changes
//! what it would refuse otherwise (MySQL 7.1.11 "Server SQL Modes", MariaDB "SQL_MODE").

use std::borrow::Cow;

use crate::ddl;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::model::{Column, ColumnType, DefaultValue, Element, Index, IndexPart, Schema, Table};
use crate::normalize::{shortened, text_instead};
use crate::server::{Capability, Server};
use crate::source::Loaded;
use crate::words::parts_words;

/// The maximum number of characters in a comment of a column or an index, and of a table.
const LONGEST_COMMENTS: (usize, usize) = (1024, 2048);

/// Which kind of change a server made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Engine,
    Type,
    Default,
    Key,
    Comment,
}

/// One change that a server made, in words.
struct Taken {
    kind: Kind,
    element: Element,
    what: String,
}

/// If a server doesn't have a table's engine, takes the engine that it used instead. This comes
/// first, because the engine decides what else a table keeps. Neither schema is normalized.
pub(super) fn take_engines(
    (live, found): (&Loaded, &Schema),
    (file, said): (&Loaded, &mut Cow<'_, Schema>),
    server: Server,
) -> Vec<Diagnostic> {
    if !is_server_and_file(live, file) {
        return Vec::new();
    }
    let lacks = |engine: &str| server.engine_meant_by(engine).is_some();
    let mut given = Vec::new();
    for table in said.tables.values() {
        let other = found.table(&table.name).and_then(|other| other.options.engine.as_deref());
        if let (Some(own), Some(other)) = (table.options.engine.as_deref(), other)
            && lacks(own)
            && !lacks(other)
        {
            given.push((table.name.clone(), own.to_owned(), other.to_owned()));
        }
    }
    let mut taken = Vec::new();
    for (name, own, other) in given {
        let what = format!("the server has no engine {own}, and gave the table {other}");
        taken.push(Taken { kind: Kind::Engine, element: Element::table(&name), what });
        if let Some(table) = said.to_mut().tables.get_mut(&name) {
            table.options.engine = Some(other);
        }
    }
    notes_of(file, &taken)
}

/// If one side is a file and the other a server, takes what the server made of the file.
pub(super) fn take_of_either(
    (from, old): (&mut Loaded, &mut Schema),
    (to, new): (&mut Loaded, &mut Schema),
    server: Server,
) {
    let of_to = take_of_server((from, old), (to, new), server);
    to.notes.extend(of_to);
    let of_from = take_of_server((to, new), (from, old), server);
    from.notes.extend(of_from);
}

/// Replaces what the file says by what the server has, if a server would make exactly that of it.
/// Each replacement gets a note.
pub(super) fn take_of_server(
    (live, found): (&Loaded, &Schema),
    (file, said): (&Loaded, &mut Schema),
    server: Server,
) -> Vec<Diagnostic> {
    if !is_server_and_file(live, file) {
        return Vec::new();
    }
    let mut taken = Vec::new();
    for table in said.tables.values_mut() {
        let Some(other) = found.table(&table.name) else { continue };
        let written = file.schema.table(&table.name);
        let name = table.name.clone();
        let mut take = |kind: Kind, element: &Element, what: Option<String>| {
            taken.extend(what.map(|what| Taken { kind, element: element.clone(), what }));
        };
        for column in &mut table.columns {
            let Some(other) = other.column(&column.name) else { continue };
            let element = Element::column(&name, &column.name);
            take(Kind::Type, &element, text_for_long(column, other, server));
            let written = written.and_then(|table| table.column(&column.name));
            take(Kind::Default, &element, no_default(column, other, written, server));
            let most = LONGEST_COMMENTS.0;
            take(Kind::Comment, &element, cut(&mut column.comment, &other.comment, most));
        }
        for place in 0..table.indexes.len() {
            let index = &table.indexes[place];
            let Some(other) = other.index(&index.name) else { continue };
            let element = Element::index(&name, &index.name);
            let short = short_key(index, other, table, server);
            let index = &mut table.indexes[place];
            if let Some(parts) = short {
                let what = format!("the server shortened the key to {}", parts_words(&parts));
                take(Kind::Key, &element, Some(what));
                index.parts = parts;
            }
            let most = LONGEST_COMMENTS.0;
            take(Kind::Comment, &element, cut(&mut index.comment, &other.comment, most));
        }
        let (comment, kept) = (&mut table.options.comment, &other.options.comment);
        take(Kind::Comment, &Element::table(&name), cut(comment, kept, LONGEST_COMMENTS.1));
    }
    notes_of(file, &taken)
}

/// Whether `live` is a server and `file` a file of SQL.
fn is_server_and_file(live: &Loaded, file: &Loaded) -> bool {
    live.now.is_some() && file.script.is_some()
}

/// A VARCHAR or VARBINARY that is too long becomes a TEXT or BLOB.
fn text_for_long(said: &mut Column, found: &Column, server: Server) -> Option<String> {
    let made = text_instead(said, server).filter(|made| *made == found.ty)?;
    let [old, new] = [&said.ty, &made].map(|ty| ddl::column_type(ty, &server));
    said.ty = made;
    Some(format!("the server made it a {new}, since {old} is too long"))
}

/// An empty default of a TEXT or BLOB is dropped on servers where only an expression can be its
/// default.
fn no_default(
    said: &mut Column,
    found: &Column,
    written: Option<&Column>,
    server: Server,
) -> Option<String> {
    let is_text = matches!(said.ty, ColumnType::Text { .. } | ColumnType::Blob { .. });
    let is_empty = match &written?.default {
        Some(DefaultValue::Literal(text)) => text.is_empty(),
        Some(DefaultValue::Bytes(bytes)) => bytes.is_empty(),
        _ => false,
    };
    let goes = is_text && is_empty && !server.can(Capability::LiteralTextDefaults);
    if !goes || found.default.is_some() || said.default.is_none() {
        return None;
    }
    said.default = None;
    let noun = if said.ty.has_charset() { "text" } else { "blob" };
    Some(format!("the server left out the default '', which a {noun} can't have"))
}

fn cut(said: &mut String, found: &str, most: usize) -> Option<String> {
    if said.len() <= most || said.chars().count() <= most {
        return None;
    }
    let kept: String = said.chars().take(most).collect();
    if kept != found {
        return None;
    }
    *said = kept;
    Some(format!("the server cut the comment after {most} characters"))
}

/// The parts of an index whose key is too long, as the server shortens them.
fn short_key(said: &Index, found: &Index, table: &Table, server: Server) -> Option<Vec<IndexPart>> {
    let parts = shortened(said, table, server)?;
    (parts == found.parts && said.kind == found.kind).then_some(parts)
}

/// One note for each kind of change, at the first place.
fn notes_of(file: &Loaded, taken: &[Taken]) -> Vec<Diagnostic> {
    let kinds = [Kind::Engine, Kind::Type, Kind::Default, Kind::Key, Kind::Comment];
    let note = |kind: Kind| {
        let mut of_kind = taken.iter().filter(|it| it.kind == kind);
        let first = of_kind.next()?;
        let primary = file.places.nearest(&first.element);
        let mut help = vec![
            "it does so when its sql_mode is not strict, and refuses it otherwise; what it has is \
             taken to be what the file says"
                .to_owned(),
        ];
        let others: Vec<String> = of_kind.map(|it| it.element.to_string()).collect();
        match others.len() {
            0 => {}
            1..=5 => help.push(format!("so it did with {}", others.join(", "))),
            more => help.push(format!(
                "so it did with {} and {} others",
                others.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
                more - 4
            )),
        }
        Some(Diagnostic {
            severity: Severity::Note,
            primary: primary.map(|span| Label { span, text: String::new() }),
            help,
            ..Diagnostic::without_place(format!("{}: {}", first.element, first.what))
        })
    };
    kinds.into_iter().filter_map(note).collect()
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::server::Server;
    use crate::source::dump::read_from;
    use crate::source::{Loaded, ServerSource};

    const MYSQL: Server = Server::mysql(9, 7, 4);

    /// A server that has this table.
    fn live(table: &str, server: Server) -> Loaded {
        let shown = read_from(table.as_bytes(), "live", Some(server)).unwrap();
        let now = "2020-06-01 12:00:00".parse().ok();
        let server_source = ServerSource::Live;
        Loaded { server: Some(server), server_source, now, script: None, ..shown }
    }

    /// The number of changes and errors, and the notes. They don't depend on which side the file
    /// is.
    fn compared(file: &str, shown: &str, server: Server) -> (usize, String) {
        let file = || read_from(file.as_bytes(), "file.sql", None).unwrap();
        let there = Comparison::new(file(), live(shown, server), None).unwrap();
        let back = Comparison::new(live(shown, server), file(), None).unwrap();
        let number = |it: &Comparison| it.difference.changes.len() + it.refused().len();
        let notes = |it: &Comparison| {
            let notes = it.from.notes.iter().chain(&it.to.notes);
            let mut titles: Vec<String> = notes.map(|note| note.title.clone()).collect();
            titles.sort();
            titles.join("\n")
        };
        assert_eq!(notes(&there), notes(&back));
        (number(&there) + number(&back), notes(&back))
    }

    #[test]
    fn what_a_server_changes_is_named() {
        let comment = "x".repeat(1100);
        let file = format!(
            "create table t (a text default '', a2 blob default '', b varchar(40000), c int comment \
             '{comment}', d varchar(1000), key k (d)) engine=Aria default charset=utf8mb4;"
        );
        let shown = format!(
            "create table t (a text, a2 blob, b mediumtext, c int comment '{}', d varchar(1000), key k \
             (d(768))) engine=InnoDB default charset=utf8mb4;",
            "x".repeat(1024)
        );
        let (number, notes) = compared(&file, &shown, MYSQL);
        insta::assert_snapshot!(notes, @r"
        tables.t.columns.a: the server left out the default '', which a text can't have
        tables.t.columns.b: the server made it a mediumtext, since varchar(40000) is too long
        tables.t.columns.c: the server cut the comment after 1024 characters
        tables.t.indexes.k: the server shortened the key to (d(768))
        tables.t: the server has no engine Aria, and gave the table InnoDB
        ");
        assert_eq!(number, 0);
    }

    #[test]
    fn any_other_change_is_a_difference() {
        for (said, shown) in [
            ("a text default ('')", "a text"),
            ("a text default ''", "a text default ('x')"),
            ("a varchar(40000)", "a text"),
            ("a varchar(1000), key k (a)", "a varchar(1000), key k (a(700))"),
            ("a varchar(100), key k (a)", "a varchar(100), key k (a(50))"),
            ("a int comment 'abc'", "a int comment 'ab'"),
        ] {
            let table = |columns: &str| {
                format!("create table t ({columns}) engine=InnoDB default charset=utf8mb4;")
            };
            let (number, notes) = compared(&table(said), &table(shown), MYSQL);
            assert!(number > 0 && notes.is_empty(), "{said}: {notes}");
        }
    }
}
