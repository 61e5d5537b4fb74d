//! Questions: what a seat may decide before a part of a turn.
//!
//! The same list serves the policy, a person, a test and other programs. The policy draws from it
//! by its rules; whoever is outside is shown it, and what is not on it is refused.

use bevy_ecs::prelude::World;
use demarche_domain::index::{IssueIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_record::decision::{Choice, Decision, Question, Statement};
use demarche_record::seat::{Seat, Stage};
use demarche_record::wire::RungOf;

use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::attacks::{Excitement, Militancy};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::drafting::{as_read, reading_draws};
use crate::mechanisms::frontier::Frontier;
use crate::mechanisms::instructions::{
    Authority, Mandate, Request, first_instructions, has_more, next_rung,
};
use crate::mechanisms::mediation::Engagement;
use crate::mechanisms::ratification::Consent;
use crate::mechanisms::red_lines::{RedLines, signable};
use crate::mechanisms::valuation::{Gains, Valuing};
use crate::roster::Roster;
use crate::scenario::Scenario;
use crate::table::{PerTable, Rules, Table, Tables};
use crate::turn::mover;

/// One table of a World, for those who ask what can be decided there.
pub struct Asking<'a> {
    world: &'a World,
    at: usize,
}

impl<'a> Asking<'a> {
    /// Looks at a table.
    #[must_use]
    pub const fn at(world: &'a World, at: usize) -> Self {
        Self { world, at }
    }

    pub(crate) const fn at_table(&self) -> usize {
        self.at
    }

    pub(crate) fn of<T: Send + Sync + 'static>(&self) -> &'a T {
        &self.world.resource::<PerTable<T>>()[self.at]
    }

