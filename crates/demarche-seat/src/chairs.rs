//! Which chairs a scenario has, and which are taken.

use demarche_domain::index::{ConstituencyIx, MediatorIx, PartyIx};
use demarche_engine::scenario::{Effect, Scenario};
use demarche_record::cast::Cast;
use demarche_record::seat::Seat;
use demarche_record::wire::Wire;

/// A seat as command lines and files name it.
#[must_use]
pub fn name(seat: Seat, cast: &Cast) -> String {
    seat.to_wire(cast).as_str().unwrap_or_default().to_owned()
}

/// The seats of a party: its capital, its delegation, and those at home who must consent.
pub fn of_party(party: PartyIx, cast: &Cast) -> impl Iterator<Item = Seat> + use<> {
    let constituencies = ConstituencyIx::first(cast.parties[party.ix()].constituencies.len());
    let constituencies = constituencies.map(move |c| Seat::Constituency(party, c));
    [Seat::Capital(party), Seat::Delegation(party)].into_iter().chain(constituencies)
}

/// Whether a mediator is at the table, or comes to it by a shock.
#[must_use]
pub fn may_mediate(m: MediatorIx, scenario: &Scenario) -> bool {
    let enters = |effect: &Effect| match effect {
        Effect::Mediator { mediator, enters } => *enters && *mediator == m.ix(),
        _ => false,
    };
    let mut effects = scenario.shocks.iter().flat_map(|shock| &shock.effects);
    scenario.mediators[m.ix()].is_engaged || effects.any(enters)
}

/// All seats that somebody can take in a scenario, party by party, mediators last.
#[must_use]
pub fn of_scenario(scenario: &Scenario) -> Vec<Seat> {
    let cast = &scenario.cast;
    let mediators = MediatorIx::first(cast.mediators.len()).filter(|m| may_mediate(*m, scenario));
    let parties = PartyIx::first(cast.parties.len()).flat_map(|party| of_party(party, cast));
    parties.chain(mediators.map(Seat::Mediator)).collect()
}
