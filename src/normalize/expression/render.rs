//! Writes a rewritten tree as its canonical text, and says whether everything in it was verified.

use super::functions;
use crate::model::tree::{Logic, Node};
use crate::server::Server;

/// The text, and whether every construct in it was verified on servers.
pub(in crate::normalize) struct Rendering<'a> {
    pub(in crate::normalize) text: String,
    pub(in crate::normalize) is_verified: bool,
    /// The server, if the tree is part of a query. More constructs were verified in queries.
    query_on: Option<Server>,
    /// The texts of the queries in the expression, by their numbers.
    subqueries: &'a [Option<String>],
}

/// Writes a tree, with every operation in parentheses.
pub(in crate::normalize) fn render(node: &Node) -> Rendering<'static> {
    write(node, None, &[])
}

/// Writes a tree that is part of a query. `subqueries` are the texts of the queries in it.
pub(in crate::normalize) fn render_in_query<'a>(
    node: &Node,
    server: Server,
    subqueries: &'a [Option<String>],
) -> Rendering<'a> {
    write(node, Some(server), subqueries)
}

fn write<'a>(
    node: &Node,
    query_on: Option<Server>,
    subqueries: &'a [Option<String>],
) -> Rendering<'a> {
    let mut rendering = Rendering { text: String::new(), is_verified: true, query_on, subqueries };
    rendering.node(node);
    rendering
}

/// A name in backticks.
pub(in crate::normalize) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

impl Rendering<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn list(&mut self, nodes: &[Node], separator: &str) {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            self.node(node);
        }
    }

    fn infix(&mut self, left: &Node, operator: &str, right: &Node) {
        self.push("(");
        self.node(left);
        self.push(&format!(" {operator} "));
        self.node(right);
        self.push(")");
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Column(name, _) => self.push(&quoted(name)),
            Node::Field { table, column } => {
                self.push(&format!("{}.{}", quoted(table), quoted(column)));
            }
            Node::Subquery(number) => self.subquery(*number),
            Node::Null => self.push("null"),
            Node::Number(digits) => self.push(digits),
            Node::String { charset, text } => self.string(charset.as_deref(), text),
            Node::Bytes(bytes) => {
                // MariaDB turns bytes into a string if they are used with one.
                self.is_verified &= self.query_on.is_some();
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                self.push(&format!("0x{digits}"));
            }
            Node::Temporal { kind, text } => self.push(&format!("{kind}'{text}'")),
            Node::Word(word) => self.push(word),
            Node::Unary { operator, operand } => {
                self.push(&format!("({operator}"));
                self.node(operand);
                self.push(")");
            }
            Node::Not(operand) => {
                self.push("(not ");
                self.node(operand);
                self.push(")");
            }
            Node::Binary { operator, left, right } => self.infix(left, operator, right),
            Node::Comparison { operator, left, right } => {
                self.infix(left, operator.sql(), right);
            }
            Node::Logical { operator, operands } => {
                let separator = match operator {
                    Logic::And => " and ",
                    Logic::Or => " or ",
                    Logic::Xor => " xor ",
                };
                self.push("(");
                self.list(operands, separator);
                self.push(")");
            }
            Node::Row(list) => {
                // MySQL splits comparisons of rows into comparisons of their values, MariaDB
                // doesn't.
                self.is_verified &= self.query_on.is_some();
                self.push("row(");
                self.list(list, ",");
                self.push(")");
            }
            other => self.phrase(other),
        }
    }

    fn subquery(&mut self, number: usize) {
        match self.subqueries.get(number) {
            Some(Some(text)) => self.push(&format!("({text})")),
            _ => self.is_verified = false,
        }
    }

    /// Writes an operation that has words as its operators.
    fn phrase(&mut self, node: &Node) {
        let not = |negated: &bool| if *negated { " not" } else { "" };
        self.push("(");
        match node {
            Node::Is { operand, what, negated } => {
                self.node(operand);
                self.push(&format!(" is{} {what}", not(negated)));
            }
            Node::Between { operand, low, high, negated } => {
                self.node(operand);
                self.push(&format!("{} between ", not(negated)));
                self.node(low);
                self.push(" and ");
                self.node(high);
            }
            Node::In { operand, list, negated } => {
                self.node(operand);
                self.push(&format!("{} in (", not(negated)));
                self.list(list, ",");
                self.push(")");
            }
            Node::Like { operand, pattern, escape } => {
                self.node(operand);
                self.push(" like ");
                self.node(pattern);
                if let Some(escape) = escape {
                    self.push(" escape ");
                    self.node(escape);
                }
            }
            Node::Collate { operand, collation } => {
                self.node(operand);
                self.push(&format!(" collate {collation}"));
            }
            Node::Case { operand, whens, otherwise } => {
                self.case(operand.as_deref(), whens, otherwise.as_deref());
            }
            Node::DateArithmetic { operand, subtract, value, unit } => {
                self.node(operand);
                self.push(if *subtract { " - interval " } else { " + interval " });
                self.node(value);
                self.push(&format!(" {unit}"));
            }
            other => self.call(other),
        }
        self.push(")");
    }

    fn call(&mut self, node: &Node) {
        match node {
            Node::Cast { operand, to } => {
                self.push("cast ");
                self.node(operand);
                self.push(&format!(" as {to}"));
            }
            Node::ConvertUsing { operand, charset } => {
                self.push("convert ");
                self.node(operand);
                self.push(&format!(" using {charset}"));
            }
            Node::Call { name, arguments, .. } => {
                let count = arguments.len();
                self.is_verified &= match self.query_on {
                    Some(server) => functions::is_verified_in_query(name, count, server),
                    None => functions::is_verified(name, count),
                };
                self.push(&format!("{name}: "));
                self.list(arguments, ",");
            }
            _ => self.is_verified = false,
        }
    }

    fn case(&mut self, operand: Option<&Node>, whens: &[(Node, Node)], otherwise: Option<&Node>) {
        self.push("case ");
        if let Some(operand) = operand {
            self.node(operand);
        }
        for (when, then) in whens {
            self.push(" when ");
            self.node(when);
            self.push(" then ");
            self.node(then);
        }
        if let Some(otherwise) = otherwise {
            self.push(" else ");
            self.node(otherwise);
        }
    }

    fn string(&mut self, charset: Option<&str>, text: &str) {
        // Only SHOW CREATE VIEW shows characters above U+FFFF as they are. Everywhere else the
        // servers show `?` or `????`.
        let is_shown =
            self.query_on.is_some() || text.chars().all(|character| u32::from(character) <= 0xffff);
        self.is_verified &= charset.is_none() && is_shown;
        if let Some(charset) = charset {
            self.push(&format!("_{charset}"));
        }
        self.push(&format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")));
    }
}
