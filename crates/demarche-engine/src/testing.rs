//! A small dispute for tests: two parties, two issues of three rungs, and nothing else that moves.
//!
//! Every number is 0 unless a test says otherwise, so that what a test finds is what it put there.

use demarche_domain::index::{IssueIx, MAX_PARTIES, MediatorIx, PartyIx};
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_domain::worth::Worth;
use demarche_random::sample::Number;
use demarche_record::cast::Cast;
use demarche_record::format::Lineage;
use demarche_record::seat::Stage;

use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::audience_cost::Audience;
use crate::mechanisms::credibility::Trust;
use crate::mechanisms::mediation::Engagement;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::stalling::Character;
use crate::mechanisms::valuation::{Circumstances, Part, Valuing, linked_issues};
use crate::scenario::{
    Acceptance, Bargaining, Beliefs, ClockConvention, Conduct, CrossingsReading, Disagreement,
    Durability, FirstMover, Group, Instructing, Issue, Mediator, Offering, Outcome, Party,
    Preferences, Protocol, Relief, Round, RoundCondition, Scenario, Style, Tempers, Ties, Variant,
    World,
};
use crate::seating::Dynamics;
use crate::table::{Status, Table};

pub(crate) const EAST: PartyIx = PartyIx(0);
pub(crate) const WEST: PartyIx = PartyIx(1);
pub(crate) const FIRST: IssueIx = IssueIx(0);
pub(crate) const SECOND: IssueIx = IssueIx(1);

const NIL: Number = Number::fixed(0.0);

/// The packages of the small dispute, from nothing to all.
pub(crate) fn packages() -> impl Iterator<Item = Package> {
    let space = plain_scenario().space;
    (0..space.size()).map(move |index| space.package(index))
}

