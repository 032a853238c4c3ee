//! The tree of an expression.

use std::convert::Infallible;

use super::place::TextPlace;
use super::query::Query;

/// An expression. Spellings that certainly have the same meaning give the same tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A column with its name in lower case, and the place of the name.
    Column(String, TextPlace),
    /// NULL
    Null,
    /// A number. TRUE and FALSE are 1 and 0.
    Number(String),
    /// A string. `charset` is that of its introducer.
    String { charset: Option<String>, text: String },
    /// `0x41`, `X'41'`, `b'101'`
    Bytes(Vec<u8>),
    /// `DATE'2020-01-01'` and the like, with all digits.
    Temporal { kind: &'static str, text: String },
    /// `-x`, `~x`
    Unary { operator: &'static str, operand: Box<Node> },
    /// NOT. The rewriting removes it.
    Not(Box<Node>),
    /// An arithmetic or bit operation, or `MEMBER OF`.
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
    /// A function with its name in lower case. Keywords among its arguments are [`Node::Word`].
    Call { name: String, arguments: Vec<Node>, place: TextPlace },
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
    /// A column in a query, qualified or not, before its table is looked up.
    Name(Vec<String>, TextPlace),
    /// A column of the table that has this name in FROM. The column's name is in lower case.
    Field { table: String, column: String },
    /// A query in parentheses, before its names are looked up.
    Query(Box<Query>),
    /// A query whose names have been looked up, by its number.
    Subquery(usize),
}

/// AND, OR, XOR
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logic {
    And,
    Or,
    Xor,
}

/// The comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    NullSafeEqual,
}

impl Comparator {
    pub(crate) fn sql(self) -> &'static str {
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

    /// The comparison that is true where this one is false, for operands that are not NULL.
    pub(crate) fn negated(self) -> Option<Comparator> {
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
    pub(crate) fn swapped(self) -> Comparator {
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
    /// Whether the node is a literal.
    pub(crate) fn is_literal(&self) -> bool {
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

    /// The node with each of its children replaced by the result of `change`, unless that fails for
    /// one of them.
    pub(crate) fn try_map_children<E>(
        &self,
        change: &mut impl FnMut(&Node) -> Result<Node, E>,
    ) -> Result<Node, E> {
        Ok(match self {
            Node::Unary { operator, operand } => {
                Node::Unary { operator, operand: one(operand, change)? }
            }
            Node::Not(operand) => Node::Not(one(operand, change)?),
            Node::Binary { operator, left, right } => {
                Node::Binary { operator, left: one(left, change)?, right: one(right, change)? }
            }
            Node::Comparison { operator, left, right } => Node::Comparison {
                operator: *operator,
                left: one(left, change)?,
                right: one(right, change)?,
            },
            Node::Logical { operator, operands } => {
                Node::Logical { operator: *operator, operands: all(operands, change)? }
            }
            Node::Is { operand, what, negated } => {
                Node::Is { operand: one(operand, change)?, what, negated: *negated }
            }
            Node::Between { operand, low, high, negated } => Node::Between {
                operand: one(operand, change)?,
                low: one(low, change)?,
                high: one(high, change)?,
                negated: *negated,
            },
            Node::In { operand, list, negated } => Node::In {
                operand: one(operand, change)?,
                list: all(list, change)?,
                negated: *negated,
            },
            Node::Like { operand, pattern, escape } => Node::Like {
                operand: one(operand, change)?,
                pattern: one(pattern, change)?,
                escape: maybe(escape.as_deref(), change)?,
            },
            Node::Call { name, arguments, place } => {
                Node::call(name.clone(), all(arguments, change)?).at(*place)
            }
            Node::Cast { operand, to } => {
                Node::Cast { operand: one(operand, change)?, to: to.clone() }
            }
            Node::ConvertUsing { operand, charset } => {
                Node::ConvertUsing { operand: one(operand, change)?, charset: charset.clone() }
            }
            Node::Collate { operand, collation } => {
                Node::Collate { operand: one(operand, change)?, collation: collation.clone() }
            }
            Node::Case { operand, whens, otherwise } => Node::Case {
                operand: maybe(operand.as_deref(), change)?,
                whens: whens
                    .iter()
                    .map(|(when, then)| Ok((change(when)?, change(then)?)))
                    .collect::<Result<_, E>>()?,
                otherwise: maybe(otherwise.as_deref(), change)?,
            },
            Node::DateArithmetic { operand, subtract, value, unit } => Node::DateArithmetic {
                operand: one(operand, change)?,
                subtract: *subtract,
                value: one(value, change)?,
                unit: unit.clone(),
            },
            Node::Row(list) => Node::Row(all(list, change)?),
            Node::Column(..)
            | Node::Null
            | Node::Number(_)
            | Node::String { .. }
            | Node::Bytes(_)
            | Node::Temporal { .. }
            | Node::Word(_)
            | Node::Name(..)
            | Node::Field { .. }
            | Node::Query(_)
            | Node::Subquery(_) => self.clone(),
        })
    }

    /// The node with each of its children replaced by the result of `change`.
    pub(crate) fn map_children(&self, mut change: impl FnMut(&Node) -> Node) -> Node {
        let Ok(node) = self.try_map_children(&mut |child| Ok::<_, Infallible>(change(child)));
        node
    }

    /// Whether `holds` is true for one of its children. The children after the first such one are
    /// not visited.
    pub(crate) fn any_child(&self, mut holds: impl FnMut(&Node) -> bool) -> bool {
        let mut change = |child: &Node| if holds(child) { Err(()) } else { Ok(Node::Null) };
        self.try_map_children(&mut change).is_err()
    }

    pub(crate) fn is_zero(&self) -> bool {
        matches!(self, Node::Number(digits) if digits == "0")
    }

    /// The name of the quantifier in `ANY (query)` or `ALL (query)`.
    pub(crate) fn quantifier(&self) -> Option<&str> {
        match self {
            Node::Call { name, arguments, .. } if matches!(name.as_str(), "any" | "all") => {
                let of_query = matches!(arguments.as_slice(), [Node::Subquery(_) | Node::Query(_)]);
                of_query.then_some(name)
            }
            _ => None,
        }
    }

    pub(crate) fn call(name: impl Into<String>, arguments: Vec<Node>) -> Node {
        Node::Call { name: name.into(), arguments, place: TextPlace::default() }
    }

    /// The node with the place of its name, if it is a function.
    pub(crate) fn at(mut self, at: TextPlace) -> Node {
        if let Node::Call { place, .. } = &mut self {
            *place = at;
        }
        self
    }

    pub(crate) fn compare(operator: Comparator, left: Node, right: Node) -> Node {
        Node::Comparison { operator, left: Box::new(left), right: Box::new(right) }
    }

    pub(crate) fn cast(operand: Node, to: &str) -> Node {
        Node::Cast { operand: Box::new(operand), to: to.to_owned() }
    }

    pub(crate) fn number(digits: &str) -> Node {
        Node::Number(digits.to_owned())
    }
}

fn one<E>(node: &Node, change: &mut impl FnMut(&Node) -> Result<Node, E>) -> Result<Box<Node>, E> {
    change(node).map(Box::new)
}

fn maybe<E>(
    node: Option<&Node>,
    change: &mut impl FnMut(&Node) -> Result<Node, E>,
) -> Result<Option<Box<Node>>, E> {
    node.map(|node| one(node, change)).transpose()
}

fn all<E>(
    nodes: &[Node],
    change: &mut impl FnMut(&Node) -> Result<Node, E>,
) -> Result<Vec<Node>, E> {
    nodes.iter().map(change).collect()
}
