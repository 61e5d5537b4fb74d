//! The Pareto frontier: packages that cannot be bettered for one party without a loss to another.
//!
//! A package is dominated when another leaves nobody worse off and somebody better off. What is
//! not dominated is the frontier; packages with the same gains are all on it, or none is. The
//! packages of the frontier that lie in the zone of agreement are those that no rational package
//! dominates, since whatever dominates a rational package is rational.
//!
//! Two parties: sort by the first gain, then sweep, keeping what raises the second. More: sort so
//! that what dominates comes first, then hold each package against a short list of those before it
//! that stand about as high with every party. \[kung1975 for both problems; the order by sums of
//! ranks, in which no party's unit counts, and the short list are ours\]

use demarche_domain::package::Package;
use demarche_domain::search::steps;

use crate::prospects::{Prospect, Prospects};
use crate::zopa;

/// The undominated packages among some prospects, in package order.
#[derive(Clone, Debug, PartialEq)]
pub struct ParetoFrontier<'a> {
    prospects: &'a Prospects,
    places: Vec<usize>,
}

impl<'a> ParetoFrontier<'a> {
    /// The Pareto frontier of all prospects, rational or not. Empty only if there are none.
    #[must_use]
    pub fn of(prospects: &'a Prospects) -> Self {
        let mut places = match prospects.n_parties() {
            2 => sweep(prospects),
            _ => sift(prospects),
        };
        places.sort_unstable();
        Self { prospects, places }
    }

    /// All packages that this is the frontier of.
    #[must_use]
    pub const fn prospects(&self) -> &'a Prospects {
        self.prospects
    }

    /// How many packages are on it. [packages, 0 to 65,536]
    #[must_use]
    pub const fn size(&self) -> usize {
        self.places.len()
    }

    /// The packages on it, in package order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Prospect<'a>> + Clone {
        self.places.iter().map(|place| self.prospects.at(*place))
    }

    /// Those of them that lie in the zone of agreement: what solutions are picked from.
    pub fn in_zone(&self) -> impl DoubleEndedIterator<Item = Prospect<'a>> + Clone {
        self.iter().filter(|prospect| zopa::is_rational(prospect.gains))
    }

    /// Whether the package is on it.
    #[must_use]
    pub fn contains(&self, package: &Package) -> bool {
        let at = |place: &usize| self.prospects.at(*place).package.cmp(package);
        self.places.binary_search_by(at).is_ok()
    }
}

/// Two parties: the best for the first comes first; what raises the second is undominated.
fn sweep(prospects: &Prospects) -> Vec<usize> {
    let row = |prospect: Prospect<'_>| [steps(prospect.gains[0]), steps(prospect.gains[1])];
    let mut rows: Vec<([f64; 2], usize)> = prospects.iter().map(row).zip(0..).collect();
    rows.sort_unstable_by(|(a, _), (b, _)| b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])));
    let (mut kept, mut last) = (Vec::new(), [f64::INFINITY, f64::NEG_INFINITY]);
    for (row, place) in rows {
        if row[1] > last[1] {
            last = row;
        }
        if row == last {
            kept.push(place);
        }
    }
    kept
}

/// Any number of parties: what dominates another has the greater sum of ranks and so stands before
/// it, and stands high with every party.
fn sift(prospects: &Prospects) -> Vec<usize> {
    let n_parties = prospects.n_parties();
    let ranks = ranks(prospects);
    let row = |place: usize| &ranks[place * n_parties..(place + 1) * n_parties];
    let sum = |place: usize| row(place).iter().map(|rank| u32::from(*rank)).sum::<u32>();
    let mut order: Vec<(u32, usize)> = (0..prospects.size()).map(|p| (sum(p), p)).collect();
    order.sort_unstable_by(|(a, p), (b, q)| b.cmp(a).then_with(|| row(*p).cmp(row(*q))));
    // Packages of the same gains stand side by side now, and share a row and a verdict.
    let (mut rows, mut row_of): (Vec<u16>, Vec<usize>) = (Vec::new(), Vec::new());
    for (_, place) in &order {
        if !rows.ends_with(row(*place)) {
            rows.extend_from_slice(row(*place));
        }
        row_of.push(rows.len() / n_parties - 1);
    }
    let shortlist = Shortlist::of(rows, n_parties);
    let is_kept: Vec<bool> =
        (0..shortlist.n_rows()).map(|row| !shortlist.is_dominated(row)).collect();
    let kept = order.into_iter().zip(row_of).filter(|(_, row)| is_kept[*row]);
    kept.map(|((_, place), _)| place).collect()
}

