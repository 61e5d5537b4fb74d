//! Shocks: when they strike, and what they do.
use demarche_domain::index::{GroupIx, PartyIx};
use demarche_engine::scenario::{Effect, Shock, When};

use super::frame::{Faults, Frame};
use super::numbers::number;
use crate::hint;
use crate::problem::Code;
use crate::reading::Reader;

const WHEN: [&str; 3] = ["at", "rate-per-day", "injected"];
const EFFECTS: [&str; 6] = ["attack", "strike", "crossings", "truce", "trust", "mediator"];

pub(super) fn read(root: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<Shock> {
    let entries = root.entries("shocks").into_iter();
    entries.map(|entry| shock(&entry.value, frame, faults)).collect()
}

fn shock(table: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Shock {
    let when = match exactly_one(table, &WHEN, faults) {
        Some("at") => When::Turn(frame.clock.turn(table, "at", faults).unwrap_or(0)),
        Some("rate-per-day") => When::Chance(number(table, "rate-per-day")),
        _ => When::Injected,
    };
    if table.flag_opt("injected") == Some(false) {
        says_nothing(table, "injected", faults);
    }
    let items = table.items("effects");
    if items.is_empty() {
        let message = format!("{}.effects must hold an effect", table.path());
        let help = "a shock that does nothing is none";
        faults.add(table.problem(Code::WrongCount, "effects", message, help));
    }
    Shock { when, effects: items.iter().filter_map(|item| effect(item, faults)).collect() }
}

/// The one key of several that is there; none or more than one is a fault.
fn exactly_one<'k>(table: &Reader<'_>, keys: &[&'k str], faults: &mut Faults) -> Option<&'k str> {
    let there: Vec<&str> = keys.iter().copied().filter(|key| table.has(key)).collect();
    if let [key] = there.as_slice() {
        return Some(key);
    }
    let all = hint::list(keys.iter().copied());
    let (code, found) = match there.as_slice() {
        [] => (Code::MissingKey, "none".to_owned()),
        several => (Code::Contradiction, hint::list(several.iter().copied())),
    };
    let message = format!("{} must have exactly one of {all}, but has {found}", table.path());
    faults.add(table.problem(code, "", message, ""));
    None
}

fn says_nothing(table: &Reader<'_>, key: &str, faults: &mut Faults) {
    let message = format!("{}.{key} = false says nothing", table.path());
    faults.add(table.problem(Code::Contradiction, key, message, "leave it out, or set it to true"));
}

fn effect(table: &Reader<'_>, faults: &mut Faults) -> Option<Effect> {
    let kind = exactly_one(table, &EFFECTS, faults)?;
    if kind == "truce" {
        if !table.flag("truce") {
            says_nothing(table, "truce", faults);
        }
        return Some(Effect::Truce);
    }
    let inner = table.required_table(kind);
    let party = |key: &str| PartyIx::at(inner.name(key));
    Some(match kind {
        "attack" => Effect::Attack {
            group: GroupIx::at(inner.name("group")),
            severity: number(&inner, "severity"),
        },
        "strike" => {
            two_sides(&inner, ["by", "against"], faults);
            Effect::Strike { by: party("by"), against: party("against") }
        }
        "crossings" => Effect::Crossings { by: party("by"), open: inner.flag("open") },
        "trust" => {
            two_sides(&inner, ["of", "toward"], faults);
            let (of, toward) = (party("of"), party("toward"));
            Effect::Trust { of, toward, odds: number(&inner, "odds") }
        }
        _ => Effect::Mediator { mediator: inner.name("mediator"), enters: inner.flag("enters") },
    })
}

fn two_sides(table: &Reader<'_>, [one, other]: [&str; 2], faults: &mut Faults) {
    let first = table.name_opt(one);
    if first.is_some() && first == table.name_opt(other) {
        let message = format!("{} is between a party and itself", table.path());
        let help = "it takes two";
        faults.add(table.problem(Code::Contradiction, other, message, help));
    }
}
