//! Expressions that no server can parse: an operator without a value, two values without an
//! operator, BETWEEN without AND (MySQL 11.5 "Expressions", MariaDB "Expression Syntax").
//!
//! This looks only at which tokens are next to each other. Words to which some server gives a
//! special meaning may be anywhere, so what isn't known here is left to the server.

mod nesting;

use crate::diagnostic::near_name;
use crate::server::Server;
use crate::syntax::lexer::{Token, TokenKind};

/// What is wrong with an expression.
pub(super) struct ExpressionProblem {
    /// What is wrong, in one line.
    pub(super) title: String,
    /// What to write instead. May be empty.
    pub(super) label: String,
    /// The word that is wrong.
    pub(super) word: String,
    /// The offset of the word in the expression.
    pub(super) start: usize,
}

/// The words that can only be between two values.
const INFIX: &[&str] = &["and", "div", "like", "or", "regexp", "rlike", "xor"];

/// Words with a grammar of their own. An expression with one of them isn't checked.
const NOT_LOOKED_INTO: &[&str] =
    &["against", "group_concat", "json_table", "match", "over", "select", "within"];

/// The words that a value can directly follow.
const BEFORE_VALUES: &[&str] = &[
    "all",
    "any",
    "array",
    "as",
    "at",
    "binary",
    "both",
    "by",
    "case",
    "charset",
    "collate",
    "columns",
    "default",
    "distinct",
    "distinctrow",
    "else",
    "end",
    "error",
    "escape",
    "exists",
    "for",
    "from",
    "in",
    "interval",
    "is",
    "leading",
    "limit",
    "local",
    "not",
    "of",
    "offset",
    "on",
    "returning",
    "row",
    "rows",
    "separator",
    "set",
    "some",
    "then",
    "to",
    "trailing",
    "unique",
    "using",
    "value",
    "values",
    "when",
    "with",
    "zone",
];

/// Words that can only be values.
const LITERALS: &[&str] = &["false", "null", "true"];

/// Words that can't be in an expression outside of parentheses. They end it, because they belong to
/// a column's definition or to a query.
const AFTER_EXPRESSIONS: &[&str] = &[
    "as",
    "check",
    "constraint",
    "limit",
    "order",
    "persistent",
    "primary",
    "references",
    "stored",
    "unique",
    "virtual",
];

/// What a token can be next to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A literal or a name.
    Value,
    Open,
    Close,
    Comma,
    /// An operator between two values.
    Infix,
    /// `+` or `-`, which can be between two values or before one.
    Sign,
    /// An operator before a value.
    Prefix,
    /// A token that can be next to anything.
    Other,
    /// A token that can't be in an expression.
    Foreign,
}

/// What is certainly wrong with the text of an expression, whatever its names refer to.
pub(super) fn problem(text: &str, tokens: &[Token], server: &Server) -> Option<ExpressionProblem> {
    if tokens.is_empty() {
        return None;
    }
    let reader = Reader { text, tokens, server };
    if (0..tokens.len()).any(|at| reader.is_left_to_the_server(at)) {
        return None;
    }
    let parts = reader.parts();
    reader.wrong_neighbours(&parts).or_else(|| reader.wrong_nesting())
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    server: &'a Server,
}