/// Rows of ranks, all different, in an order in which none is dominated by a later one; and for
/// each party the rows that stand about as high as a row or higher, as one bit each. What dominates
/// a row is in the sets of all parties at once, and few others are: a frontier of 65,536 packages
/// that three divide between them takes a tenth of a second, and ten by comparing pairs.
struct Shortlist {
    n_parties: usize,
    n_words: usize,
    rows: Vec<u16>,
    /// Row by row, party by party: which of the party's sets is the row's own.
    blocks: Vec<usize>,
    /// Party by party, block by block: the rows of this block and of those above it.
    sets: Vec<Vec<Vec<u64>>>,
}

impl Shortlist {
    /// How many rows the sets of a party are apart. Smaller is sharper and needs more memory; at
    /// 256 the sets of 65,536 rows take 2 MB a party. \[ours: measured\]
    const ROWS_PER_BLOCK: usize = 256;
    const BITS: usize = 64;

    fn of(rows: Vec<u16>, n_parties: usize) -> Self {
        let n_rows = rows.len() / n_parties;
        let n_words = n_rows.div_ceil(Self::BITS);
        let n_blocks = n_rows.div_ceil(Self::ROWS_PER_BLOCK);
        let mut blocks = vec![0; rows.len()];
        let mut sets = vec![vec![vec![0_u64; n_words]; n_blocks]; n_parties];
        for (party, sets) in sets.iter_mut().enumerate() {
            let column = || rows.iter().skip(party).step_by(n_parties).map(|r| usize::from(*r));
            let above = n_above(column());
            for (row, rank) in column().enumerate() {
                let block = above[rank] / Self::ROWS_PER_BLOCK;
                blocks[row * n_parties + party] = block;
                sets[block][row / Self::BITS] |= 1 << (row % Self::BITS);
            }
            for block in 1..n_blocks {
                let (higher, own) = sets.split_at_mut(block);
                own[0].iter_mut().zip(&higher[block - 1]).for_each(|(own, above)| *own |= above);
            }
        }
        Self { n_parties, n_words, rows, blocks, sets }
    }

    const fn n_rows(&self) -> usize {
        self.rows.len() / self.n_parties
    }

    fn row(&self, row: usize) -> &[u16] {
        &self.rows[row * self.n_parties..(row + 1) * self.n_parties]
    }

    /// Whether another row is nowhere below this one.
    fn is_dominated(&self, row: usize) -> bool {
        let blocks = &self.blocks[row * self.n_parties..(row + 1) * self.n_parties];
        let sets: Vec<&[u64]> =
            self.sets.iter().zip(blocks).map(|(sets, block)| sets[*block].as_slice()).collect();
        // Later words hold later rows, none of which dominates this one.
        (0..self.n_words.min(row / Self::BITS + 1)).any(|word| {
            let mut listed = sets.iter().fold(u64::MAX, |listed, set| listed & set[word]);
            let n_listed = listed.count_ones();
            (0..n_listed).any(|_| {
                let other = word * Self::BITS + listed.trailing_zeros() as usize;
                listed &= listed - 1; // The lowest bit is taken off.
                let pairs = || self.row(other).iter().zip(self.row(row));
                other != row && pairs().all(|(other, own)| other >= own)
            })
        })
    }
}

/// For each rank, how many of these ranks are higher.
fn n_above(ranks: impl Iterator<Item = usize> + Clone) -> Vec<usize> {
    let mut above = vec![0; ranks.clone().max().map_or(0, |highest| highest + 1)];
    ranks.for_each(|rank| above[rank] += 1);
    let mut total = 0;
    for count in above.iter_mut().rev() {
        let own = std::mem::replace(count, total);
        total += own;
    }
    above
}

