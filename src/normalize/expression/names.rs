//! The columns that an expression names.

use crate::model::tree::Node;
use crate::syntax::expression::parse;

/// Functions some of whose arguments are no columns but other names.
const OF_OTHER_NAMES: &[&str] = &["get_format", "lastval", "nextval", "setval", "values"];

/// Words that stand for a value without parentheses, on some server or in some mode of it.
pub(in crate::normalize) const NO_COLUMNS: &[&str] =
    &["current_role", "rownum", "sysdate", "user", "value"];

/// The columns that an expression of a table names, in lower case, each as often as it does; `None`
/// where it isn't understood.
pub fn named_columns(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    collect(&parse(text)?, &mut names).then_some(names)
}

/// Whether the columns that are named are known.
fn collect(node: &Node, names: &mut Vec<String>) -> bool {
    match node {
        Node::Column(name, _) => {
            if !NO_COLUMNS.contains(&name.as_str()) {
                names.push(name.clone());
            }
            true
        }
        Node::Name(..) | Node::Field { .. } | Node::Query(_) | Node::Subquery(_) => false,
        Node::Call { name, .. } if OF_OTHER_NAMES.contains(&name.as_str()) => true,
        other => !other.any_child(|child| !collect(child, names)),
    }
}

#[cfg(test)]
mod tests {
    use super::named_columns;

    #[test]
    fn columns_and_nothing_else() {
        let of = |text: &str| named_columns(text).map(|names| names.join(" "));
        let some = |names: &str| Some(names.to_owned());
        assert_eq!(of("`A` + lower(b) > t.c"), some("a b c"));
        assert_eq!(of("d + interval n day < current_date"), some("d n"));
        assert_eq!(of("nextval(s) + a"), some("a"));
        assert_eq!(of("get_format(date, 'USA')"), some(""));
        assert_eq!(of("current_role"), some(""));
        assert_eq!(of("extract(year from d)"), some("d"));
        assert_eq!(of("trim(leading 'x' from a)"), some("a"));
        assert_eq!(of("cast(a as unsigned) collate utf8mb4_bin"), some("a"));
        assert_eq!(of("case a when 1 then b else c end"), some("a b c"));
        assert_eq!(of("a > (select 1)"), None);
        assert_eq!(of("a +"), None);
    }
}
