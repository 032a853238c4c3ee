//! Rewrites a tree so that all spellings of its meaning become the same tree.
//!
//! Each rule undoes something that was seen on servers. Where a truth value is needed, MySQL adds
//! `0 <> x`. It turns `NOT x` into `0 = x`, MariaDB into `x = 0`. Both move NOT inwards through
//! comparisons, AND, OR, BETWEEN and IN, turn `x IN (y)` into `x = y`, and replace synonyms by one
//! name.

use super::functions;
use crate::model::tree::{Comparator, Logic, Node};

/// The rewritten tree, which is the same for all texts of one meaning.
pub(in crate::normalize) fn rewrite(node: &Node) -> Node {
    match node {
        Node::Not(operand) => negate(rewrite(operand)),
        Node::Unary { operator, operand } => unary(operator, rewrite(operand)),
        Node::Comparison { operator, left, right } => {
            comparison(*operator, rewrite(left), rewrite(right))
        }
        Node::Logical { operator, operands } => {
            logical(*operator, operands.iter().map(|one| truth(rewrite(one))).collect())
        }
        Node::Is { operand, what, negated } if *what != "null" => {
            Node::Is { operand: boxed(truth(rewrite(operand))), what, negated: *negated }
        }
        Node::In { operand, list, negated } => within(rewrite(operand), all(list), *negated),
        Node::Call { name, arguments, .. } => call(name, all(arguments)),
        Node::Cast { operand, to } => Node::cast(rewrite(operand), to),
        Node::String { charset, text } => string(charset.clone(), text.clone()),
        other => other.map_children(rewrite),
    }
}

fn boxed(node: Node) -> Box<Node> {
    Box::new(node)
}

fn all(nodes: &[Node]) -> Vec<Node> {
    nodes.iter().map(rewrite).collect()
}

/// A string literal. Its introducer is left out if it changes nothing: if the bytes of the text are
/// the same in both character sets, or if the text is ASCII with zero bytes before each character.
fn string(charset: Option<String>, text: String) -> Node {
    let width = match charset.as_deref() {
        Some("ucs2" | "utf16") => 2,
        Some("utf32") => 4,
        _ => 1,
    };
    if width > 1
        && let Some(text) = unpadded(&text, width)
    {
        return Node::String { charset: None, text };
    }
    let says_nothing = charset.as_deref().is_none_or(|charset| match charset {
        "utf8mb4" | "utf8mb3" => true,
        "binary" | "ucs2" | "utf16" | "utf16le" | "utf32" => false,
        _ => text.is_ascii(),
    });
    Node::String { charset: charset.filter(|_| !says_nothing), text }
}

/// The text without the zero bytes before each of its characters.
fn unpadded(text: &str, width: usize) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let chunks = characters.chunks(width);
    let shorter = chunks.map(|chunk| match chunk.split_last() {
        Some((last, zeros)) if chunk.len() == width && last.is_ascii() => {
            zeros.iter().all(|it| *it == '\0').then_some(*last)
        }
        _ => None,
    });
    shorter.collect()
}

/// A sign and its operand. For MariaDB, `-(-3)` is 3 and `-0` is 0.
fn unary(operator: &'static str, operand: Node) -> Node {
    match (operator, operand) {
        ("-", Node::Number(digits)) if digits == "0" => Node::Number(digits),
        ("-", Node::Unary { operator: "-", operand }) if matches!(*operand, Node::Number(_)) => {
            *operand
        }
        (operator, operand) => Node::Unary { operator, operand: boxed(operand) },
    }
}

fn comparison(operator: Comparator, left: Node, right: Node) -> Node {
    let (operator, left, right) = if left.is_literal() && !right.is_literal() {
        (operator.swapped(), right, left)
    } else {
        (operator, left, right)
    };
    match (operator, left, right) {
        (
            Comparator::Equal | Comparator::NotEqual | Comparator::NullSafeEqual,
            Node::Row(left),
            Node::Row(right),
        ) if left.len() == right.len() => {
            let logic = if operator == Comparator::NotEqual { Logic::Or } else { Logic::And };
            let pairs = left.into_iter().zip(right);
            let all = pairs.map(|(left, right)| comparison(operator, left, right)).collect();
            logical(logic, all)
        }
        (Comparator::Equal, left, right) if right.quantifier() == Some("any") => {
            in_query(left, right, false)
        }
        (Comparator::NotEqual, left, right) if right.quantifier() == Some("all") => {
            in_query(left, right, true)
        }
        (operator, left, right) => scalar_comparison(operator, left, right),
    }
}

