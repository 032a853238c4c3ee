//! The parts that no line connects, and their places next to each other.

use super::{BoxSize, Line, Point};

/// The boxes of each part and its lines. Both are in ascending order.
pub(super) fn components(boxes: usize, lines: &[Line]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut first: Vec<usize> = (0..boxes).collect();
    for line in lines {
        let (a, b) = (root(&mut first, line.from), root(&mut first, line.to));
        first[a.max(b)] = a.min(b);
    }
    let mut parts: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); boxes];
    for at in 0..boxes {
        let root = root(&mut first, at);
        parts[root].0.push(at);
    }
    for (at, line) in lines.iter().enumerate() {
        let root = root(&mut first, line.from);
        parts[root].1.push(at);
    }
    parts.retain(|(members, _)| !members.is_empty());
    parts
}

fn root(first: &mut [usize], mut at: usize) -> usize {
    while first[at] != at {
        first[at] = first[first[at]];
        at = first[at];
    }
    at
}

/// The upper left corner of each part, and the size of all of them. Large parts come first; what is
/// lower than the row that it is in is put below one another.
pub(super) fn pack(parts: &[BoxSize], apart: f64) -> (Vec<Point>, BoxSize) {
    let area: f64 = parts.iter().map(|it| (it.width + apart) * (it.height + apart)).sum();
    let widest = parts.iter().map(|it| it.width).fold(0.0, f64::max);
    let limit = widest.max((area * 1.8).sqrt());
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| parts[*b].height.total_cmp(&parts[*a].height).then(a.cmp(b)));
    let mut corners = vec![(0.0, 0.0); parts.len()];
    let mut size = BoxSize { width: 0.0, height: 0.0 };
    // The row, the column in it that is being filled, and how far it is filled.
    let (mut top, mut height) = (0.0, 0.0_f64);
    let (mut left, mut width, mut filled) = (0.0, 0.0_f64, 0.0);
    for at in order {
        let part = parts[at];
        let fits_below =
            filled > 0.0 && filled + part.height <= height && left + part.width <= limit;
        if !fits_below && filled > 0.0 {
            left += width + apart;
            (width, filled) = (0.0, 0.0);
            if left + part.width > limit {
                top += height + apart;
                (left, height) = (0.0, 0.0);
            }
        }
        corners[at] = (left, top + filled);
        size.width = size.width.max(left + part.width);
        size.height = size.height.max(top + filled + part.height);
        height = height.max(part.height);
        width = width.max(part.width);
        filled += part.height + apart;
    }
    (corners, size)
}
