//! Statements as a script. Comments say what each one does, what it risks and what can't be
//! restored.

use anstyle::{AnsiColor, Style};

use super::{escape_controls, one_line, without_commands};
use crate::compare::Comparison;
use crate::ddl::Sql;
use crate::diagnostic::Diagnostic;
use crate::plan::{Plan, Reverse, Risk, Step};

/// A text as one comment line of a script. Nothing in the text can end the line.
pub fn comment(text: &str) -> String {
    format!("-- {}\n", one_line(text))
}

/// The plan's statements in order, with the session settings that they need. Comments before each
/// statement say what it does and what it risks.
pub fn plan_sql(comparison: &Comparison) -> String {
    script(comparison).iter().map(Piece::plain).collect()
}

/// The same for a terminal: with ANSI styles, and with control characters escaped.
pub fn styled_plan_sql(comparison: &Comparison) -> String {
    script(comparison).iter().map(Piece::styled).collect()
}

fn script(comparison: &Comparison) -> Vec<Piece> {
    let session = &comparison.plan.session;
    let mut script = pieces(comparison);
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

const SESSION: &str = "the session that the statements assume";
const SESSION_ENDS: &str = "the session's own settings again";

/// Statements between those that set up their session and those that restore its own settings.
fn in_session(plan: &Plan, statements: &str) -> String {
    let mut text = comment(SESSION);
    push_statements(&mut text, &plan.session.before);
    text.push_str(&format!("\n{statements}\n"));
    text.push_str(&comment(SESSION_ENDS));
    push_statements(&mut text, &plan.session.after);
    text
}

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

fn pieces(comparison: &Comparison) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if !comparison.plan.steps.is_empty() {
        let notes = comparison.notes.iter();
        pieces
            .extend(notes.map(|note| Piece::Risk { destroys_data: false, text: note_lines(note) }));
    }
    for step in &comparison.plan.steps {
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
        pieces.extend(step.statements().map(|statement| Piece::Sql(printed(statement))));
    }
    pieces
}

/// A statement as the command-line client reads it, with its delimiter. A statement that contains
/// semicolons is written between two DELIMITER lines.
fn printed(sql: &Sql) -> String {
    match &sql.delimiter {
        None => format!("{sql};\n"),
        Some(delimiter) => format!("DELIMITER {delimiter}\n{sql}{delimiter}\nDELIMITER ;\n"),
    }
}

/// The file that carries out a migration: a header with each change and each risk, and then the
/// statements.
pub fn up_sql(comparison: &Comparison, title: &str, flavor: &str) -> String {
    let plan = &comparison.plan;
    let mut text = header(title, flavor);
    text.push_str("-- changes:\n");
    for step in &plan.steps {
        for action in &step.actions {
            text.push_str(&comment(&format!("  {}: {}", step.table, action.summary)));
        }
    }
    push_risk_list(&mut text, plan.steps.iter().flat_map(|step| &step.risks));
    text.push_str(&format!("\n{}", plan_sql(comparison)));
    text
}

/// The file that undoes a migration: the reverses of the steps, beginning with the last step.
pub fn down_sql(plan: &Plan, title: &str, flavor: &str) -> String {
    let mut text = header(title, flavor);
    push_risk_list(&mut text, plan.steps.iter().rev().flat_map(|step| &step.reverse_risks));
    push_lost_list(&mut text, plan);
    let steps: Vec<String> = plan.steps_back().map(step_back_sql).collect();
    if !steps.is_empty() {
        text.push_str(&format!("\n{}", in_session(plan, &steps.join("\n"))));
    }
    text
}

/// Everything that the reverse doesn't restore, for the file's header.
fn push_lost_list(text: &mut String, plan: &Plan) {
    let lines: Vec<String> = plan
        .steps_back()
        .filter_map(|step| match &step.reverse {
            Reverse::Sql(_) => None,
            Reverse::Lossy { lost, .. } => Some(comment(&format!("  {lost}"))),
            Reverse::Irreversible { why } => {
                Some(comment(&format!("  {}, at all: {why}", step.table)))
            }
        })
        .collect();
    if !lines.is_empty() {
        text.push_str("-- does not restore:\n");
        text.push_str(&lines.concat());
    }
}

fn step_back_sql(step: &Step) -> String {
    let mut text = String::new();
    for action in &step.actions {
        text.push_str(&comment(&format!("reverses: {}: {}", step.table, action.summary)));
    }
    push_risks(&mut text, &step.reverse_risks);
    match &step.reverse {
        Reverse::Sql(statements) => push_statements(&mut text, statements),
        Reverse::Lossy { sql, lost } => {
            text.push_str(&comment(&format!("! does not restore {lost}")));
            push_statements(&mut text, sql);
        }
        Reverse::Irreversible { why } => {
            text.push_str(&comment(&format!("! can't be taken back: {why}")));
        }
    }
    text
}

/// The risks of the statement that follows.
fn push_risks(text: &mut String, risks: &[Risk]) {
    for risk in risks {
        text.push_str(&comment(&format!("! {}", risk_line(risk))));
    }
}

/// All risks of a file, for its header.
fn push_risk_list<'a>(text: &mut String, risks: impl Iterator<Item = &'a Risk>) {
    let lines: Vec<String> = risks.map(|risk| comment(&format!("  {}", risk_line(risk)))).collect();
    text.push_str(if lines.is_empty() { "-- risks: none\n" } else { "-- risks:\n" });
    text.push_str(&lines.concat());
}

fn risk_line(risk: &Risk) -> String {
    let destroys = if risk.kind.destroys_data() { "DESTROYS DATA " } else { "" };
    format!("{destroys}{}: {}", risk.kind.name(), risk.message)
}

fn push_statements(text: &mut String, statements: &[Sql]) {
    statements.iter().for_each(|statement| text.push_str(&printed(statement)));
}

fn header(title: &str, flavor: &str) -> String {
    format!("{}{}", comment(title), comment(&format!("made by driftline for {flavor}")))
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn a_newline_in_a_name_can_not_end_the_comment() {
        assert_eq!(comment("drop a\nDROP TABLE b;\r"), "-- drop a\\nDROP TABLE b;\\u{d}\n");
    }
}
