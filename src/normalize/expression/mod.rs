//! Whether two expressions mean the same, although each server rewrites what it stores.
//!
//! An expression is parsed into a tree. The tree is rewritten so that all spellings of one meaning
//! become the same tree, and this tree is written as text. If every construct in it was verified on
//! real servers, the text is the canonical form of the expression: two expressions with different
//! canonical forms are different. If not, only equal trees tell something: they mean the same,
//! whatever their constructs do.

mod columns;
mod fit;
pub(super) mod fold;
pub(super) mod functions;
mod outermost;
pub(super) mod render;
pub(super) mod rewrite;
mod width;

#[cfg(test)]
mod tests;

pub(super) use columns::ColumnTypes;
pub use fit::fits;
pub(crate) use outermost::{Outermost, outermost};
pub(crate) use width::{Gives, gives};

use crate::model::tree::Node;
use crate::model::{DefaultValue, Expression, Text};
use crate::server::{Capability, Server};
use crate::syntax::expression::{parse, tokens, tree};

/// The result of comparing two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sameness {
    /// They mean the same.
    Same,
    /// They mean different things.
    Different,
    /// It can't be decided without asking a server.
    Unknown,
}

/// Compares two expressions, after `normalize` has set their `canonical`.
pub fn compare<T>(a: &Text<T>, b: &Text<T>) -> Sameness {
    if a.text == b.text {
        return Sameness::Same;
    }
    match (&a.canonical, &b.canonical) {
        (Some(a), Some(b)) if a == b => Sameness::Same,
        (Some(_), Some(_)) => Sameness::Different,
        _ => match (spelling(&a.text), spelling(&b.text)) {
            (Some(a), Some(b)) if a == b => Sameness::Same,
            _ => Sameness::Unknown,
        },
    }
}

/// The canonical text of the expression, which all spellings of its meaning share. `None` if
/// something in it was not verified.
pub fn canonical(text: &str) -> Option<String> {
    verified(&rewrite::rewrite(&parse(text)?))
}

/// The expression with its canonical form, if it has one.
pub fn with_canonical(expression: &Expression) -> Expression {
    expression.with_canonical(tree(expression).and_then(|node| verified(&rewrite::rewrite(node))))
}

/// The text of a rewritten tree, if all of it was verified.
fn verified(node: &Node) -> Option<String> {
    let rendering = render::render(node);
    rendering.is_verified.then_some(rendering.text)
}

/// The expression of a table with its canonical form. How a server stores a literal may depend on
/// the type of the column that it is used with, so the types of the table's columns are needed.
pub(super) fn with_canonical_among(expression: &Expression, types: &ColumnTypes) -> Expression {
    if types.is_empty() {
        return with_canonical(expression);
    }
    let canonical = tree(expression)
        .and_then(|node| verified(&types.apply_implicit_defaults(&rewrite::rewrite(node))));
    expression.with_canonical(canonical)
}

/// The expression with a canonical form in every case. If the expression isn't understood, its
/// spelling is taken for its meaning. This is right if both sides are spelled by the same hand: by
/// a server that was asked, or by the people who write two versions of a file.
pub fn assume_canonical<T>(expression: &Text<T>) -> Text<T> {
    let text = &expression.text;
    let canonical = canonical(text).or_else(|| spelling(text)).unwrap_or_else(|| text.clone());
    expression.with_canonical(Some(canonical))
}

/// The plain default that MariaDB makes of `DEFAULT (text)`, if the text is a literal or
/// `current_timestamp()` with any number of digits.
pub(super) fn constant(expression: &Expression) -> Option<DefaultValue> {
    match rewrite::rewrite(tree(expression)?) {
        Node::Null => Some(DefaultValue::Null),
        Node::Number(digits) => Some(DefaultValue::Literal(digits)),
        Node::Unary { operator: "-", operand } => match *operand {
            Node::Number(digits) => Some(DefaultValue::Literal(format!("-{digits}"))),
            _ => None,
        },
        Node::String { charset: None, text } | Node::Temporal { text, .. } => {
            Some(DefaultValue::Literal(text))
        }
        Node::Bytes(bytes) => Some(DefaultValue::Bytes(bytes)),
        Node::Call { name, arguments, .. }
            if name == "now" && arguments.iter().all(|one| matches!(one, Node::Number(_))) =>
        {
            Some(DefaultValue::CurrentTimestamp)
        }
        _ => None,
    }
}

/// What a server stores for `DEFAULT (localtime)`: the current date and time, or the time of day.
pub(super) fn local_time(expression: &Expression, server: Server) -> Option<String> {
    let Some(Node::Call { name, arguments, .. }) = tree(expression) else { return None };
    let digits = match arguments.as_slice() {
        [] => "",
        [Node::Number(digits)] => digits,
        _ => return None,
    };
    let kept = if server.can(Capability::LocalTimeOfDay) { "curtime" } else { "now" };
    (name == "localtime").then(|| format!("{kept}({digits})"))
}

/// The expression that is this text as a string literal, with its canonical form.
pub(super) fn string(text: &str) -> Expression {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\'\'");
    with_canonical(&Expression::new(format!("'{escaped}'")))
}

/// A text that only expressions of one meaning share. Expressions with the same meaning may still
/// have different texts. It is made from the tree, or from the tokens if there is no tree.
fn spelling(text: &str) -> Option<String> {
    match parse(text) {
        Some(node) => Some(render::render(&rewrite::rewrite(&node)).text),
        None => {
            let tokens = tokens(text)?;
            Some(tokens.iter().map(|token| format!("{token:?}\n")).collect())
        }
    }
}
