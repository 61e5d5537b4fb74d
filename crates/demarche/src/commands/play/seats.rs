//! Seats: which chairs a command line takes, and which were taken in a record.

use demarche_domain::index::{ConstituencyIx, MediatorIx, PartyIx};
use demarche_engine::scenario::{Effect, Scenario};
use demarche_record::cast::Cast;
use demarche_record::decision::Input;
use demarche_record::seat::Seat;
use demarche_record::wire::Wire;
use demarche_scenario::catalogue;
use serde_json::Value;

use crate::exit::Failure;
use crate::sources::Ready;

/// The seats that are taken: those named, or else those taken in the record. Who names one twice,
/// or a side and one of its seats, takes it once.
///
/// # Errors
/// When there is no such seat, or its mediator is not at the table.
pub(super) fn taken(named: &[String], ready: &Ready) -> Result<Vec<Seat>, Failure> {
    let mut seats = Vec::new();
    for name in named {
        seats.extend(find(name, &ready.scenario)?);
    }
    if named.is_empty() {
        seats = outside(&ready.inputs);
    }
    if seats.is_empty() {
        let all = all(&ready.scenario);
        return Err(Failure::Usage(format!("take a chair with --seat; there are: {all}")));
    }
    let mut once = Vec::new();
    seats.into_iter().for_each(|seat| {
        if !once.contains(&seat) {
            once.push(seat);
        }
    });
    Ok(once)
}

/// The seats that are held from outside once these inputs have entered.
pub(super) fn outside(inputs: &[Input]) -> Vec<Seat> {
    let mut seats = Vec::new();
    for input in inputs {
        if let Input::Handed { seat, outside, .. } = input {
            seats.retain(|held| held != seat);
            seats.extend(outside.then_some(*seat));
        }
    }
    seats
}

/// A seat as `--seat` takes it.
pub(super) fn name(seat: Seat, cast: &Cast) -> String {
    seat.to_wire(cast).as_str().unwrap_or_default().to_owned()
}

/// The seats that a name stands for: one, or a whole party.
fn find(name: &str, scenario: &Scenario) -> Result<Vec<Seat>, Failure> {
    let (value, cast) = (Value::from(name), &scenario.cast);
    if let Ok(party) = PartyIx::from_wire(&value, cast) {
        return Ok(of_party(party, cast).collect());
    }
    let mediator = MediatorIx::from_wire(&value, cast).map(Seat::Mediator);
    match mediator.or_else(|_| Seat::from_wire(&value, cast)) {
        Ok(Seat::Mediator(m)) if !may_mediate(m, scenario) => Err(absent(m, cast)),
        Ok(seat) => Ok(vec![seat]),
        Err(_) => {
            let all = all(scenario);
            Err(Failure::Usage(format!("there is no seat `{name}`; there are: {all}")))
        }
    }
}

fn of_party(party: PartyIx, cast: &Cast) -> impl Iterator<Item = Seat> + use<> {
    let constituencies = ConstituencyIx::first(cast.parties[party.ix()].constituencies.len());
    let constituencies = constituencies.map(move |c| Seat::Constituency(party, c));
    [Seat::Capital(party), Seat::Delegation(party)].into_iter().chain(constituencies)
}

/// Whether a mediator is at the table, or comes to it by a shock.
fn may_mediate(m: MediatorIx, scenario: &Scenario) -> bool {
    let enters = |effect: &Effect| match effect {
        Effect::Mediator { mediator, enters } => *enters && *mediator == m.ix(),
        _ => false,
    };
    let mut effects = scenario.shocks.iter().flat_map(|shock| &shock.effects);
    scenario.mediators[m.ix()].is_engaged || effects.any(enters)
}

/// What to write to bring a mediator to the table.
fn absent(m: MediatorIx, cast: &Cast) -> Failure {
    let key = &cast.mediators[m.ix()].key;
    let overlay = format!("{key}-engaged");
    let overlay = match catalogue::find(&overlay) {
        Ok(_) => format!("`--with {overlay}`, or "),
        Err(_) => String::new(),
    };
    Failure::Usage(format!(
        "`{key}` is not at the table in this scenario; bring it there with {overlay}`--set \
         mediators.{key}.engaged=true`"
    ))
}

/// All seats, as `--seat` takes them: whole sides first.
fn all(scenario: &Scenario) -> String {
    let cast = &scenario.cast;
    let parties = || PartyIx::first(cast.parties.len());
    let mut names: Vec<String> =
        parties().map(|party| cast.parties[party.ix()].named.key.clone()).collect();
    names.extend(parties().flat_map(|party| of_party(party, cast)).map(|seat| name(seat, cast)));
    let mediators = MediatorIx::first(cast.mediators.len()).filter(|m| may_mediate(*m, scenario));
    names.extend(mediators.map(|m| name(Seat::Mediator(m), cast)));
    names.join(", ")
}
