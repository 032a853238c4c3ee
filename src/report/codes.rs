//! What each code of a finding means: the page of its rule, or a few sentences.

use std::borrow::Cow;

use crate::finding::{EXPIRED, OUTDATED, UNMATCHED};
use crate::lint;
use crate::plan::RiskKind;

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePage {
    /// In one line.
    pub summary: &'static str,
    /// The page, in Markdown.
    pub text: Cow<'static, str>,
}

/// The codes of drift and of what couldn't be compared.
const DRIFT: [(&str, &str); 8] = [
    (
        "drift-missing",
        "schema.yaml has it, and the database doesn't. `driftline push` or a migration adds it; if it is \
         no longer wanted, remove it from schema.yaml.",
    ),
    (
        "drift-extra",
        "The database has it, and schema.yaml doesn't. Somebody has changed the database by hand, or \
         a change of schema.yaml is waiting. Write it into schema.yaml, have it dropped, or accept it \
         under `waivers`.",
    ),
    (
        "drift-different",
        "Both have it, and it means something else in the database than in schema.yaml: another \
         type, default, body, …. Make one like the other.",
    ),
    (
        "drift-cosmetic",
        "Both have it, and it does the same: only a comment, the place of a column, or a name that the \
         server made or that differs in case is different. `compare: { comments: false, column_order: \
         false, server_names: false }` in schema.yaml leaves it out, and `--fail-on missing,extra,different` passes over it.",
    ),
    (
        "drift-unsupported",
        "It has a clause that driftline's model doesn't hold, so it isn't compared and never altered. \
         Put it under `ignore`, and look after it by hand.",
    ),
    (
        "drift-uncertain",
        "Both texts are known, and it isn't known whether they mean the same. Write it as the server \
         shows it, or let the server decide with `--ask-server`.",
    ),
    (
        "drift-unseen",
        "The account has no right to see it, so nothing is known of it. Give the account the right that \
         the message names.",
    ),
    (
        "unmigrated",
        "schema.yaml has a change that no file in `generated/` makes. `driftline generate` writes the \
         migration.",
    ),
];

/// The codes about waivers.
const WAIVERS: [(&str, &str); 3] = [
    (
        EXPIRED,
        "A waiver in schema.yaml has a last day, `until`, and that day is over, so what it covered counts \
         again. Mend that, or write a later day.",
    ),
    (
        UNMATCHED,
        "A waiver in schema.yaml covers nothing that was found. Remove it. It is a note, not a warning, if \
         it is about drift, which another database may have.",
    ),
    (
        OUTDATED,
        "The file of accepted findings has some that are no longer there. `driftline baseline` writes it \
         anew, so that they count if they come back.",
    ),
];

/// The codes of errors.
const ERRORS: [(&str, &str); 13] = [
    ("usage", "The arguments are wrong; `--help` lists them."),
    ("invalid", "A file can't be read as what it should be; the message names its line."),
    (
        "refused-by-server",
        "Every server in question would refuse it, so nothing is planned. The message says why, and what \
         to write instead.",
    ),
    ("server", "The server can't be reached, or it refuses something."),
    ("not-verified", "A plan was tried in a scratch database, and leads elsewhere."),
    (
        "disagree",
        "The files of `generated/`, their lock file, the history or the database disagree.",
    ),
    ("failed", "The command failed; the message says why."),
    ("not-permitted", "Something needs permission, by name or at the terminal."),
    ("half-way", "A migration has stopped half-way and can go on."),
    ("locked", "Another session holds the lock of migrations."),
    ("interrupted", "A person has stopped it."),
    ("no-database", "No database was named, so only schema.yaml and `generated/` were compared."),
    ("unknown", "driftline says something here that it has no page for."),
];

