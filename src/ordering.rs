//! Orders that several modules need: things after those that they need, and the fewest moves that
//! sort a list.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The positions in the sequence that aren't part of a longest increasing subsequence. Moving
/// these, and no others, sorts the sequence. No value may occur twice.
pub(crate) fn fewest_moves(sequence: &[usize]) -> Vec<usize> {
    // `ends[n]` is the position of the smallest value that ends an increasing subsequence of length
    // n + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; sequence.len()];
    for (position, value) in sequence.iter().enumerate() {
        let length = ends.partition_point(|end| sequence[*end] < *value);
        previous[position] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(position);
        } else {
            ends[length] = position;
        }
    }
    let mut stays = vec![false; sequence.len()];
    let mut next = ends.last().copied();
    while let Some(position) = next {
        stays[position] = true;
        next = previous[position];
    }
    (0..sequence.len()).filter(|position| !stays[*position]).collect()
}

/// An order in which each of `needs.len()` things comes after those that it needs. Apart from that,
/// things keep their order as far as possible. In a cycle, the first of its things comes first.
pub(crate) fn in_order(needs: &[Vec<usize>]) -> Vec<usize> {
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
    use super::{fewest_moves, in_order};

    #[test]
    fn the_fewest_move() {
        assert!(fewest_moves(&[0, 1, 2]).is_empty());
        assert!(fewest_moves(&[]).is_empty());
        assert_eq!(fewest_moves(&[3, 0, 1, 2]), [0]);
        assert_eq!(fewest_moves(&[1, 2, 3, 0]), [3]);
        assert_eq!(fewest_moves(&[0, 2, 1, 3]).len(), 1);
        assert_eq!(fewest_moves(&[3, 2, 1, 0]).len(), 3);
    }

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
