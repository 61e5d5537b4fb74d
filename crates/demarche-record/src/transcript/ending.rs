//! The ending: where the run came from and went to, what blocked, and what it does not say.

use demarche_domain::index::PartyIx;
use demarche_domain::package::Package;

use super::ledger::{RoundClose, RoundStory, RunEnd};
use super::{Dispatch, Front};
use crate::decision::Statement;
use crate::event::Ending;
use crate::format::Lineage;
use crate::prose::{counted, hundred, inside, list, number, sentence};

/// So many characters of a digest are enough for people to compare.
const SHORT_DIGEST: usize = 12;

impl Dispatch<'_> {
    /// What stands above the dispatch.
    #[must_use]
    pub fn heading(&self, front: &Front<'_>) -> String {
        let from = self.calendar.day(0);
        let zone = match self.cast.time_zone.as_str() {
            "" => String::new(),
            zone => format!(" ({zone})"),
        };
        let clock = match front.last_turn.map(|turn| self.calendar.day(turn)) {
            Some(to) if to == from => format!("{from}{zone}"),
            Some(to) => format!("{from} to {to}{zone}"),
            None => format!("From {from}{zone}"),
        };
        let numbers = if front.lineage.over_ranges.is_some() {
            "numbers drawn from their ranges, so that outcomes differ widely from seed to seed"
        } else {
            "at the reference point"
        };
        let seed = seed(front.lineage);
        let digest: String = front.scenario_digest.chars().take(SHORT_DIGEST).collect();
        let source = format!("Model {}, scenario {digest}, {seed}, {numbers}", front.model);
        [self.cast.title.as_str(), &clock, &source].map(|l| self.margin.paragraph(l)).concat()
    }

    /// What stands below it: the outcome, the counts, what was hidden, and a caution.
    #[must_use]
    pub fn ending(&self, front: &Front<'_>) -> String {
        let mut text = String::new();
        if let Some(end) = &self.ledger.end {
            text.push_str(&self.margin.silence(&self.calendar, end.turn));
        }
        text.push_str(&self.end_of_the_talks());
        text.push_str(&self.section("In numbers", &self.counts()));
        text.push_str(&self.section("What nobody at the table knew", &self.annex()));
        let seed = seed(front.lineage);
        let paragraph = |line: &str| self.margin.paragraph(&sentence(line));
        let again = match (front.again, front.n_inputs) {
            // On a line of its own, however long, so that it can be pasted.
            (Some(command), _) => format!("To tell this run again:\n  {command}\n"),
            (None, 0) => paragraph(&format!("the same scenario and {seed} tell this run again")),
            (None, _) => paragraph(&format!(
                "the same scenario, {seed} and the same inputs tell this run again"
            )),
        };
        let caution = "A result of this model under its stated assumptions; it is no forecast";
        text + "\n" + &again + &paragraph(caution)
    }

    /// How the run ended.
    pub(super) fn end_of_the_talks(&self) -> String {
        self.section("How it ended", &self.how_it_ended())
    }

    fn section(&self, heading: &str, sentences: &[String]) -> String {
        if sentences.is_empty() {
            return String::new();
        }
        let items = sentences.iter().map(|text| self.margin.item(&sentence(text)));
        self.margin.heading(heading) + &items.collect::<String>()
    }

    fn how_it_ended(&self) -> Vec<String> {
        let mut told: Vec<_> = self.ledger.rounds.iter().map(|r| self.round_in_a_line(r)).collect();
        if let Some(end) = &self.ledger.end {
            told.insert(0, format!("outcome: {}", self.cast.outcome(end.outcome)));
            told.push(self.in_force(&end.in_force));
            told.extend(self.blocked(end));
            told.extend(self.still_acceptable(end));
        }
        let state = self.state_of_the_world();
        told.extend(state.map(|state| format!("at the end of the run {state}")));
        told.extend(self.durability());
        told
    }

    fn round_in_a_line(&self, story: &RoundStory) -> String {
        let name = self.cast.round(story.round);
        let ended = match &story.close {
            _ if story.skipped => "not held".to_owned(),
            None => "not over yet".to_owned(),
            Some(close) => self.closed_in_words(story, close),
        };
        format!("{name}: {ended}{}", self.statements(story))
    }

    fn closed_in_words(&self, story: &RoundStory, close: &RoundClose) -> String {
        let span = self.calendar.span(close.turn.saturating_sub(story.opened_turn));
        match (close.ending, close.left_by) {
            (Ending::Agreement, _) => format!("agreement after {span}"),
            (Ending::WalkOut, Some(party)) => {
                format!("declared over by {} after {span}", self.party(party))
            }
            (Ending::WalkOut, None) => format!("declared over after {span}"),
            (Ending::Deadline, _) => format!("time ran out after {span}, without agreement"),
        }
    }

    fn statements(&self, story: &RoundStory) -> String {
        let Some((_, first)) = story.statements.first() else { return String::new() };
        let alike = story.statements.iter().all(|(_, statement)| statement == first);
        if alike && story.statements.len() == self.cast.parties.len() {
            let sides = match first {
                Statement::Blame => "each side".to_owned(),
                Statement::KeepSilent if story.has_failed() => {
                    return format!("; in closing {} laid blame", self.neither_side());
                }
                _ => self.all("sides"),
            };
            return format!("; in closing {sides} {}", self.said(*first, story));
        }
        let clause = |(party, statement): &(PartyIx, Statement)| {
            format!("{} {}", self.party(*party), self.said(*statement, story))
        };
        format!("; in closing {}", list(&story.statements.iter().map(clause).collect::<Vec<_>>()))
    }

    fn said(&self, statement: Statement, story: &RoundStory) -> String {
        match statement {
            Statement::Threaten => "warned of what would follow".to_owned(),
            Statement::Blame => format!("held {} at fault", self.others()),
            Statement::ShareCredit => "shared the credit".to_owned(),
            Statement::KeepSilent if story.has_failed() => "laid no blame".to_owned(),
            Statement::KeepSilent => "kept silent".to_owned(),
        }
    }

    fn in_force(&self, text: &Package) -> String {
        if *text == Package::STATUS_QUO {
            return "nothing that was negotiated is in force".to_owned();
        }
        format!("in force: {}", self.text(text))
    }

    /// Where the last text of the talks was refused at home, that is what blocked.
    fn unratified(&self) -> Option<String> {
        let close = self.ledger.last_held()?.close.as_ref()?;
        let text = close.text.filter(|_| close.ending != Ending::Agreement)?;
        let refused = self.ledger.unratified.iter().filter(|(_, refused)| *refused == text);
        let mut homes: Vec<String> = Vec::new();
        for home in refused.map(|(party, _)| self.capital(*party)) {
            // A text can come home twice, and two homes can have one name.
            if !homes.contains(&home) {
                homes.push(home);
            }
        }
        (!homes.is_empty()).then(|| format!("what blocked was ratification in {}", list(&homes)))
    }

    fn blocked(&self, end: &RunEnd) -> Option<String> {
        if let Some(at_home) = self.unratified() {
            return Some(at_home);
        }
        let side = end.blocking.1.map(|party| self.party(party));
        match (end.blocking.0, side) {
            (Some(issue), Some(side)) => Some(format!(
                "what blocked was {}, on the side of {side}",
                inside(self.cast.issue(issue))
            )),
            (Some(issue), None) => {
                Some(format!("what blocked was {}", inside(self.cast.issue(issue))))
            }
            (None, Some(side)) => Some(format!("it blocked on the side of {side}")),
            (None, None) => self.nothing_blocked(end),
        }
    }

    /// That no issue blocked is worth saying where there is no agreement all the same.
    fn nothing_blocked(&self, end: &RunEnd) -> Option<String> {
        let close = self.ledger.last_held()?.close.as_ref()?;
        let text = close.text.filter(|_| close.ending != Ending::Agreement)?;
        let would_sign = |own: &Option<Package>| *own == Some(text);
        let all = !end.still_acceptable.is_empty() && end.still_acceptable.iter().all(would_sign);
        Some(if all {
            let sides = self.all("sides");
            format!(
                "no issue blocked: {sides} would have taken the last text, had the talks gone on"
            )
        } else {
            "no single issue blocked".to_owned()
        })
    }

    /// Told only when the last round held ended without agreement: else all took the text.
    fn still_acceptable(&self, end: &RunEnd) -> Vec<String> {
        let close = self.ledger.last_held().and_then(|story| story.close.as_ref());
        if close.is_some_and(|close| close.ending == Ending::Agreement) {
            return Vec::new();
        }
        let text = close.and_then(|close| close.text).or(self.table.text);
        let parties = end.still_acceptable.iter().enumerate();
        parties.map(|(at, own)| self.would_have_taken(PartyIx::at(at), own, text)).collect()
    }

    fn would_have_taken(
        &self,
        party: PartyIx,
        own: &Option<Package>,
        text: Option<Package>,
    ) -> String {
        let name = self.party(party);
        // Where nobody drafted a text, what lay there last was an offer, perhaps one's own.
        let lies = if self.table.text.is_some() { "text" } else { "offer" };
        let is_own = self.table.text.is_none() && self.table.offers[party.ix()] == text;
        if text.is_some_and(|text| self.ledger.unratified.contains(&(party, text))) {
            return format!("{name} did not ratify the last {lies}");
        }
        match (own, text) {
            (None, _) => format!("there was no text that {name} would still have taken"),
            (Some(own), Some(text)) if *own == text && is_own => {
                format!("{name} would have signed its own last offer: {}", self.text(own))
            }
            (Some(own), Some(text)) if *own == text => {
                format!("{name} would have taken the last {lies} as it lay")
            }
            (Some(own), Some(text)) => {
                format!(
                    "{name} would still have taken the last {lies} with {}",
                    self.variant(&text, own)
                )
            }
            (Some(own), None) => format!("{name} would still have taken this: {}", self.text(own)),
        }
    }

    fn durability(&self) -> Option<String> {
        let [lasts_days, holds_30_days, holds_90_days] = self.ledger.durability?;
        let (month, quarter) = (hundred(holds_30_days), hundred(holds_90_days));
        Some(format!(
            "by the model’s clock, such a truce holds for 30 days in {month} cases of a hundred, \
             for 90 days in {quarter}; in this run it lasts {}",
            if lasts_days > 365.0 {
                "more than a year".to_owned()
            } else {
                days_in_words(lasts_days)
            }
        ))
    }

    fn counts(&self) -> Vec<String> {
        let ledger = &self.ledger;
        let mut told: Vec<_> = PartyIx::first(self.cast.parties.len())
            .filter_map(|party| self.consultations(party))
            .collect();
        if !self.cast.groups.is_empty() {
            let (all, some) = (counted(ledger.attacks, "attack"), ledger.in_the_news);
            told.push(match some {
                _ if ledger.attacks == 0 => "no attacks".to_owned(),
                0 => format!("{all}, none in the news"),
                _ => format!("{all}, {some} in the news"),
            });
        }
        told.extend(self.strikes());
        told.extend(self.days_shut());
        told.extend(self.seats_outside());
        told
    }

    fn strikes(&self) -> Option<String> {
        let by = |(party, n): (&PartyIx, &u32)| {
            format!("{} by {}", counted(*n, "strike"), self.party(*party))
        };
        let strikes: Vec<_> = self.ledger.strikes.iter().map(by).collect();
        if strikes.is_empty() {
            let frontier = !self.cast.crossings.is_empty();
            return frontier.then(|| "no strikes across the frontier".to_owned());
        }
        Some(list(&strikes))
    }

    fn consultations(&self, party: PartyIx) -> Option<String> {
        let name = self.party(party);
        let asked = self.ledger.asked.get(&party).copied().unwrap_or_default();
        if asked.asked == 0 {
            // Who has nobody to ask is not told to have asked nobody.
            let has_capital = self.cast.has_capital(party);
            return has_capital.then(|| format!("{name}: no consultation at home"));
        }
        let answers = match (asked.replied, asked.extended) {
            (0, _) => ", none answered in time".to_owned(),
            (replied, yes) => {
                let longest = self.calendar.span(asked.longest_turns);
                let yes = if yes == 0 { "none".to_owned() } else { number(yes) };
                let replied = number(replied);
                format!(", {replied} answered, {yes} with a yes; the longest wait was {longest}")
            }
        };
        Some(format!("{name}: {} at home{answers}", counted(asked.asked, "consultation")))
    }

    fn days_shut(&self) -> Option<String> {
        if self.cast.crossings.is_empty() || self.ledger.recorded_turns == 0 {
            return None;
        }
        let of = self.calendar.span(self.ledger.recorded_turns);
        Some(match self.ledger.shut_turns {
            0 => "the crossings were never all shut".to_owned(),
            all if all == self.ledger.recorded_turns => {
                "the crossings were shut throughout".to_owned()
            }
            shut => format!("the crossings were shut for {} of {of}", self.calendar.span(shut)),
        })
    }
}

/// `seed 42`, and where it branched.
fn seed(lineage: Lineage) -> String {
    let branch = lineage.branch;
    let branch = branch.map(|(turn, seed)| format!(" (from turn {turn} on seed {seed})"));
    format!("seed {}{}", lineage.seed, branch.unwrap_or_default())
}

/// `less than a day`, `1 day`, `134 days`.
fn days_in_words(days: f64) -> String {
    match days.round() {
        whole if whole < 1.0 => "less than a day".to_owned(),
        whole if whole < 2.0 => "1 day".to_owned(),
        whole => format!("{whole:.0} days"),
    }
}
