//! Where the boxes of a diagram are, and how the lines run between them.
//!
//! A layered layout: a table stands to the right of the tables that it references, the boxes of a
//! layer are ordered so that few lines cross, and then they are moved so that the lines are nearly
//! straight. A line that crosses a layer has a place of its own there, so it never runs through a
//! box.

mod components;
mod coordinates;
mod layers;
mod order;
#[cfg(test)]
mod tests;

use components::{components, pack};
use coordinates::coordinates;
use layers::Layers;
use order::Ordered;

/// The size of a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BoxSize {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line from a referencing box to a referenced one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) from: usize,
    /// Where it begins, below the upper edge of its box.
    pub(super) from_y: f64,
    pub(super) to: usize,
    /// Where it ends, below the upper edge of its box.
    pub(super) to_y: f64,
}

/// A point, from the upper left corner.
pub(super) type Point = (f64, f64);

/// The places of boxes and lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Placed {
    /// The upper left corner of each box.
    pub(super) boxes: Vec<Point>,
    /// The points of each line, from the referencing box to the referenced one. It is horizontal at
    /// all of them.
    pub(super) lines: Vec<Vec<Point>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// How long a line is horizontal at its ends.
pub(super) const STRAIGHT: f64 = 16.0;
/// The space between two parts of the diagram that no line connects.
const APART: f64 = 40.0;
/// The least and the greatest space between two layers.
const GAP: (f64, f64) = (64.0, 180.0);

/// Places boxes and lines. Lines from a box to itself are allowed.
pub(super) fn place(boxes: &[BoxSize], lines: &[Line]) -> Placed {
    let mut placed = Placed {
        boxes: vec![(0.0, 0.0); boxes.len()],
        lines: vec![Vec::new(); lines.len()],
        ..Placed::default()
    };
    let parts: Vec<Part> = components(boxes.len(), lines)
        .into_iter()
        .map(|(members, own)| Part::new(members, own, boxes, lines))
        .collect();
    let sizes: Vec<BoxSize> = parts.iter().map(|part| part.size).collect();
    let (corners, size) = pack(&sizes, APART);
    for (part, (dx, dy)) in parts.into_iter().zip(corners) {
        let moved = |(x, y): Point| (x + dx, y + dy);
        for (member, corner) in part.members.iter().zip(part.corners) {
            placed.boxes[*member] = moved(corner);
        }
        for (line, points) in part.lines.iter().zip(part.points) {
            placed.lines[*line] = points.into_iter().map(moved).collect();
        }
    }
    placed.width = size.width;
    placed.height = size.height;
    placed
}

/// Boxes that lines connect with one another, and their places.
struct Part {
    members: Vec<usize>,
    lines: Vec<usize>,
    corners: Vec<Point>,
    points: Vec<Vec<Point>>,
    size: BoxSize,
}

impl Part {
    fn new(members: Vec<usize>, own: Vec<usize>, boxes: &[BoxSize], lines: &[Line]) -> Part {
        let sizes: Vec<BoxSize> = members.iter().map(|at| boxes[*at]).collect();
        let inner = |outer| members.binary_search(&outer).unwrap_or_default();
        let of_part: Vec<Line> = own
            .iter()
            .map(|at| Line { from: inner(lines[*at].from), to: inner(lines[*at].to), ..lines[*at] })
            .collect();
        let layers = Layers::of(&sizes, &of_part);
        let ordered = Ordered::of(&layers, &sizes, &of_part);
        let ys = coordinates(&ordered);
        let columns = Columns::of(&ordered, &sizes);
        let corners = (0..sizes.len()).map(|at| (columns.left[layers.of[at]], ys[at])).collect();
        let mut part = Part {
            members,
            lines: own,
            corners,
            points: Vec::new(),
            size: BoxSize { width: columns.right(), height: 0.0 },
        };
        part.points = (0..of_part.len())
            .map(|at| part.route(&of_part[at], &ordered.bends[at], &columns, (&ys, &sizes)))
            .collect();
        part.move_to_origin(&sizes);
        part
    }

    /// The points of a line, from its beginning to its end.
    fn route(
        &self,
        line: &Line,
        bends: &[usize],
        columns: &Columns,
        (ys, sizes): (&[f64], &[BoxSize]),
    ) -> Vec<Point> {
        let port = |at: usize, y: f64, is_right: bool| {
            let (x, top) = self.corners[at];
            (if is_right { x + sizes[at].width } else { x }, top + y)
        };
        if line.from == line.to {
            let begin = port(line.from, line.from_y, true);
            return vec![begin, port(line.to, line.to_y, true)];
        }
        let (low, high, is_turned) = match self.corners[line.to].0 < self.corners[line.from].0 {
            true => ((line.to, line.to_y), (line.from, line.from_y), true),
            false => ((line.from, line.from_y), (line.to, line.to_y), false),
        };
        let begin = port(low.0, low.1, true);
        let end = port(high.0, high.1, false);
        let mut points = vec![begin, (columns.right_of(begin.0) + STRAIGHT, begin.1)];
        for (layer, bend) in (columns.at(begin.0) + 1..).zip(bends) {
            let y = ys[*bend] + order::BEND / 2.0;
            points.push((columns.left[layer] - STRAIGHT, y));
            points.push((columns.left[layer] + columns.widths[layer] + STRAIGHT, y));
        }
        points.extend([(end.0 - STRAIGHT, end.1), end]);
        if is_turned {
            points.reverse();
        }
        points
    }

    /// Moves everything so that the highest box or line is at the top.
    fn move_to_origin(&mut self, sizes: &[BoxSize]) {
        let ys = self.points.iter().flatten().map(|point| point.1);
        let top = self.corners.iter().map(|it| it.1).chain(ys).fold(f64::INFINITY, f64::min);
        let top = if top.is_finite() { top } else { 0.0 };
        let points = self.points.iter_mut().flatten();
        points.chain(&mut self.corners).for_each(|point| point.1 -= top);
        let bottoms = self.corners.iter().zip(sizes).map(|(it, size)| it.1 + size.height);
        let ys = self.points.iter().flatten().map(|point| point.1);
        self.size.height = bottoms.chain(ys).fold(0.0, f64::max);
    }
}

/// The horizontal places of the layers.
struct Columns {
    left: Vec<f64>,
    widths: Vec<f64>,
}

impl Columns {
    fn of(ordered: &Ordered, sizes: &[BoxSize]) -> Columns {
        let mut columns = Columns { left: Vec::new(), widths: Vec::new() };
        let mut x = 0.0;
        for (layer, items) in ordered.layers.iter().enumerate() {
            let widths = items.iter().filter_map(|at| sizes.get(*at)).map(|size| size.width);
            let width = widths.fold(0.0, f64::max);
            columns.left.push(x);
            columns.widths.push(width);
            let lines = ordered.lines_after(layer);
            x += width + (GAP.0 + 3.0 * lines as f64).min(GAP.1);
        }
        columns
    }

    fn right(&self) -> f64 {
        let last = self.left.last().zip(self.widths.last());
        last.map_or(0.0, |(left, width)| left + width)
    }

    /// The layer that has a place.
    fn at(&self, x: f64) -> usize {
        self.left.partition_point(|left| *left <= x + 0.01).saturating_sub(1)
    }

    /// The right edge of the layer that has a place.
    fn right_of(&self, x: f64) -> f64 {
        let layer = self.at(x);
        self.left[layer] + self.widths[layer]
    }
}
