//! How high the items of the layers are, so that lines are nearly straight.

use super::order::Ordered;

/// The space between two boxes, and between a line and what is next to it.
const BETWEEN_BOXES: f64 = 28.0;
const BETWEEN_LINES: f64 = 12.0;

/// How often the layers are gone through.
const SWEEPS: usize = 16;

/// The upper edge of each item.
pub(super) fn coordinates(ordered: &Ordered) -> Vec<f64> {
    let mut tops = vec![0.0; ordered.heights.len()];
    for items in &ordered.layers {
        let mut y = 0.0;
        for pair in 0..items.len() {
            if pair > 0 {
                y += distance(ordered, items[pair - 1], items[pair]);
            }
            tops[items[pair]] = y;
        }
        let last = items.last().map_or(0.0, |it| tops[*it] + ordered.heights[*it]);
        items.iter().for_each(|it| tops[*it] -= last / 2.0);
    }
    let pulls = pulls(ordered);
    let count = ordered.layers.len();
    for round in 0..SWEEPS {
        for step in 0..count {
            let layer = if round % 2 == 0 { step } else { count - 1 - step };
            // The last rounds look at both sides, the first ones only at what was just moved.
            let sides = match (round + 4 >= SWEEPS, round % 2 == 0) {
                (true, _) => [true, true],
                (false, is_forward) => [is_forward, !is_forward],
            };
            align(ordered, layer, sides, &pulls, &mut tops);
        }
    }
    tops
}

/// What draws an item: another item, how far the own upper edge would be from its, and how
/// strongly.
type Pull = (usize, f64, f64);

/// The pulls on each item from the left and from the right.
fn pulls(ordered: &Ordered) -> Vec<[Vec<Pull>; 2]> {
    let mut pulls: Vec<[Vec<Pull>; 2]> = vec![Default::default(); ordered.heights.len()];
    for piece in ordered.pieces.iter().flatten() {
        let is_bend = |item| item >= ordered.boxes;
        let strength = match (is_bend(piece.left), is_bend(piece.right)) {
            (true, true) => 8.0,
            (false, false) => 1.0,
            _ => 2.0,
        };
        let shift = piece.left_y - piece.right_y;
        pulls[piece.right][0].push((piece.left, shift, strength));
        pulls[piece.left][1].push((piece.right, -shift, strength));
    }
    pulls
}

/// Moves the items of a layer to where their lines draw them, as near as their order allows: the
/// least squares under the condition that none overlaps, by pooling neighbours that would.
fn align(
    ordered: &Ordered,
    layer: usize,
    sides: [bool; 2],
    pulls: &[[Vec<Pull>; 2]],
    tops: &mut [f64],
) {
    let items = &ordered.layers[layer];
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    let mut offsets = Vec::new();
    let mut offset = 0.0;
    for (place, &item) in items.iter().enumerate() {
        if place > 0 {
            offset += distance(ordered, items[place - 1], item);
        }
        offsets.push(offset);
        let drawn = pulls[item].iter().zip(sides).filter(|it| it.1).flat_map(|it| it.0);
        let (mut sum, mut weight) = (0.0, 0.0);
        for (other, shift, strength) in drawn {
            sum += (tops[*other] + shift) * strength;
            weight += strength;
        }
        let (wanted, weight) =
            if weight > 0.0 { (sum / weight, weight) } else { (tops[item], 0.05) };
        let mut pool = (wanted - offset, weight, 1);
        while let Some(before) = pools.last().filter(|before| before.0 > pool.0) {
            let weight = before.1 + pool.1;
            pool = ((before.0 * before.1 + pool.0 * pool.1) / weight, weight, before.2 + pool.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let values = pools.iter().flat_map(|(value, _, number)| std::iter::repeat_n(*value, *number));
    for ((item, value), offset) in items.iter().zip(values).zip(offsets) {
        tops[*item] = value + offset;
    }
}

/// From the upper edge of an item to that of the next one below it.
fn distance(ordered: &Ordered, upper: usize, lower: usize) -> f64 {
    let are_boxes = upper < ordered.boxes && lower < ordered.boxes;
    ordered.heights[upper] + if are_boxes { BETWEEN_BOXES } else { BETWEEN_LINES }
}
