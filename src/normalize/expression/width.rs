//! Whether the result of an expression is too long for an index.

use crate::model::Expression;
use crate::model::tree::Node;
use crate::syntax::expression::tree;

/// The kind of result of an expression or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// A text of at most this many characters or bytes, as the server computes it.
    Text(u64),
    /// JSON.
    Json,
}

impl Gives {
    /// A text of any length.
    pub(crate) const LONG_TEXT: Gives = Gives::Text(u64::MAX);

    fn width(self) -> u64 {
        match self {
            Gives::Text(width) => width,
            Gives::Json => u64::MAX,
        }
    }
}

/// Functions that return JSON (MySQL 14.17 "JSON Functions").
const OF_JSON: &[&str] = &[
    "json_array",
    "json_array_append",
    "json_array_insert",
    "json_extract",
    "json_insert",
    "json_keys",
    "json_merge_patch",
    "json_merge_preserve",
    "json_object",
    "json_remove",
    "json_replace",
    "json_search",
    "json_set",
];

/// Functions that return a text which may be as long as their first argument.
const OF_FIRST: &[&str] = &[
    "any_value",
    "insert",
    "json_unquote",
    "lcase",
    "lower",
    "ltrim",
    "nullif",
    "quote",
    "regexp_replace",
    "replace",
    "reverse",
    "rtrim",
    "substring_index",
    "trim",
    "ucase",
    "upper",
];

/// Functions that return one of their arguments, or all of them joined.
const OF_ANY: &[&str] = &["coalesce", "concat", "concat_ws", "ifnull"];

/// What an expression of a table returns at least. `None` if that isn't known. `columns` says it
/// for a column.
pub(crate) fn gives(
    expression: &Expression,
    columns: &dyn Fn(&str) -> Option<Gives>,
) -> Option<Gives> {
    of_node(tree(expression)?, columns)
}

fn of_node(node: &Node, columns: &dyn Fn(&str) -> Option<Gives>) -> Option<Gives> {
    let of = |node: &Node| of_node(node, columns);
    let widest = |nodes: &mut dyn Iterator<Item = &Node>| {
        let widths = nodes.filter_map(|node| Some(of(node)?.width()));
        widths.max().map(Gives::Text)
    };
    match node {
        Node::Column(name, _) => columns(name),
        Node::Collate { operand, .. } | Node::ConvertUsing { operand, .. } => of(operand),
        Node::Case { whens, otherwise, .. } => {
            let results = whens.iter().map(|(_, then)| then);
            widest(&mut results.chain(otherwise.as_deref()))
        }
        Node::Call { name, .. } if OF_JSON.contains(&name.as_str()) => Some(Gives::Json),
        Node::Call { name, arguments, .. } if OF_FIRST.contains(&name.as_str()) => {
            Some(Gives::Text(of(arguments.first()?)?.width()))
        }
        Node::Call { name, arguments, .. } if OF_ANY.contains(&name.as_str()) => {
            widest(&mut arguments.iter())
        }
        Node::Call { name, arguments, .. } if name == "if" => widest(&mut arguments.iter().skip(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_give_what_their_arguments_are() {
        let of = |text: &str| {
            gives(&Expression::new(text), &|name| match name {
                "t" => Some(Gives::LONG_TEXT),
                "v" => Some(Gives::Text(20)),
                "j" => Some(Gives::Json),
                _ => None,
            })
        };
        for long in
            ["lower(t)", "concat(v, t)", "if(v = 'x', t, v)", "j->>'$.a'", "t collate utf8mb4_bin"]
        {
            assert_eq!(of(long), Some(Gives::LONG_TEXT), "{long}");
        }
        assert_eq!(of("j->'$.a'"), Some(Gives::Json));
        assert_eq!(of("upper(v)"), Some(Gives::Text(20)));
        for unknown in ["left(t, 9)", "length(t)", "cast(t as char(9))", "t = 'x'", "lower(i)"] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
    }
}
