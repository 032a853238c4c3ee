//! What a source doesn't cover: whether such things exist is unknown.

use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectKind, Schema};
use crate::source::Loaded;

/// Removes from each side what the other doesn't cover, and adds a note to the one that leaves it
/// out.
pub(super) fn leave_out(
    (from, old): (&mut Loaded, &mut Schema),
    (to, new): (&mut Loaded, &mut Schema),
) {
    let of_from = taken_from(new, from, old, &to.label);
    let of_to = taken_from(old, to, new, &from.label);
    from.notes.extend(of_from);
    to.notes.extend(of_to);
}

/// Removes from `schema` what `silent` doesn't cover.
fn taken_from(
    schema: &mut Schema,
    silent: &Loaded,
    silent_schema: &Schema,
    label: &str,
) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    for group in GROUPS {
        if !group.kinds.iter().any(|kind| silent.not_covered.kinds.contains(kind)) {
            continue;
        }
        let is_of = |kind: ObjectKind| group.kinds.contains(&kind);
        let before = schema.objects.len() + schema.unsupported.len();
        schema.objects.retain(|name, _| !is_of(name.kind));
        schema.unsupported.retain(|object| !is_of(object.kind));
        let taken = before - schema.objects.len() - schema.unsupported.len();
        if taken > 0 {
            notes.push(group.note(silent, taken, label));
        }
    }
    if silent.not_covered.other_tables {
        notes.extend(other_tables(schema, silent, silent_schema, label));
    }
    notes
}

/// Kinds that a dump has all or none of.
struct Group {
    kinds: &'static [ObjectKind],
    singular: &'static str,
    plural: &'static str,
    /// The dump program's option for them.
    option: &'static str,
}

const GROUPS: [Group; 3] = [
    Group {
        kinds: &[ObjectKind::Trigger],
        singular: "trigger",
        plural: "triggers",
        option: "the dump programs leave them out with --skip-triggers",
    },
    Group {
        kinds: &[ObjectKind::Procedure, ObjectKind::Function, ObjectKind::Package],
        singular: "routine",
        plural: "routines",
        option: "the dump programs write them with --routines only",
    },
    Group {
        kinds: &[ObjectKind::Event],
        singular: "event",
        plural: "events",
        option: "the dump programs write them with --events only",
    },
];

impl Group {
    fn note(&self, silent: &Loaded, taken: usize, label: &str) -> Diagnostic {
        let (noun, verb) = if taken == 1 { ("the one", "is") } else { ("those", "are") };
        let title = format!(
            "{} holds no {}: {noun} of {label} {verb} not compared ({})",
            silent.label,
            self.plural,
            count(taken, self.singular, self.plural)
        );
        let help = if silent.not_covered.is_of_dump_program {
            self.option.to_owned()
        } else {
            format!("a file that makes or drops one counts as whole; {}", self.option)
        };
        Diagnostic::note(title).with_help(help)
    }
}

/// Removes the tables and views that a dump of some tables lacks.
fn other_tables(
    schema: &mut Schema,
    silent: &Loaded,
    silent_schema: &Schema,
    label: &str,
) -> Option<Diagnostic> {
    let has_table = |name: &str| silent_schema.table(name).is_some();
    let before = schema.tables.len();
    schema.tables.retain(|name, _| has_table(name));
    schema.objects.retain(|name, object| match object {
        Object::View(_) | Object::Sequence(_) => silent_schema.objects.contains_key(name),
        Object::Trigger(trigger) => has_table(&trigger.table),
        Object::Routine(_) | Object::Event(_) => true,
    });
    let taken = before - schema.tables.len();
    (taken > 0).then(|| {
        let title = format!(
            "{} is a dump of some tables only: the others of {label} are not compared ({})",
            silent.label,
            count(taken, "table", "tables")
        );
        Diagnostic::note(title).with_help("dump the whole database to compare all of them")
    })
}

/// `1 table`, `2 tables`
fn count(number: usize, singular: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { singular } else { plural })
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::source::dump::read_from;
    use crate::source::yaml::read_text;

    const WHOLE: &str = "tables: { t: { columns: { a: int } }, u: { columns: { a: int } } }
triggers: { g: { table: t, when: before insert, body: do 1 } }
procedures: { p: { body: do 1 }, q: { body: do 2 } }
events: { e: { every: 1 day, body: do 1 } }
";

    /// The number of differences between a file and the whole schema, in both directions, and the
    /// file's notes.
    fn compared(sql: &str) -> ([usize; 2], Vec<String>) {
        let whole = || read_text("schema.yaml", WHOLE).unwrap();
        let file = || read_from(sql.as_bytes(), "dump.sql", None).unwrap();
        let there = Comparison::new(file(), whole(), None).unwrap();
        let back = Comparison::new(whole(), file(), None).unwrap();
        let titles = back.to.notes.iter().map(|note| format!("{}; {}", note.title, note.help[0]));
        let number = |comparison: &Comparison| comparison.difference.changes.len();
        ([number(&there), number(&back)], titles.collect())
    }

    const TABLES: &str =
        "create table t (a int) engine=InnoDB; create table u (a int) engine=InnoDB;";

    #[test]
    fn what_a_file_does_not_cover_is_not_compared() {
        let (changes, notes) = compared(TABLES);
        assert_eq!(changes, [0, 0]);
        insta::assert_snapshot!(notes.join("\n"), @r"
        dump.sql holds no triggers: the one of schema.yaml is not compared (1 trigger); a file that makes or drops one counts as whole; the dump programs leave them out with --skip-triggers
        dump.sql holds no routines: those of schema.yaml are not compared (2 routines); a file that makes or drops one counts as whole; the dump programs write them with --routines only
        dump.sql holds no events: the one of schema.yaml is not compared (1 event); a file that makes or drops one counts as whole; the dump programs write them with --events only
        ");
    }

    #[test]
    fn what_a_file_covers_is_compared() {
        let dump = format!(
            "-- MySQL dump 10.13  Distrib 9.7.4, for x\n{TABLES}
             create trigger g before insert on t for each row do 1;
             -- Dumping events for database 'x'\n-- Dumping routines for database 'x'\n-- Dump completed\n"
        );
        let (changes, notes) = compared(&dump);
        assert_eq!(changes, [3, 3]);
        assert!(notes.is_empty());
        let (changes, notes) = compared(&format!("{TABLES} create procedure p() do 1;"));
        assert_eq!((changes, notes.len()), ([1, 1], 2));
    }

    #[test]
    fn tables_that_a_partial_dump_lacks_are_not_compared() {
        let dump = "-- MySQL dump 10.13  Distrib 9.7.4, for x
create table t (a int, constraint f foreign key (a) references elsewhere (a), key f (a));";
        let (changes, notes) = compared(dump);
        assert_eq!(changes, [1, 1]);
        assert_eq!(
            notes.last().map(String::as_str),
            Some(
                "dump.sql is a dump of some tables only: the others of schema.yaml are not \
                 compared (1 table); dump the whole database to compare all of them"
            )
        );
    }
}
