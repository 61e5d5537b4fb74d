//! The world between the parties, and how long a truce lasts. Without these tables nothing happens
//! outside the room, and a truce is not followed.
use demarche_domain::index::{IssueIx, RoundIx};
use demarche_engine::scenario::{Beliefs, Durability, Tempers, World};
use demarche_random::sample::Number;

use super::frame::Faults;
use super::numbers::{days, number};
use crate::reading::Reader;

/// A number of a table that may be left out as a whole.
fn of(table: Option<&Reader<'_>>, key: &str, absent: f64) -> Number {
    table.map_or(Number::fixed(absent), |table| number(table, key))
}

pub(super) fn world(table: Option<&Reader<'_>>, faults: &mut Faults) -> World {
    if let Some(table) = table.filter(|table| table.has("truce-lapses-after")) {
        lapsing(table, faults);
    }
    let get = |key: &str| of(table, key, 0.0);
    World {
        fighting: get("fighting"),
        truce: table.is_some_and(|table| table.flag("truce")),
        truce_lapses_after: table
            .and_then(|table| table.name_opt("truce-lapses-after"))
            .map(RoundIx::at),
        calming_under_truce: get("calming-under-truce-per-day"),
        calming_without_truce: get("calming-without-truce-per-day"),
        strike_escalation: get("strike-escalation"),
        // No fighting breaks a truce, it is never late, and leverage is not used up.
        truce_breaks_at: of(table, "truce-breaks-at", 1.0),
        late_from: of(table, "late-from", 1.0),
        leverage_left: of(table, "leverage-left", 1.0),
        fighting_if_talks_fail: get("fighting-if-talks-fail"),
        threat_escalation: get("threat-escalation"),
        cost_of_failure: get("cost-of-failure"),
        pain_retention: get("pain-retention-per-day"),
        enforcement: get("enforcement"),
        capacity_cost: get("capacity-cost"),
        expected_strikes: get("expected-strikes-per-day"),
        beliefs: beliefs(table.and_then(|table| table.table("beliefs")).as_ref()),
        tempers: tempers(table.and_then(|table| table.table("tempers")).as_ref()),
        window_days: table.map_or(Number::fixed(0.0), |table| days(table, "window-hours")),
        pressure_retention: get("pressure-retention-per-day"),
        worth_of_another_round: get("worth-of-another-round"),
    }
}

/// Says that a term of a truce counts for nothing where there is none. It is no fault, so that
/// `truce = false` alone asks what would be without it.
fn lapsing(table: &Reader<'_>, faults: &mut Faults) {
    if !table.flag("truce") {
        let message = format!("{} has a term for a truce, but no truce", table.path());
        let help = "set `truce = true`, or leave this out";
        faults.advise(table, "truce-lapses-after", &message, help);
    }
}

fn beliefs(table: Option<&Reader<'_>>) -> Beliefs {
    Beliefs {
        concession: of(table, "concession", 0.0),
        stalling: of(table, "stalling", 0.0),
        reneging: of(table, "reneging", 0.0),
        walking_out: of(table, "walking-out", 0.0),
        blame: of(table, "blame", 0.0),
        goodwill: of(table, "goodwill", 0.0),
        message: of(table, "message", 0.0),
    }
}

fn tempers(table: Option<&Reader<'_>>) -> Tempers {
    Tempers {
        waiting: of(table, "waiting-per-day", 0.0),
        refusal: of(table, "refusal", 0.0),
        stalling: of(table, "stalling", 0.0),
        struck: of(table, "struck", 0.0),
        movement: of(table, "movement", 0.0),
        mediation: of(table, "mediation-per-day", 0.0),
        cooling: of(table, "cooling-per-day", 0.0),
    }
}

/// A shape of 0 tells the engine that nobody asks how long the truce lasts.
pub(super) fn durability(table: Option<&Reader<'_>>) -> Durability {
    let get = |key: &str| of(table, key, 0.0);
    Durability {
        bare_30_days: get("bare-30-days"),
        shape: get("shape"),
        verification: get("verification"),
        guarantee: get("guarantee"),
        trade: get("trade"),
        trust: get("trust"),
        least_gain: get("least-gain"),
        attacks: get("attacks"),
        verified_by: table.and_then(|table| table.name_opt("verified-by")).map(IssueIx::at),
    }
}