    pub(crate) fn roster(&self) -> &'a Roster {
        self.world.resource::<Roster>()
    }

    pub(crate) fn scenario(&self) -> &'a Scenario {
        &self.world.resource::<Rules>().0
    }

    pub(crate) fn table(&self) -> &'a Table {
        &self.world.resource::<Tables>().list[self.at]
    }

    pub(crate) fn get<T: bevy_ecs::component::Component>(
        &self,
        entity: bevy_ecs::entity::Entity,
    ) -> &'a T {
        self.world.get(entity).expect("everyone is seated")
    }

    /// All seats of the table.
    #[must_use]
    pub fn seats(&self) -> Vec<Seat> {
        let roster = self.roster();
        // Those who must consent are asked before the capital that ratifies.
        let mut seats = Vec::new();
        for p in roster.parties() {
            seats.extend(roster.constituencies(p).map(|c| Seat::Constituency(p, c)));
        }
        seats.extend(roster.parties().map(Seat::Capital));
        seats.extend(roster.parties().map(Seat::Delegation));
        seats.extend(roster.mediators().map(Seat::Mediator));
        seats
    }

    /// What the seat may decide before the part of the turn that comes next, or nothing.
    #[must_use]
    pub fn question(&self, seat: Seat) -> Option<Question> {
        let choices = match (self.table().stage, seat) {
            (Stage::Capitals, Seat::Capital(party)) => self.capital(party),
            (Stage::Capitals, Seat::Mediator(_)) => self.mediator(seat),
            (Stage::Delegations, Seat::Delegation(party)) => self.delegation(party),
            (Stage::Home, Seat::Capital(party)) => self.at_home(party),
            (Stage::Home, Seat::Constituency(..)) if self.is_judged() => {
                one([Decision::Consent {}, Decision::Veto {}])
            }
            _ => Vec::new(),
        };
        let nothing_to_decide = choices.is_empty();
        let holds = [true, false].map(|until| Decision::Hold { until_something_changes: until });
        let choices = choices.into_iter().chain(one(holds)).collect();
        (!nothing_to_decide).then_some(Question { seat, choices })
    }

    fn capital(&self, party: PartyIx) -> Vec<Choice> {
        let (roster, at) = (self.roster(), self.at);
        let mut choices = self.answers(party);
        if self.of::<Clock>().round.is_some() {
            let lines = self.get::<RedLines>(roster.capital(at, party)).0;
            choices.extend(lines.and(&self.of::<TextOnTable>().agenda).map(Choice::ChangeMandate));
            choices.extend(one([Decision::Recall {}]));
        }
        if self.scenario().has_fighting() {
            let others = roster.parties().filter(|other| *other != party);
            choices.extend(one(others.map(|against| Decision::Strike { against })));
        }
        for group in roster.groups() {
            let entity = roster.group(at, group);
            if self.get::<Militancy>(entity).host == party {
                let is_curbed = self.get::<Excitement>(entity).is_curbed;
                let release = Decision::Release { group };
                choices.extend(one([if is_curbed { release } else { Decision::Curb { group } }]));
            }
        }
        if self.scenario().crossings.iter().any(|crossing| crossing.held_by.contains(&party)) {
            let shut = self.of::<Frontier>().is_shut[party.ix()];
            let (open, close) = (Decision::OpenCrossings {}, Decision::ShutCrossings {});
            choices.extend(one([if shut { open } else { close }]));
        }
        choices.extend(self.threats(party));
        choices
    }

    /// A threat in public, where the case knows of any.
    fn threats(&self, party: PartyIx) -> Vec<Choice> {
        let threat = Decision::State { statement: Statement::Threaten };
        one(self.scenario().has_threats(party).then_some(threat))
    }

    /// The answers to a request that is on its way.
    fn answers(&self, party: PartyIx) -> Vec<Choice> {
        let request = self.get::<Request>(self.roster().delegation(self.at, party));
        if request.pending.is_none() {
            return Vec::new();
        }
        let mut answers =
            one([Decision::ExtendMandate {}, Decision::Refuse {}, Decision::Defer {}]);
        let first = first_instructions(self.scenario(), self.of::<Clock>(), party);
        let mandate = self.get::<Mandate>(self.roster().delegation(self.at, party));
        let on_table = self.of::<TextOnTable>();
        if first.is_some_and(|first| has_more(mandate, on_table, party, first)) {
            answers.extend(one([Decision::Revoke {}]));
        }
        answers
    }

    fn delegation(&self, party: PartyIx) -> Vec<Choice> {
        let (roster, at) = (self.roster(), self.at);
        let (clock, on_table) = (self.of::<Clock>(), self.of::<TextOnTable>());
        let mover = mover(self.scenario(), self.table());
        let is_mover = mover.is_none_or(|mover| mover == party);
        if clock.round.is_none() || clock.left.is_some() || on_table.is_initialled() || !is_mover {
            return Vec::new();
        }
        let entity = roster.delegation(at, party);
        let mandate = self.get::<Mandate>(entity);
        let lines = self.get::<RedLines>(roster.capital(at, party));
        let region = signable(&mandate.0, &on_table.agenda, lines);
        let mut choices = self.responses(party, mandate, region.as_ref());
        choices.extend(region.map(Choice::Propose));
        choices.extend(one([Decision::ChangeSubject {}, Decision::WalkOut {}]));
        choices.extend(self.threats(party));
        choices
    }

    /// What can be said to the text on the table.
    fn responses(&self, party: PartyIx, mandate: &Mandate, region: Option<&Region>) -> Vec<Choice> {
        let on_table = self.of::<TextOnTable>();
        let Some(text) = on_table.text.filter(|_| on_table.by != Author::Party(party)) else {
            return Vec::new();
        };
        let mut choices = Vec::new();
        let signable = region.is_some_and(|region| region.contains(&text));
        if signable && !on_table.accepted[party.ix()] {
            choices.extend(one([Decision::Accept {}]));
        }
        let entity = self.roster().delegation(self.at, party);
        let request = self.get::<Request>(entity);
        let may_ask = request.pending.is_none() && !self.get::<Authority>(entity).may_sign;
        let lines = self.get::<RedLines>(self.roster().capital(self.at, party));
        for issue in self.open_issues() {
            let is_accepted = on_table.issues[party.ix()] & (1 << issue.0) != 0;
            if mandate.0.admits(issue, text.rung(issue)) {
                let reopen = Decision::Reopen { issue };
                choices.extend(one([
                    if is_accepted { reopen } else { Decision::AcceptIssue { issue } },
                    Decision::Bracket { issue },
                ]));
            }
            let rung = next_rung(mandate, &text, issue);
            if may_ask && rung.is_some_and(|rung| lines.0.admits(issue, rung.rung)) {
                choices.extend(one([Decision::AskHome { issue }]));
            }
        }
        choices
    }

    /// The issues that the agenda leaves open.
    fn open_issues(&self) -> impl Iterator<Item = IssueIx> + use<> {
        let agenda = self.of::<TextOnTable>().agenda;
        let issues = self.scenario().space.issues();
        issues.filter(move |k| agenda.floor.rung(*k) != agenda.ceiling.rung(*k))
    }

    fn mediator(&self, seat: Seat) -> Vec<Choice> {
        let Seat::Mediator(m) = seat else { return Vec::new() };
        let engagement = self.get::<Engagement>(self.roster().mediator(self.at, m));
        let (clock, on_table) = (self.of::<Clock>(), self.of::<TextOnTable>());
        if !engagement.is_active {
            return Vec::new();
        }
        if let Some((party, _)) = clock.left {
            return one([Decision::BringBack { party }]);
        }
        let parties = || self.roster().parties();
        let mut choices = Vec::new();
        if !on_table.is_initialled() {
            choices.push(Choice::TableText(on_table.agenda));
        }
        choices.extend(one(parties().map(|party| Decision::Caucus { party })));
        let pairs = parties().flat_map(|from| {
            parties()
                .filter(move |to| *to != from)
                .map(move |to| Decision::CarryMessage { from, to })
        });
        choices.extend(one(pairs));
        if engagement.guarantee > 0.0 && !engagement.has_guaranteed {
            choices.extend(one([Decision::OfferGuarantee {}]));
        }
        if engagement.budget > 0.0 {
            choices.extend(one(parties().map(|party| Decision::OfferInducement { party })));
        }
        if engagement.leverage > 0.0 {
            choices.extend(one(parties().map(|party| Decision::Press { party })));
        }
        choices.extend(one([Decision::ProposeRecess {}]));
        if !clock.is_extended {
            choices.extend(one([Decision::ProposeExtension {}]));
        }
        choices
    }

    /// Whether an initialled text is judged at home in this turn.
    fn is_judged(&self) -> bool {
        self.of::<TextOnTable>().is_judged(self.table().turn)
    }

    fn at_home(&self, party: PartyIx) -> Vec<Choice> {
        let clock = self.of::<Clock>();
        let mut choices = Vec::new();
        if self.is_judged() {
            choices.extend(one([Decision::Ratify {}, Decision::RefuseToRatify {}]));
        }
        let runs_out = self.table().turn + 1 >= clock.closes;
        let may_close = self.is_judged() || clock.left.is_some() || runs_out;
        if clock.round.is_some() && may_close && self.scenario().has_statements(party) {
            let said = [Statement::Blame, Statement::ShareCredit, Statement::KeepSilent];
            choices.extend(one(said.map(|statement| Decision::State { statement })));
        }
        choices
    }
}

