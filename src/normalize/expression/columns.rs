//! How servers rewrite a literal because of the type of a column that it is used with.

use std::collections::HashSet;

use crate::model::tree::Node;
use crate::model::{ColumnType, Table, TypeClass};
use crate::server::{Capability, Server};

/// The columns of a table that make servers rewrite literals. Their names are in lower case.
#[derive(Debug, Default)]
pub(in crate::normalize) struct ColumnTypes {
    /// The columns of the type YEAR. If a small number is compared with one, the server turns it
    /// into a year: 5 becomes 2005, 70 becomes 1970. One vendor does so at once, the other when it
    /// has copied the table.
    years: HashSet<String>,
    /// The columns of BIT and binary types. When the server copies the table, it puts the
    /// introducer `_binary` before the literals in an expression with such a column, although
    /// nobody wrote it.
    bytes: HashSet<String>,
}

impl ColumnTypes {
    /// The columns of these types in a table.
    pub(in crate::normalize) fn of(table: &Table, server: Server) -> Self {
        let mut types = ColumnTypes::default();
        for column in &table.columns {
            let is_bytes = column.ty.class() == TypeClass::Binary
                || matches!(column.ty, ColumnType::Bit { .. });
            if column.ty == ColumnType::Year {
                types.years.insert(column.name.to_lowercase());
            } else if is_bytes && server.can(Capability::IntroducersInExpressions) {
                types.bytes.insert(column.name.to_lowercase());
            }
        }
        types
    }

    /// Whether there are no such columns, so that no literal is rewritten.
    pub(super) fn is_empty(&self) -> bool {
        self.years.is_empty() && self.bytes.is_empty()
    }

    /// The tree with these literals as they were before the server rewrote them.
    pub(super) fn apply_implicit_defaults(&self, node: &Node) -> Node {
        let has_bytes = !self.bytes.is_empty() && self.names_bytes(node);
        self.with_types_resolved(node, has_bytes)
    }

    /// Whether a column of bits or bytes is anywhere in the tree.
    fn names_bytes(&self, node: &Node) -> bool {
        if let Node::Column(name, _) = node {
            return self.bytes.contains(name);
        }
        node.any_child(|child| self.names_bytes(child))
    }

    fn with_types_resolved(&self, node: &Node, has_bytes: bool) -> Node {
        let node = node.map_children(|child| self.with_types_resolved(child, has_bytes));
        match node {
            Node::Comparison { operator, left, right } => {
                let (left, right) = self.pair(*left, *right);
                Node::compare(operator, left, right)
            }
            Node::Between { operand, low, high, negated } if self.is_year(&operand) => {
                let (low, high) = (Box::new(year(*low)), Box::new(year(*high)));
                Node::Between { operand, low, high, negated }
            }
            Node::In { operand, list, negated } if self.is_year(&operand) => {
                Node::In { operand, list: list.into_iter().map(year).collect(), negated }
            }
            Node::Call { name, arguments, .. } if name == "nullif" => {
                match <[Node; 2]>::try_from(arguments) {
                    Ok([left, right]) => {
                        let (left, right) = self.pair(left, right);
                        Node::call(name, vec![left, right])
                    }
                    Err(arguments) => Node::call(name, arguments),
                }
            }
            Node::String { charset: Some(charset), text } if charset == "binary" && has_bytes => {
                Node::String { charset: None, text }
            }
            other => other,
        }
    }

    /// The two sides of a comparison.
    fn pair(&self, left: Node, right: Node) -> (Node, Node) {
        if self.is_year(&left) {
            (left, year(right))
        } else if self.is_year(&right) {
            (year(left), right)
        } else {
            (left, right)
        }
    }

    fn is_year(&self, node: &Node) -> bool {
        matches!(node, Node::Column(name, _) if self.years.contains(name))
    }
}

/// The year that a literal of at most two digits means. The number 0 stays 0.
fn year(node: Node) -> Node {
    let (digits, is_text) = match &node {
        Node::Number(digits) => (digits.as_str(), false),
        Node::String { charset: None, text } => (text.as_str(), true),
        _ => return node,
    };
    match digits.parse::<u16>() {
        Ok(0) if !is_text => node,
        Ok(short @ 0..=69) => Node::Number((2000 + short).to_string()),
        Ok(short @ 70..=99) => Node::Number((1900 + short).to_string()),
        Ok(year) if is_text => Node::Number(year.to_string()),
        _ => node,
    }
}
