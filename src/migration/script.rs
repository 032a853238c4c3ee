//! A migration's file: its statements with their numbers, and what its comments allow.
//!
//! The comments that count, each on a line of its own between statements, with one space after `--`.
//! The first three stand above the first statement:
//!
//! - `-- driftline: 1`: the format of the marks.
//! - `-- baseline`: a database that has all of it already counts as migrated.
//! - `-- allow: drop-column:reports.location`: what the file may destroy; several with commas.
//! - `-- statement 2`: the number of the next statement; `-- statement 2, repeatable` says that it
//!   can run again where it is unknown whether it has run.
//! - In a file that reverses another: `-- undoes 2` or `-- undoes 2, 1`: the statements below undo
//!   those of that number. `-- undoes 2: impossible, …` says that nothing does.
//!
//! Statements that only set up the session have no number: they run whenever the file does. A file
//! without marks has its statements numbered in order, and is undone only as a whole.

use std::collections::BTreeSet;

use thiserror::Error;

use super::allowed::AllowedRisk;
use super::statement_kind::{StatementKind, StatementWord, kind_of};
use super::sum::{Sum, of_statements};
use crate::source::dump::{ScriptItem, ScriptProblem, script_items};

/// The format of the marks that this version reads and writes.
pub const FORMAT: u32 = 1;

/// A migration's file, forward or reverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationScript {
    /// Whether a database that has all of it already counts as migrated.
    pub is_baseline: bool,
    /// What it may destroy: `drop-column:reports.location`.
    pub allows: Vec<String>,
    /// What runs, in order.
    pub parts: Vec<ScriptPart>,
    /// What the marks of a reverse file say of the statements that it undoes, in order.
    pub undoes: Vec<Undo>,
    /// The checksum of all of it.
    pub sum: Sum,
}

/// A part of a migration's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptPart {
    /// A SET, which runs whenever the file does.
    Session(String),
    /// A statement that runs once.
    Statement(ScriptStatement),
}

/// A statement that runs once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptStatement {
    /// Its position among the statements of its file, from 1. In a forward file that is its number.
    pub position: u32,
    /// Its text, without a delimiter.
    pub text: String,
    /// What a server does with it.
    pub kind: StatementKind,
    /// Its checksum.
    pub sum: Sum,
    /// Its first line in the file, from 1.
    pub line: usize,
    /// In a reverse file: the position in [`MigrationScript::undoes`]. `None` without marks.
    pub undo: Option<usize>,
}

/// What a reverse file says of statements that it undoes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Their numbers.
    pub numbers: Vec<u32>,
    /// Why they can't be undone, if they can't.
    pub impossible: Option<String>,
    /// The line of the mark, from 1.
    pub line: usize,
}

/// Why a file can't be used as a migration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, if there is more to say.
    pub help: Option<String>,
}

impl From<ScriptProblem> for ScriptError {
    fn from(problem: ScriptProblem) -> Self {
        let ScriptProblem { line, message, help } = problem;
        ScriptError { line, message, help }
    }
}

impl MigrationScript {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong: text that can't be divided into statements, marks out of
    /// order, or a statement that can't be a part of a migration.
    pub fn read(text: &str) -> Result<MigrationScript, ScriptError> {
        let mut reading = Reading::default();
        for item in script_items(text)? {
            match item {
                ScriptItem::Comment { text, line } => reading.comment(&text, line)?,
                ScriptItem::Statement { text, line } => reading.statement(text, line)?,
                ScriptItem::ClientCommand { text, line } => {
                    return Err(error(
                        line,
                        format!("`{text}` is a command of the client, which no server knows"),
                        "write the statements themselves",
                    ));
                }
            }
        }
        reading.finish()
    }

    /// The statements that run once, in order.
    pub fn statements(&self) -> impl Iterator<Item = &ScriptStatement> {
        self.parts.iter().filter_map(|part| match part {
            ScriptPart::Statement(statement) => Some(statement),
            ScriptPart::Session(_) => None,
        })
    }

    /// Whether a statement undoes one of those that are in; `None` if all are. A statement without a
    /// mark belongs to the whole.
    pub fn undoes_any(&self, statement: &ScriptStatement, is_in: Option<&BTreeSet<u32>>) -> bool {
        let undo = statement.undo.and_then(|at| self.undoes.get(at));
        match (is_in, undo) {
            (Some(is_in), Some(undo)) => undo.numbers.iter().any(|number| is_in.contains(number)),
            _ => true,
        }
    }

    /// All texts in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| match part {
            ScriptPart::Session(text) => text.as_str(),
            ScriptPart::Statement(statement) => statement.text.as_str(),
        })
    }
}

/// A file that is being read.
#[derive(Default)]
struct Reading {
    is_baseline: bool,
    allows: Vec<String>,
    parts: Vec<ScriptPart>,
    undoes: Vec<Undo>,
    /// How many statements there have been.
    count: u32,
    /// The mark that waits for its statement.
    mark: Option<StatementMark>,
    /// The line of the first statement without a mark, and of the first mark.
    unmarked: Option<usize>,
    marked: Option<usize>,
}

