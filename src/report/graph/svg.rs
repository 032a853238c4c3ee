//! A diagram as SVG. It needs no font that isn't there: widths are those of any monospaced one.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::layout::{BoxSize, Line, Placed, Point, STRAIGHT, place};
use super::{Diagram, DiagramEdge, DiagramNode, DiagramRow, sign_word, style};
use crate::report::{count, one_line};

/// The width of a character of 12 pixels.
const CHARACTER: f64 = 7.23;
const HEAD: f64 = 26.0;
const ROW: f64 = 20.0;
const MARGIN: f64 = 24.0;
/// Where the name of a row begins, after its sign and its key.
const NAME_AT: f64 = 46.0;
/// Longer texts are cut; the whole text is shown for the pointer.
const LONGEST_NAME: usize = 44;
const LONGEST_DETAIL: usize = 34;
/// The least width of the list of tables without foreign keys.
const LIST_WIDTH: f64 = 720.0;

/// A whole file.
pub fn diagram_svg(diagram: &Diagram) -> String {
    let style = style::of_file();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", element(diagram, Some(&style)))
}

/// The element to put into a page, which has [`style::of_page`].
pub(in crate::report) fn diagram_svg_element(diagram: &Diagram) -> String {
    element(diagram, None)
}

fn element(diagram: &Diagram, style: Option<&str>) -> String {
    let sizes: Vec<BoxSize> = diagram.nodes.iter().map(size).collect();
    let lines: Vec<Line> = diagram.edges.iter().map(|edge| line(edge, diagram)).collect();
    let placed = place(&sizes, &lines);
    let list = List::of(diagram, placed.width);
    let width = placed.width.max(list.width) + 2.0 * MARGIN;
    let below = if diagram.nodes.is_empty() { 0.0 } else { MARGIN };
    let list_height = if list.lines.is_empty() { 0.0 } else { below + list.height() };
    let height = placed.height + list_height + 2.0 * MARGIN;
    let mut svg = String::new();
    // Writing to a String can't fail, here and below.
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram\" role=\"img\" \
         aria-label=\"{}\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">",
        escape(&summary(diagram)),
        number(width),
        number(height),
        number(width),
        number(height),
    );
    let _ = writeln!(svg, "<title>{}</title>", escape(&summary(diagram)));
    if let Some(style) = style {
        let _ = writeln!(svg, "<style>\n{style}</style>");
        svg.push_str("<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
    }
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {MARGIN})\">");
    write_edges(&mut svg, diagram, &placed);
    for ((node, corner), size) in diagram.nodes.iter().zip(&placed.boxes).zip(&sizes) {
        write_node(&mut svg, node, *corner, *size);
    }
    list.write(&mut svg, placed.height + below);
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// The diagram in one sentence.
fn summary(diagram: &Diagram) -> String {
    let lines = count(diagram.edges.len(), "foreign key", "foreign keys");
    match diagram.grouped {
        Some(tables) => format!(
            "{} in {}",
            count(tables, "table", "tables"),
            count(diagram.nodes.len(), "group", "groups")
        ),
        None => {
            let tables = diagram.nodes.len() + diagram.unrelated.len();
            format!("{} and {lines}", count(tables, "table", "tables"))
        }
    }
}

fn size(node: &DiagramNode) -> BoxSize {
    let of_row = |row: &DiagramRow| {
        let detail = match row.detail.is_empty() {
            true => 0.0,
            false => text_width(&shown(&row.detail, LONGEST_DETAIL)) + 2.0 * CHARACTER,
        };
        NAME_AT + text_width(&shown(&row.name, LONGEST_NAME)) + detail
    };
    let title = 30.0 + text_width(&shown(&node.title, LONGEST_NAME)) * 1.05;
    let remarks = node.remarks.iter().map(|it| NAME_AT + text_width(it));
    let widest = node.rows.iter().map(of_row).chain(remarks).fold(title, f64::max);
    let lines = node.rows.len() + node.remarks.len();
    BoxSize { width: (widest + 12.0).ceil(), height: HEAD + ROW * lines as f64 + 4.0 }
}

fn line(edge: &DiagramEdge, diagram: &Diagram) -> Line {
    let y = |row: Option<usize>| row.map_or(HEAD / 2.0, |row| HEAD + ROW * (row as f64 + 0.5));
    // Between groups, each line begins at a place of its own.
    let spread = |at: usize, own: &dyn Fn(&DiagramEdge) -> usize| {
        let same = diagram.edges.iter().filter(|it| own(it) == at);
        let before = same.take_while(|it| *it != edge).count();
        HEAD + ROW * (before as f64 + 0.5)
    };
    let of_group = |at: usize, y: f64| {
        y.min(diagram.nodes.get(at).map_or(y, |node| size(node).height - ROW / 2.0))
    };
    match diagram.grouped {
        Some(_) => Line {
            from: edge.from,
            from_y: of_group(edge.from, spread(edge.from, &|it| it.from)),
            to: edge.to,
            to_y: HEAD / 2.0,
        },
        None => {
            Line { from: edge.from, from_y: y(edge.from_row), to: edge.to, to_y: y(edge.to_row) }
        }
    }
}

