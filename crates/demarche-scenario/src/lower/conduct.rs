//! How delegates bargain, how capitals instruct them, and how parties use force and words.
use demarche_engine::scenario::{Bargaining, Conduct, Instructing};
use demarche_random::sample::Number;

use super::frame::Faults;
use super::numbers::{days, number, number_or};
use crate::problem::Code;
use crate::reading::Reader;

/// Patience of delegates who never walk out; with a rate of 0 it does not matter.
const ENDLESS: f64 = 5.0;
/// Sharpness of a reply that follows the gain and nothing else: as sharp as the spec admits.
const CLEAR: f64 = 50.0;

pub(super) fn bargaining(table: &Reader<'_>, faults: &mut Faults) -> Bargaining {
    both_or_neither(table, ["patience", "walk-out-per-day"], faults);
    Bargaining {
        concession_exponent: number(table, "concession-exponent"),
        reciprocity: number_or(table, "reciprocity", 0.0),
        patience: number_or(table, "patience", ENDLESS),
        walk_out_per_day: number_or(table, "walk-out-per-day", 0.0),
        misreading: number_or(table, "misreading", 0.0),
    }
}

/// Reports a key that means nothing without another.
pub(super) fn both_or_neither(table: &Reader<'_>, keys: [&str; 2], faults: &mut Faults) {
    for (there, missing) in [(keys[0], keys[1]), (keys[1], keys[0])] {
        if table.has(there) && !table.has(missing) {
            let message = format!("{} has `{there}`, but no `{missing}`", table.path());
            let help = "one means nothing without the other";
            faults.add(table.problem(Code::MissingKey, missing, message, help));
        }
    }
}

pub(super) fn instructing(table: Option<&Reader<'_>>) -> Instructing {
    let nothing = Number::fixed(0.0);
    let Some(table) = table else {
        return Instructing {
            reply_delay_days: nothing,
            reply_sharpness: Number::fixed(CLEAR),
            stalling_weight: nothing,
            revocation: nothing,
            deferral: nothing,
            stalls_per_day: nothing,
        };
    };
    Instructing {
        reply_delay_days: days(table, "reply-delay-hours"),
        reply_sharpness: number(table, "reply-sharpness"),
        stalling_weight: number(table, "stalling-weight"),
        revocation: number(table, "revocation"),
        deferral: number(table, "deferral"),
        stalls_per_day: number(table, "stalls-per-day"),
    }
}

pub(super) fn conduct(table: Option<&Reader<'_>>) -> Conduct {
    let get = |key: &str| table.map_or(Number::fixed(0.0), |table| number(table, key));
    Conduct {
        strike_after_attack: get("strike-after-attack"),
        answer_strike: get("answer-strike"),
        truce_restraint: get("truce-restraint"),
        threat_when_struck: get("threat-when-struck"),
        starts_shut: table.is_some_and(|table| table.flag("starts-shut")),
        opening_per_day: get("opening-per-day"),
        opening_by_pain: get("opening-by-pain"),
        opening_by_attacks: get("opening-by-attacks"),
        shut_when_struck: get("shut-when-struck"),
        statement_sharpness: get("statement-sharpness"),
        blame_appeal: get("blame-appeal"),
    }
}
