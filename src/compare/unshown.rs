//! 4-byte characters in defaults and members, for which every server shows `?`.

use crate::diagnostic::Diagnostic;
use crate::model::{Column, ColumnType, DefaultValue, Element, Schema};
use crate::normalize::storable;
use crate::server::bytes_per_character;
use crate::source::Loaded;

/// Replaces a text that a server shows with `?` by the file's text, if nothing else differs. The
/// server's real text is unknown, and a statement that repeats the `?` would lose the characters.
/// Each replacement gets a note.
pub(super) fn take_of_file(
    (server, shown): (&Loaded, &mut Schema),
    (file, said): (&Loaded, &Schema),
) -> Vec<Diagnostic> {
    if server.now.is_none() || file.now.is_some() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    for table in shown.tables.values_mut() {
        let is_it = |name: &Option<String>| name.as_deref() == Some(&table.name);
        let renamed = || said.tables.values().find(|other| is_it(&other.renamed_from));
        let Some(other) = said.table(&table.name).or_else(renamed) else { continue };
        for column in &mut table.columns {
            let Some(wanted) = other.column(&column.name) else { continue };
            if take(column, wanted) {
                notes.push(note(&Element::column(&other.name, &wanted.name), &file.label));
            }
        }
    }
    notes
}

/// Notes on members of ENUM and SET that a server may show wrong, for use if no file says what they
/// are.
pub(crate) fn members(server: &Loaded) -> Vec<Diagnostic> {
    if server.now.is_none() {
        return Vec::new();
    }
    let tables = server.schema.tables.values();
    let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    columns
        .filter(|(_, column)| may_be_unshown(column))
        .map(|(table, column)| {
            let element = Element::column(&table.name, &column.name);
            Diagnostic::note(format!(
                "{element}: {} shows `?` for characters of four bytes, so that nothing tells which \
                 members have some",
                server.label
            ))
            .with_help("see what its members should be before the `?` is written anywhere")
        })
        .collect()
}

fn may_be_unshown(column: &Column) -> bool {
    let has_mark = match &column.ty {
        ColumnType::Enum { members } | ColumnType::Set { members } => {
            members.iter().any(|member| member.contains('?'))
        }
        _ => false,
    };
    has_mark && column.charset.as_deref().is_some_and(|it| bytes_per_character(it) == 4)
}

fn take(shown: &mut Column, said: &Column) -> bool {
    let mut taken = false;
    let mut text = |shown: &mut String, said: &String| {
        if shown != said && *shown == storable(said) {
            shown.clone_from(said);
            taken = true;
        }
    };
    if let (Some(DefaultValue::Literal(shown)), Some(DefaultValue::Literal(said))) =
        (&mut shown.default, &said.default)
    {
        text(shown, said);
    }
    if let (
        ColumnType::Enum { members: shown } | ColumnType::Set { members: shown },
        ColumnType::Enum { members: said } | ColumnType::Set { members: said },
    ) = (&mut shown.ty, &said.ty)
    {
        shown.iter_mut().zip(said).for_each(|(shown, said)| text(shown, said));
    }
    taken
}

fn note(element: &Element, file: &str) -> Diagnostic {
    let title = format!(
        "{element}: the server shows `?` for characters of four bytes; what it has is taken to be \
         what {file} says"
    );
    Diagnostic::note(title)
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::source::yaml::read_text;

    /// The changed aspects of a column that a server shows like this, and the number of notes.
    fn compared(shown: &str, said: &str) -> (usize, usize) {
        let [mut server, file] = [shown, said].map(|column| {
            let text = format!("tables: {{ t: {{ columns: {{ a: \"{column}\" }} }} }}\n");
            read_text("schema.yaml", &text).unwrap()
        });
        server.now = "2020-06-01 12:00:00".parse().ok();
        server.is_declared = false;
        let there = Comparison::new(server.clone(), file.clone(), None).unwrap();
        let back = Comparison::new(file, server, None).unwrap();
        assert_eq!(there.difference.changes.len(), back.difference.changes.len());
        (there.difference.changes.len(), there.to.notes.len())
    }

    #[test]
    fn what_is_uncertain_is_no_difference() {
        assert_eq!(compared("varchar(9) default 'x?'", "varchar(9) default 'x💩'"), (0, 1));
        assert_eq!(compared("enum('a','?') default '?'", "enum('a','💩') default '💩'"), (0, 1));
        assert_eq!(compared("varchar(9) default 'y?'", "varchar(9) default 'x💩'"), (1, 0));
        assert_eq!(compared("varchar(9) default '?'", "varchar(9) default 'é'"), (1, 0));
        assert_eq!(compared("varchar(9) default '?'", "varchar(9) default '?'"), (0, 0));
    }

    #[test]
    fn members_that_are_in_no_file_are_noted() {
        let column = |ty: &str| {
            let text =
                format!("tables: {{ t: {{ charset: utf8mb4, columns: {{ a: \"{ty}\" }} }} }}\n");
            let mut server = read_text("schema.yaml", &text).unwrap();
            server.now = "2020-06-01 12:00:00".parse().ok();
            server
        };
        let notes = |ty: &str| {
            let charset = "character set utf8mb4";
            let [from, to] = [0, 1].map(|_| column(&format!("{ty} {charset}")));
            Comparison::new(from, to, None).unwrap().to.notes.len()
        };
        assert_eq!(notes("enum('a','?')"), 1);
        assert_eq!(notes("set('a?b','c')"), 1);
        assert_eq!(notes("enum('a','b') default 'a'"), 0);
        assert_eq!(notes("varchar(9) default '?'"), 0);
    }

    #[test]
    fn another_change_repeats_no_question_mark() {
        let texts = ["enum('?','b')", "enum('💩','b','c')"].map(|column| {
            let text = format!("tables: {{ t: {{ columns: {{ a: \"{column}\" }} }} }}\n");
            read_text("schema.yaml", &text).unwrap()
        });
        let [mut server, file] = texts;
        server.now = "2020-06-01 12:00:00".parse().ok();
        let comparison = Comparison::new(server, file, None).unwrap();
        let step = &comparison.plan.steps[0];
        assert!(step.sql.text.contains("enum('💩','b','c')"), "{}", step.sql.text);
        let crate::plan::Reverse::Sql(back) = &step.reverse else { panic!("no reverse") };
        assert!(back[0].text.contains("enum('💩','b')"), "{}", back[0].text);
    }
}
