//! The comments with which migration tools divide a file.

/// What a comment means to a migration tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// What follows is applied.
    Up,
    /// What follows reverses the migration.
    Down,
    /// A statement ends or begins.
    Statement,
}

/// The text after `--` or `#`, in lower case, of goose, sql-migrate, micrate, rambler, dbmate,
/// Play, MyBatis and Drizzle.
const MARKS: &[(&str, Mark)] = &[
    ("+goose up", Mark::Up),
    ("+goose down", Mark::Down),
    ("+goose statementbegin", Mark::Statement),
    ("+goose statementend", Mark::Statement),
    ("+migrate up", Mark::Up),
    ("+migrate down", Mark::Down),
    ("+migrate statementbegin", Mark::Statement),
    ("+migrate statementend", Mark::Statement),
    ("+micrate up", Mark::Up),
    ("+micrate down", Mark::Down),
    ("rambler up", Mark::Up),
    ("rambler down", Mark::Down),
    ("migrate:up", Mark::Up),
    ("migrate:down", Mark::Down),
    ("!ups", Mark::Up),
    ("!downs", Mark::Down),
    ("//@undo", Mark::Down),
    ("// @undo", Mark::Down),
    ("> statement-breakpoint", Mark::Statement),
];

/// The mark at the start of a line.
pub(super) fn mark(line: &[u8]) -> Option<Mark> {
    let end = line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len());
    let line = line.get(..end)?.trim_ascii_start();
    let is_sign = |byte: &&u8| matches!(byte, b'-' | b'#');
    let signs = line.iter().take_while(is_sign).count();
    // Play writes `# --- !Ups`.
    let rest = line.get(signs..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"---").unwrap_or(rest).trim_ascii();
    let text = std::str::from_utf8(rest).ok().filter(|_| signs > 0)?.to_ascii_lowercase();
    let ends = |rest: &str| !rest.starts_with(|char: char| char.is_ascii_alphanumeric());
    let found = MARKS.iter().find(|(words, _)| text.strip_prefix(words).is_some_and(ends));
    found.map(|(_, mark)| *mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_each_tool() {
        for (line, wanted) in [
            ("-- +goose Up\ncreate", Some(Mark::Up)),
            ("-- +goose Down", Some(Mark::Down)),
            ("--+goose StatementBegin", Some(Mark::Statement)),
            ("-- +migrate Up notransaction", Some(Mark::Up)),
            ("-- migrate:up transaction:false", Some(Mark::Up)),
            ("-- migrate:down", Some(Mark::Down)),
            ("--> statement-breakpoint", Some(Mark::Statement)),
            ("# --- !Ups", Some(Mark::Up)),
            ("# --- !Downs", Some(Mark::Down)),
            ("-- //@UNDO", Some(Mark::Down)),
            ("-- rambler up", Some(Mark::Up)),
            ("-- migrate:upper", None),
            ("-- the goose is up", None),
            ("migrate:up", None),
            ("--", None),
        ] {
            assert_eq!(mark(line.as_bytes()), wanted, "{line}");
        }
    }
}