/// An issue at 0, ½ and 1, on which nobody in particular must act.
pub(crate) fn plain_issue() -> Issue {
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

/// East would have the first issue, West the second; the other's costs it half as much.
pub(crate) fn plain_scenario() -> Scenario {
    let space = PackageSpace::new(&[3, 3]).unwrap();
    let all = Region::all(&space);
    Scenario {
        cast: nameless(),
        text: String::new(),
        digest: String::new(),
        turn_days: 0.5,
        horizon_turns: 20,
        follow_on_turns: 4,
        protocol: PROTOCOL,
        issues: vec![plain_issue(), plain_issue()],
        parties: vec![plain_party(0, &[0.6, -0.4], all), plain_party(1, &[-0.4, 0.6], all)],
        space,
        mediators: Vec::new(),
        groups: Vec::new(),
        crossings: Vec::new(),
        rounds: vec![plain_round(all)],
        shocks: Vec::new(),
        outcomes: vec![ANY],
        world: still_world(),
        durability: no_durability(),
    }
}

const PROTOCOL: Protocol = Protocol {
    variant: Variant::MediatedSingleText,
    offering: Offering::ClosestToOther,
    acceptance: Acceptance::Threshold,
    ties: Ties::FirstPackage,
    clock: ClockConvention::Inside,
    first_mover: FirstMover::AsListed,
    crossings: CrossingsReading::BargainingChip,
    disagreement: Disagreement::Reservation,
};

const ANY: Outcome = Outcome {
    ending: None,
    truce: None,
    at_least: Vec::new(),
    fighting_above: None,
    agreed_in: None,
    settles: None,
};

fn nameless() -> Cast {
    Cast {
        title: String::new(),
        starts: String::new(),
        time_zone: String::new(),
        turn_hours: 12.0,
        parties: Vec::new(),
        issues: Vec::new(),
        mediators: Vec::new(),
        groups: Vec::new(),
        crossings: Vec::new(),
        rounds: Vec::new(),
        outcomes: Vec::new(),
        shocks: Vec::new(),
    }
}

/// A party with these stakes that wants an agreement and does nothing else.
pub(crate) fn plain_party(listed: u8, stakes: &[f64], red_lines: Region) -> Party {
    Party {
        listed,
        preferences: Preferences::Stakes(stakes.iter().map(|s| Number::fixed(*s)).collect()),
        linkages: Vec::new(),
        red_lines,
        soft_lines: Vec::new(),
        demands: vec![None; stakes.len()],
        outside_option: NIL,
        pain_of_fighting: NIL,
        pain_of_closure: NIL,
        pain_of_attacks: NIL,
        audience_cost: NIL,
        sincerity: Number::fixed(1.0),
        capacity: Number::fixed(0.5),
        stall_value: NIL,
        temper_spread: NIL,
        trust: vec![Number::fixed(0.5); 2],
        perceived_capacity: vec![Number::fixed(0.5); 2],
        bargaining: Bargaining {
            concession_exponent: Number::fixed(1.0),
            reciprocity: NIL,
            patience: Number::fixed(1.0),
            walk_out_per_day: NIL,
            misreading: NIL,
        },
        instructing: Instructing {
            reply_delay_days: NIL,
            reply_sharpness: Number::fixed(10.0),
            stalling_weight: NIL,
            revocation: NIL,
            deferral: NIL,
            stalls_per_day: NIL,
        },
        conduct: Conduct {
            strike_after_attack: NIL,
            answer_strike: NIL,
            truce_restraint: NIL,
            threat_when_struck: NIL,
            starts_shut: false,
            opening_per_day: NIL,
            opening_by_pain: NIL,
            opening_by_attacks: NIL,
            shut_when_struck: NIL,
            statement_sharpness: NIL,
            blame_appeal: NIL,
        },
        constituencies: Vec::new(),
    }
}

/// A group in the West that would attack the East, and does not by itself.
pub(crate) fn plain_group() -> Group {
    Group {
        host: WEST,
        target: EAST,
        rate_per_day: NIL,
        expected_per_day: NIL,
        excitation: NIL,
        half_life_days: Number::fixed(1.0),
        salient_share: NIL,
        severity_tail: Number::fixed(1.0),
        spoiling: NIL,
    }
}

/// A mediator that is near to both sides and does nothing yet.
pub(crate) fn plain_mediator() -> Mediator {
    Mediator {
        is_engaged: true,
        turns: (0, u32::MAX),
        style: Style { communicate: NIL, formulate: NIL, manipulate: NIL },
        closeness: vec![NIL; 2],
        guarantee: NIL,
        cover: NIL,
        inducement_budget: NIL,
        leverage: NIL,
        salvage: NIL,
        misreading: NIL,
    }
}

/// A table in this turn, while mediators act.
pub(crate) fn plain_table(turn: u32) -> Table {
    let lineage = Lineage { seed: 1, branch: None, over_ranges: None };
    Table { status: Status::Running, turn, stage: Stage::Capitals, mover: 0, lineage }
}

/// What lies on the table of the small dispute: nothing, or a mediator's text.
pub(crate) fn text_on_table(text: Option<&[u8]>) -> TextOnTable {
    let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
    on_table.agenda = Region::all(&plain_scenario().space);
    if let Some(text) = text {
        on_table.table(Package::new(text), Author::Mediator(MediatorIx(0)), 0);
    }
    on_table
}

/// A mediator's part, of this style, with nothing to give yet.
pub(crate) fn mediator(style: [f64; 3]) -> Engagement {
    Engagement {
        is_engaged: true,
        is_active: true,
        style,
        closeness: [0.0; MAX_PARTIES],
        guarantee: 0.0,
        has_guaranteed: false,
        cover: 0.0,
        budget: 0.0,
        leverage: 0.0,
        salvage: 0.0,
        misreading: 0.0,
        heard: [0; MAX_PARTIES],
        carried: [0; MAX_PARTIES],
        heard_at_draft: 0,
    }
}

/// A round of six days on both issues.
fn plain_round(all: Region) -> Round {
    Round {
        opens_turn: 0,
        lasts_days: Number::fixed(6.0),
        condition: RoundCondition::Always,
        agenda: vec![FIRST, SECOND],
        mandates: vec![all; 2],
        may_sign: vec![true; 2],
        opening_text: None,
        grace_days: NIL,
        extension: NIL,
        extension_days: NIL,
    }
}

fn still_world() -> World {
    World {
        fighting: NIL,
        truce: false,
        truce_lapses_after: None,
        calming_under_truce: NIL,
        calming_without_truce: NIL,
        strike_escalation: Number::fixed(0.3),
        truce_breaks_at: Number::fixed(1.0),
        fighting_if_talks_fail: NIL,
        threat_escalation: NIL,
        cost_of_failure: NIL,
        pain_retention: Number::fixed(0.9),
        enforcement: Number::fixed(1.0),
        capacity_cost: NIL,
        expected_strikes: NIL,
        beliefs: Beliefs {
            concession: NIL,
            stalling: NIL,
            reneging: NIL,
            walking_out: NIL,
            blame: NIL,
            goodwill: NIL,
            message: NIL,
        },
        tempers: Tempers {
            waiting: NIL,
            refusal: NIL,
            stalling: NIL,
            struck: NIL,
            movement: NIL,
            mediation: NIL,
            cooling: NIL,
        },
        late_from: Number::fixed(0.8),
        window_days: Number::fixed(1.0),
        leverage_left: Number::fixed(0.5),
        pressure_retention: Number::fixed(0.5),
        worth_of_another_round: Number::fixed(0.5),
    }
}

fn no_durability() -> Durability {
    Durability {
        bare_30_days: Number::fixed(0.5),
        shape: NIL,
        verification: NIL,
        guarantee: NIL,
        trade: NIL,
        trust: NIL,
        least_gain: NIL,
        attacks: NIL,
        verified_by: None,
    }
}

/// One side of the dispute, with all that its valuation hangs on.
pub(crate) struct Side {
    pub(crate) scenario: Scenario,
    pub(crate) party: PartyIx,
    pub(crate) valuing: Valuing,
    pub(crate) stakes: Vec<f64>,
    pub(crate) trust: Trust,
    pub(crate) character: Character,
    pub(crate) pain: Pain,
    pub(crate) audience: Audience,
    pub(crate) outside: f64,
    pub(crate) in_force: Package,
    pub(crate) feared: f64,
    pub(crate) guarantee: f64,
    pub(crate) cover: f64,
    pub(crate) inducement: f64,
    pub(crate) dynamics: Dynamics,
}

impl Side {
    /// East, to which the first issue is worth 0.6 and the second costs 0.4.
    pub(crate) fn east() -> Self {
        let stakes = vec![0.6, -0.4];
        let (linkages, soft_lines) = (Vec::new(), Vec::new());
        Self {
            scenario: plain_scenario(),
            party: EAST,
            valuing: Valuing::Stakes {
                stakes: stakes.clone(),
                linkages,
                soft_lines,
                cost_of_failure: 0.0,
            },
            stakes,
            trust: Trust { willing: [0.5; MAX_PARTIES], able: [0.5; MAX_PARTIES] },
            character: Character { is_sincere: true, capacity: 0.5, stall_value: 0.0, temper: 0.0 },
            pain: Pain::default(),
            audience: Audience { cost: 0.0, demands: vec![None; 2], threat_when_struck: 0.0 },
            outside: 0.0,
            in_force: Package::STATUS_QUO,
            feared: 0.0,
            guarantee: 0.0,
            cover: 0.0,
            inducement: 0.0,
            dynamics: Dynamics { enforcement: 1.0, ..Dynamics::default() },
        }
    }

    /// A part of the worth of every package to it.
    pub(crate) fn worth(&self, part: Part) -> Worth {
        let mut worth = Worth::zero(&self.scenario.space, &linked_issues(&self.scenario));
        let circumstances = Circumstances {
            scenario: &self.scenario,
            party: self.party,
            valuing: &self.valuing,
            stakes: &self.stakes,
            trust: &self.trust,
            character: &self.character,
            pain: &self.pain,
            audience: &self.audience,
            threats: 0,
            outside: self.outside,
            in_force: self.in_force,
            agenda: &self.scenario.rounds[0].agenda,
            feared: self.feared,
            guarantee: self.guarantee,
            cover: self.cover,
            inducement: self.inducement,
            dynamics: &self.dynamics,
        };
        circumstances.assess(part, &mut worth);
        worth
    }

    /// What packages gain a side with these stakes.
    pub(crate) fn gains(stakes: [f64; 2]) -> Worth {
        Self { stakes: stakes.to_vec(), ..Self::east() }.worth(Part::All)
    }

    /// What a package gains it, all parts together.
    pub(crate) fn gain(&self, rungs: &[u8]) -> f64 {
        self.worth(Part::All).of(&Package::new(rungs))
    }
}
