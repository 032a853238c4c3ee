//! Putting things that need each other in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An order in which each of `needs.len()` things comes after those that it needs, as far as that
/// can be; else as they stand. In a cycle, the first of them goes first.
pub(super) fn in_order(needs: &[Vec<usize>]) -> Vec<usize> {
    let count = needs.len();
    let mut waiting: Vec<usize> = vec![0; count];
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (thing, needs) in needs.iter().enumerate() {
        let mut distinct: Vec<usize> =
            needs.iter().copied().filter(|need| *need != thing && *need < count).collect();
        distinct.sort_unstable();
        distinct.dedup();
        waiting[thing] = distinct.len();
        for need in distinct {
            needed_by[need].push(thing);
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..count).filter(|thing| waiting[*thing] == 0).map(Reverse).collect();
    let mut placed = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut first_left = 0;
    while order.len() < count {
        let next = match ready.pop() {
            Some(Reverse(thing)) => thing,
            None => {
                while placed[first_left] {
                    first_left += 1;
                }
                first_left
            }
        };
        if placed[next] {
            continue;
        }
        placed[next] = true;
        order.push(next);
        for thing in &needed_by[next] {
            waiting[*thing] = waiting[*thing].saturating_sub(1);
            if waiting[*thing] == 0 {
                ready.push(Reverse(*thing));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn what_is_needed_comes_first() {
        assert_eq!(in_order(&[vec![2], vec![], vec![1]]), [1, 2, 0]);
        assert_eq!(in_order(&[vec![], vec![], vec![]]), [0, 1, 2]);
        assert_eq!(in_order(&[vec![0], vec![0]]), [0, 1]);
    }

    #[test]
    fn a_cycle_is_broken_at_its_first() {
        assert_eq!(in_order(&[vec![1], vec![0], vec![0]]), [0, 1, 2]);
        assert_eq!(in_order(&[vec![], vec![2], vec![1]]), [0, 1, 2]);
    }
}
