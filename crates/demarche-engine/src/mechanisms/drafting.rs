//! Drafting: how a mediator words a single text.
//!
//! # Rules
//! - **R1** A text is drafted where none lies on the table, and redrafted where the one there is a
//!   side's own, was refused, or nobody has accepted it and the mediator has heard more since its
//!   last draft; one that waits for word from home, or that all accept, is left alone. [fisher1978]
//! - **R2** The draft is the greatest product of gains as the mediator reads them, never below what
//!   a side is read to need; where nothing leaves all better off, it is what is least bad for the
//!   worse-off. [klein2003; nash1950]
//! - **R3** It crosses no side's lines, which are drawn in public, and goes no further than a rung
//!   beyond what those it heard may sign, where they can ask home for it. Where the sides' limits
//!   leave nothing in common it keeps to all their lines, and where these leave nothing, to the
//!   agenda: no side's limits before another's. [fisher1978]
//! - **R4** A mediator reads what each side gains with an error of its own on every issue, drawn
//!   once a run, which grows with the way from what is in force. [ours: it misjudges how much a
//!   side minds an issue, not one rung of it]
//! - **R5** A text that a side refused at home is read to be worth no more to it than no deal, and
//!   every other text by so much less. [ours: a refusal tells more of a side than what it says]
//!
//! # Departures
//! Fisher's single text knows no aspirations; here delegates measure it by theirs.
use demarche_domain::index::{MAX_PARTIES, MediatorIx, PartyIx};
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_random::draws::Draws;
use demarche_random::purpose::Purpose;
use demarche_record::wire::Wire;
use tracing::debug;

use crate::mechanisms::agenda::{Author, Refusals, TextOnTable};
use crate::mechanisms::instructions::{Authority, Mandate};
use crate::mechanisms::red_lines::RedLines;
use crate::roster::PerParty;
use crate::scenario::Scenario;
use crate::table::Table;

/// What a side tells in a caucus.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    /// What its delegates may sign.
    pub(crate) mandate: &'a Mandate,
    /// Whether they may sign it at once.
    pub(crate) authority: &'a Authority,
}

/// R1: whether a text should be drafted or redrafted.
#[must_use]
pub(crate) fn is_due(
    on_table: &TextOnTable,
    n_parties: usize,
    someone_waits: bool,
    has_learned: bool,
) -> bool {
    let accepted = &on_table.accepted[..n_parties];
    let by_a_side = matches!(on_table.by, Author::Party(_));
    let is_taken_up = !by_a_side && accepted.contains(&true);
    let is_dated = by_a_side || on_table.is_refused || (has_learned && !is_taken_up);
    let is_agreed = !accepted.contains(&false);
    on_table.text.is_none() || (!someone_waits && !is_agreed && is_dated)
}

/// What a mediator knows of one side.
pub(crate) struct Known<'a> {
    /// What packages gain it.
    pub(crate) gains: &'a Worth,
    /// How badly the mediator reads that. [gain]
    pub(crate) error: f64,
    /// What the side will never sign: it says so aloud.
    pub(crate) lines: &'a RedLines,
    /// What the side told it, once it was heard.
    pub(crate) told: Option<Limits<'a>>,
    /// The texts that the side last refused at home.
    pub(crate) refused: Refusals,
}

/// The memory of drafting, kept between drafts.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    search: Search,
    readings: Vec<Worth>,
}

