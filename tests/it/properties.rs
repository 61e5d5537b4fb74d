//! Properties: what holds in every chronicle, whatever the scenario and the seed.
//!
//! The checks are functions from a chronicle to faults, so that a seed that once broke one can be
//! kept in `seeds/regressions.toml` and looked at for ever.

mod bounds;
mod worths;
mod symmetry;

use std::sync::Arc;

use demarche_domain::index::{IssueIx, PartyIx, RoundIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::scenario::{Preferences, Scenario, Variant};
use demarche_record::chronicle::{Chronicle, Entry};
use demarche_record::event::{Ending, Event};
use demarche_record::format::Lineage;
use demarche_scenario::catalogue;
use support::check_none;
use support::runs::{FLAGSHIP, keys_in, lineage, play, scenario};

/// Everything in a chronicle that must not be.
pub(super) fn faults(scenario: &Scenario, chronicle: &Chronicle) -> Vec<String> {
    let mut faults = order(chronicle);
    faults.extend(Reading::of(scenario, chronicle).faults);
    faults.extend(bounds::faults(scenario, chronicle));
    faults
}

/// Looks at many runs of one scenario; every other draws its uncertain numbers from their ranges.
fn check(key: &str, scenario: &Arc<Scenario>, seeds: std::ops::Range<u64>) {
    let mut found = Vec::new();
    for seed in seeds {
        let origin = Lineage { over_ranges: (seed % 2 == 1).then_some(seed), ..lineage(seed) };
        let record = play(scenario, origin);
        let faults = faults(scenario, &record.chronicle).into_iter();
        found.extend(faults.map(|fault| format!("{key}, seed {seed}: {fault}")));
        // A fault that is everywhere need not be told a thousand times.
        if found.len() > 20 {
            break;
        }
    }
    check_none(&found);
}

#[test]
fn they_hold_in_the_flagship() {
    check(FLAGSHIP, &scenario(FLAGSHIP), 0..400);
}

#[test]
fn they_hold_in_what_is_built_on_it() {
    for key in keys_in("historical").into_iter().filter(|key| *key != FLAGSHIP) {
        check(key, &scenario(key), 0..40);
    }
}

#[test]
fn they_hold_in_the_textbook() {
    for key in keys_in("textbook") {
        check(key, &scenario(key), 0..60);
    }
}

#[test]
fn they_hold_in_every_folder_of_the_catalogue() {
    let looked_at = ["historical/", "textbook/"];
    let keys = catalogue().iter().map(|entry| entry.key);
    for key in keys.filter(|key| !looked_at.iter().any(|folder| key.starts_with(folder))) {
        check(key, &scenario(key), 0..20);
    }
}

#[test]
fn they_hold_under_every_protocol() {
    for variant in ["mediated-single-text", "alternating-offers", "delegates-may-sign"] {
        for acceptance in ["threshold", "next-offer", "next-offer-or-late"] {
            let set = |value: &str| format!("\"{value}\"");
            let (variant, acceptance) = (set(variant), set(acceptance));
            let sets =
                [("protocol.variant", &variant[..]), ("protocol.acceptance", &acceptance[..])];
            let changed = support::runs::changed(FLAGSHIP, &sets);
            check(&format!("{variant}, {acceptance}"), &changed, 0..30);
        }
    }
}

/// `docs/MODEL.md` and the guide to explanations say that these are left to people.
#[test]
fn the_policy_sets_nothing_in_brackets_and_calls_no_recess() {
    for entry in catalogue() {
        for seed in 0..5 {
            let record = play(&scenario(entry.key), lineage(seed));
            let is_left = |event: &Event| {
                matches!(event, Event::IssueBracketed { .. } | Event::RecessCalled { .. })
            };
            let found = record.chronicle.events().find(|event| is_left(event));
            assert!(found.is_none(), "{}, seed {seed}: {found:?}", entry.key);
        }
    }
}

/// Turns never fall, everybody is introduced, and a run ends once.
fn order(chronicle: &Chronicle) -> Vec<String> {
    let mut faults = Vec::new();
    let entries = &chronicle.entries;
    if let Some(two) = entries.windows(2).find(|two| two[0].turn > two[1].turn) {
        faults.push(format!("turn {} comes after turn {}", two[1].turn, two[0].turn));
    }
    let is_end = |entry: &&Entry| matches!(entry.event, Event::RunEnded { .. });
    let n_ends = entries.iter().filter(is_end).count();
    if n_ends != 1 {
        faults.push(format!("it ends {n_ends} times"));
    }
    let after = entries.iter().skip_while(|entry| !is_end(entry)).skip(1);
    let may_follow =
        |event: &Event| matches!(event, Event::TruceDurability { .. } | Event::TurnRecorded { .. });
    let late = after.filter(|entry| !may_follow(&entry.event));
    faults.extend(late.map(|entry| format!("after the end: {:?}", entry.event)));
    faults
}

/// A chronicle being read, and what must hold at each event.
struct Reading<'a> {
    scenario: &'a Scenario,
    in_force: Package,
    round: Option<RoundIx>,
    mandates: Vec<Region>,
    left: Option<PartyIx>,
    faults: Vec<String>,
}

