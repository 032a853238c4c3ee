//! Which columns have to move for the order to be right.

/// The positions (in the sequence) that are no part of a longest increasing subsequence: moving
/// these, and no others, sorts the sequence. The sequence has no value twice.
pub(crate) fn to_move(sequence: &[usize]) -> Vec<usize> {
    // `ends[n]`: the position of the smallest value that ends an increasing run of n + 1.
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

#[cfg(test)]
mod tests {
    use super::to_move;

    #[test]
    fn the_fewest_move() {
        assert!(to_move(&[0, 1, 2]).is_empty());
        assert!(to_move(&[]).is_empty());
        assert_eq!(to_move(&[3, 0, 1, 2]), [0]);
        assert_eq!(to_move(&[1, 2, 3, 0]), [3]);
        assert_eq!(to_move(&[0, 2, 1, 3]).len(), 1);
        assert_eq!(to_move(&[3, 2, 1, 0]).len(), 3);
    }
}
