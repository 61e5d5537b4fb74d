//! Seats: which chairs a command line takes, and which were taken in a record.

use demarche_domain::index::{MediatorIx, PartyIx};
use demarche_engine::scenario::Scenario;
use demarche_record::cast::Cast;
use demarche_record::decision::held_after;
use demarche_record::seat::Seat;
use demarche_record::wire::Wire;
use demarche_scenario::catalogue;
use demarche_seat::chairs;
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
        seats = held_after(&ready.inputs);
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

/// The seats that a name stands for: one, or a whole party.
fn find(name: &str, scenario: &Scenario) -> Result<Vec<Seat>, Failure> {
    let (value, cast) = (Value::from(name), &scenario.cast);
    if let Ok(party) = PartyIx::from_wire(&value, cast) {
        return Ok(chairs::of_party(party, cast).collect());
    }
    let mediator = MediatorIx::from_wire(&value, cast).map(Seat::Mediator);
    match mediator.or_else(|_| Seat::from_wire(&value, cast)) {
        Ok(Seat::Mediator(m)) if !chairs::may_mediate(m, scenario) => Err(absent(m, cast)),
        Ok(seat) => Ok(vec![seat]),
        Err(_) => {
            let all = all(scenario);
            Err(Failure::Usage(format!("there is no seat `{name}`; there are: {all}")))
        }
    }
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
    let sides = cast.parties.iter().map(|party| party.named.key.clone());
    let seats = chairs::of_scenario(scenario).into_iter().map(|seat| chairs::name(seat, cast));
    sides.chain(seats).collect::<Vec<_>>().join(", ")
}
