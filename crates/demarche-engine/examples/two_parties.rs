//! The tutorial: two parties, two issues, one round of talks. Read it from top to bottom.
//!
//! Run it with `cargo run -p demarche-engine --example two_parties`. Scenarios usually come from a
//! file, through `demarche-scenario`; here one is built by hand, so that nothing is hidden.

use std::sync::Arc;

use demarche_domain::index::IssueIx;
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_engine::scenario::{
    Acceptance, Bargaining, Beliefs, ClockConvention, Conduct, CrossingsReading, Disagreement,
    Durability, FirstMover, Instructing, Issue, Offering, Outcome, Party, Preferences, Protocol,
    Relief, Round, RoundCondition, Scenario, Tempers, Ties, Variant, World,
};
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_random::sample::Number;
use demarche_record::cast::{Cast, IssueWords, Named, PartyWords, RoundWords, RungWords};
use demarche_record::event::{Ending, Event};
use demarche_record::format::Lineage;

/// A scenario is all that is known before a run begins. A session plays it at as many tables as one
/// likes, here at one. Whoever sits nowhere is played by the policy, here everybody.
#[expect(clippy::print_stdout, reason = "an example is there to be looked at")]
fn main() {
    let session = play(Lineage { seed: 1, branch: None, over_ranges: None });
    for line in tell(&session) {
        println!("{line}");
    }
}

/// Seats one run and lets it go on, turn by turn, until it has ended.
fn play(lineage: Lineage) -> Session {
    let mut session = Session::new(Arc::new(dispute()), 1);
    session.seat(0, lineage, Vec::new(), true);
    while session.status(0) != Status::Ended {
        // This fails only if decisions were planned that nobody is asked for: there are none.
        session.advance().expect("nothing is planned");
    }
    session
}

/// What happened is a list of facts, each with its turn. This picks out the offers and the end.
fn tell(session: &Session) -> Vec<String> {
    let cast = &session.scenario().cast;
    let words = |package: &Package| {
        let rung = |k: u8| cast.rung(IssueIx(k), package.rung(IssueIx(k)));
        format!("{}, {}", rung(0), rung(1))
    };
    let told = |turn: u32, event: &Event| match event {
        Event::OfferTabled { party, package, gain, .. } => {
            let (who, what) = (cast.party(*party), words(package));
            Some(format!("turn {turn}: {who} offers: {what} (worth {gain:.2} to itself)"))
        }
        Event::TextAccepted { party } => {
            Some(format!("turn {turn}: {} accepts", cast.party(*party)))
        }
        Event::AgreementReached { text, .. } => {
            Some(format!("turn {turn}: agreed: {}", words(text)))
        }
        Event::RunEnded { outcome, .. } => Some(format!("The end: {}.", cast.outcome(*outcome))),
        _ => None,
    };
    session.chronicle(0).entries.iter().filter_map(|entry| told(entry.turn, &entry.event)).collect()
}

/// Upstream and Downstream share a river. Upstream wants a dam, Downstream wants to know how much
/// water it will get. Each could live with some of what the other wants.
fn dispute() -> Scenario {
    // Two issues of three rungs make nine packages. Rung 0 is always how things are now.
    let space = PackageSpace::new(&[3, 3]).expect("two issues of three rungs are few enough");
    let all = Region::all(&space);
    Scenario {
        cast: cast(all),
        text: String::new(),
        digest: String::new(),
        turn_days: 0.5,
        horizon_turns: 60,
        follow_on_turns: 2,
        protocol: Protocol {
            // Offers are put in turn, by delegates who may sign: nobody asks home.
            variant: Variant::DelegatesMaySign,
            offering: Offering::ClosestToOther,
            acceptance: Acceptance::NextOffer,
            ties: Ties::FirstPackage,
            clock: ClockConvention::Inside,
            first_mover: FirstMover::AsListed,
            crossings: CrossingsReading::BargainingChip,
            disagreement: Disagreement::Reservation,
        },
        space,
        issues: vec![issue(), issue()],
        // Stakes are signed, and their absolute values add up to 1: what one wants, the other pays.
        parties: vec![party(0, [0.6, -0.4], all), party(1, [-0.3, 0.7], all)],
        mediators: Vec::new(),
        groups: Vec::new(),
        crossings: Vec::new(),
        rounds: vec![round(all)],
        shocks: Vec::new(),
        // The first class that fits is taken, and the last fits always.
        outcomes: vec![Outcome { ending: Some(Ending::Agreement), ..anything() }, anything()],
        world: quiet(),
        durability: unasked(),
    }
}

/// The names, so that indices can be told as people say them, and the lines drawn in public.
fn cast(red_lines: Region) -> Cast {
    let named = |key: &str, name: &str| Named { key: key.to_owned(), name: name.to_owned() };
    let rungs = |words: [&str; 3]| {
        let rung =
            |words: &str| RungWords { key: words.replace(' ', "-"), words: words.to_owned() };
        words.map(rung).to_vec()
    };
    let party = |key: &str, name: &str, capital: &str| PartyWords {
        named: named(key, name),
        capital: capital.to_owned(),
        constituencies: Vec::new(),
        red_lines,
    };
    Cast {
        title: "A river and a dam".to_owned(),
        starts: "2030-01-01T09:00".to_owned(),
        time_zone: "local time".to_owned(),
        turn_hours: 12.0,
        parties: vec![
            party("upstream", "Upstream", "Springs"),
            party("downstream", "Downstream", "Mouth"),
        ],
        issues: vec![
            IssueWords {
                named: named("dam", "the dam"),
                rungs: rungs(["no dam", "a low dam", "a high dam"]),
            },
            IssueWords {
                named: named("water", "the water"),
                rungs: rungs(["no promise of water", "a monthly share", "a daily share"]),
            },
        ],
        mediators: Vec::new(),
        groups: Vec::new(),
        crossings: Vec::new(),
        rounds: vec![RoundWords { named: named("talks", "the talks"), venue: "Ferry".to_owned() }],
        outcomes: vec![named("agreement", "an agreement"), named("none", "no agreement")],
        shocks: Vec::new(),
    }
}