/// What somebody at a seat sees of a table before deciding.
#[derive(Clone, Debug)]
pub struct View {
    /// The round that is under way, if one is, and the first turn after it as things stand.
    pub round: Option<(RoundIx, u32)>,
    /// The text or the standing offer.
    pub text: Option<Package>,
    /// The party whose offer it is, where it is no mediator's text.
    pub offered_by: Option<PartyIx>,
    /// The issues that the agenda leaves open.
    pub open_issues: Vec<IssueIx>,
    /// What the seat's party may sign, for a seat of a party.
    pub mandate: Option<Region>,
    /// What the text would gain the seat's party; nothing for those who consent, who judge by
    /// stakes of their own. [gain]
    pub gain: Option<f64>,
    /// What the delegation has asked its capital: a rung, or leave to sign.
    pub asked: Option<Option<RungOf>>,
    /// What matters to the seat's party in this run, or to those who consent, where they value by
    /// stakes. [1]
    pub stakes: Vec<f64>,
    /// What a mediator has and knows, for the seat of one.
    pub mediation: Option<Mediation>,
}

/// What a mediator has and knows: what the policy decides by when it mediates, and no more.
#[derive(Clone, Debug)]
pub struct Mediation {
    /// What it has, and whom it has heard.
    pub engagement: Engagement,
    /// What each side has told it, by party; nothing of one that it has not heard in this round.
    pub told: Vec<Option<Told>>,
    /// What it takes the text on the table to gain each side, its error included. [gain]
    pub readings: Vec<f64>,
}

