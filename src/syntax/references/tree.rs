//! Finds the names of an expression in its tree.

use super::{Before, NameKind, Part, Reference, References};
use crate::model::tree::{Node, TextPlace};

/// The functions that have arguments which look like columns and are other names.
const OF_OTHER_NAMES: &[&str] = &["get_format", "lastval", "nextval", "setval", "values"];

/// The words that some server, in some mode, takes for a value although they have no parentheses.
pub(crate) const NO_COLUMNS: &[&str] = &["current_role", "rownum", "sysdate", "user", "value"];

/// The names in a tree. `None` if it isn't known what some name is.
pub(super) fn read(node: &Node) -> Option<References> {
    let mut all = Vec::new();
    collect(node, NameKind::Column, &mut all).then_some(References {
        all,
        has_star: false,
        is_understood: true,
    })
}

/// Adds the names in a tree. Columns are added as `columns` says. Returns whether it is known what
/// all names are.
fn collect(node: &Node, columns: NameKind, all: &mut Vec<Reference>) -> bool {
    match node {
        Node::Column(name, place) => {
            let is_word = NO_COLUMNS.contains(&name.as_str());
            all.push(reference(if is_word { NameKind::Unknown } else { columns }, name, *place));
            true
        }
        Node::Name(..) | Node::Field { .. } | Node::Query(_) | Node::Subquery(_) => false,
        Node::Call { name, arguments, place } => {
            let columns = match OF_OTHER_NAMES.contains(&name.as_str()) {
                true => NameKind::Unknown,
                false => columns,
            };
            all.push(reference(NameKind::Routine, name, *place));
            arguments.iter().all(|argument| collect(argument, columns, all))
        }
        other => !other.any_child(|child| !collect(child, columns, all)),
    }
}

fn reference(named: NameKind, name: &str, place: TextPlace) -> Reference {
    let part = Part { name: name.to_owned(), lower: name.to_owned(), is_quoted: false, place };
    let is_call = named == NameKind::Routine;
    Reference { named, parts: vec![part], before: Before::Other, is_call, alias: None }
}