/// An issue: how far each rung goes, from 0 to 1. All else that an issue can be, this one is not.
fn issue() -> Issue {
    Issue {
        levels: vec![0.0, 0.5, 1.0],
        obligor: None,
        needs_credibility: false,
        verified_by: None,
        relief: Relief::default(),
        cost_falls_with_cover: false,
        cost_falls_with_guarantee: false,
        truce_from: None,
        opens_crossings: false,
        restrains_strikes: false,
        curbs: None,
    }
}

/// A number that is known. The other kinds are drawn: once a run, or over a range of ignorance.
const fn known(value: f64) -> Number {
    Number::fixed(value)
}

const NONE: Number = known(0.0);

/// A party: what it wants, and how it bargains. It is honest, at peace, and asked by nobody.
fn party(listed: u8, stakes: [f64; 2], red_lines: Region) -> Party {
    Party {
        listed,
        preferences: Preferences::Stakes(stakes.map(known).to_vec()),
        linkages: Vec::new(),
        red_lines,
        soft_lines: Vec::new(),
        demands: vec![None; 2],
        outside_option: NONE,
        pain_of_fighting: NONE,
        pain_of_closure: NONE,
        pain_of_attacks: NONE,
        audience_cost: NONE,
        sincerity: known(1.0),
        capacity: known(1.0),
        stall_value: NONE,
        temper_spread: NONE,
        trust: vec![known(0.5); 2],
        perceived_capacity: vec![known(1.0); 2],
        bargaining: Bargaining {
            // Aspiration falls evenly from the best package to the worth of no deal.
            concession_exponent: known(1.0),
            reciprocity: NONE,
            patience: known(5.0),
            walk_out_per_day: NONE,
            misreading: NONE,
        },
        instructing: Instructing {
            reply_delay_days: NONE,
            reply_sharpness: known(20.0),
            stalling_weight: NONE,
            revocation: NONE,
            deferral: NONE,
            stalls_per_day: NONE,
        },
        conduct: Conduct {
            strike_after_attack: NONE,
            answer_strike: NONE,
            truce_restraint: NONE,
            threat_when_struck: NONE,
            starts_shut: false,
            opening_per_day: NONE,
            opening_by_pain: NONE,
            opening_by_attacks: NONE,
            shut_when_struck: NONE,
            statement_sharpness: NONE,
            blame_appeal: NONE,
        },
        constituencies: Vec::new(),
    }
}

/// One round of ten days on both issues, in which delegates may sign anything.
fn round(all: Region) -> Round {
    Round {
        opens_turn: 0,
        lasts_days: known(10.0),
        condition: RoundCondition::Always,
        agenda: vec![IssueIx(0), IssueIx(1)],
        mandates: vec![all; 2],
        may_sign: vec![true; 2],
        opening_text: None,
        grace_days: NONE,
        extension: NONE,
        extension_days: NONE,
    }
}

/// A class of outcome that fits always.
fn anything() -> Outcome {
    Outcome {
        ending: None,
        truce: None,
        at_least: Vec::new(),
        fighting_above: None,
        agreed_in: None,
        settles: None,
    }
}

/// A world in which nothing happens but the talks.
fn quiet() -> World {
    World {
        fighting: NONE,
        truce: false,
        truce_lapses_after: None,
        calming_under_truce: NONE,
        calming_without_truce: NONE,
        strike_escalation: NONE,
        truce_breaks_at: known(1.0),
        fighting_if_talks_fail: NONE,
        threat_escalation: NONE,
        cost_of_failure: NONE,
        pain_retention: known(0.5),
        enforcement: known(1.0),
        capacity_cost: NONE,
        expected_strikes: NONE,
        beliefs: Beliefs {
            concession: NONE,
            stalling: NONE,
            reneging: NONE,
            walking_out: NONE,
            blame: NONE,
            goodwill: NONE,
            message: NONE,
        },
        tempers: Tempers {
            waiting: NONE,
            refusal: NONE,
            stalling: NONE,
            struck: NONE,
            movement: NONE,
            mediation: NONE,
            cooling: NONE,
        },
        late_from: known(1.0),
        window_days: known(1.0),
        leverage_left: known(1.0),
        pressure_retention: known(1.0),
        worth_of_another_round: NONE,
    }
}

/// With a shape of 0, nobody asks how long a truce would last.
fn unasked() -> Durability {
    Durability {
        bare_30_days: known(0.5),
        shape: NONE,
        verification: NONE,
        guarantee: NONE,
        trade: NONE,
        trust: NONE,
        least_gain: NONE,
        attacks: NONE,
        verified_by: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_parties_come_to_terms() {
        let told = tell(&play(Lineage { seed: 1, branch: None, over_ranges: None }));
        assert!(told[0].starts_with("turn 0: Upstream offers: a high dam, no promise"), "{told:?}");
        assert!(told.iter().any(|line| line.contains("Downstream offers:")), "{told:?}");
        assert!(told.iter().any(|line| line.contains("agreed: a high dam, a daily share")));
        assert_eq!(told.last().unwrap(), "The end: an agreement.");
    }
}