struct StatementMark {
    number: u32,
    is_repeatable: bool,
    line: usize,
}

impl Reading {
    fn comment(&mut self, text: &str, line: usize) -> Result<(), ScriptError> {
        // One space: the lists in a header, which name tables, have more.
        let text = text.strip_prefix("-- ").filter(|text| !text.starts_with(' '));
        let Some(text) = text.map(str::trim) else { return Ok(()) };
        if let Some(allowed) = text.strip_prefix("allow:") {
            self.allow(allowed, line)
        } else if let Some(mark) = text.strip_prefix("statement ").and_then(statement_mark) {
            self.refuse_waiting_mark()?;
            self.marked = self.marked.or(Some(line));
            self.mark = Some(StatementMark { line, ..mark });
            Ok(())
        } else if let Some(undo) = text.strip_prefix("undoes ").and_then(undo_mark) {
            self.marked = self.marked.or(Some(line));
            self.undoes.push(Undo { line, ..undo });
            Ok(())
        } else if !self.parts.is_empty() {
            // What a statement does may stand above it, after the name of a table like `driftline`.
            Ok(())
        } else if let Some(format) = text.strip_prefix("driftline:") {
            read_format(format.trim(), line)
        } else {
            self.is_baseline |= text == "baseline";
            Ok(())
        }
    }

    fn allow(&mut self, allowed: &str, line: usize) -> Result<(), ScriptError> {
        let names = allowed.split(',').map(str::trim).filter(|name| !name.is_empty());
        for name in names {
            match (AllowedRisk::parse(name), self.parts.is_empty()) {
                (Some(_), true) => self.allows.push(name.to_owned()),
                (None, true) => {
                    let message = format!("`{name}` names no risk");
                    let help =
                        "write a kind and a name, as in `-- allow: drop-column:reports.location`";
                    return Err(error(line, message, help));
                }
                (Some(_), false) => {
                    let message = "what a migration may do is named above its first statement";
                    return Err(error(line, message.to_owned(), "move the line to the top"));
                }
                // What a statement does to a table `allow`.
                (None, false) => {}
            }
        }
        Ok(())
    }

    fn statement(&mut self, text: String, line: usize) -> Result<(), ScriptError> {
        let kind = match kind_of(&text) {
            StatementWord::Session => {
                self.parts.push(ScriptPart::Session(text));
                return Ok(());
            }
            StatementWord::Refused { word, why, help } => {
                return Err(error(line, format!("{word} can't be in a migration: {why}"), help));
            }
            StatementWord::Runs(kind) => kind,
        };
        self.count += 1;
        let kind = match self.mark.take() {
            None => {
                self.unmarked = self.unmarked.or(Some(line).filter(|_| self.undoes.is_empty()));
                kind
            }
            Some(mark) if mark.number != self.count => {
                let StatementMark { number, line, .. } = mark;
                let message = format!("this is statement {}, not {number}", self.count);
                return Err(error(line, message, "number the statements 1, 2, 3, … in order"));
            }
            Some(mark) if mark.is_repeatable => StatementKind::Opaque { is_repeatable: true },
            Some(_) => kind,
        };
        if self.undoes.last().is_some_and(|undo| undo.impossible.is_some()) {
            let message = "a statement stands below a mark that says there is none";
            return Err(error(line, message.to_owned(), "write `-- undoes N` above it"));
        }
        let sum = of_statements([text.as_str()].into_iter());
        self.parts.push(ScriptPart::Statement(ScriptStatement {
            position: self.count,
            text,
            kind,
            sum,
            line,
            undo: self.undoes.len().checked_sub(1),
        }));
        Ok(())
    }

    fn refuse_waiting_mark(&self) -> Result<(), ScriptError> {
        match &self.mark {
            None => Ok(()),
            Some(mark) => Err(error(
                mark.line,
                format!("there is no statement {} below this mark", mark.number),
                "take the mark away, or write the statement",
            )),
        }
    }

    fn finish(self) -> Result<MigrationScript, ScriptError> {
        self.refuse_waiting_mark()?;
        if let (Some(line), Some(_)) = (self.unmarked, self.marked) {
            let help = "mark all of them by `-- statement N`, in a reverse file by `-- undoes N`";
            return Err(error(line, "this statement has no mark, and others do".to_owned(), help));
        }
        self.refuse_wrong_undoes()?;
        let texts = self.parts.iter().map(|part| match part {
            ScriptPart::Session(text) => text.as_str(),
            ScriptPart::Statement(statement) => statement.text.as_str(),
        });
        let sum = of_statements(texts);
        let Reading { is_baseline, allows, parts, undoes, .. } = self;
        Ok(MigrationScript { is_baseline, allows, parts, undoes, sum })
    }

    /// The newest statement is undone first, and each at most once.
    fn refuse_wrong_undoes(&self) -> Result<(), ScriptError> {
        let mut last = u32::MAX;
        for undo in &self.undoes {
            for number in &undo.numbers {
                if *number >= last {
                    let message = format!("statement {number} is undone after an earlier one");
                    return Err(error(undo.line, message, "undo the newest statement first"));
                }
                last = *number;
            }
        }
        Ok(())
    }
}

