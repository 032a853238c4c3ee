//! A diagram in Graphviz's DOT, for those who lay it out with their own tools.

use std::fmt::Write as _;

use super::svg::escape;
use super::{Diagram, DiagramEdge, DiagramNode};
use crate::report::{ItemSign, count, one_line};

/// The diagram as a DOT file.
pub fn diagram_dot(diagram: &Diagram) -> String {
    let mut text = String::from(
        "digraph schema {\n  graph [rankdir=RL, nodesep=0.3, ranksep=1]\n  \
         node [shape=plain, fontname=\"monospace\", fontsize=10]\n  \
         edge [fontname=\"monospace\", fontsize=8, color=\"#59636e\", dir=both]\n",
    );
    for (at, node) in diagram.nodes.iter().enumerate() {
        write_node(&mut text, at, node);
    }
    for edge in &diagram.edges {
        write_edge(&mut text, edge, diagram.grouped.is_some());
    }
    for (at, name) in diagram.unrelated.iter().enumerate() {
        // Writing to a String can't fail, here and below.
        let _ = writeln!(text, "  u{at} [shape=box, label={}]", quoted(name));
    }
    if diagram.left_out > 0 {
        let left_out = count(diagram.left_out, "table is", "tables are");
        let _ = writeln!(text, "  // {left_out} not shown");
    }
    text.push_str("}\n");
    text
}

fn write_node(text: &mut String, at: usize, node: &DiagramNode) {
    let (line, ground) = colours(node.sign, "#59636e", "#eff2f5");
    let _ = writeln!(
        text,
        "  t{at} [label=<<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" \
         color=\"{line}\">"
    );
    let title = html(&with_sign(node.sign, &node.title));
    let _ = writeln!(
        text,
        "    <tr><td port=\"head\" colspan=\"3\" bgcolor=\"{ground}\"><b>{title}</b></td></tr>"
    );
    for (row, it) in node.rows.iter().enumerate() {
        let (_, ground) = colours(it.sign, "", "#ffffff");
        let (name, detail) = (html(&with_sign(it.sign, &it.name)), html(&it.detail));
        let _ = writeln!(
            text,
            "    <tr><td bgcolor=\"{ground}\" port=\"l{row}\" align=\"left\">{}</td><td bgcolor=\"{ground}\" \
             align=\"left\">{name}</td><td bgcolor=\"{ground}\" port=\"r{row}\" align=\"right\">{detail}</td></tr>",
            it.key.short()
        );
    }
    for remark in &node.remarks {
        let _ = writeln!(text, "    <tr><td colspan=\"3\"><i>{}</i></td></tr>", html(remark));
    }
    text.push_str("  </table>>]\n");
}

fn write_edge(text: &mut String, edge: &DiagramEdge, is_grouped: bool) {
    let port = |side: char, row: Option<usize>| match row {
        Some(row) => format!("{side}{row}"),
        None => "head".to_owned(),
    };
    let (from, to) = (port('l', edge.from_row), port('r', edge.to_row));
    let ends = match (is_grouped, edge.unique, edge.optional) {
        (true, ..) => "arrowtail=none, arrowhead=normal",
        (false, false, false) => "arrowtail=crow, arrowhead=tee",
        (false, false, true) => "arrowtail=crow, arrowhead=teeodot",
        (false, true, false) => "arrowtail=tee, arrowhead=tee",
        (false, true, true) => "arrowtail=tee, arrowhead=teeodot",
    };
    let (line, _) = colours(edge.sign, "#59636e", "");
    let style = if edge.sign == Some(ItemSign::Removed) { ", style=dashed" } else { "" };
    let label = match is_grouped {
        true => format!(", label={}", quoted(&edge.label)),
        false => format!(", tooltip={}", quoted(&with_sign(edge.sign, &edge.label))),
    };
    let _ = writeln!(
        text,
        "  t{}:{from} -> t{}:{to} [{ends}, color=\"{line}\"{style}{label}]",
        edge.from, edge.to
    );
}

fn with_sign(sign: Option<ItemSign>, text: &str) -> String {
    match sign {
        Some(sign) => format!("{} {text}", sign.symbol()),
        None => text.to_owned(),
    }
}

/// The colour of the line and of the ground.
fn colours(
    sign: Option<ItemSign>,
    line: &'static str,
    ground: &'static str,
) -> (&'static str, &'static str) {
    match sign {
        None => (line, ground),
        Some(ItemSign::Added) => ("#1a7f37", "#dafbe1"),
        Some(ItemSign::Removed) => ("#b81f2a", "#ffebe9"),
        Some(ItemSign::Changed) => ("#9a6700", "#fff5c9"),
    }
}

/// A text in one of Graphviz's labels with markup.
fn html(text: &str) -> String {
    escape(&one_line(text))
}

/// A text in double quotes. A backslash would begin one of Graphviz's own escapes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}
