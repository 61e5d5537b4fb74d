//! Bounds: every number in a chronicle is finite and lies where its meaning lets it.

use demarche_engine::scenario::Scenario;
use demarche_record::chronicle::Chronicle;
use demarche_record::event::Event;

/// More than any package can be worth: stakes add up to 1, and pains, linkages and what failure
/// costs add no more than this. [gain]
const MOST: f64 = 4.0;

/// Every number that lies outside its range.
pub(super) fn faults(scenario: &Scenario, chronicle: &Chronicle) -> Vec<String> {
    let mut faults = Vec::new();
    for entry in &chronicle.entries {
        let mut out = |what: &str, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                faults.push(format!("turn {}: {what} is {value}", entry.turn));
            }
        };
        world(&entry.event, &mut out);
        talks(&entry.event, &mut out);
        recorded(scenario, &entry.event, &mut out);
    }
    faults
}

type Out<'a> = dyn FnMut(&str, f64, f64, f64) + 'a;

fn world(event: &Event, out: &mut Out<'_>) {
    match event {
        Event::CapitalDrawn { capacity, stall_value, temper, .. } => {
            out("capacity", *capacity, 0.0, 1.0);
            out("stall value", *stall_value, 0.0, 1.0);
            out("temper", *temper, -2.0, 2.0);
        }
        Event::AttacksCounted { count, salient, .. } => {
            out("attacks", f64::from(*count), 1.0, 1000.0);
            out("salient attacks", f64::from(*salient), 0.0, f64::from(*count));
        }
        Event::AttackStruck { severity, .. } => out("severity", *severity, 1.0, f64::MAX),
        Event::StrikeCarriedOut { fighting, .. } | Event::TruceBroke { fighting } => {
            out("fighting", *fighting, 0.0, 1.0);
        }
        Event::TrustMoved { from, to, .. } => {
            out("trust before", *from, 0.01, 0.99);
            out("trust after", *to, 0.01, 0.99);
        }
        Event::TruceDurability { lasts_days, holds_30_days, holds_90_days } => {
            out("days of truce", *lasts_days, 0.0, f64::MAX);
            out("chance of 30 days", *holds_30_days, 0.0, 1.0);
            out("chance of 90 days", *holds_90_days, 0.0, *holds_30_days);
        }
        Event::InducementOffered { worth, .. } => out("inducement", *worth, 0.0, 1.0),
        _ => {}
    }
}

fn talks(event: &Event, out: &mut Out<'_>) {
    match event {
        Event::OfferTabled { gain, aspiration, .. } => {
            out("gain of an offer", *gain, -MOST, MOST);
            out("aspiration", *aspiration, 0.0, MOST);
        }
        Event::TextWeighed { gain, aspiration, by_issue, if_kept, audience, relief, .. } => {
            out("gain of a text", *gain, -MOST, MOST);
            out("aspiration", *aspiration, 0.0, MOST);
            for part in [by_issue, if_kept, relief].into_iter().flatten() {
                out("part of a gain", *part, -MOST, MOST);
            }
            // Backing down costs, but standing firmer than what is in force can win some back.
            audience.iter().for_each(|part| out("cost at home", *part, -MOST, MOST));
        }
        Event::HomeAsked { gain, .. }
        | Event::TextReferred { gain, .. }
        | Event::AcceptanceRevoked { gain, .. }
        | Event::ConstituencyHeard { gain, .. } => out("gain", *gain, -MOST, MOST),
        Event::HomeReplied { gain, stalling, waited_turns, .. } => {
            out("gain", *gain, -MOST, MOST);
            out("stalling", *stalling, 0.0, MOST);
            out("turns waited", f64::from(*waited_turns), 1.0, f64::MAX);
        }
        Event::RatificationDecided { gain, stalling, .. } => {
            out("gain", *gain, -MOST, MOST);
            out("stalling", *stalling, 0.0, MOST);
        }
        Event::WalkedOut { impatience, .. } => out("impatience", *impatience, 0.0, f64::MAX),
        Event::MomentRipened { least_gain } => out("least gain", *least_gain, 0.0, MOST),
        _ => {}
    }
}

fn recorded(scenario: &Scenario, event: &Event, out: &mut Out<'_>) {
    let Event::TurnRecorded {
        fighting,
        open_share,
        shut_by,
        pain,
        trust,
        impatience,
        gains,
        aspirations,
    } = event
    else {
        return;
    };
    let n = scenario.parties.len();
    let n_f64 = |count: usize| f64::from(u32::try_from(count).unwrap());
    let sides = n_f64(n);
    out("fighting", *fighting, 0.0, 1.0);
    out("open share", *open_share, 0.0, 1.0);
    out("sides that hold crossings shut", n_f64(shut_by.len()), 0.0, sides);
    pain.iter().for_each(|pain| out("pain", *pain, 0.0, MOST));
    trust.iter().for_each(|trust| out("trust", *trust, 0.01, 0.99));
    impatience.iter().for_each(|value| out("impatience", *value, 0.0, f64::MAX));
    gains.iter().for_each(|gain| out("gain", *gain, -MOST, MOST));
    aspirations.iter().for_each(|aspiration| out("aspiration", *aspiration, 0.0, MOST));
    out("parties in pain", n_f64(pain.len()), sides, sides);
    out("pairs that trust", n_f64(trust.len()), sides * (sides - 1.0), sides * (sides - 1.0));
    if !gains.is_empty() {
        out("parties that gain", n_f64(gains.len()), sides, sides);
    }
}