fn write_edges(svg: &mut String, diagram: &Diagram, placed: &Placed) {
    // What differs is drawn last, above the others.
    for is_marked in [false, true] {
        for (edge, points) in diagram.edges.iter().zip(&placed.lines) {
            if edge.sign.is_some() == is_marked {
                write_edge(svg, edge, points, diagram);
            }
        }
    }
}

fn write_edge(svg: &mut String, edge: &DiagramEdge, points: &[Point], diagram: &Diagram) {
    let name = |at: usize| diagram.nodes.get(at).map_or("", |node| node.name.as_str());
    let (from, to) = (name(edge.from), name(edge.to));
    let sign = edge.sign.map_or(String::new(), |sign| format!("{}: ", sign.word()));
    let title = match diagram.grouped {
        Some(_) => format!("{sign}{from} → {to}: {} foreign keys", edge.label),
        None => format!("{sign}{from} ({}) → {to}", edge.label),
    };
    let _ = writeln!(svg, "<g class=\"edge {}\">", sign_word(edge.sign));
    let _ = writeln!(svg, "<title>{}</title>", escape(&one_line(&title)));
    let _ = writeln!(svg, "<path d=\"{}\"/>", path(points));
    if diagram.grouped.is_some() {
        write_weight(svg, edge, points);
    } else {
        write_ends(svg, edge, points);
    }
    svg.push_str("</g>\n");
}

/// A curve that is horizontal at every point.
fn path(points: &[Point]) -> String {
    let mut d = String::new();
    let mut last = (f64::NAN, f64::NAN);
    for &(x, y) in points {
        let (px, py) = last;
        if px.is_nan() {
            let _ = write!(d, "M{} {}", number(x), number(y));
        } else if (x - px).abs() < 0.05 {
            // From a table to itself.
            let out = number(px + 2.0 * STRAIGHT);
            let _ =
                write!(d, "C{out} {} {out} {} {} {}", number(py), number(y), number(x), number(y));
        } else if (y - py).abs() < 0.05 {
            let _ = write!(d, "H{}", number(x));
        } else {
            let middle = number((px + x) / 2.0);
            let (x, from, to) = (number(x), number(py), number(y));
            let _ = write!(d, "C{middle} {from} {middle} {to} {x} {to}");
        }
        last = (x, y);
    }
    d
}

/// The ends of a line as in crow's foot notation.
fn write_ends(svg: &mut String, edge: &DiagramEdge, points: &[Point]) {
    let (Some(first), Some(second), Some(last)) = (points.first(), points.get(1), points.last())
    else {
        return;
    };
    let before_last = points.get(points.len().wrapping_sub(2)).unwrap_or(first);
    let way = |from: &Point, to: &Point| if to.0 < from.0 { -1.0 } else { 1.0 };
    let (x, y, d) = (first.0, first.1, way(first, second));
    let at = |steps: f64| number(x + d * steps);
    let many = match edge.unique {
        true => format!("M{} {}v10", at(8.0), number(y - 5.0)),
        false => format!(
            "M{} {}L{} {}L{} {}",
            at(0.0),
            number(y - 5.0),
            at(10.0),
            number(y),
            at(0.0),
            number(y + 5.0)
        ),
    };
    let (x, y, d) = (last.0, last.1, way(last, before_last));
    let _ = writeln!(svg, "<path d=\"{many}M{} {}v10\"/>", number(x + d * 5.0), number(y - 5.0));
    if edge.optional {
        let _ = writeln!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"3.5\"/>",
            number(x + d * 11.0),
            number(y)
        );
    }
}

/// How many foreign keys a line stands for, and an arrow to where they lead.
fn write_weight(svg: &mut String, edge: &DiagramEdge, points: &[Point]) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let before_last = points.get(points.len().wrapping_sub(2)).unwrap_or(first);
    let d = if before_last.0 < last.0 { -8.0 } else { 8.0 };
    let _ = writeln!(
        svg,
        "<path class=\"arrow\" d=\"M{x} {y}l{d} -4v8z\"/>",
        x = number(last.0),
        y = number(last.1)
    );
    let d = if points.get(1).is_some_and(|second| second.0 < first.0) { -8.0 } else { 8.0 };
    let _ = writeln!(
        svg,
        "<text class=\"weight\" x=\"{}\" y=\"{}\">{}</text>",
        number(first.0 + d),
        number(first.1 - 3.0),
        escape(&edge.label)
    );
}

