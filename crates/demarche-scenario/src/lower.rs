//! From a document to the engine's scenario: names become indices, hours become days, moments
//! become turns, and what contradicts itself across several values is reported.
//!
//! Like checking, lowering never stops at the first fault. What is missing or of a wrong type has
//! been reported by then; its stand-in is harmless, and a fault that only echoes a reported one is
//! dropped by [`load`](crate::load).
mod clock;
mod numbers;
mod frame;
mod names;
mod issues;
mod preferences;
mod parties;
mod conduct;
mod thirds;
mod rounds;
mod shocks;
mod outcomes;
mod world;

use demarche_engine::scenario::{self as engine, Scenario};
use demarche_record::cast::{Cast, Named};

use crate::document::Document;
use crate::format;
use crate::problem::Code;
use crate::reading::{Per, Reader};
use crate::registers::Registers;
use crate::spec::Register;
pub(crate) use numbers::HOURS_A_DAY;
pub use numbers::address;

use clock::Clock;
pub(crate) use frame::Finding;
use frame::{Faults, Frame};

/// Lowers a document that has been checked. The scenario is only meaningful if none of the problems
/// stops a run.
pub(crate) fn lower(document: &Document) -> (Scenario, Vec<Finding>) {
    // The roster is in the order of keys; the order of the file is kept in `Party::listed`.
    let registers = Registers::collect(document, &format::SCENARIO).alphabetical(Register::Parties);
    let root = Reader::root(document, &format::SCENARIO, &registers);
    let mut faults = Faults::default();
    let (clock, cast_clock) = Clock::read(&root.required_table("clock"), &mut faults);
    let issues = issues::read(&root, &mut faults);
    let frame = Frame::new(&root, clock, &issues.list);
    let protocol = protocol(&root, &mut faults);
    for key in ["parties", "issues", "mediators", "groups", "crossings", "rounds"] {
        names::report_namesakes(&root.entries(key), &mut faults);
    }
    let (parties, party_words) = parties::read(&root, &frame, &mut faults);
    let rounds = rounds::read(&root, &frame, &parties, protocol.variant, &mut faults);
    let (outcomes, outcome_words) = outcomes::read(&root, &rounds, &mut faults);
    let text = document.to_toml();
    let cast = Cast {
        title: root.text("title").to_owned(),
        starts: cast_clock.starts,
        time_zone: cast_clock.time_zone,
        turn_hours: cast_clock.turn_hours,
        parties: party_words,
        issues: issues.words,
        mediators: named(&root.entries("mediators")),
        groups: named(&root.entries("groups")),
        crossings: named(&root.entries("crossings")),
        rounds: rounds::words(&root),
        outcomes: outcome_words,
        shocks: named(&root.entries("shocks")),
    };
    let scenario = Scenario {
        digest: demarche_record::chronicle::digest(text.as_bytes()),
        text,
        turn_days: cast.turn_hours / 24.0,
        horizon_turns: frame.clock.horizon_turns,
        follow_on_turns: cast_clock.follow_on_turns,
        protocol,
        space: issues.space,
        issues: issues.list,
        parties,
        mediators: thirds::mediators(&root, &frame, &mut faults),
        groups: thirds::groups(&root, &mut faults),
        crossings: thirds::crossings(&root, &mut faults),
        rounds,
        shocks: shocks::read(&root, &frame, &mut faults),
        outcomes,
        world: world::world(root.table("world").as_ref(), &mut faults),
        durability: world::durability(root.table("durability").as_ref()),
        cast,
    };
    (scenario, faults.list)
}

/// Keys and names of the entries of a table.
fn named(entries: &[Per<'_, Reader<'_>>]) -> Vec<Named> {
    entries.iter().map(name_of).collect()
}

fn name_of(entry: &Per<'_, Reader<'_>>) -> Named {
    Named { key: entry.name.to_owned(), name: entry.value.text("name").to_owned() }
}

fn protocol(root: &Reader<'_>, faults: &mut Faults) -> engine::Protocol {
    let table = root.required_table("protocol");
    if root.has("crossings") && !table.has("crossings") {
        let message = "protocol lacks `crossings`, though there are crossings to open";
        let help = "say what opening one is: `bargaining-chip` or `goodwill`";
        faults.add(table.problem(Code::MissingKey, "crossings", message, help));
    }
    engine::Protocol {
        variant: match table.choice("variant") {
            "alternating-offers" => engine::Variant::AlternatingOffers,
            "delegates-may-sign" => engine::Variant::DelegatesMaySign,
            _ => engine::Variant::MediatedSingleText,
        },
        offering: match table.choice("offering") {
            "lowest-above-target" => engine::Offering::LowestAboveTarget,
            _ => engine::Offering::ClosestToOther,
        },
        acceptance: match table.choice("acceptance") {
            "next-offer" => engine::Acceptance::NextOffer,
            "next-offer-or-late" => engine::Acceptance::NextOfferOrLate,
            _ => engine::Acceptance::Threshold,
        },
        ties: match table.choice("ties") {
            "drawn" => engine::Ties::Drawn,
            _ => engine::Ties::FirstPackage,
        },
        clock: match table.choice("clock") {
            "end-of-turn" => engine::ClockConvention::EndOfTurn,
            "inside" => engine::ClockConvention::Inside,
            _ => engine::ClockConvention::StartOfTurn,
        },
        first_mover: match table.choice("first-mover") {
            "as-listed" => engine::FirstMover::AsListed,
            _ => engine::FirstMover::Drawn,
        },
        crossings: match table.choice("crossings") {
            "goodwill" => engine::CrossingsReading::Goodwill,
            _ => engine::CrossingsReading::BargainingChip,
        },
        disagreement: match table.choice("disagreement") {
            "reservation-or-worst" => engine::Disagreement::ReservationOrWorst,
            _ => engine::Disagreement::Reservation,
        },
    }
}
