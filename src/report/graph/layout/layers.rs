//! Which layer each box is in.

use std::collections::BTreeSet;

use super::{BoxSize, Line};

/// The layer of each box. Lines connect boxes of different layers, but for lines from a box to
/// itself.
pub(super) struct Layers {
    pub(super) of: Vec<usize>,
    pub(super) count: usize,
}

/// A layer is at least this high before it counts as full.
const LOWEST_LIMIT: f64 = 700.0;
/// The space around a box, as far as the size of a diagram is estimated.
const AROUND: f64 = 60.0;

impl Layers {
    pub(super) fn of(boxes: &[BoxSize], lines: &[Line]) -> Layers {
        let graph = Acyclic::of(boxes.len(), lines);
        let area: f64 =
            boxes.iter().map(|it| (it.width + AROUND * 2.0) * (it.height + AROUND)).sum();
        let highest = boxes.iter().map(|it| it.height).fold(0.0, f64::max);
        let limit = (area / 1.5).sqrt().max(LOWEST_LIMIT).max(highest);
        let mut filling = Filling { heights: Vec::new(), limit };
        let mut of = vec![0; boxes.len()];
        for at in graph.order() {
            let after = graph.before[at].iter().map(|it| of[*it] + 1).max().unwrap_or(0);
            of[at] = filling.put(after, boxes[at].height + AROUND / 2.0);
        }
        pull(&mut of, &graph, boxes, &mut filling);
        let mut used: Vec<usize> = of.clone();
        used.sort_unstable();
        used.dedup();
        for layer in &mut of {
            *layer = used.binary_search(layer).unwrap_or_default();
        }
        Layers { of, count: used.len() }
    }
}

/// How high the layers are so far.
struct Filling {
    heights: Vec<f64>,
    limit: f64,
}

impl Filling {
    /// Puts a box into the first layer from that one on that has room; returns it.
    fn put(&mut self, mut layer: usize, height: f64) -> usize {
        loop {
            if self.heights.len() <= layer {
                self.heights.resize(layer + 1, 0.0);
            }
            if self.heights[layer] == 0.0 || self.heights[layer] + height <= self.limit {
                self.heights[layer] += height;
                return layer;
            }
            layer += 1;
        }
    }
}

/// Moves boxes to the right if that makes more lines shorter than longer.
fn pull(of: &mut [usize], graph: &Acyclic, boxes: &[BoxSize], filling: &mut Filling) {
    for &at in graph.order().iter().rev() {
        let (before, after) = (&graph.before[at], &graph.after[at]);
        let Some(next) = after.iter().map(|it| of[*it]).min() else { continue };
        if before.len() >= after.len() {
            continue;
        }
        let height = boxes[at].height + AROUND / 2.0;
        let free = (of[at] + 1..next)
            .rev()
            .find(|layer| filling.heights[*layer] + height <= filling.limit);
        if let Some(layer) = free {
            filling.heights[of[at]] -= height;
            filling.heights[layer] += height;
            of[at] = layer;
        }
    }
}

/// The lines from the referenced to the referencing box, some of them turned so that they make no
/// circle.
struct Acyclic {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

impl Acyclic {
    fn of(boxes: usize, lines: &[Line]) -> Acyclic {
        let mut next = vec![Vec::new(); boxes];
        for line in lines.iter().filter(|line| line.from != line.to) {
            next[line.to].push(line.from);
        }
        let mut graph = Acyclic { before: vec![Vec::new(); boxes], after: vec![Vec::new(); boxes] };
        let mut state = vec![State::New; boxes];
        // First from the boxes that reference none, so that their lines aren't turned.
        let is_referencing = |at: &usize| lines.iter().any(|it| it.from == *at && it.to != *at);
        let (referencing, roots): (Vec<usize>, Vec<usize>) = (0..boxes).partition(is_referencing);
        for root in roots.into_iter().chain(referencing) {
            graph.visit(root, &next, &mut state);
        }
        graph
    }

    /// Follows the lines from a box. A line back to a box from which the way leads is turned.
    fn visit(&mut self, root: usize, next: &[Vec<usize>], state: &mut [State]) {
        if state[root] != State::New {
            return;
        }
        let mut way = vec![(root, 0)];
        state[root] = State::OnWay;
        while let Some((at, place)) = way.pop() {
            let Some(&to) = next[at].get(place) else {
                state[at] = State::Done;
                continue;
            };
            way.push((at, place + 1));
            let (first, second) = if state[to] == State::OnWay { (to, at) } else { (at, to) };
            self.after[first].push(second);
            self.before[second].push(first);
            if state[to] == State::New {
                state[to] = State::OnWay;
                way.push((to, 0));
            }
        }
    }

    /// The boxes so that each comes after those that its lines come from.
    fn order(&self) -> Vec<usize> {
        let mut missing: Vec<usize> = self.before.iter().map(Vec::len).collect();
        let mut depth = vec![0; missing.len()];
        let mut ready: BTreeSet<(usize, usize)> =
            (0..missing.len()).filter(|at| missing[*at] == 0).map(|at| (0, at)).collect();
        let mut order = Vec::new();
        while let Some((own, at)) = ready.pop_first() {
            order.push(at);
            for &to in &self.after[at] {
                depth[to] = depth[to].max(own + 1);
                missing[to] -= 1;
                if missing[to] == 0 {
                    ready.insert((depth[to], to));
                }
            }
        }
        order
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnWay,
    Done,
}
