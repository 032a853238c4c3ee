//! The tree that an expression is read into.

use crate::normalize::select::tree::Query;

/// An expression, as far as its meaning depends on its spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::normalize) enum Node {
    /// A column, by its own name in lower case.
    Column(String),
    /// NULL
    Null,
    /// A number; TRUE and FALSE are 1 and 0.
    Number(String),
    /// A string; the charset is that of its introducer.
    String { charset: Option<String>, text: String },
    /// `0x41`, `X'41'`, `b'101'`
    Bytes(Vec<u8>),
    /// `DATE'2020-01-01'` and its like, zero-padded.
    Temporal { kind: &'static str, text: String },
    /// `-x`, `~x`
    Unary { operator: &'static str, operand: Box<Node> },
    /// NOT; gone after the rewriting.
    Not(Box<Node>),
    /// Arithmetic, bits and `MEMBER OF`.
    Binary { operator: &'static str, left: Box<Node>, right: Box<Node> },
    /// `=`, `<>`, `<`, `<=`, `>`, `>=`, `<=>`
    Comparison { operator: Comparator, left: Box<Node>, right: Box<Node> },
    /// AND, OR, XOR
    Logical { operator: Logic, operands: Vec<Node> },
    /// `IS [NOT] NULL | TRUE | FALSE`
    Is { operand: Box<Node>, what: &'static str, negated: bool },
    /// BETWEEN
    Between { operand: Box<Node>, low: Box<Node>, high: Box<Node>, negated: bool },
    /// IN
    In { operand: Box<Node>, list: Vec<Node>, negated: bool },
    /// LIKE
    Like { operand: Box<Node>, pattern: Box<Node>, escape: Option<Box<Node>> },
    /// A function by its name in lower case. Keywords among the arguments are [`Node::Word`].
    Call { name: String, arguments: Vec<Node> },
    /// A keyword as an argument: `DAY`, `LEADING`.
    Word(String),
    /// CAST and CONVERT to a type.
    Cast { operand: Box<Node>, to: String },
    /// `CONVERT(x USING charset)`
    ConvertUsing { operand: Box<Node>, charset: String },
    /// COLLATE
    Collate { operand: Box<Node>, collation: String },
    /// CASE
    Case { operand: Option<Box<Node>>, whens: Vec<(Node, Node)>, otherwise: Option<Box<Node>> },
    /// `x + INTERVAL n unit`
    DateArithmetic { operand: Box<Node>, subtract: bool, value: Box<Node>, unit: String },
    /// `(a, b)`
    Row(Vec<Node>),
    /// A column in a query, qualified or not, until it is known whose it is.
    Name(Vec<String>),
    /// A column of what stands under that name in FROM; the column's name in lower case.
    Field { table: String, column: String },
    /// A query in parentheses, until it is written.
    Query(Box<Query>),
    /// A query that is written.
    Written(String),
}

/// AND, OR, XOR
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::normalize) enum Logic {
    And,
    Or,
    Xor,
}

/// The comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::normalize) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    NullSafeEqual,
}

impl Comparator {
    pub(in crate::normalize) fn sql(self) -> &'static str {
        match self {
            Comparator::Equal => "=",
            Comparator::NotEqual => "<>",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
            Comparator::NullSafeEqual => "<=>",
        }
    }

    /// The comparison that holds where this one doesn't, for operands that are not NULL.
    pub(in crate::normalize) fn negated(self) -> Option<Comparator> {
        Some(match self {
            Comparator::Equal => Comparator::NotEqual,
            Comparator::NotEqual => Comparator::Equal,
            Comparator::Less => Comparator::GreaterOrEqual,
            Comparator::LessOrEqual => Comparator::Greater,
            Comparator::Greater => Comparator::LessOrEqual,
            Comparator::GreaterOrEqual => Comparator::Less,
            Comparator::NullSafeEqual => return None,
        })
    }

    /// The comparison with its sides exchanged.
    pub(in crate::normalize) fn swapped(self) -> Comparator {
        match self {
            Comparator::Less => Comparator::Greater,
            Comparator::LessOrEqual => Comparator::GreaterOrEqual,
            Comparator::Greater => Comparator::Less,
            Comparator::GreaterOrEqual => Comparator::LessOrEqual,
            same => same,
        }
    }
}

