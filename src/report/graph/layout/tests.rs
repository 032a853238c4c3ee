//! What holds for the layout of any diagram.

use super::{BoxSize, Line, Placed, place};

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

fn random(seed: u64, boxes: usize, lines: usize) -> (Vec<BoxSize>, Vec<Line>) {
    let mut numbers = Numbers(seed);
    let sizes = (0..boxes).map(|_| BoxSize {
        width: 120.0 + numbers.below(200) as f64,
        height: 30.0 + 20.0 * numbers.below(12) as f64,
    });
    let sizes: Vec<BoxSize> = sizes.collect();
    let lines = (0..lines).map(|_| Line {
        from: numbers.below(boxes),
        from_y: 13.0,
        to: numbers.below(boxes),
        to_y: 17.0,
    });
    let lines = lines.collect();
    (sizes, lines)
}

fn check(boxes: &[BoxSize], lines: &[Line], placed: &Placed) {
    let all =
        || boxes.iter().zip(&placed.boxes).map(|(size, (x, y))| (*x, *y, size.width, size.height));
    for (at, (x, y, w, h)) in all().enumerate() {
        assert!(
            x >= 0.0 && y >= 0.0 && x + w <= placed.width + 0.1 && y + h <= placed.height + 0.1
        );
        for (x2, y2, w2, h2) in all().skip(at + 1) {
            let apart = x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y;
            assert!(apart, "boxes overlap");
        }
    }
    for (line, points) in lines.iter().zip(&placed.lines) {
        let (begin, end) = (points.first().unwrap(), points.last().unwrap());
        assert!((begin.1 - placed.boxes[line.from].1 - line.from_y).abs() < 0.1);
        assert!((end.1 - placed.boxes[line.to].1 - line.to_y).abs() < 0.1);
        for piece in points.windows(2).filter(|_| line.from != line.to) {
            let (left, right) = (piece[0].0.min(piece[1].0), piece[0].0.max(piece[1].0));
            let (top, bottom) = (piece[0].1.min(piece[1].1), piece[0].1.max(piece[1].1));
            for (x, y, w, h) in all() {
                let meets = left < x + w - 0.1 && right > x + 0.1 && top < y + h && bottom > y;
                let is_flat = bottom - top < 0.1;
                let is_own =
                    (x - left).abs() < 400.0 && is_flat && (begin.1 == top || end.1 == top);
                assert!(!meets || is_own, "a line runs through a box");
            }
        }
    }
}

#[test]
fn boxes_never_overlap_and_lines_never_run_through_them() {
    for seed in 0..60 {
        let boxes = 1 + (seed as usize * 7) % 40;
        let (sizes, lines) = random(seed, boxes, boxes * (1 + seed as usize % 3) / 2);
        let placed = place(&sizes, &lines);
        check(&sizes, &lines, &placed);
        assert_eq!(placed, place(&sizes, &lines));
    }
}

#[test]
fn a_chain_is_straight_and_a_circle_is_drawn() {
    let sizes = [BoxSize { width: 100.0, height: 50.0 }; 3];
    let line = |from, to| Line { from, from_y: 25.0, to, to_y: 25.0 };
    let chain = place(&sizes, &[line(1, 0), line(2, 1)]);
    let ys: Vec<f64> = chain.boxes.iter().map(|it| it.1).collect();
    assert_eq!(ys, [0.0, 0.0, 0.0]);
    assert!(chain.boxes[0].0 < chain.boxes[1].0 && chain.boxes[1].0 < chain.boxes[2].0);
    let lines = [line(1, 0), line(2, 1), line(0, 2)];
    check(&sizes, &lines, &place(&sizes, &lines));
}

#[test]
fn nothing_is_placed_nowhere() {
    let placed = place(&[], &[]);
    assert_eq!((placed.width, placed.height), (0.0, 0.0));
}
