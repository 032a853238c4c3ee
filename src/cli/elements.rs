//! Elements of a schema by what a person types.

use anyhow::{Result, anyhow};

use crate::diagnostic::near_name;
use crate::model::Element;
use crate::report::one_line;

/// The elements that a word names, of those that there are: by the path that driftline prints
/// (`tables.reports.columns.location`), by the name after that of the table (`reports.location`), or
/// by the kind and name of a table or object (`view:names`). Several have one name if a table has
/// a column and an index called alike. It is an error if there are none.
pub(super) fn named(word: &str, all: &[Element], where_: &str) -> Result<Vec<Element>> {
    let by = |name: &dyn Fn(&Element) -> String| -> Vec<Element> {
        all.iter().filter(|element| name(element) == word).cloned().collect()
    };
    let is_whole =
        |element: &Element| matches!(element, Element::Table { .. } | Element::Object { .. });
    let by_path = by(&Element::to_string);
    if !by_path.is_empty() {
        return Ok(by_path);
    }
    let by_name: Vec<Element> = by(&Element::dotted)
        .into_iter()
        // An option has no name of its own besides its path.
        .filter(|element| !matches!(element, Element::TableOption { .. }))
        .collect();
    if !by_name.is_empty() {
        return Ok(by_name);
    }
    let by_kind: Vec<Element> =
        by(&with_kind).into_iter().filter(|element| is_whole(element)).collect();
    if !by_kind.is_empty() {
        return Ok(by_kind);
    }
    let names: Vec<String> =
        all.iter().flat_map(|element| [element.to_string(), element.dotted()]).collect();
    let near = near_name(word, names.iter().map(String::as_str));
    let near = near.map(|near| format!("; did you mean `{}`?", one_line(near)));
    let near = near.unwrap_or_default();
    Err(anyhow!("nothing in {} is called `{}`{near}", one_line(where_), one_line(word)))
}

/// `table:reports`, `view:names`
fn with_kind(element: &Element) -> String {
    match element {
        Element::Object { kind, name } => format!("{}:{name}", kind.noun()),
        element => format!("table:{}", element.dotted()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str) -> Vec<String> {
        let all = [
            Element::table("t"),
            Element::option("t", "engine"),
            Element::column("t", "a"),
            Element::index("t", "a"),
            Element::Object { kind: crate::model::ObjectKind::View, name: "t".to_owned() },
        ];
        let found = named(word, &all, "schema.yaml");
        found.map_or_else(
            |error| vec![error.to_string()],
            |all| all.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn an_element_is_found_by_path_by_name_and_by_kind() {
        assert_eq!(found("tables.t.columns.a"), ["tables.t.columns.a"]);
        assert_eq!(found("tables.t.engine"), ["tables.t.engine"]);
        assert_eq!(found("t.a"), ["tables.t.columns.a", "tables.t.indexes.a"]);
        assert_eq!(found("t"), ["tables.t", "views.t"]);
        assert_eq!(found("view:t"), ["views.t"]);
        assert_eq!(found("table:t"), ["tables.t"]);
        assert_eq!(
            found("tables.t.column.a"),
            [
                "nothing in schema.yaml is called `tables.t.column.a`; did you mean `tables.t.columns.a`?"
            ]
        );
    }
}
