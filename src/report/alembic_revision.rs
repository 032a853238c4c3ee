//! A migration as a revision of Alembic's: a Python file whose statements Alembic runs one by one.

use super::python::{long_string, string};
use super::sql::{SESSION, SESSION_ENDS, risk_line};
use super::{escape_controls, one_line};
use crate::compare::Comparison;
use crate::ddl::Sql;
use crate::plan::{Plan, Reverse, Step};

/// What a revision's file says besides its statements.
#[derive(Debug, Clone, Copy)]
pub struct RevisionHeader<'a> {
    /// What it is for.
    pub message: &'a str,
    /// Its name: 14 digits.
    pub revision: &'a str,
    /// The revision that it follows; `None` for the first.
    pub follows: Option<&'a str>,
}

/// The text of the file.
pub fn alembic_revision(comparison: &Comparison, header: &RevisionHeader<'_>) -> String {
    let plan = &comparison.plan;
    let is_printed_otherwise = plan
        .statements()
        .chain(plan.reverse_statements())
        .chain(&plan.session.before)
        .chain(&plan.session.after)
        .any(is_printed_otherwise);
    let helper = if is_printed_otherwise { EXECUTE } else { "" };
    let made = format!("Made by driftline for {}\n", comparison.server.flavor());
    format!("{}{helper}\n\n{}\n\n{}", head(header, &made), upgrade(comparison), downgrade(plan))
}

/// The text of a file whose statements are still to be written.
pub fn empty_alembic_revision(header: &RevisionHeader<'_>) -> String {
    format!("{}\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n", head(header, ""))
}

fn head(header: &RevisionHeader<'_>, made: &str) -> String {
    let RevisionHeader { message, revision, follows } = *header;
    let about = format!(
        "{}\n\nRevision ID: {revision}\nRevises: {}\n{made}",
        escape_controls(message),
        one_line(follows.unwrap_or_default()),
    );
    format!(
        "{}\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = {}\n\
         down_revision = {}\nbranch_labels = None\ndepends_on = None\n",
        long_string(&about),
        string(revision),
        follows.map_or_else(|| "None".to_owned(), string),
    )
}

/// Runs what Alembic would print otherwise with `--sql` than it is (alembic 1.20,
/// `DefaultImpl._exec`): tabs as spaces, a percent sign perhaps twice, and a body without the
/// DELIMITER that the client needs.
const EXECUTE: &str = "\n\n\
def execute(statement, delimiter=\";\"):
    \"\"\"Runs a statement, or prints it as it is for `alembic upgrade --sql`.\"\"\"
    migration = op.get_context()
    if not migration.as_sql:
        op.execute(sa.text(statement.replace(\":\", r\"\\:\")))
    elif delimiter == \";\":
        migration.impl.static_output(statement + \";\")
    else:
        migration.impl.static_output(\"DELIMITER \" + delimiter)
        migration.impl.static_output(statement + delimiter)
        migration.impl.static_output(\"DELIMITER ;\")
";

fn is_printed_otherwise(statement: &Sql) -> bool {
    statement.delimiter.is_some() || statement.text.contains(['%', '\t'])
}

fn upgrade(comparison: &Comparison) -> String {
    let plan = &comparison.plan;
    let mut body = Body::default();
    for note in &comparison.notes {
        body.comment(&format!("note: {}: {}", note.title, note.help.join("; ")));
    }
    body.comment(SESSION);
    body.statements(&plan.session.before);
    for step in &plan.steps {
        body.gap();
        for action in &step.actions {
            body.comment(&format!("{}: {}", step.table, action.summary));
        }
        for risk in &step.risks {
            body.comment(&format!("! {}", risk_line(risk)));
        }
        body.statements(step.statements());
    }
    body.gap();
    body.comment(SESSION_ENDS);
    body.statements(&plan.session.after);
    format!("def upgrade():\n{}", body.text)
}

fn downgrade(plan: &Plan) -> String {
    let mut body = Body::default();
    for step in plan.steps.iter().rev() {
        if let Reverse::Irreversible { why } = &step.reverse {
            // Before the first statement, so that nothing is half undone.
            let message = format!("{}: can't be undone: {}", step.table, one_line(why));
            body.line(&format!("raise NotImplementedError({})", string(&message)));
        }
    }
    if body.text.is_empty() {
        body.comment(SESSION);
        body.statements(&plan.session.before);
        plan.steps.iter().rev().for_each(|step| step_back(&mut body, step));
        body.gap();
        body.comment(SESSION_ENDS);
        body.statements(&plan.session.after);
    }
    format!("def downgrade():\n{}", body.text)
}

fn step_back(body: &mut Body, step: &Step) {
    body.gap();
    for action in &step.actions {
        body.comment(&format!("reverses: {}: {}", step.table, action.summary));
    }
    for risk in &step.reverse_risks {
        body.comment(&format!("! {}", risk_line(risk)));
    }
    if let Reverse::Lossy { lost, .. } = &step.reverse {
        body.comment(&format!("! does not restore {lost}"));
    }
    match step.reverse.statements() {
        [] => body.comment("there is nothing to reverse"),
        statements => body.statements(statements),
    }
}

/// The lines of a function.
#[derive(Default)]
struct Body {
    text: String,
}

impl Body {
    fn gap(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(&format!("    {line}\n"));
    }

    fn comment(&mut self, text: &str) {
        self.line(&format!("# {}", one_line(text)));
    }

    fn statements<'a>(&mut self, statements: impl IntoIterator<Item = &'a Sql>) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Sql) {
        let text = &statement.text;
        match (&statement.delimiter, is_printed_otherwise(statement)) {
            (_, false) => {
                // A colon would begin a parameter (SQLAlchemy, `text`).
                let text = long_string(&text.replace(':', "\\:"));
                self.line(&format!("op.execute(sa.text({text}))"));
            }
            (None, true) => self.line(&format!("execute({})", long_string(text))),
            (Some(delimiter), true) => {
                self.line(&format!("execute({}, {})", long_string(text), string(delimiter)));
            }
        }
    }
}