fn write_node(svg: &mut String, node: &DiagramNode, (x, y): Point, size: BoxSize) {
    let BoxSize { width, height } = size;
    let _ = writeln!(
        svg,
        "<g class=\"node {}\" data-table=\"{}\" transform=\"translate({} {})\">",
        sign_word(node.sign),
        escape(&one_line(&node.name)),
        number(x),
        number(y)
    );
    let (w, h) = (number(width), number(height));
    let _ = writeln!(svg, "<rect class=\"box\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>");
    let right = number(width - 6.0);
    let _ =
        writeln!(svg, "<path class=\"head\" d=\"M0 {HEAD}V6q0 -6 6 -6H{right}q6 0 6 6V{HEAD}z\"/>");
    if let Some(sign) = node.sign {
        let _ = writeln!(svg, "<text class=\"sign\" x=\"9\" y=\"17\">{}</text>", sign.symbol());
    }
    write_text(
        svg,
        ("title", if node.sign.is_some() { 24.0 } else { 12.0 }, 17.0),
        &node.title,
        LONGEST_NAME,
    );
    for (at, row) in node.rows.iter().enumerate() {
        write_row(svg, row, HEAD + ROW * at as f64, width);
    }
    for (at, remark) in node.remarks.iter().enumerate() {
        let y = HEAD + ROW * (node.rows.len() + at) as f64 + 14.0;
        write_text(svg, ("remark", NAME_AT, y), remark, usize::MAX);
    }
    svg.push_str("</g>\n");
}

fn write_row(svg: &mut String, row: &DiagramRow, y: f64, width: f64) {
    if let Some(sign) = row.sign {
        let _ = writeln!(svg, "<g class=\"row {}\">", sign.word());
        let _ = writeln!(
            svg,
            "<rect x=\"1\" y=\"{}\" width=\"{}\" height=\"{ROW}\"/>",
            number(y),
            number(width - 2.0)
        );
        let _ = writeln!(
            svg,
            "<text class=\"sign\" x=\"9\" y=\"{}\">{}</text>",
            number(y + 14.0),
            sign.symbol()
        );
    }
    let baseline = y + 14.0;
    if !row.key.short().is_empty() {
        let class = if row.key.primary { "key primary" } else { "key" };
        write_text(svg, (class, 24.0, baseline), row.key.short(), usize::MAX);
    }
    write_text(svg, ("name", NAME_AT, baseline), &row.name, LONGEST_NAME);
    if !row.detail.is_empty() {
        write_text(svg, ("detail", width - 10.0, baseline), &row.detail, LONGEST_DETAIL);
    }
    if row.sign.is_some() {
        svg.push_str("</g>\n");
    }
}

fn write_text(svg: &mut String, (class, x, y): (&str, f64, f64), text: &str, longest: usize) {
    let shown = shown(text, longest);
    let whole = one_line(text);
    let title = match shown == whole {
        true => String::new(),
        false => format!("<title>{}</title>", escape(&whole)),
    };
    let _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}{title}</text>",
        number(x),
        number(y),
        escape(&shown)
    );
}

/// The tables without foreign keys, and what isn't shown.
struct List {
    lines: Vec<String>,
    width: f64,
}

impl List {
    fn of(diagram: &Diagram, width: f64) -> List {
        let mut lines = Vec::new();
        let limit = width.max(LIST_WIDTH);
        if !diagram.unrelated.is_empty() {
            let number = count(diagram.unrelated.len(), "table", "tables");
            lines.push(format!("{number} without a foreign key here"));
            let mut line = String::new();
            for name in &diagram.unrelated {
                let name = one_line(name);
                if !line.is_empty() && text_width(&line) + text_width(&name) + 30.0 > limit {
                    lines.push(std::mem::take(&mut line));
                }
                if !line.is_empty() {
                    line.push_str("  ·  ");
                }
                line.push_str(&name);
            }
            lines.push(line);
        }
        if diagram.left_out > 0 {
            let number = count(diagram.left_out, "table is", "tables are");
            lines.push(format!("{number} not shown"));
        }
        let width = lines.iter().map(|line| text_width(line)).fold(0.0, f64::max);
        List { lines, width }
    }

    fn height(&self) -> f64 {
        ROW * self.lines.len() as f64
    }

    fn write(&self, svg: &mut String, top: f64) {
        for (at, line) in self.lines.iter().enumerate() {
            let y = top + ROW * at as f64 + 14.0;
            write_text(svg, ("remark list", 0.0, y), line, usize::MAX);
        }
    }
}

fn text_width(text: &str) -> f64 {
    UnicodeWidthStr::width(text) as f64 * CHARACTER
}

/// A text on one line, cut if it is wider than that.
fn shown(text: &str, longest: usize) -> String {
    let text = one_line(text);
    if UnicodeWidthStr::width(text.as_str()) <= longest {
        return text;
    }
    let mut cut = String::new();
    let mut width = 1;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width > longest {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}

/// A text in XML. The characters that XML doesn't allow are escaped by `one_line` before, but for
/// these two.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// A number with at most one decimal place.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
