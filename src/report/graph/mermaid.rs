//! A diagram as Mermaid's `erDiagram`, which GitHub, GitLab and many editors draw.

use std::fmt::Write as _;

use super::{Diagram, DiagramNode, DiagramRow, sign_word};
use crate::report::{count, one_line};

/// The colours of what differs, which are legible on a light and on a dark page.
const CLASSES: &str = "    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328
    classDef removed fill:#ffebe9,stroke:#b81f2a,color:#1f2328,stroke-dasharray:6 3
    classDef changed fill:#fff5c9,stroke:#9a6700,color:#1f2328
";

/// The diagram as the text of a Mermaid block.
pub fn diagram_mermaid(diagram: &Diagram) -> String {
    let mut text = String::from("erDiagram\n    direction LR\n");
    for (at, node) in diagram.nodes.iter().enumerate() {
        write_node(&mut text, at, node);
    }
    for edge in &diagram.edges {
        let referenced = if edge.optional { "|o" } else { "||" };
        let referencing = if edge.unique { "o|" } else { "o{" };
        let sign = edge.sign.map_or(String::new(), |sign| format!("{} ", sign.symbol()));
        let label = quoted(&format!("{sign}{}", edge.label));
        let (from, to) = (edge.from, edge.to);
        // Writing to a String can't fail, here and below.
        let _ = writeln!(text, "    t{to} {referenced}--{referencing} t{from} : {label}");
    }
    for (at, name) in diagram.unrelated.iter().enumerate() {
        let _ = writeln!(text, "    u{at}[{}]", quoted(name));
    }
    if diagram.left_out > 0 {
        let _ = writeln!(
            text,
            "    %% {} not shown",
            count(diagram.left_out, "table is", "tables are")
        );
    }
    if diagram.nodes.iter().any(|node| node.sign.is_some()) {
        text.push_str(CLASSES);
        for (at, node) in diagram.nodes.iter().enumerate() {
            if node.sign.is_some() {
                let _ = writeln!(text, "    class t{at} {}", sign_word(node.sign));
            }
        }
    }
    text
}

fn write_node(text: &mut String, at: usize, node: &DiagramNode) {
    let sign = node.sign.map_or(String::new(), |sign| format!("{} ", sign.symbol()));
    let _ = write!(text, "    t{at}[{}]", quoted(&format!("{sign}{}", node.title)));
    if node.rows.is_empty() && node.remarks.is_empty() {
        text.push('\n');
        return;
    }
    text.push_str(" {\n");
    for row in &node.rows {
        write_row(text, row);
    }
    for remark in &node.remarks {
        let _ = writeln!(text, "        _ more {}", quoted(remark));
    }
    text.push_str("    }\n");
}

/// `type name PK "comment"`. What can't be written as a type or a name is in the comment.
fn write_row(text: &mut String, row: &DiagramRow) {
    let (ty, name) = (word(&row.detail), word(&row.name));
    let sign = row.sign.map(|sign| sign.word().to_owned());
    let is_whole = |word: &str, text: &str| word == text.replace(' ', "_");
    let whole_name = (!is_whole(&name, &row.name)).then(|| row.name.clone());
    let whole_type =
        (!row.detail.is_empty() && !is_whole(&ty, &row.detail)).then(|| row.detail.clone());
    let comment: Vec<String> = sign.into_iter().chain(whole_name).chain(whole_type).collect();
    let key = match (row.key.primary, row.key.foreign) {
        (true, true) => " PK, FK",
        (true, false) => " PK",
        (false, true) => " FK",
        (false, false) => "",
    };
    let comment = match comment.is_empty() {
        true => String::new(),
        false => format!(" {}", quoted(&comment.join(": "))),
    };
    let _ = writeln!(text, "        {ty} {name}{key}{comment}");
}

/// The text as a word of the grammar: a letter, and then letters, digits, `_`, `-`, brackets.
fn word(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')');
    let replaced = text.chars().map(|c| if allowed(c) { c } else { '_' }).take(40);
    let word: String = replaced.collect();
    match word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        true => word,
        false => format!("_{word}"),
    }
}

/// A text in double quotes. What would end it or be taken for markup is written by its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in one_line(text).chars() {
        match c {
            '"' | '%' | '\\' | '#' | '<' | '>' | '&' | ';' | '`' | '{' | '}' => {
                let _ = write!(quoted, "#{};", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