/// `= ANY (query)` is IN, and `<> ALL (query)` is NOT IN.
fn in_query(operand: Node, quantified: Node, negated: bool) -> Node {
    let Node::Call { arguments: list, .. } = quantified else { return operand };
    Node::In { operand: boxed(operand), list, negated }
}

/// NOT of a comparison with ANY is the negated comparison with ALL, and the other way round.
fn other_quantifier(node: Node) -> Node {
    let other = match node.quantifier() {
        Some("any") => "all",
        Some(_) => "any",
        None => return node,
    };
    match node {
        Node::Call { arguments, .. } => Node::call(other, arguments),
        node => node,
    }
}

fn scalar_comparison(operator: Comparator, left: Node, right: Node) -> Node {
    match operator {
        Comparator::Equal if right.is_zero() && is_boolean(&left) => negate(left),
        Comparator::NotEqual if right.is_zero() && is_boolean(&left) => left,
        // For NATURAL and USING, servers write the two columns in either order.
        Comparator::Equal if is_field_before(&right, &left) => Node::compare(operator, right, left),
        _ => Node::compare(operator, left, right),
    }
}

fn is_field_before(a: &Node, b: &Node) -> bool {
    match (a, b) {
        (Node::Field { table, column }, Node::Field { table: other, column: another }) => {
            (table, column) < (other, another)
        }
        _ => false,
    }
}

/// AND, OR or XOR. Operands with the same operator become operands of this one.
fn logical(operator: Logic, operands: Vec<Node>) -> Node {
    let mut flat = Vec::new();
    for (index, operand) in operands.into_iter().enumerate() {
        match operand {
            Node::Logical { operator: inner, operands }
                if inner == operator && (operator != Logic::Xor || index == 0) =>
            {
                flat.extend(operands);
            }
            other => flat.push(other),
        }
    }
    Node::Logical { operator, operands: flat }
}

/// A tree that is only needed as a condition: `x <> 0` is true if and only if `x` is.
pub(in crate::normalize) fn truth(node: Node) -> Node {
    match node {
        Node::Comparison { operator: Comparator::NotEqual, left, right } if right.is_zero() => {
            truth(*left)
        }
        Node::Comparison { operator: Comparator::NotEqual, left, right } if left.is_zero() => {
            truth(*right)
        }
        other => other,
    }
}

/// NOT of a tree that has been rewritten.
fn negate(node: Node) -> Node {
    match node {
        Node::Comparison { operator, left, right } => match operator.negated() {
            Some(negated) => comparison(negated, *left, other_quantifier(*right)),
            None => equals_zero(Node::Comparison { operator, left, right }),
        },
        Node::Logical { operator: Logic::Xor, mut operands } => {
            if let Some(first) = operands.first_mut() {
                *first = truth(negate(std::mem::replace(first, Node::Null)));
            }
            Node::Logical { operator: Logic::Xor, operands }
        }
        Node::Logical { operator, operands } => {
            let other = if operator == Logic::And { Logic::Or } else { Logic::And };
            logical(other, operands.into_iter().map(|one| truth(negate(one))).collect())
        }
        Node::Is { operand, what, negated } => Node::Is { operand, what, negated: !negated },
        Node::Between { operand, low, high, negated } => {
            Node::Between { operand, low, high, negated: !negated }
        }
        Node::In { operand, list, negated } => Node::In { operand, list, negated: !negated },
        other => equals_zero(other),
    }
}

fn within(operand: Node, mut list: Vec<Node>, negated: bool) -> Node {
    if matches!(list.as_slice(), [Node::Subquery(_)]) {
        return Node::In { operand: boxed(operand), list, negated };
    }
    match (list.pop(), list.is_empty()) {
        (Some(only), true) => {
            let operator = if negated { Comparator::NotEqual } else { Comparator::Equal };
            comparison(operator, operand, only)
        }
        (last, _) => {
            list.extend(last);
            Node::In { operand: boxed(operand), list, negated }
        }
    }
}

/// A rewritten tree in WHERE, ON or HAVING. There, NULL has the same effect as FALSE, so `x IS
/// TRUE` is the same as `x`, and `x IS FALSE` the same as `NOT x`.
pub(in crate::normalize) fn filter(node: Node) -> Node {
    match truth(node) {
        Node::Is { operand, what: "true", negated: false } => filter(*operand),
        Node::Is { operand, what: "false", negated: false } => filter(negate(*operand)),
        Node::Logical { operator, operands } if operator != Logic::Xor => {
            logical(operator, operands.into_iter().map(filter).collect())
        }
        other => other,
    }
}