/// What a side tells a mediator who hears it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// What its delegates may sign now.
    pub mandate: Region,
    /// Whether they may sign it asking nobody.
    pub may_sign: bool,
}

impl Asking<'_> {
    /// The table as a seat sees it.
    #[must_use]
    pub fn view(&self, seat: Seat) -> View {
        let on_table = self.of::<TextOnTable>();
        let text = on_table.text.filter(|_| !on_table.is_closed());
        let delegation = seat.party().map(|p| self.roster().delegation(self.at, p));
        let capital = seat.party().map(|p| self.roster().capital(self.at, p));
        let consents = matches!(seat, Seat::Constituency(..));
        let gain = text.zip(capital.filter(|_| !consents));
        let gain = gain.map(|(text, entity)| self.get::<Gains>(entity).0.of(&text));
        let pending = delegation.and_then(|entity| self.get::<Request>(entity).pending);
        let stakes = match seat {
            Seat::Constituency(p, c) => {
                let entity = self.roster().constituency(self.at, p, c);
                Some(self.get::<Consent>(entity).stakes.clone())
            }
            _ => capital.map(|entity| match self.get::<Valuing>(entity) {
                Valuing::Stakes { stakes, .. } => stakes.clone(),
                Valuing::Tables { .. } => Vec::new(),
            }),
        };
        let clock = self.of::<Clock>();
        View {
            round: clock.round.map(|round| (round, clock.closes)),
            text,
            offered_by: text.and(on_table.by.party()),
            open_issues: self.open_issues().collect(),
            mandate: delegation.map(|entity| self.get::<Mandate>(entity).0),
            gain,
            asked: pending.filter(|_| matches!(seat, Seat::Capital(_))).map(|asked| asked.rung),
            stakes: stakes.unwrap_or_default(),
            mediation: self.mediation(seat, text),
        }
    }

    fn mediation(&self, seat: Seat, text: Option<Package>) -> Option<Mediation> {
        let Seat::Mediator(m) = seat else { return None };
        let engagement = self.get::<Engagement>(self.roster().mediator(self.at, m)).clone();
        let parties = || self.roster().parties();
        let floor = self.of::<TextOnTable>().agenda.floor;
        let told = |p: PartyIx| (engagement.heard[p.ix()] > 0).then(|| self.told(p));
        let reading = |p: PartyIx, text: &Package| {
            let gains = &self.get::<Gains>(self.roster().capital(self.at, p)).0;
            let (error, draws) = (engagement.error_about(p), reading_draws(self.table(), m, p));
            as_read(gains, self.scenario(), &floor, error, draws).of(text)
        };
        let readings = parties().filter_map(|p| text.map(|text| reading(p, &text))).collect();
        Some(Mediation { told: parties().map(told).collect(), readings, engagement })
    }

    fn told(&self, party: PartyIx) -> Told {
        let (roster, at) = (self.roster(), self.at);
        let delegation = roster.delegation(at, party);
        Told {
            mandate: self.get::<Mandate>(delegation).0,
            may_sign: self.get::<Authority>(delegation).may_sign,
        }
    }
}

fn one(decisions: impl IntoIterator<Item = Decision>) -> Vec<Choice> {
    decisions.into_iter().map(Choice::One).collect()
}
