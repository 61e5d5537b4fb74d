//! The moments of one run: what a timeline shows, read off its chronicle.

use demarche_domain::index::{IssueIx, RoundIx};
use demarche_domain::package::Package;
use demarche_engine::scenario::Scenario;
use demarche_record::calendar::Calendar;
use demarche_record::cast::Cast;
use demarche_record::chronicle::Chronicle;
use demarche_record::event::{Ending, Event};
use demarche_record::prose::{inside, list, owns, sentence};

use crate::charts::timeline::{Lane, Timeline};

/// A moment worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The turn, from 0.
    pub turn: u32,
    /// When, as people write it.
    pub when: String,
    /// What happened.
    pub what: String,
}

/// The moments of a run, in order.
#[must_use]
pub fn moments(chronicle: &Chronicle, cast: &Cast) -> Vec<Moment> {
    let calendar = Calendar::new(cast);
    let mut teller = Teller { cast, text: None };
    let mut moments: Vec<Moment> = Vec::new();
    for entry in &chronicle.entries {
        let Some(what) = teller.tell(&entry.event) else { continue };
        let (turn, what) = (entry.turn, sentence(&what));
        match moments.last_mut().filter(|last| last.turn == turn) {
            Some(last) if last.what.contains(&what) => {}
            Some(last) => last.what = format!("{} {what}", last.what),
            None => moments.push(Moment { turn, when: calendar.moment(turn), what }),
        }
    }
    moments
}

struct Teller<'a> {
    cast: &'a Cast,
    /// The text that lies on the table.
    text: Option<Package>,
}

impl Teller<'_> {
    /// What happened, within a sentence; nothing where it is not worth telling by itself.
    fn tell(&mut self, event: &Event) -> Option<String> {
        let cast = self.cast;
        let party = |party| inside(cast.party(party));
        let mediator = |mediator| inside(cast.mediator(mediator));
        Some(match event {
            Event::RoundOpened { round, .. } => {
                self.text = None;
                format!("the round in {} opens", cast.round(*round))
            }
            Event::RoundExtended { round, .. } => {
                format!("the round in {} is extended", cast.round(*round))
            }
            Event::RoundClosed { round, ending, left_by, .. } => {
                let left = left_by.map(party);
                closed(cast.round(*round), *ending, left.as_deref())
            }
            Event::RoundSkipped { round } => {
                format!("the round in {} is not held", cast.round(*round))
            }
            Event::ShockStruck { shock, .. } => cast.shock(*shock).to_owned(),
            Event::AttackStruck { group, target, .. } => {
                let group = inside(cast.group(*group));
                format!("an attack in {} by {group} makes the news", cast.party(*target))
            }
            Event::StrikeCarriedOut { by, against, .. } => {
                format!("{} strikes {}", party(*by), party(*against))
            }
            Event::TruceBegan {} => "a truce comes into force".to_owned(),
            Event::TruceLapsed {} => "the truce runs out".to_owned(),
            Event::TruceBroke { .. } => "the truce breaks".to_owned(),
            Event::CrossingsShut { by } => format!("{} shuts its crossings", party(*by)),
            Event::CrossingsOpened { by, .. } => format!("{} opens its crossings", party(*by)),
            Event::MomentRipened { .. } => "the moment is ripe: all hurt, and a text would \
                                            leave all better off"
                .to_owned(),
            Event::TextTabled { mediator: by, text } => self.tabled(&mediator(*by), *text),
            Event::OfferTabled { party: by, package, .. } => self.tabled(&party(*by), *package),
            Event::GuaranteeOffered { mediator: by } => {
                format!("{} offers to stand behind a text", mediator(*by))
            }
            Event::InducementOffered { mediator: by, party: to, .. } => {
                format!("{} offers {} something for its signature", mediator(*by), party(*to))
            }
            Event::DelegationRecalled { party: of } => {
                format!("{} calls its delegation home", party(*of))
            }
            Event::WalkedOut { party: of, .. } => format!("{} walks out", party(*of)),
            Event::BringBackTried { mediator: by, party: of, returned } => {
                let how = if *returned { "brings back" } else { "cannot bring back" };
                format!("{} {how} {}", mediator(*by), party(*of))
            }
            Event::AcceptanceRevoked { party: of, .. } => {
                let capital = owns(&party(*of));
                format!("{capital} capital takes back what was accepted")
            }
            Event::TextInitialled { .. } => "all accept the text, and it goes home".to_owned(),
            Event::RatificationDecided { party: of, ratified, .. } => {
                let how = if *ratified { "ratifies it" } else { "does not ratify it" };
                format!("{} {how}", party(*of))
            }
            Event::AgreementReached { .. } => "the agreement is in force".to_owned(),
            Event::RunEnded { outcome, .. } => {
                format!("the run ends: {}", cast.outcome(*outcome))
            }
            _ => return None,
        })
    }

    /// A text, told by what is new in it.
    fn tabled(&mut self, by: &str, text: Package) -> String {
        let cast = self.cast;
        let issues = (0..cast.issues.len()).map(IssueIx::at);
        let is_new = |issue: &IssueIx| {
            let was = self.text.map_or(0, |last| last.rung(*issue));
            text.rung(*issue) != was
        };
        let new = issues.filter(is_new);
        let new: Vec<String> =
            new.map(|issue| cast.rung(issue, text.rung(issue)).to_owned()).collect();
        self.text = Some(text);
        match new.len() {
            0 => format!("{by} tables the text again"),
            _ => format!("{by} tables a text, with {}", list(&new)),
        }
    }
}

