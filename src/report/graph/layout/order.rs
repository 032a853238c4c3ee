//! The order within the layers, so that few lines cross.

use super::layers::Layers;
use super::{BoxSize, Line};

/// The height of the place where a line crosses a layer.
pub(super) const BEND: f64 = 4.0;

/// How often the layers are gone through. More changes little.
const SWEEPS: usize = 24;

/// The layers in order. An item is a box, by its number, or a bend: the place where a line crosses
/// a layer. Bends have the numbers after the boxes.
pub(super) struct Ordered {
    /// The items of each layer, from top to bottom.
    pub(super) layers: Vec<Vec<usize>>,
    /// The bends of each line, by layer.
    pub(super) bends: Vec<Vec<usize>>,
    /// The height of each item.
    pub(super) heights: Vec<f64>,
    /// Which items are boxes: those before this number.
    pub(super) boxes: usize,
    /// The pieces of lines between two layers that follow one another, by the first layer.
    pub(super) pieces: Vec<Vec<LinePiece>>,
}

/// A part of a line from an item of one layer to one of the next.
#[derive(Clone, Copy)]
pub(super) struct LinePiece {
    pub(super) left: usize,
    /// Where it begins, below the upper edge of its item.
    pub(super) left_y: f64,
    pub(super) right: usize,
    pub(super) right_y: f64,
}

impl Ordered {
    pub(super) fn of(layers: &Layers, boxes: &[BoxSize], lines: &[Line]) -> Ordered {
        let mut ordered = Ordered {
            layers: vec![Vec::new(); layers.count],
            bends: Vec::new(),
            heights: boxes.iter().map(|size| size.height).collect(),
            boxes: boxes.len(),
            pieces: vec![Vec::new(); layers.count],
        };
        for (at, layer) in layers.of.iter().enumerate() {
            ordered.layers[*layer].push(at);
        }
        for line in lines {
            ordered.cut(line, layers);
        }
        ordered.sweep();
        ordered
    }

    /// The number of lines between a layer and the next one.
    pub(super) fn lines_after(&self, layer: usize) -> usize {
        self.pieces.get(layer).map_or(0, Vec::len)
    }

    /// Cuts a line into pieces from layer to layer.
    fn cut(&mut self, line: &Line, layers: &Layers) {
        let mut bends = Vec::new();
        let ends = [(line.from, line.from_y), (line.to, line.to_y)];
        let [mut at, end] = match layers.of[line.from] < layers.of[line.to] {
            true => ends,
            false => [ends[1], ends[0]],
        };
        let (first, last) = (layers.of[at.0], layers.of[end.0]);
        for layer in first..last {
            let next = match layer + 1 == last {
                true => end,
                false => {
                    let bend = self.heights.len();
                    self.heights.push(BEND);
                    self.layers[layer + 1].push(bend);
                    bends.push(bend);
                    (bend, BEND / 2.0)
                }
            };
            let piece = LinePiece { left: at.0, left_y: at.1, right: next.0, right_y: next.1 };
            self.pieces[layer].push(piece);
            at = next;
        }
        self.bends.push(bends);
    }