impl<'a> Reading<'a> {
    fn of(scenario: &'a Scenario, chronicle: &Chronicle) -> Self {
        let mandates = vec![Region::all(&scenario.space); scenario.parties.len()];
        let in_force = Package::STATUS_QUO;
        let mut reading =
            Self { scenario, in_force, round: None, mandates, left: None, faults: Vec::new() };
        for entry in &chronicle.entries {
            reading.round(entry);
            reading.signing(entry);
            reading.table(entry);
        }
        reading
    }

    fn fault(&mut self, entry: &Entry, what: &str) {
        self.faults.push(format!("turn {}: {what}: {:?}", entry.turn, entry.event));
    }

    /// Rounds open when none is under way, and close once.
    fn round(&mut self, entry: &Entry) {
        match &entry.event {
            Event::RoundOpened { round, .. } => {
                if self.round.is_some() {
                    self.fault(entry, "a round opens within another");
                }
                self.round = Some(*round);
                self.mandates.clone_from(&self.scenario.rounds[round.ix()].mandates);
                self.left = None;
            }
            Event::RoundClosed { round, ending, left_by, text } => {
                if self.round != Some(*round) {
                    self.fault(entry, "a round closes that is not under way");
                }
                if (*ending == Ending::WalkOut) != left_by.is_some() || *left_by != self.left {
                    self.fault(entry, "nobody left, or somebody else");
                }
                if *ending == Ending::Agreement && *text != Some(self.in_force) {
                    self.fault(entry, "what was agreed is not in force");
                }
                (self.round, self.left) = (None, None);
            }
            Event::MandateChanged { party, floor, ceiling, .. } => {
                let mandate = &mut self.mandates[party.ix()];
                mandate.floor.set(floor.issue, floor.rung);
                mandate.ceiling.set(ceiling.issue, ceiling.rung);
            }
            _ => {}
        }
    }

    /// What is signed lies within the agenda, the mandates and the red lines of all.
    fn signing(&mut self, entry: &Entry) {
        let (Event::TextInitialled { text } | Event::AgreementReached { text, .. }) = &entry.event
        else {
            return;
        };
        let Some(round) = self.round else { return self.fault(entry, "signed out of session") };
        let agenda = &self.scenario.rounds[round.ix()].agenda;
        let strayed = |k: &IssueIx| !agenda.contains(k) && text.rung(*k) != self.in_force.rung(*k);
        if !self.scenario.space.contains(text) {
            self.fault(entry, "no package of this scenario");
        } else if self.scenario.space.issues().any(|k| strayed(&k)) {
            self.fault(entry, "signed on what is not on the agenda");
        }
        for (party, mandate) in self.scenario.parties.iter().zip(self.mandates.clone()) {
            if !party.red_lines.contains(text) {
                self.fault(entry, "signed across a red line");
            }
            if !mandate.contains(text) {
                self.fault(entry, "signed outside a mandate");
            }
        }
        let by_stakes = |party: &demarche_engine::scenario::Party| {
            matches!(party.preferences, Preferences::Stakes(_))
        };
        if self.scenario.parties.iter().any(by_stakes) && *text == self.in_force {
            self.fault(entry, "agreed on nothing");
        }
        if let Event::AgreementReached { text, .. } = &entry.event {
            self.in_force = *text;
        }
    }

    /// Nobody moves at the table when no round is under way, or when the talks have been left.
    fn table(&mut self, entry: &Entry) {
        match &entry.event {
            Event::WalkedOut { party, .. } | Event::DelegationRecalled { party } => {
                self.left = Some(*party);
            }
            Event::BringBackTried { party, returned, .. } => {
                if self.left != Some(*party) {
                    self.fault(entry, "brought back who had not left");
                }
                self.left = self.left.filter(|_| !returned);
            }
            Event::OfferTabled { party, .. } => {
                if self.left.is_some() {
                    self.fault(entry, "an offer while the talks are left");
                }
                let direct = self.scenario.protocol.variant != Variant::MediatedSingleText;
                if self.round.is_none() || (direct && !self.may_sign(*party, entry)) {
                    self.fault(entry, "an offer that could not be signed");
                }
            }
            Event::HomeReplied { .. } if self.round.is_none() => {
                self.fault(entry, "an answer to what is history");
            }
            Event::TextAccepted { .. }
            | Event::IssueAccepted { .. }
            | Event::IssueBracketed { .. }
            | Event::HomeAsked { .. }
            | Event::TalksStalled { .. }
            | Event::TextTabled { .. }
                if self.round.is_none() || self.left.is_some() =>
            {
                self.fault(entry, "a move while there are no talks");
            }
            _ => {}
        }
    }

    fn may_sign(&self, party: PartyIx, entry: &Entry) -> bool {
        let Event::OfferTabled { package, .. } = &entry.event else { return false };
        let lines = &self.scenario.parties[party.ix()].red_lines;
        self.mandates[party.ix()].contains(package) && lines.contains(package)
    }
}
