//! Reads an expression by MySQL's grammar (manual, 11.5 "Expressions", 14.4.1 "Operator
//! Precedence").

use std::ops::Range;

use super::token::{ExpressionToken, with_places};
use crate::model::tree::{Comparator, Logic, Node, TextPlace};
use crate::syntax::lexer::Dialect;

/// How deep parentheses may be nested. A text with deeper ones isn't read, so that no text can
/// exhaust the stack.
const DEEPEST: usize = 64;

/// How many operators of one precedence may follow one another, for the same reason. AND and OR are
/// not counted, because a sequence of them becomes one node.
const LONGEST_NAME_LIST: usize = 250;

/// The expression wasn't read. The reason is never shown, so it isn't kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unread;

pub(crate) type Parsed<T> = std::result::Result<T, Unread>;

pub(crate) struct TreeParser {
    tokens: Vec<ExpressionToken>,
    /// The byte range of each token in the text.
    places: Vec<Range<usize>>,
    pub(crate) at: usize,
    pub(crate) depth: usize,
    /// Whether the text is a query. If so, expressions can contain queries and qualified columns.
    pub(crate) in_query: bool,
    /// How many more expressions may be read. Some texts are tried in several ways at every depth;
    /// this limit keeps the time proportional to their length.
    left: usize,
}

/// The tree of a whole text. `None` if some of the text isn't understood.
pub(crate) fn parse(text: &str) -> Option<Node> {
    let (tokens, places) = with_places(text, Dialect::default())?;
    let mut parser = TreeParser::new(tokens, places, false);
    let node = parser.expression().ok()?;
    parser.is_at_end().then_some(node)
}

impl TreeParser {
    pub(crate) fn new(
        tokens: Vec<ExpressionToken>,
        places: Vec<Range<usize>>,
        in_query: bool,
    ) -> TreeParser {
        let left = 100 + 10 * tokens.len();
        TreeParser { tokens, places, at: 0, depth: 0, in_query, left }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The place of a token in the text.
    pub(crate) fn place_at(&self, at: usize) -> TextPlace {
        let place = self.places.get(at).cloned().unwrap_or_default();
        TextPlace::new(place.start, place.end)
    }

    /// The place of several tokens: from `first` to the last one that was read.
    pub(crate) fn place_from(&self, first: usize) -> TextPlace {
        let place = |at: usize| self.places.get(at).cloned().unwrap_or_default();
        TextPlace::new(place(first).start, place(self.at.saturating_sub(1)).end)
    }

    /// The places of all tokens, for the time after the parsing.
    pub(crate) fn into_places(self) -> Vec<Range<usize>> {
        self.places
    }

    /// The token `offset` tokens after the next one.
    pub(crate) fn peek_at(&self, offset: usize) -> Option<&ExpressionToken> {
        self.tokens.get(self.at + offset)
    }

    /// Enters one more level of nesting. The caller has to decrement `depth` again if it continues
    /// to read.
    pub(crate) fn descend(&mut self) -> Parsed<()> {
        self.depth += 1;
        self.left = self.left.checked_sub(1).ok_or(Unread)?;
        if self.depth > DEEPEST { Err(Unread) } else { Ok(()) }
    }

    pub(crate) fn peek(&self) -> Option<&ExpressionToken> {
        self.tokens.get(self.at)
    }

    pub(crate) fn next(&mut self) -> Parsed<ExpressionToken> {
        let token = self.peek().cloned().ok_or(Unread)?;
        self.at += 1;
        Ok(token)
    }

    pub(crate) fn take(&mut self, token: &ExpressionToken) -> bool {
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    pub(crate) fn take_symbol(&mut self, symbol: u8) -> bool {
        self.take(&ExpressionToken::Symbol(symbol))
    }

    pub(crate) fn expect_symbol(&mut self, symbol: u8) -> Parsed<()> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(Unread) }
    }

    /// The next token in lower case, if it is an unquoted word.
    pub(crate) fn peek_word(&self) -> Option<String> {
        self.peek()?.word()
    }

    pub(crate) fn take_word(&mut self, expected: &str) -> bool {
        let is_next = self.peek_word().as_deref() == Some(expected);
        self.at += usize::from(is_next);
        is_next
    }

    pub(crate) fn expect_word(&mut self, expected: &str) -> Parsed<()> {
        if self.take_word(expected) { Ok(()) } else { Err(Unread) }
    }