    /// Orders each layer by its neighbours, forwards and backwards, and keeps the best order.
    fn sweep(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..SWEEPS {
            let is_forward = round % 2 == 0;
            let count = self.layers.len();
            for step in 1..count {
                let layer = if is_forward { step } else { count - 1 - step };
                self.order_by_neighbours(layer, is_forward);
            }
            for layer in 0..count {
                self.swap_neighbours(layer);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
            if best.0 == 0 {
                break;
            }
        }
        self.layers = best.1;
    }

    /// The pieces between a layer and the one to its left or right, as (item of the layer, its y,
    /// item of the other layer, its y).
    fn pieces_of(&self, layer: usize, to_left: bool) -> Vec<(usize, f64, usize, f64)> {
        match to_left {
            true => {
                let pieces = layer.checked_sub(1).map(|before| &self.pieces[before]);
                let turned = |it: &LinePiece| (it.right, it.right_y, it.left, it.left_y);
                pieces.into_iter().flatten().map(turned).collect()
            }
            false => {
                let pieces = self.pieces[layer].iter();
                pieces.map(|it| (it.left, it.left_y, it.right, it.right_y)).collect()
            }
        }
    }

    /// The place of each item in its layer. A line that begins lower in its box counts as lower.
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.heights.len()];
        for layer in &self.layers {
            for (place, item) in layer.iter().enumerate() {
                places[*item] = place as f64;
            }
        }
        places
    }

    fn end(&self, places: &[f64], item: usize, y: f64) -> f64 {
        places[item] + (y / self.heights[item].max(1.0)).clamp(0.0, 0.99)
    }

    fn order_by_neighbours(&mut self, layer: usize, to_left: bool) {
        let places = self.places();
        let mut sums = vec![(0.0, 0.0); self.heights.len()];
        for (item, y, other, other_y) in self.pieces_of(layer, to_left) {
            let shift = self.end(&places, item, y) - places[item];
            let sum = &mut sums[item];
            sum.0 += self.end(&places, other, other_y) - shift;
            sum.1 += 1.0;
        }
        // What has no neighbour stays at its place between the others.
        let key = |item: &usize| match sums[*item] {
            (_, 0.0) => places[*item],
            (sum, number) => sum / number,
        };
        let mut items = std::mem::take(&mut self.layers[layer]);
        items.sort_by(|a, b| key(a).total_cmp(&key(b)));
        self.layers[layer] = items;
    }

    /// Swaps two items that follow one another, if fewer lines cross then.
    fn swap_neighbours(&mut self, layer: usize) {
        let places = self.places();
        let mut ends: Vec<[Vec<f64>; 2]> = vec![Default::default(); self.heights.len()];
        for (side, to_left) in [(0, true), (1, false)] {
            for (item, _, other, other_y) in self.pieces_of(layer, to_left) {
                ends[item][side].push(self.end(&places, other, other_y));
            }
        }
        for end in ends.iter_mut().flatten() {
            end.sort_by(f64::total_cmp);
        }
        let crossing = |upper: usize, lower: usize| -> usize {
            let side = |side: usize| {
                let below = |end: &f64| ends[upper][side].iter().filter(|it| *it > end).count();
                ends[lower][side].iter().map(below).sum::<usize>()
            };
            side(0) + side(1)
        };
        let mut items = std::mem::take(&mut self.layers[layer]);
        for _ in 0..4 {
            let mut has_swapped = false;
            for at in 1..items.len() {
                let (upper, lower) = (items[at - 1], items[at]);
                if crossing(lower, upper) < crossing(upper, lower) {
                    items.swap(at - 1, at);
                    has_swapped = true;
                }
            }
            if !has_swapped {
                break;
            }
        }
        self.layers[layer] = items;
    }

    /// How many pairs of lines cross.
    pub(super) fn crossings(&self) -> usize {
        let places = self.places();
        let between = |pieces: &Vec<LinePiece>| {
            let mut ends: Vec<(f64, f64)> = pieces
                .iter()
                .map(|it| {
                    let left = self.end(&places, it.left, it.left_y);
                    (left, self.end(&places, it.right, it.right_y))
                })
                .collect();
            ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            inversions(ends.into_iter().map(|it| it.1).collect())
        };
        self.pieces.iter().map(between).sum()
    }
}

/// How many pairs are in the wrong order, by merging.
fn inversions(mut values: Vec<f64>) -> usize {
    let half = values.len() / 2;
    if half == 0 {
        return 0;
    }
    let right = values.split_off(half);
    let count = inversions(values.clone()) + inversions(right.clone());
    let (mut left, mut right) = (values, right);
    left.sort_by(f64::total_cmp);
    right.sort_by(f64::total_cmp);
    let greater = |value: &f64| left.len() - left.partition_point(|it| it <= value);
    count + right.iter().map(greater).sum::<usize>()
}