impl<'a> Reader<'a> {
    fn slice(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|it| self.text.get(it.start..it.end)).unwrap_or_default()
    }

    fn kind(&self, at: usize) -> TokenKind {
        self.tokens.get(at).map_or(TokenKind::End, |token| token.kind)
    }

    /// The word in lower case. Empty if the token isn't a word, or is a name after a dot.
    fn word(&self, at: usize) -> String {
        let is_name = at.checked_sub(1).is_some_and(|at| self.kind(at) == TokenKind::Symbol(b'.'));
        match self.kind(at) {
            TokenKind::Word if !is_name => self.slice(at).to_lowercase(),
            _ => String::new(),
        }
    }

    fn is_left_to_the_server(&self, at: usize) -> bool {
        matches!(self.kind(at), TokenKind::Symbol(b'{' | b'}'))
            || NOT_LOOKED_INTO.contains(&self.word(at).as_str())
    }

    fn problem(&self, title: impl Into<String>, at: usize) -> ExpressionProblem {
        let start = self.tokens.get(at).map_or(0, |token| token.start);
        ExpressionProblem {
            title: title.into(),
            label: String::new(),
            word: self.slice(at).to_owned(),
            start,
        }
    }

    fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::with_capacity(self.tokens.len());
        for at in 0..self.tokens.len() {
            let before = parts.last().copied();
            parts.push(self.part(at, matches!(before, Some(Part::Value | Part::Close))));
        }
        parts
    }

    fn part(&self, at: usize, follows_value: bool) -> Part {
        match self.kind(at) {
            TokenKind::Text
            | TokenKind::Quoted
            | TokenKind::Number
            | TokenKind::Hex
            | TokenKind::Bits => Part::Value,
            TokenKind::Operator("!!") => Part::Prefix,
            TokenKind::Operator(_) => Part::Infix,
            TokenKind::Symbol(b'(') => Part::Open,
            TokenKind::Symbol(b')') => Part::Close,
            TokenKind::Symbol(b',') => Part::Comma,
            TokenKind::Symbol(b'*') => self.star(at),
            TokenKind::Symbol(b'=' | b'<' | b'>' | b'/' | b'%' | b'|' | b'&' | b'^') => Part::Infix,
            TokenKind::Symbol(b'+' | b'-') => Part::Sign,
            TokenKind::Symbol(b'!' | b'~') => Part::Prefix,
            TokenKind::Symbol(b'?' | b':' | b';' | b'[' | b']' | b'\\') => Part::Foreign,
            TokenKind::Symbol(_) | TokenKind::End => Part::Other,
            TokenKind::Word => match self.word(at).as_str() {
                "" => Part::Value,
                "mod" if follows_value => Part::Infix,
                "not" if !follows_value => Part::Prefix,
                "in" | "between" => Part::Infix,
                "not" | "is" => Part::Other,
                word if INFIX.contains(&word) => Part::Infix,
                _ => Part::Value,
            },
        }
    }

    /// The `*` of `COUNT(*)` isn't an operator, so it needs no values.
    fn star(&self, at: usize) -> Part {
        let begins = at.checked_sub(1).is_some_and(|at| self.kind(at) == TokenKind::Symbol(b'('));
        let ends = matches!(self.kind(at + 1), TokenKind::Symbol(b')' | b','));
        if begins && ends { Part::Value } else { Part::Infix }
    }

    /// Finds two tokens that can't be next to each other.
    fn wrong_neighbours(&self, parts: &[Part]) -> Option<ExpressionProblem> {
        let mut before = None;
        for (at, part) in parts.iter().copied().enumerate() {
            let problem = match part {
                Part::Foreign => Some(self.foreign(at)),
                Part::Infix => self.without_left(at, before),
                Part::Comma if self.is_outside(at) => {
                    Some(self.problem("a comma between two expressions", at))
                }
                Part::Comma | Part::Close => self.without_right(at, before, parts),
                Part::Other if self.kind(at) == TokenKind::End => {
                    self.without_right(at, before, parts)
                }
                Part::Value | Part::Open | Part::Prefix => self.without_operator(at, part, before),
                Part::Other | Part::Sign => None,
            };
            if let Some(problem) = problem.or_else(|| self.wrong_word(at, before)) {
                return Some(problem);
            }
            before = Some(part);
        }
        None
    }

    /// Reports a character that no expression can have. The word to look for in the file begins
    /// with the token before it, because YAML's own syntax may have the same character.
    fn foreign(&self, at: usize) -> ExpressionProblem {
        let first = self.tokens.get(at.saturating_sub(1)).map_or(0, |token| token.start);
        let end = self.tokens.get(at).map_or(0, |token| token.end);
        ExpressionProblem {
            title: format!("`{}` is in no expression", self.slice(at)),
            label: String::new(),
            word: self.text.get(first..end).unwrap_or_default().to_owned(),
            start: first,
        }
    }

    /// Reports an operator without a value before it.
    fn without_left(&self, at: usize, before: Option<Part>) -> Option<ExpressionProblem> {
        match before {
            Some(Part::Value | Part::Close | Part::Other | Part::Foreign) => return None,
            Some(Part::Infix) => {}
            _ => return Some(self.problem(format!("no value before `{}`", self.slice(at)), at)),
        }
        let last = at.checked_sub(1)?;
        let both = format!("{}{}", self.slice(last), self.slice(at));
        let instead = match both.as_str() {
            "==" => "=",
            "=>" => ">=",
            "=<" => "<=",
            "**" => "pow(x, y)",
            _ => {
                let (first, second) = (self.slice(last), self.slice(at));
                return Some(
                    self.problem(format!("no value between `{first}` and `{second}`"), at),
                );
            }
        };
        let start = self.tokens.get(last).map_or(0, |token| token.start);
        Some(ExpressionProblem {
            title: format!("`{both}` isn't an operator"),
            label: format!("write `{instead}`"),
            word: both,
            start,
        })
    }

    /// Reports an operator, a comma or a parenthesis without a value after it.
    fn without_right(
        &self,
        at: usize,
        before: Option<Part>,
        parts: &[Part],
    ) -> Option<ExpressionProblem> {
        let Some(before) = before else {
            return Some(self.problem("there is no expression here", at));
        };
        let last = at.checked_sub(1)?;
        let is_call = last.checked_sub(1).is_some_and(|name| {
            parts.get(name) == Some(&Part::Value)
                && matches!(self.kind(name), TokenKind::Word | TokenKind::Quoted)
        });
        match before {
            Part::Open if is_call && self.kind(at) == TokenKind::Symbol(b')') => None,
            Part::Infix | Part::Sign | Part::Prefix | Part::Comma | Part::Open => {
                Some(self.problem(format!("no value after `{}`", self.slice(last)), last))
            }
            _ => None,
        }
    }

    /// Reports a value that directly follows another one.
    fn without_operator(
        &self,
        at: usize,
        part: Part,
        before: Option<Part>,
    ) -> Option<ExpressionProblem> {
        let last = at.checked_sub(1)?;
        match (before?, part) {
            (Part::Value, Part::Open) => {
                if matches!(self.kind(last), TokenKind::Word | TokenKind::Quoted) {
                    return None;
                }
            }
            (Part::Value, Part::Value) => {
                if self.kind(last) == TokenKind::Text && self.kind(at) == TokenKind::Text {
                    return None;
                }
            }
            (Part::Value | Part::Close, _) => {}
            _ => return None,
        }
        if self.may_precede_value(last) || self.may_follow_value(at) {
            return None;
        }
        let word = self.slice(at);
        let title = format!("no operator between `{}` and `{word}`", self.slice(last));
        let mut problem = self.problem(title, at);
        let is_word = self.kind(at) == TokenKind::Word;
        let operators = INFIX.iter().copied().chain(["between", "in", "is", "not"]);
        if let Some(near) = near_name(word, operators).filter(|_| is_word && word.len() > 1) {
            problem.label = format!("did you mean `{near}`?");
        }
        Some(problem)
    }

    fn may_precede_value(&self, at: usize) -> bool {
        let word = self.word(at);
        let is_typed = matches!(word.as_str(), "date" | "time" | "timestamp")
            && self.kind(at + 1) == TokenKind::Text;
        // An introducer, as in `_latin1'x'`.
        is_typed || word.starts_with('_') || BEFORE_VALUES.contains(&word.as_str())
    }

    fn may_follow_value(&self, at: usize) -> bool {
        let word = self.word(at);
        // ARRAY is part of a CAST in a multi-valued index, which not every server has.
        if word == "array" {
            return true;
        }
        let is_of_another_clause =
            AFTER_EXPRESSIONS.contains(&word.as_str()) && self.is_outside(at);
        let is_value = LITERALS.contains(&word.as_str());
        self.server.knows_word(&word) && !is_of_another_clause && !is_value
    }

    /// Whether no parenthesis is open at this token.
    fn is_outside(&self, at: usize) -> bool {
        let is = |symbol: u8| move |place: &usize| self.kind(*place) == TokenKind::Symbol(symbol);
        (0..at).filter(is(b'(')).count() <= (0..at).filter(is(b')')).count()
    }

    /// Reports IS, IN, NOT and COLLATE if the next token can't follow them.
    fn wrong_word(&self, at: usize, before: Option<Part>) -> Option<ExpressionProblem> {
        let next = self.word(at + 1);
        let follows_value = matches!(before, Some(Part::Value | Part::Close));
        let is_wrong = match self.word(at).as_str() {
            "is" => {
                let after = if next == "not" { at + 2 } else { at + 1 };
                !follows_value && before != Some(Part::Other)
                    || self.kind(after) != TokenKind::Word
                    || !self.server.knows_word(&self.word(after))
            }
            "not" if follows_value => {
                !matches!(next.as_str(), "between" | "in" | "like" | "member" | "regexp" | "rlike")
            }
            "escape" if follows_value => self.kind(at + 1) == TokenKind::End,
            "interval" if matches!(self.kind(at + 1), TokenKind::Number | TokenKind::Text) => {
                matches!(self.kind(at + 2), TokenKind::End | TokenKind::Symbol(b')' | b','))
            }
            "collate" => {
                !matches!(self.kind(at + 1), TokenKind::Word | TokenKind::Quoted | TokenKind::Text)
            }
            _ => false,
        };
        is_wrong.then(|| {
            let word = self.slice(at);
            self.problem(format!("`{word}` can't come before `{}`", self.shown(at + 1)), at)
        })
    }

    fn shown(&self, at: usize) -> &'a str {
        match self.slice(at) {
            "" => "the end",
            slice => slice,
        }
    }
}
