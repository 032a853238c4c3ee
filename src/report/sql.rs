//! Statements as a script. Comments say what each one does, what it risks and what can't be
//! restored.

use anstyle::{AnsiColor, Style};

use super::{escape_controls, one_line, without_commands};
use crate::compare::Comparison;
use crate::ddl::Sql;
use crate::diagnostic::Diagnostic;
use crate::plan::Risk;

/// A text as one comment line of a script. Nothing in the text can end the line.
pub fn comment(text: &str) -> String {
    format!("-- {}\n", one_line(text))
}

/// The plan's statements in order, with the session settings that they need. Comments before each
/// statement say what it does and what it risks.
pub fn plan_sql(comparison: &Comparison) -> String {
    script(comparison, Marks::None).iter().map(Piece::plain).collect()
}

/// The same for a terminal: with ANSI styles, and with control characters escaped.
pub fn styled_plan_sql(comparison: &Comparison) -> String {
    script(comparison, Marks::None).iter().map(Piece::styled).collect()
}

/// The same for the file of a migration: with the number of each statement.
pub(super) fn numbered_plan_sql(comparison: &Comparison) -> String {
    script(comparison, Marks::Numbers).iter().map(Piece::plain).collect()
}

/// What stands above a statement besides what it does and risks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    None,
    /// `-- statement 1`
    Numbers,
}

fn script(comparison: &Comparison, marks: Marks) -> Vec<Piece> {
    let session = &comparison.plan.session;
    let mut script = pieces(comparison, marks);
    if script.is_empty() {
        return script;
    }
    let note = |text: &str| Piece::Note(comment(text));
    let sql = |statement| Piece::Sql(printed(statement));
    let space = || Piece::Sql("\n".to_owned());
    let before = [note(SESSION)].into_iter().chain(session.before.iter().map(sql));
    script.splice(0..0, before.chain([space()]));
    script.extend([space(), note(SESSION_ENDS)]);
    script.extend(session.after.iter().map(sql));
    script
}

pub(super) const SESSION: &str = "the session that the statements assume";
pub(super) const SESSION_ENDS: &str = "the session's own settings again";

/// A part of a script. Its kind decides how it is styled.
enum Piece {
    /// What a statement does, as comment lines.
    Note(String),
    /// A risk of a statement, as comment lines.
    Risk { destroys_data: bool, text: String },
    /// A statement, or the space between two.
    Sql(String),
}

impl Piece {
    fn plain(&self) -> &str {
        match self {
            Piece::Note(text) | Piece::Risk { text, .. } | Piece::Sql(text) => text,
        }
    }

    fn styled(&self) -> String {
        let style = match self {
            Piece::Note(_) => Style::new().dimmed(),
            Piece::Risk { destroys_data, .. } => risk_style(*destroys_data),
            Piece::Sql(text) => return without_commands(text),
        };
        let lines =
            self.plain().lines().map(|line| format!("{style}{}{style:#}\n", escape_controls(line)));
        lines.collect()
    }
}

/// A note as a comment line.
fn note_lines(note: &Diagnostic) -> String {
    let label = note.primary.iter().map(|label| &label.text);
    let words: Vec<&str> = label.chain(&note.help).map(String::as_str).collect();
    comment(&format!("note: {}: {}", note.title, words.join("; ")))
}

/// The style of a risk. A risk that destroys data stands out most.
pub(super) fn risk_style(destroys_data: bool) -> Style {
    match destroys_data {
        true => AnsiColor::Red.on_default().bold(),
        false => AnsiColor::Yellow.on_default(),
    }
}

fn pieces(comparison: &Comparison, marks: Marks) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if !comparison.plan.steps.is_empty() {
        let notes = comparison.notes.iter();
        pieces
            .extend(notes.map(|note| Piece::Risk { destroys_data: false, text: note_lines(note) }));
    }
    for (mut numbers, step) in comparison.plan.numbered_steps() {
        if !pieces.is_empty() {
            pieces.push(Piece::Sql("\n".to_owned()));
        }
        pieces.extend(
            step.actions
                .iter()
                .map(|action| Piece::Note(comment(&format!("{}: {}", step.table, action.summary)))),
        );
        pieces.extend(step.risks.iter().map(|risk| Piece::Risk {
            destroys_data: risk.kind.destroys_data(),
            text: comment(&format!("! {}", risk_line(risk))),
        }));
        for statement in step.statements() {
            if marks == Marks::Numbers
                && !statement.sets_session
                && let Some(number) = numbers.next()
            {
                pieces.push(Piece::Note(comment(&format!("statement {number}"))));
            }
            pieces.push(Piece::Sql(printed(statement)));
        }
    }
    pieces
}

/// A statement as the command-line client reads it, with its delimiter. A statement that contains
/// semicolons is written between two DELIMITER lines.
pub(super) fn printed(sql: &Sql) -> String {
    match &sql.delimiter {
        None => format!("{sql};\n"),
        Some(delimiter) => format!("DELIMITER {delimiter}\n{sql}{delimiter}\nDELIMITER ;\n"),
    }
}

/// The risk in one line, after whether it destroys data.
pub(super) fn risk_line(risk: &Risk) -> String {
    let destroys = if risk.kind.destroys_data() { "DESTROYS DATA " } else { "" };
    format!("{destroys}{}: {}", risk.kind.name(), risk.message)
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn a_newline_in_a_name_can_not_end_the_comment() {
        assert_eq!(comment("drop a\nDROP TABLE b;\r"), "-- drop a\\nDROP TABLE b;\\u{d}\n");
    }
}
