//! Checks words that belong together but aren't next to each other: CASE and END, BETWEEN and AND.

use super::{ExpressionProblem, Reader};
use crate::syntax::lexer::TokenKind;

/// A parenthesis or a CASE that is open at a place in the text.
struct Level {
    /// The token that opened it.
    opener: usize,
    is_position: bool,
    /// The last word of a CASE: CASE, WHEN, THEN or ELSE. `None` if this isn't a CASE.
    case: Option<&'static str>,
    /// Each BETWEEN whose AND hasn't come yet.
    betweens: Vec<usize>,
}

/// The words of CASE, and after which other words each may come (MySQL 15.6.5.1, 14.5).
const OF_CASE: &[(&str, &[&str])] = &[
    ("when", &["case", "then"]),
    ("then", &["when"]),
    ("else", &["then"]),
    ("end", &["then", "else"]),
];

impl Reader<'_> {
    /// Reports CASE without END, its words in a wrong order, and BETWEEN without AND.
    pub(super) fn wrong_nesting(&self) -> Option<ExpressionProblem> {
        let level =
            |opener, case, is_position| Level { opener, is_position, case, betweens: Vec::new() };
        let mut levels = vec![level(0, None, false)];
        for at in 0..self.tokens.len() {
            let top = levels.last_mut()?;
            let word = self.word(at);
            match (self.kind(at), word.as_str()) {
                (TokenKind::Symbol(b'('), _) => {
                    let name = at.checked_sub(1).map(|at| self.word(at)).unwrap_or_default();
                    levels.push(level(at, None, name == "position"));
                }
                (_, "case") => levels.push(level(at, Some("case"), false)),
                (_, "between") => top.betweens.push(at),
                (_, "and") => {
                    top.betweens.pop();
                }
                (_, "in") if !top.is_position && self.kind(at + 1) != TokenKind::Symbol(b'(') => {
                    return Some(self.problem("IN wants a list in parentheses", at));
                }
                (_, "when" | "then" | "else" | "end") => {
                    if let Some(problem) =
                        self.without_and(top).or_else(|| self.wrong_in_case(top, at, &word))
                    {
                        return Some(problem);
                    }
                    if word == "end" && top.case.is_some() {
                        levels.pop();
                    }
                }
                (TokenKind::Symbol(b',') | TokenKind::Operator("||"), _) | (_, "or" | "xor") => {
                    if let Some(problem) = self.without_and(top) {
                        return Some(problem);
                    }
                }
                (TokenKind::Symbol(b')') | TokenKind::End, _) => {
                    let level = levels.pop()?;
                    if level.case.is_some() {
                        return Some(self.problem("this CASE has no END", level.opener));
                    }
                    if let Some(problem) = self.without_and(&level) {
                        return Some(problem);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Reports a word of CASE that is outside of a CASE, follows the wrong word, or has nothing
    /// before it.
    fn wrong_in_case(&self, level: &mut Level, at: usize, word: &str) -> Option<ExpressionProblem> {
        let (own, before) = OF_CASE.iter().find(|(own, _)| *own == word)?;
        let Some(last) = level.case else {
            // END may be the name of a column.
            let is_name = word == "end";
            return (!is_name).then(|| self.problem(format!("`{word}` is in no CASE"), at));
        };
        if !before.contains(&last) {
            let last = last.to_uppercase();
            return Some(self.problem(format!("`{word}` can't come after {last} in a CASE"), at));
        }
        let is_after = at.checked_sub(1).map(|at| self.word(at)).unwrap_or_default();
        if is_after == last && last != "case" {
            return Some(self.problem(format!("no value before `{word}`"), at));
        }
        level.case = Some(own);
        None
    }

    fn without_and(&self, level: &Level) -> Option<ExpressionProblem> {
        let between = level.betweens.first()?;
        Some(self.problem("BETWEEN wants two values, as in `between 1 and 2`", *between))
    }
}