    pub(crate) fn any_word(&mut self) -> Parsed<String> {
        let found = self.peek_word().ok_or(Unread)?;
        self.at += 1;
        Ok(found)
    }

    /// Reads a whole expression: AND, XOR and OR with their operands.
    pub(crate) fn expression(&mut self) -> Parsed<Node> {
        self.descend()?;
        let node = self.logic(1)?;
        self.depth -= 1;
        Ok(node)
    }

    /// Reads operators of at least that precedence. A sequence of one operator becomes one node.
    fn logic(&mut self, least: u8) -> Parsed<Node> {
        let mut left = self.negation()?;
        while let Some((operator, precedence)) = self.peek().and_then(logic_operator)
            && precedence >= least
        {
            let mut operands = vec![left];
            while self.peek().and_then(logic_operator) == Some((operator, precedence)) {
                self.at += 1;
                operands.push(self.logic(precedence + 1)?);
            }
            left = Node::Logical { operator, operands };
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parsed<Node> {
        let mut negations = 0_usize;
        while self.take_word("not") {
            negations += 1;
        }
        let mut node = self.comparison()?;
        for _ in 0..negations.min(2 + negations % 2) {
            node = Node::Not(Box::new(node));
        }
        Ok(node)
    }

    fn comparison(&mut self) -> Parsed<Node> {
        let mut left = self.predicate()?;
        for _ in 0..LONGEST_NAME_LIST {
            if self.take_word("is") {
                let negated = self.take_word("not");
                let what = match self.any_word()?.as_str() {
                    "null" | "unknown" => "null",
                    "true" => "true",
                    "false" => "false",
                    _ => return Err(Unread),
                };
                left = Node::Is { operand: Box::new(left), what, negated };
                continue;
            }
            let Some(operator) = self.peek().and_then(comparator) else { return Ok(left) };
            self.at += 1;
            left = Node::compare(operator, left, self.predicate()?);
        }
        Err(Unread)
    }

    /// Reads `x IN (…)`, `x BETWEEN a AND b`, `x LIKE y`, `x REGEXP y`, or `x` alone.
    fn predicate(&mut self) -> Parsed<Node> {
        let operand = self.bits()?;
        let start = self.at;
        let negated = self.take_word("not");
        let word = self.peek_word().unwrap_or_default();
        self.at += 1;
        let node = match word.as_str() {
            "in" => {
                self.expect_symbol(b'(')?;
                let list = match self.query_in_parentheses()? {
                    Some(query) => vec![query],
                    None => self.list()?,
                };
                return Ok(Node::In { operand: Box::new(operand), list, negated });
            }
            "between" => {
                let low = Box::new(self.bits()?);
                self.expect_word("and")?;
                let high = Box::new(self.predicate()?);
                return Ok(Node::Between { operand: Box::new(operand), low, high, negated });
            }
            "like" => self.like(operand)?,
            "regexp" | "rlike" => Node::call("regexp_like", vec![operand, self.bits()?]),
            "member" if !negated => {
                self.take_word("of");
                self.expect_symbol(b'(')?;
                let right = self.expression()?;
                self.expect_symbol(b')')?;
                binary("member of", operand, right)
            }
            "sounds" if !negated => {
                self.expect_word("like")?;
                let right = self.bits()?;
                let soundex = |node| Node::call("soundex", vec![node]);
                Node::compare(Comparator::Equal, soundex(operand), soundex(right))
            }
            _ => {
                self.at = start;
                return Ok(operand);
            }
        };
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn like(&mut self, operand: Node) -> Parsed<Node> {
        let pattern = Box::new(self.bits()?);
        let escape = if self.take_word("escape") { Some(Box::new(self.unary()?)) } else { None };
        Ok(Node::Like { operand: Box::new(operand), pattern, escape })
    }

    /// Reads `|`, `&`, shifts, sums, products and `^`, which MySQL's grammar calls a bit
    /// expression.
    pub(crate) fn bits(&mut self) -> Parsed<Node> {
        self.arithmetic(1)
    }

    /// Reads operators of at least that precedence. All of them are left-associative.
    fn arithmetic(&mut self, least: u8) -> Parsed<Node> {
        let mut left = self.unary()?;
        for _ in 0..LONGEST_NAME_LIST {
            let Some((operator, precedence)) = self.peek().and_then(arithmetic_operator) else {
                return Ok(left);
            };
            if precedence < least {
                return Ok(left);
            }
            self.at += 1;
            let interval = if matches!(operator, "+" | "-") { self.interval()? } else { None };
            left = match interval {
                Some((value, unit)) => Node::DateArithmetic {
                    operand: Box::new(left),
                    subtract: operator == "-",
                    value: Box::new(value),
                    unit,
                },
                None => binary(operator, left, self.arithmetic(precedence + 1)?),
            };
        }
        Err(Unread)
    }

    pub(crate) fn unary(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unread);
        }
        let node = if self.take_symbol(b'-') {
            Node::Unary { operator: "-", operand: Box::new(self.unary()?) }
        } else if self.take_symbol(b'~') {
            Node::Unary { operator: "~", operand: Box::new(self.unary()?) }
        } else if self.take_symbol(b'!') {
            Node::Not(Box::new(self.unary()?))
        } else if self.take_symbol(b'+') {
            self.unary()?
        } else {
            self.collated()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn collated(&mut self) -> Parsed<Node> {
        let mut node = self.primary()?;
        for _ in 0..LONGEST_NAME_LIST {
            if self.take_word("collate") {
                let collation = match self.next()? {
                    ExpressionToken::Word(name)
                    | ExpressionToken::Quoted(name)
                    | ExpressionToken::Text(name) => name,
                    _ => return Err(Unread),
                };
                let (collation, _) = crate::server::collation_name(&collation);
                node = Node::Collate { operand: Box::new(node), collation };
            } else if self.take(&ExpressionToken::Operator("->")) {
                node = Node::call("json_extract", vec![node, self.primary()?]);
            } else if self.take(&ExpressionToken::Operator("->>")) {
                let extracted = Node::call("json_extract", vec![node, self.primary()?]);
                node = Node::call("json_unquote", vec![extracted]);
            } else {
                return Ok(node);
            }
        }
        Err(Unread)
    }

    /// Reads the rest of a list of expressions and the closing parenthesis.
    pub(crate) fn list(&mut self) -> Parsed<Vec<Node>> {
        if self.take_symbol(b')') {
            return Ok(Vec::new());
        }
        let mut list = vec![self.expression()?];
        while self.take_symbol(b',') {
            list.push(self.expression()?);
        }
        self.expect_symbol(b')')?;
        Ok(list)
    }
}

fn comparator(token: &ExpressionToken) -> Option<Comparator> {
    Some(match token {
        ExpressionToken::Symbol(b'=') => Comparator::Equal,
        ExpressionToken::Operator("<>") => Comparator::NotEqual,
        ExpressionToken::Symbol(b'<') => Comparator::Less,
        ExpressionToken::Operator("<=") => Comparator::LessOrEqual,
        ExpressionToken::Symbol(b'>') => Comparator::Greater,
        ExpressionToken::Operator(">=") => Comparator::GreaterOrEqual,
        ExpressionToken::Operator("<=>") => Comparator::NullSafeEqual,
        _ => return None,
    })
}

/// AND, XOR and OR with their precedence.
fn logic_operator(token: &ExpressionToken) -> Option<(Logic, u8)> {
    match token {
        ExpressionToken::Operator("||") => Some((Logic::Or, 1)),
        ExpressionToken::Operator("&&") => Some((Logic::And, 3)),
        other => match other.word()?.as_str() {
            "or" => Some((Logic::Or, 1)),
            "xor" => Some((Logic::Xor, 2)),
            "and" => Some((Logic::And, 3)),
            _ => None,
        },
    }
}

/// The operators of arithmetic and bits with their precedence.
fn arithmetic_operator(token: &ExpressionToken) -> Option<(&'static str, u8)> {
    Some(match token {
        ExpressionToken::Symbol(b'|') => ("|", 1),
        ExpressionToken::Symbol(b'&') => ("&", 2),
        ExpressionToken::Operator("<<") => ("<<", 3),
        ExpressionToken::Operator(">>") => (">>", 3),
        ExpressionToken::Symbol(b'+') => ("+", 4),
        ExpressionToken::Symbol(b'-') => ("-", 4),
        ExpressionToken::Symbol(b'*') => ("*", 5),
        ExpressionToken::Symbol(b'/') => ("/", 5),
        ExpressionToken::Symbol(b'%') => ("%", 5),
        ExpressionToken::Symbol(b'^') => ("^", 6),
        other => match other.word()?.as_str() {
            "div" => ("div", 5),
            "mod" => ("%", 5),
            _ => return None,
        },
    })
}

fn binary(operator: &'static str, left: Node, right: Node) -> Node {
    Node::Binary { operator, left: Box::new(left), right: Box::new(right) }
}