impl Node {
    /// Whether it is a value that stands there as such.
    pub(in crate::normalize) fn is_literal(&self) -> bool {
        match self {
            Node::Null
            | Node::Number(_)
            | Node::String { .. }
            | Node::Bytes(_)
            | Node::Temporal { .. } => true,
            Node::Unary { operator: "-", operand } => matches!(**operand, Node::Number(_)),
            _ => false,
        }
    }

    /// The node with something else for each node right below it.
    pub(super) fn map_children(self, change: impl Fn(Node) -> Node) -> Node {
        let one = |node: Box<Node>| Box::new(change(*node));
        let maybe = |node: Option<Box<Node>>| node.map(one);
        let all = |nodes: Vec<Node>| nodes.into_iter().map(&change).collect::<Vec<_>>();
        match self {
            Node::Unary { operator, operand } => Node::Unary { operator, operand: one(operand) },
            Node::Not(operand) => Node::Not(one(operand)),
            Node::Binary { operator, left, right } => {
                Node::Binary { operator, left: one(left), right: one(right) }
            }
            Node::Comparison { operator, left, right } => {
                Node::Comparison { operator, left: one(left), right: one(right) }
            }
            Node::Logical { operator, operands } => {
                Node::Logical { operator, operands: all(operands) }
            }
            Node::Is { operand, what, negated } => {
                Node::Is { operand: one(operand), what, negated }
            }
            Node::Between { operand, low, high, negated } => {
                Node::Between { operand: one(operand), low: one(low), high: one(high), negated }
            }
            Node::In { operand, list, negated } => {
                Node::In { operand: one(operand), list: all(list), negated }
            }
            Node::Like { operand, pattern, escape } => {
                Node::Like { operand: one(operand), pattern: one(pattern), escape: maybe(escape) }
            }
            Node::Call { name, arguments } => Node::Call { name, arguments: all(arguments) },
            Node::Cast { operand, to } => Node::Cast { operand: one(operand), to },
            Node::ConvertUsing { operand, charset } => {
                Node::ConvertUsing { operand: one(operand), charset }
            }
            Node::Collate { operand, collation } => {
                Node::Collate { operand: one(operand), collation }
            }
            Node::Case { operand, whens, otherwise } => Node::Case {
                operand: maybe(operand),
                whens: whens.into_iter().map(|(when, then)| (change(when), change(then))).collect(),
                otherwise: maybe(otherwise),
            },
            Node::DateArithmetic { operand, subtract, value, unit } => {
                Node::DateArithmetic { operand: one(operand), subtract, value: one(value), unit }
            }
            Node::Row(list) => Node::Row(all(list)),
            leaf @ (Node::Column(_)
            | Node::Null
            | Node::Number(_)
            | Node::String { .. }
            | Node::Bytes(_)
            | Node::Temporal { .. }
            | Node::Word(_)
            | Node::Name(_)
            | Node::Field { .. }
            | Node::Query(_)
            | Node::Written(_)) => leaf,
        }
    }

    pub(in crate::normalize) fn is_zero(&self) -> bool {
        matches!(self, Node::Number(digits) if digits == "0")
    }

    /// Whether its value is 0, 1 or NULL.
    pub(in crate::normalize) fn is_boolean(&self) -> bool {
        match self {
            Node::Comparison { .. }
            | Node::Logical { .. }
            | Node::Is { .. }
            | Node::Between { .. }
            | Node::In { .. }
            | Node::Like { .. }
            | Node::Not(_) => true,
            Node::Binary { operator, .. } => *operator == "member of",
            Node::Call { name, .. } => super::functions::is_boolean(name),
            _ => false,
        }
    }

    /// `ANY (query)`, `ALL (query)`: its name.
    pub(in crate::normalize) fn quantifier(&self) -> Option<&str> {
        match self {
            Node::Call { name, arguments } if matches!(name.as_str(), "any" | "all") => {
                let of_query = matches!(arguments.as_slice(), [Node::Written(_) | Node::Query(_)]);
                of_query.then_some(name)
            }
            _ => None,
        }
    }

    pub(in crate::normalize) fn call(name: impl Into<String>, arguments: Vec<Node>) -> Node {
        Node::Call { name: name.into(), arguments }
    }

    pub(in crate::normalize) fn compare(operator: Comparator, left: Node, right: Node) -> Node {
        Node::Comparison { operator, left: Box::new(left), right: Box::new(right) }
    }

    pub(in crate::normalize) fn number(digits: &str) -> Node {
        Node::Number(digits.to_owned())
    }
}