impl Desk {
    /// The draft for these sides. `draws` are the numbers that the error about each comes from.
    pub(crate) fn draft(
        &mut self,
        scenario: &Scenario,
        agenda: Region,
        sides: &[Known<'_>],
        draws: impl Fn(usize) -> Draws,
    ) -> Package {
        self.readings.truncate(sides.len());
        while self.readings.len() < sides.len() {
            self.readings.push(sides[self.readings.len()].gains.clone());
        }
        for (p, (side, reading)) in sides.iter().zip(&mut self.readings).enumerate() {
            let mut draws = draws(p);
            reading.clone_from(side.gains);
            misread(reading, scenario, &agenda.floor, side.error, || draws.uniform());
            think_again(reading, side.refused.iter());
        }
        let told = || sides.iter().filter_map(|side| side.told.as_ref());
        let lines = common(agenda, sides.iter().map(|side| side.lines.0));
        let within = lines.and_then(|lines| {
            common(lines, told().map(|limits| within_reach(limits, &scenario.space)))
        });
        let region = within.or(lines).unwrap_or(agenda);
        let text = best(&region, &self.readings, &mut self.search);
        let gains = || self.readings.iter().map(|reading| reading.of(&text));
        debug!(
            text = %text.to_wire(&scenario.cast),
            product = gains().product::<f64>(),
            least_gain = gains().fold(f64::INFINITY, f64::min),
            within_limits = within.is_some(),
            within_lines = lines.is_some(),
            "text drafted",
        );
        text
    }
}

/// R2: the text for gains as they are read, one table for each side.
fn best(region: &Region, readings: &[Worth], search: &mut Search) -> Package {
    let gains: PerParty<&Worth> = readings.iter().collect();
    let best = search.nash(region, &gains, &[0.0; MAX_PARTIES][..gains.len()]).first().copied();
    best.unwrap_or_else(|| search.maximin(region, &gains).1)
}

/// R3: what a region has in common with all others, if anything.
fn common(region: Region, mut others: impl Iterator<Item = Region>) -> Option<Region> {
    others.try_fold(region, |common, other| common.and(&other))
}

/// R3: what a side may sign, and a rung beyond where it can ask for it.
fn within_reach(limits: &Limits<'_>, space: &PackageSpace) -> Region {
    let mut within_reach = limits.mandate.0;
    if !limits.authority.may_sign {
        for issue in space.issues() {
            let (floor, ceiling) =
                (within_reach.floor.rung(issue), within_reach.ceiling.rung(issue));
            within_reach.floor.set(issue, floor.saturating_sub(1));
            within_reach.ceiling.set(issue, (ceiling + 1).min(space.top(issue)));
        }
    }
    within_reach
}

/// R4: where a mediator's error about a side is drawn from, once a run.
pub(crate) fn reading_draws(table: &Table, m: MediatorIx, party: PartyIx) -> Draws {
    let first_turn = Table { turn: 0, ..table.clone() };
    first_turn.draws(Purpose::Reading, m.ix() * MAX_PARTIES + party.ix())
}

/// R4: what a side gains as a mediator with so great an error reads it.
pub(crate) fn as_read(
    gains: &Worth,
    scenario: &Scenario,
    in_force: &Package,
    error: f64,
    mut draws: Draws,
) -> Worth {
    let mut reading = gains.clone();
    misread(&mut reading, scenario, in_force, error, || draws.uniform());
    reading
}

/// R4: adds a mediator's error to what it reads, from one draw in [0, 1) for each issue.
fn misread(
    reading: &mut Worth,
    scenario: &Scenario,
    in_force: &Package,
    error: f64,
    mut u: impl FnMut() -> f64,
) {
    if error <= 0.0 {
        return;
    }
    for issue in scenario.space.issues() {
        let off = error * (2.0 * u() - 1.0);
        let levels = &scenario.issues[issue.ix()].levels;
        let now = levels[usize::from(in_force.rung(issue))];
        for (solo, level) in reading.solo_mut(issue).iter_mut().zip(levels) {
            *solo += off * (level - now);
        }
    }
}

/// R5.
fn think_again(reading: &mut Worth, refused: impl Iterator<Item = Package>) {
    let best = refused.map(|text| reading.of(&text)).fold(0.0, f64::max);
    reading.constant -= best;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{EAST, FIRST, SECOND, Side, plain_scenario, plain_table, text_on_table};

    #[test]
    fn r1_a_text_is_redrafted_when_it_is_dated() {
        let is_due = |on_table: &TextOnTable, someone_waits, has_learned| {
            super::is_due(on_table, 2, someone_waits, has_learned)
        };
        assert!(is_due(&text_on_table(None), true, false), "nothing lies on the table");
        let mut on_table = text_on_table(Some(&[1, 1]));
        assert!(!is_due(&on_table, false, false));
        assert!(is_due(&on_table, false, true) && !is_due(&on_table, true, true));
        on_table.accepted[0] = true;
        assert!(!is_due(&on_table, false, true), "one side has accepted it");
        on_table.is_refused = true;
        assert!(is_due(&on_table, false, true), "and then it was refused");
        on_table.accepted[1] = true;
        assert!(!is_due(&on_table, false, true), "both have");
        on_table.accepted = [false; MAX_PARTIES];
        on_table.is_refused = true;
        assert!(is_due(&on_table, false, false) && !is_due(&on_table, true, false));
        on_table.table(Package::new(&[1, 1]), Author::Party(EAST), 0);
        assert!(is_due(&on_table, false, false) && !is_due(&on_table, true, false));
    }

    #[track_caller]
    fn check(region: &Region, stakes: [[f64; 2]; 2], expected: &[u8]) {
        let found = best(region, &stakes.map(Side::gains), &mut Search::default());
        assert_eq!(found, Package::new(expected), "{stakes:?}");
    }

    #[test]
    fn r2_the_draft_shares_what_can_be_gained_or_spares_who_would_lose_most() {
        let all = Region::all(&plain_scenario().space);
        check(&all, [[0.6, -0.4], [-0.4, 0.6]], &[2, 2]);
        // 0.35 × 0.25, where the greatest sum would be 0.8 + 0.1.
        check(&all, [[0.9, -0.1], [-0.3, 0.4]], &[1, 2]);
        // 0.8 × 0.1, where the worse-off would rather 0.35 and 0.15.
        check(&all, [[0.9, -0.1], [-0.1, 0.2]], &[2, 2]);
        // Nothing leaves both better off, but something costs the other nothing.
        check(&all, [[0.9, 0.1], [-0.3, 0.0]], &[0, 2]);
        // Nothing above the status quo leaves both better off; what must change, costs the least.
        let mut changed = all;
        changed.floor = Package::new(&[1, 0]);
        check(&changed, [[0.5, 0.1], [-0.4, 0.1]], &[1, 2]);
    }

    #[test]
    fn r5_who_refused_is_offered_more() {
        let all = Region::all(&plain_scenario().space);
        let mut readings = [[0.9, -0.1], [-0.3, 0.4]].map(Side::gains);
        let draft = |readings: &[Worth]| best(&all, readings, &mut Search::default());
        let first = draft(&readings);
        assert_eq!(first, Package::new(&[1, 2]));
        think_again(&mut readings[0], std::iter::empty());
        assert_eq!(draft(&readings), first);
        // From 0.35 and 0.25 to 0.8 and 0.1.
        think_again(&mut readings[0], [Package::new(&[0, 2]), first].into_iter());
        assert_eq!(draft(&readings), Package::new(&[2, 2]));
        assert!(readings[0].of(&first).abs() < 1e-12);
        // That a side refused what it loses by tells nothing.
        let before = readings[1].clone();
        think_again(&mut readings[1], std::iter::once(Package::new(&[2, 0])));
        assert_eq!(readings[1], before);
    }

    #[test]
    fn r3_a_draft_keeps_within_what_was_told() {
        let space = PackageSpace::new(&[5, 5]).unwrap();
        let all = Region::all(&space);
        let (mut lines, mut mandate) = (RedLines(all), Mandate(all));
        lines.0.ceiling = Package::new(&[3, 1]);
        mandate.0.ceiling = Package::new(&[2, 2]);
        let reach = |may_sign| {
            let authority = &Authority { may_sign };
            within_reach(&Limits { mandate: &mandate, authority }, &space).ceiling
        };
        assert_eq!(reach(false), Package::new(&[3, 3]), "a rung beyond, where one can ask");
        assert_eq!(reach(true), Package::new(&[2, 2]), "where one cannot, none");
        // Where both would have all of the first issue, what they may sign decides.
        let drafted = |region: Region, mandates: [&Mandate; 2]| {
            let scenario = Scenario { space: space.clone(), ..plain_scenario() };
            let mut gains = Worth::zero(&space, &[]);
            gains.solo_mut(FIRST).copy_from_slice(&[0.0, 0.1, 0.2, 0.3, 0.4]);
            let told = |mandate| {
                let authority = &Authority { may_sign: true };
                Known {
                    gains: &gains,
                    error: 0.0,
                    lines: &lines,
                    told: Some(Limits { mandate, authority }),
                    refused: Refusals::default(),
                }
            };
            let draws = |p| plain_table(0).draws(demarche_random::purpose::Purpose::Reading, p);
            Desk::default().draft(&scenario, region, &mandates.map(told), draws).rung(FIRST)
        };
        let whole = Mandate(all);
        assert_eq!(drafted(all, [&whole, &mandate]), 2);
        assert_eq!(drafted(all, [&mandate, &whole]), 2);
        // Mandates with nothing in common: the lines of both, not the mandate of the first.
        let mut other = whole;
        other.0.floor = Package::new(&[3, 0]);
        assert_eq!(drafted(all, [&mandate, &other]), 3);
        assert_eq!(drafted(all, [&other, &mandate]), 3);
        // An agenda that begins beyond the lines: itself.
        let mut beyond = all;
        beyond.floor = Package::new(&[0, 2]);
        assert_eq!(drafted(beyond, [&mandate, &mandate]), 4);
    }

    #[test]
    fn r4_an_error_grows_with_the_way_and_is_each_issues_own() {
        let (scenario, sure) = (plain_scenario(), Side::gains([0.6, -0.4]));
        let mut reading = sure.clone();
        let mut drawn = [0.75, 0.5].into_iter();
        misread(&mut reading, &scenario, &Package::STATUS_QUO, 0.2, || drawn.next().unwrap());
        let off = |rung: usize| reading.solo(FIRST)[rung] - sure.solo(FIRST)[rung];
        assert!(off(0).abs() < 1e-12 && (off(1) - 0.05).abs() < 1e-12);
        assert!((off(2) - 0.1).abs() < 1e-12);
        assert_eq!(reading.solo(SECOND), sure.solo(SECOND));
        misread(&mut reading, &scenario, &Package::STATUS_QUO, 0.0, || panic!("no error"));
        let mut onward = sure.clone();
        misread(&mut onward, &scenario, &Package::new(&[1, 1]), 0.2, || 0.75);
        assert!((onward.solo(FIRST)[1] - sure.solo(FIRST)[1]).abs() < 1e-12, "what is in force");
    }
}