/// The kinds of risks of a plan.
const RISKS: [(&str, &str); 32] = [
    ("drop-table", "A table is dropped with all its rows."),
    ("drop-column", "A column is dropped with all its values."),
    ("drop-generated", "A generated column is dropped: its values are computed, none is lost."),
    ("drop-history", "A versioned table loses what its rows once were."),
    ("rewrite-history", "What the rows of a versioned table once were becomes something else."),
    ("empty-values", "The rows that are there get NULL or an empty value, not the default."),
    ("zero-date", "A session whose sql_mode has NO_ZERO_DATE refuses it."),
    ("no-effect", "The server takes it and changes nothing."),
    (
        "hidden-password",
        "The statement has `***` where the password of CONNECTION has to be put in.",
    ),
    ("truncate", "All rows of a table are deleted at once."),
    ("drop-index", "An index is dropped; queries that it served become slower."),
    (
        "invisible-index",
        "An index becomes invisible; queries no longer use it, and it can be taken back.",
    ),
    (
        "drop-unique",
        "A unique index or primary key is dropped; rows can have the same key from then on.",
    ),
    ("drop-constraint", "A foreign key or CHECK that rows had to satisfy is dropped."),
    (
        "referential-action",
        "A foreign key does something new to rows when the row that they refer to is deleted or changes.",
    ),
    (
        "lose-values",
        "Values are rounded, cut or read otherwise without an error, and don't come back.",
    ),
    ("change-values", "Values become others, and come back with the reverse."),
    ("lossy-conversion", "A value that the new type can't hold makes the statement fail."),
    ("remove-member", "Members of an ENUM or SET go; rows that have them make the statement fail."),
    ("not-null", "NULL is no longer allowed; rows that have it make the statement fail."),
    (
        "needs-value",
        "An INSERT that doesn't name the column fails or gets another value from now on.",
    ),
    ("no-transactions", "The new storage engine has no transactions."),
    ("rebuild", "Every row is written anew, which takes time and room."),
    ("new-constraint", "Rows that violate the new constraint make the statement fail."),
    (
        "computed-values",
        "An expression is computed for every row; rows for which it can't be make the statement fail.",
    ),
    ("charset", "Values are converted, and sorting and comparing change."),
    (
        "drop-partition",
        "A partition goes with its rows, or rows that no partition takes any longer.",
    ),
    ("repartition", "Rows are copied between partitions, and nothing can be written meanwhile."),
    ("rename", "Programs that use the old name fail."),
    ("drop-object", "A view, trigger, routine or event goes, for good or until it is made again."),
    ("drop-sequence", "A sequence goes with its current value."),
    ("breaks-object", "Something that is to stay uses what the step drops, renames or retypes."),
];

/// Every code that is no rule's, with what it means.
pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    DRIFT.into_iter().chain(WAIVERS).chain(ERRORS).chain(RISKS)
}

/// What a code means. An unknown one, which no finding has, gets a page that says so.
pub fn code_page(code: &str) -> CodePage {
    if let Some(rule) = lint::rule(code) {
        return CodePage { summary: rule.summary, text: Cow::Borrowed(rule.page) };
    }
    let known = codes().find(|(known, _)| *known == code);
    let (code, meaning) = known.unwrap_or(ERRORS[ERRORS.len() - 1]);
    let mut text = page(code, meaning);
    if let Some(kind) = RiskKind::ALL.into_iter().find(|kind| kind.name() == code) {
        text.push_str(&format!("\n{}\n", severity_words(kind)));
    }
    CodePage { summary: first_sentence(meaning), text: Cow::Owned(text) }
}

/// Which rules have a kind of risk, and what sets its severity.
fn severity_words(kind: RiskKind) -> String {
    let code = kind.name();
    let rules = lint::rules_of_risk(kind).map(|(rule, _)| format!("`{}`", rule.name));
    let rules: Vec<String> = rules.collect();
    match rules.as_slice() {
        [] => format!("`rules: {{ {code}: … }}` in schema.yaml sets the severity of its findings."),
        [rule] => format!(
            "It belongs to the rule {rule}: `rules` in schema.yaml sets the severity of its findings, \
             under the name of the rule or under `{code}`."
        ),
        several => format!(
            "It belongs to the rules {}: `rules` in schema.yaml sets the severity of its findings, \
             under the names of the rules, of which the highest counts, or under `{code}`.",
            several.join(" and ")
        ),
    }
}

/// The page of a code that is no rule's, in Markdown.
fn page(code: &str, meaning: &str) -> String {
    format!("# {code}\n\n{meaning}\n")
}

fn first_sentence(meaning: &'static str) -> &'static str {
    let end = meaning.find(". ").map_or(meaning.len(), |end| end + 1);
    meaning[..end].trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{DriftClass, UNMIGRATED, UNSEEN};

    #[test]
    fn every_code_has_one_page() {
        let mut known: Vec<&str> = codes().map(|(code, _)| code).collect();
        known.extend(lint::rules().iter().map(|rule| rule.name));
        let mut once = known.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), known.len(), "a code means two things");
        let is_kebab = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        let kebab = |code: &str| code.bytes().all(is_kebab);
        assert!(known.iter().all(|code| kebab(code)));
        let classes = DriftClass::ALL.map(DriftClass::code);
        let risks = RiskKind::ALL.map(RiskKind::name);
        for code in classes.iter().chain(&risks).chain(&[UNSEEN, UNMIGRATED]) {
            assert_ne!(code_page(code).summary, code_page("unknown").summary, "{code}");
        }
        assert_eq!(RISKS.len(), RiskKind::ALL.len());
    }
}