/// A function whose arguments have been rewritten.
fn call(name: &str, mut arguments: Vec<Node>) -> Node {
    let name = functions::canonical_name(name);
    match (name, arguments.len()) {
        ("instr", 2) => locate(arguments),
        ("isnull", 1) => match arguments.pop() {
            Some(operand) => Node::Is { operand: boxed(operand), what: "null", negated: false },
            None => Node::Null,
        },
        ("mod", 2) => match (arguments.pop(), arguments.pop()) {
            (Some(right), Some(left)) => {
                Node::Binary { operator: "%", left: boxed(left), right: boxed(right) }
            }
            _ => Node::Null,
        },
        ("bin" | "oct", 1) => {
            let base = if name == "bin" { "2" } else { "8" };
            arguments.extend([Node::number("10"), Node::number(base)]);
            Node::call("conv", arguments)
        }
        ("if", 3) => {
            if let Some(first) = arguments.first_mut() {
                *first = condition(std::mem::replace(first, Node::Null));
            }
            Node::call(name, arguments)
        }
        ("from_unixtime", 2) => match (arguments.pop(), arguments.pop()) {
            (Some(format), Some(moment)) => {
                let moment = Node::call(name, vec![moment]);
                Node::call("date_format", vec![moment, format])
            }
            _ => Node::Null,
        },
        ("lag" | "lead", 1) => {
            arguments.push(Node::number("1"));
            Node::call(name, arguments)
        }
        ("date", 1) => convert(arguments, "date"),
        ("time", 1) => convert(arguments, "time"),
        ("timestamp", 1) => convert(arguments, "datetime"),
        ("weekofyear", 1) => {
            arguments.push(Node::number("3"));
            Node::call("week", arguments)
        }
        ("round" | "yearweek", 1) => {
            arguments.push(Node::number("0"));
            Node::call(name, arguments)
        }
        ("now" | "curtime" | "sysdate" | "utc_timestamp", 1)
            if arguments.first().is_some_and(Node::is_zero) =>
        {
            Node::call(name, Vec::new())
        }
        ("datediff", 2) => {
            let days = |node| boxed(Node::call("to_days", vec![node]));
            match (arguments.pop(), arguments.pop()) {
                (Some(right), Some(left)) => {
                    Node::Binary { operator: "-", left: days(left), right: days(right) }
                }
                _ => Node::Null,
            }
        }
        ("timestampadd", 3) => match (arguments.pop(), arguments.pop(), arguments.pop()) {
            (Some(operand), Some(value), Some(Node::Word(unit))) => Node::DateArithmetic {
                operand: boxed(operand),
                subtract: false,
                value: boxed(value),
                unit,
            },
            _ => Node::Null,
        },
        ("json_length", 2) => Node::call(name, vec![Node::call("json_extract", arguments)]),
        _ => Node::call(name, arguments),
    }
}

/// Where MySQL treats NULL as FALSE, as in IF, it stores `x NOT IN (query)` as `x IN (query) IS
/// FALSE`.
fn condition(node: Node) -> Node {
    match node {
        Node::Is { operand, what: "false", negated: false } if matches!(&*operand, Node::In { list, .. } if matches!(list.as_slice(), [Node::Subquery(_)])) => {
            negate(*operand)
        }
        other => other,
    }
}

fn convert(mut arguments: Vec<Node>, to: &str) -> Node {
    arguments.pop().map_or(Node::Null, |operand| Node::cast(operand, to))
}

/// INSTR is LOCATE with its arguments exchanged.
fn locate(mut arguments: Vec<Node>) -> Node {
    arguments.reverse();
    Node::call("locate", arguments)
}

/// `x = 0`
fn equals_zero(node: Node) -> Node {
    Node::compare(Comparator::Equal, node, Node::number("0"))
}

/// Whether its value is 0, 1 or NULL.
fn is_boolean(node: &Node) -> bool {
    match node {
        Node::Comparison { .. }
        | Node::Logical { .. }
        | Node::Is { .. }
        | Node::Between { .. }
        | Node::In { .. }
        | Node::Like { .. }
        | Node::Not(_) => true,
        Node::Binary { operator, .. } => *operator == "member of",
        Node::Call { name, .. } => functions::is_boolean(name),
        _ => false,
    }
}