fn closed(round: &str, ending: Ending, left_by: Option<&str>) -> String {
    let how = match (ending, left_by) {
        (Ending::Agreement, _) => "with an agreement".to_owned(),
        (Ending::WalkOut, Some(party)) => format!("as {party} leaves"),
        (Ending::WalkOut, None) => "with a walk-out".to_owned(),
        (Ending::Deadline, _) => "at its deadline, without an agreement".to_owned(),
    };
    format!("the round in {round} ends {how}")
}

/// The timeline of a run: when talks were held, texts lay on the table, and what happened outside.
#[must_use]
pub fn timeline(chronicle: &Chronicle, scenario: &Scenario) -> Timeline {
    let cast = &scenario.cast;
    let days = |turn: u32| f64::from(turn) * cast.turn_hours / 24.0;
    let lane = |name: &str| Lane { name: name.to_owned(), ..Lane::default() };
    let [mut talks, mut texts, mut attacks, mut strikes, mut truce, mut shut] =
        ["talks", "texts", "attacks in the news", "strikes", "truce", "crossings shut"].map(lane);
    let mut opened: Option<(RoundIx, u32)> = None;
    let (mut truce_since, mut shut_since) = (scenario.world.truce.then_some(0), None);
    let last = chronicle.entries.last().map_or(0, |entry| entry.turn + 1);
    for entry in &chronicle.entries {
        let (turn, at) = (entry.turn, days(entry.turn));
        match &entry.event {
            Event::RoundOpened { round, .. } => opened = Some((*round, turn)),
            Event::RoundClosed { round, .. } => {
                if let Some((_, since)) = opened.take() {
                    talks.spans.push((days(since), days(turn + 1), cast.round(*round).to_owned()));
                }
            }
            Event::TextTabled { .. } | Event::OfferTabled { .. } => texts.moments.push(at),
            Event::AttackStruck { .. } => attacks.moments.push(at),
            Event::StrikeCarriedOut { .. } => strikes.moments.push(at),
            Event::TruceBegan {} => truce_since = truce_since.or(Some(turn)),
            Event::TruceLapsed {} | Event::TruceBroke { .. } => {
                end(&mut truce, &mut truce_since, turn, days)
            }
            Event::TurnRecorded { shut_by, .. } if shut_by.is_empty() => {
                end(&mut shut, &mut shut_since, turn, days);
            }
            Event::TurnRecorded { .. } => shut_since = shut_since.or(Some(turn)),
            _ => {}
        }
    }
    if let Some((round, since)) = opened {
        talks.spans.push((days(since), days(last), cast.round(round).to_owned()));
    }
    end(&mut truce, &mut truce_since, last, days);
    end(&mut shut, &mut shut_since, last, days);
    let begins = Calendar::new(cast).stamp(0);
    let day = begins.split('T').next().unwrap_or_default();
    Timeline {
        x: format!("days from {day}"),
        length: days(last),
        lanes: vec![talks, texts, attacks, strikes, truce, shut],
    }
}

/// Ends what has lasted in a lane, if something has.
fn end(lane: &mut Lane, since: &mut Option<u32>, turn: u32, days: impl Fn(u32) -> f64) {
    if let Some(since) = since.take() {
        lane.spans.push((days(since), days(turn), String::new()));
    }
}