fn error(line: usize, message: String, help: &str) -> ScriptError {
    ScriptError { line, message, help: Some(help.to_owned()) }
}

fn read_format(format: &str, line: usize) -> Result<(), ScriptError> {
    match format.parse::<u32>() {
        Ok(FORMAT) => Ok(()),
        Ok(number) if number > FORMAT => Err(error(
            line,
            format!("the marks are of format {number}, and this version reads {FORMAT}"),
            "use the version of driftline that wrote the file, or a newer one",
        )),
        _ => Err(error(
            line,
            format!("`{format}` isn't a format of marks"),
            "write `-- driftline: 1`",
        )),
    }
}

/// `2`, `2, data`, `2, repeatable`
fn statement_mark(text: &str) -> Option<StatementMark> {
    let (number, word) = text.split_once(',').unwrap_or((text, ""));
    let number = number.trim().parse().ok()?;
    match word.trim() {
        "" | "data" => Some(StatementMark { number, is_repeatable: false, line: 0 }),
        "repeatable" => Some(StatementMark { number, is_repeatable: true, line: 0 }),
        _ => None,
    }
}

/// `2`, `2, 1`, `2: impossible, the values are gone`
fn undo_mark(text: &str) -> Option<Undo> {
    let (numbers, words) = match text.split_once(':') {
        Some((numbers, words)) => (numbers, Some(words.trim())),
        None => (text, None),
    };
    let numbers: Option<Vec<u32>> = numbers.split(',').map(|it| it.trim().parse().ok()).collect();
    let impossible = match words {
        None => None,
        Some(words) => {
            let why = words.strip_prefix("impossible")?.trim_start_matches(',').trim();
            Some(why.to_owned())
        }
    };
    Some(Undo { numbers: numbers?, impossible, line: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> MigrationScript {
        MigrationScript::read(text).unwrap()
    }

    fn refused(text: &str) -> String {
        MigrationScript::read(text).unwrap_err().to_string()
    }

    #[test]
    fn the_marks_of_a_forward_file() {
        let script = read(
            "-- driftline: 1\n-- allow: drop-column:t.a, drop-table:u\n\nSET NAMES utf8mb4;\n\
             -- statement 1\nALTER TABLE t DROP a;\n-- a note\n-- statement 2, data\nUPDATE t SET b = 1;\n",
        );
        assert_eq!(script.allows, ["drop-column:t.a", "drop-table:u"]);
        let statements: Vec<_> = script.statements().map(|it| (it.position, it.kind)).collect();
        assert_eq!(statements, [(1, StatementKind::Ddl), (2, StatementKind::Data)]);
        assert_eq!(script.parts[0], ScriptPart::Session("SET NAMES utf8mb4".to_owned()));
    }

    #[test]
    fn what_is_said_of_a_table_is_no_mark() {
        let script = read(
            "-- 1: A title\n-- changes:\n--   allow: drop column a\n--   driftline: drop column b\n\
             SET NAMES utf8mb4;\n-- allow: drop column a\n-- driftline: drop column b\n\
             -- statement 1\nDROP TABLE t;\n",
        );
        assert_eq!(script.allows, Vec::<String>::new());
    }

    #[test]
    fn a_file_without_marks_is_numbered_in_order() {
        let script = read(
            "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nCALL p();\n\
             SET STATEMENT a = (1) FOR ALTER TABLE t ADD b int;\n",
        );
        let statements: Vec<_> =
            script.statements().map(|it| (it.position, it.line, it.kind)).collect();
        assert_eq!(
            statements,
            [
                (1, 1, StatementKind::Ddl),
                (2, 2, StatementKind::Data),
                (3, 3, StatementKind::Opaque { is_repeatable: false }),
                (4, 4, StatementKind::Ddl)
            ]
        );
    }

    #[test]
    fn the_marks_of_a_reverse_file() {
        let script = read(
            "-- undoes 3: impossible, the values are gone\n-- undoes 2, 1\nDROP TABLE t;\nDROP TABLE u;\n",
        );
        assert_eq!(script.undoes[0].impossible.as_deref(), Some("the values are gone"));
        assert_eq!(script.undoes[1].numbers, [2, 1]);
        assert!(script.statements().all(|it| it.undo == Some(1)));
    }

    #[test]
    fn what_can_not_be_a_migration_is_refused_at_its_line() {
        let lines: Vec<String> = [
            "-- statement 2\nDO 1;\n",
            "-- statement 1\nDO 1;\nDO 2;\n",
            "-- statement 1\n-- statement 2\nDO 2;\n",
            "-- undoes 1\nDO 1;\n-- undoes 2\nDO 2;\n",
            "-- undoes 1: impossible\nDO 1;\n",
            "-- driftline: 2\n",
            "DO 1;\nBEGIN;\n",
            "USE other;\n",
            "DO 1;\nsource x.sql\n",
            "DO 'x;\n",
            "<<<<<<< HEAD\nDO 1;\n",
            "-- allow: everything\nDO 1;\n",
            "DO 1;\n-- allow: drop-table:t\n",
        ]
        .map(refused)
        .into();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