/// The place of each gain among all gains of its party, equal gains sharing one; row by package.
fn ranks(prospects: &Prospects) -> Vec<u16> {
    let (n_parties, size) = (prospects.n_parties(), prospects.size());
    let mut ranks = vec![0; n_parties * size];
    for party in 0..n_parties {
        let step = |prospect: Prospect<'_>| steps(prospect.gains[party]);
        let mut column: Vec<(f64, usize)> = prospects.iter().map(step).zip(0..).collect();
        column.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        let (mut rank, mut below) = (0_u16, column.first().map_or(0.0, |(step, _)| *step));
        for (step, place) in column {
            if step > below {
                rank += 1; // At most 65,535: there are no more than 65,536 packages.
                below = step;
            }
            ranks[place * n_parties + party] = rank;
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use demarche_domain::package::PackageSpace;
    use demarche_domain::region::Region;
    use demarche_domain::worth::Worth;

    use super::*;
    use crate::testing::{pie, points, rungs};

    #[track_caller]
    fn check(gains: &[&[f64]], expected: &[u8]) {
        let prospects = points(gains);
        let frontier = ParetoFrontier::of(&prospects);
        assert_eq!(rungs(&frontier.iter().collect::<Vec<_>>()), expected);
        assert_eq!(frontier.size(), expected.len());
        for place in 0..u8::try_from(gains.len()).unwrap() {
            assert_eq!(frontier.contains(&Package::new(&[place])), expected.contains(&place));
        }
    }

    #[test]
    fn what_is_better_for_one_and_worse_for_none_dominates() {
        check(&[&[0.0, 3.0], &[1.0, 1.0], &[1.0, 2.0], &[2.0, 0.0], &[2.0, -1.0]], &[0, 2, 3]);
        check(&[&[0.0, 3.0, 1.0], &[1.0, 1.0, 1.0], &[1.0, 2.0, 1.0]], &[0, 2]);
    }

    #[test]
    fn equal_packages_stay_together() {
        check(&[&[1.0, 1.0], &[0.0, 2.0], &[1.0, 1.0], &[0.0, 1.0]], &[0, 1, 2]);
        check(&[&[1.0, 1.0, 0.0], &[1.0, 1.0, 0.0], &[1.0, 0.0, 0.0]], &[0, 1]);
    }

    #[test]
    fn rounding_makes_no_difference() {
        check(&[&[0.1 + 0.2, 1.0], &[0.3, 1.0]], &[0, 1]);
        check(&[&[0.1 + 0.2, 1.0, 0.0], &[0.3, 1.0, -1e-17]], &[0, 1]);
    }

    #[test]
    fn a_party_to_whom_all_is_one_does_not_count() {
        check(&[&[0.0, 5.0], &[2.0, 5.0], &[1.0, 5.0]], &[1]);
        check(&[&[3.0, 5.0], &[3.0, 5.0]], &[0, 1]);
    }

    #[test]
    fn every_cut_of_a_pie_is_undominated_and_some_are_rational() {
        let prospects = pie(10, [0.25, 0.5]);
        let frontier = ParetoFrontier::of(&prospects);
        assert_eq!(frontier.size(), 11);
        assert_eq!(rungs(&frontier.in_zone().collect::<Vec<_>>()), [3, 4, 5]);
    }

    /// Three who divide nearly all there is, so that most packages are on the frontier or near it.
    #[test]
    fn a_short_list_of_thousands_leaves_nobody_out() {
        let (n_rungs, n_issues) = (8, 4);
        let space = PackageSpace::new(&vec![n_rungs; n_issues]).unwrap();
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from(u32::try_from(state >> 57).unwrap()) // 0 to 127, so that some are equal.
        };
        let mut worths = vec![Worth::zero(&space, &[]); 3];
        for issue in space.issues() {
            for rung in 0..usize::from(n_rungs) {
                let (first, second, wasted) = (next(), next(), next());
                worths[0].solo_mut(issue)[rung] = first;
                worths[1].solo_mut(issue)[rung] = second;
                let is_wasteful = wasted > 120.0;
                let left = if is_wasteful { 253.0 } else { 254.0 };
                worths[2].solo_mut(issue)[rung] = left - first - second;
            }
        }
        let worths: Vec<&Worth> = worths.iter().collect();
        let prospects = Prospects::new(&Region::all(&space), &worths, &[0.0; 3]);
        let frontier = ParetoFrontier::of(&prospects);
        assert!((1000..4000).contains(&frontier.size()), "{}", frontier.size());
        for one in prospects.iter() {
            let is_dominated = prospects.iter().any(|other| {
                let pairs = || other.gains.iter().zip(one.gains);
                pairs().all(|(a, b)| a >= b) && other.gains != one.gains
            });
            assert_eq!(frontier.contains(&one.package), !is_dominated);
        }
    }

    #[test]
    fn nothing_to_sign_has_an_empty_frontier() {
        let nothing = points(&[&[1.0, 1.0]]).without(&Package::STATUS_QUO);
        assert_eq!(ParetoFrontier::of(&nothing).size(), 0);
        let nothing = points(&[&[1.0, 1.0, 1.0]]).without(&Package::STATUS_QUO);
        assert_eq!(ParetoFrontier::of(&nothing).size(), 0);
    }
}
