//! Home: what is asked there, what comes back and how late, mandates, ratification, public words.

use demarche_domain::index::PartyIx;
use demarche_domain::package::Package;

use super::page::Part;
use super::{Dispatch, Scene};
use crate::decision::Statement;
use crate::event::{Answer, Event};
use crate::prose::{inside, list, owns};
use crate::seat::Seat;
use crate::wire::RungOf;
use crate::wording::span;

impl Dispatch<'_> {
    pub(super) fn home_asked(&mut self, party: PartyIx, rung: RungOf) {
        self.ledger.asked.entry(party).or_default().asked += 1;
        let (capital, point) = (self.capital(party), self.point(rung));
        self.delegates(party, &format!("ask {capital} whether they may sign {point}"));
    }

    pub(super) fn home_replied(
        &mut self,
        scene: Scene<'_>,
        party: PartyIx,
        (rung, answer): (Option<RungOf>, Answer),
        waited_turns: u32,
    ) {
        let asked = self.ledger.asked.entry(party).or_default();
        // Putting an answer off is no answer.
        asked.replied += u32::from(answer != Answer::Deferred);
        asked.extended += u32::from(answer == Answer::Extended);
        asked.longest_turns = asked.longest_turns.max(waited_turns);
        let capital = self.capital(party);
        let after = match waited_turns {
            0 => "at once".to_owned(),
            turns => format!("after {}", self.calendar.span(turns)),
        };
        let words = match rung {
            Some(rung) => self.reply_on_rung(scene, party, rung, answer),
            None => reply_on_text(answer).to_owned(),
        };
        self.say(Part::Capitals, &format!("{after} {capital} {words}"));
    }

    fn reply_on_rung(
        &self,
        scene: Scene<'_>,
        party: PartyIx,
        rung: RungOf,
        answer: Answer,
    ) -> String {
        let point = self.point(rung);
        match answer {
            Answer::Extended => format!("answers: {}", self.extension(scene, party, rung)),
            Answer::Refused => format!("answers no to {point}"),
            Answer::Deferred => format!("puts off its answer on {point}"),
            Answer::Revoked => {
                format!("answers no to {point} and goes back to its first instructions")
            }
        }
    }

    pub(super) fn text_referred(&mut self, party: PartyIx) {
        self.ledger.asked.entry(party).or_default().asked += 1;
        let capital = self.capital(party);
        self.delegates(party, &format!("refer the text to {capital} for leave to sign"));
    }

    /// How far a mandate was extended: it may stop short of what was asked.
    fn extension(&self, scene: Scene<'_>, party: PartyIx, rung: RungOf) -> String {
        let change = |event: &Event| match event {
            Event::MandateChanged { party: p, floor, ceiling, asked: true }
                if *p == party && floor.issue == rung.issue =>
            {
                Some((floor.rung, ceiling.rung))
            }
            _ => None,
        };
        let point = self.point(rung);
        match scene.events().find_map(change) {
            Some((_, ceiling)) if ceiling < rung.rung => {
                let reach = self.rung(RungOf { rung: ceiling, ..rung });
                format!("its delegates may go as far as {reach}, short of {point}")
            }
            Some((floor, _)) if rung.rung < floor => {
                let reach = self.rung(RungOf { rung: floor, ..rung });
                format!("its delegates may come down to {reach}, short of {point}")
            }
            _ => format!("its delegates may sign {point}"),
        }
    }

    /// A change that was asked for is told with the answer.
    pub(super) fn mandate_changed(
        &mut self,
        scene: Scene<'_>,
        party: PartyIx,
        (floor, ceiling): (RungOf, RungOf),
        asked: bool,
    ) {
        let answered = |event: &Event| match event {
            Event::HomeReplied { party: p, rung, answer, .. } => {
                let same = rung.is_some_and(|rung| rung.issue == floor.issue);
                *p == party && same && *answer == Answer::Extended
            }
            _ => false,
        };
        if asked && scene.events().any(answered) {
            return;
        }
        let unasked = if asked { "" } else { "unasked, " };
        let range = span(self.cast, floor, ceiling);
        let (capital, issue) = (self.capital(party), inside(self.cast.issue(floor.issue)));
        let text = format!("{unasked}{capital} changes the mandate on {issue}");
        self.say(Part::Capitals, &format!("{text}: its delegates may now sign {range}"));
    }

    pub(super) fn acceptance_revoked(&mut self, scene: Scene<'_>, party: PartyIx) {
        let said = |event: &Event| match event {
            Event::HomeReplied { party: p, answer, .. } => {
                *p == party && matches!(answer, Answer::Revoked | Answer::Refused)
            }
            _ => false,
        };
        if !scene.events().any(said) {
            let text = format!("{} goes back to its first instructions", self.capital(party));
            self.say(Part::Capitals, &text);
        }
    }

    pub(super) fn delegation_recalled(&mut self, party: PartyIx) {
        self.say(Part::Capitals, &format!("{} calls its delegation home", self.capital(party)));
    }

    /// All that were heard at one home, in a sentence.
    pub(super) fn constituencies_heard(&mut self, scene: Scene<'_>, party: PartyIx) {
        let of_home =
            |event: &Event| match event {
                Event::ConstituencyHeard {
                    seat: Seat::Constituency(p, which), consents, ..
                } if *p == party => Some((*which, *consents)),
                _ => None,
            };
        if !scene.is_first(|event| of_home(event).is_some()) {
            return;
        }
        let who = |consenting: bool| {
            let heard = scene.events().filter_map(of_home);
            let alike = heard.filter(|(_, consents)| *consents == consenting);
            let names = alike.map(|(which, _)| inside(self.cast.constituency(party, which)));
            list(&names.collect::<Vec<_>>())
        };
        // Said of a body in the singular or the plural alike.
        let consent = match (who(true), who(false)) {
            (none, lacking) if none.is_empty() => format!("lacks the consent of {lacking}"),
            (given, none) if none.is_empty() => format!("has the consent of {given}"),
            (given, lacking) => format!("has the consent of {given}, but lacks that of {lacking}"),
        };
        self.say(Part::Close, &format!("in {} the text {consent}", self.capital(party)));
    }

    pub(super) fn ratification_decided(
        &mut self,
        scene: Scene<'_>,
        party: PartyIx,
        ratified: bool,
        (gain, stalling): (f64, f64),
    ) {
        let vetoed = |event: &Event| match event {
            Event::ConstituencyHeard { seat, consents, .. } => {
                seat.party() == Some(party) && !*consents
            }
            _ => false,
        };
        let ratifies =
            |event: &Event| matches!(event, Event::RatificationDecided { ratified: true, .. });
        let heard = |event: &Event| matches!(event, Event::ConstituencyHeard { .. });
        let all = scene.events().filter(|event| ratifies(event)).count();
        if all == self.cast.parties.len() && !scene.events().any(heard) {
            if scene.is_first(ratifies) {
                self.say(Part::Close, &format!("{} ratify the text", self.all("sides")));
            }
            return;
        }
        let is_own = self.ledger.is_outside(Seat::Capital(party)) || !self.is_told_why(party);
        let why = match (ratified, scene.events().any(vetoed) || is_own) {
            (true, _) => "ratifies the text",
            (false, true) => "does not ratify the text",
            (false, false) if gain > 0.0 && stalling > 0.0 => {
                "does not ratify the text; it gains by talking on"
            }
            (false, false) if gain > 0.0 => "does not ratify the text",
            (false, false) => "does not ratify the text, which gives it less than no deal",
        };
        self.say(Part::Close, &format!("{} {why}", self.party(party)));
    }

    pub(super) fn agreement_reached(&mut self, scene: Scene<'_>, text: Package) {
        self.table.text = Some(text);
        let told = self.text(&text);
        let heard = |event: &Event| matches!(event, Event::ConstituencyHeard { .. });
        let it = if scene.events().any(heard) { "ratified by all, the text" } else { "it" };
        self.say(Part::Close, &format!("{it} is in force: {told}"));
    }

    pub(super) fn statement_made(
        &mut self,
        scene: Scene<'_>,
        party: PartyIx,
        statement: Statement,
        at_close: bool,
    ) {
        if at_close {
            self.ledger.statement(party, statement);
        }
        let part = if at_close { Part::Close } else { Part::Capitals };
        let alike = |event: &Event| match event {
            Event::StatementMade { statement: s, at_close: c, .. } => {
                *s == statement && *c == at_close
            }
            _ => false,
        };
        let all = scene.events().filter(|event| alike(event)).count() == self.cast.parties.len();
        if all && !scene.is_first(alike) {
            return;
        }
        let told = match statement {
            // Who declared the talks over has not kept silent: it blames nobody.
            Statement::KeepSilent if at_close && self.ledger.has_failed() => match all {
                true => format!("{} lays blame in public", self.neither_side()),
                false => format!("{} lays no blame in public", self.party(party)),
            },
            _ if all => self.chorus(statement),
            _ => format!("{} {}", self.party(party), self.public_words(statement)),
        };
        self.say(part, &told);
    }

    fn public_words(&self, statement: Statement) -> String {
        match statement {
            Statement::Threaten => {
                "repeats its demands in public and says what will follow if they are not met".into()
            }
            Statement::Blame => format!("says in public that {} at fault", self.others_are()),
            Statement::ShareCredit => "shares the credit in public".to_owned(),
            Statement::KeepSilent => "keeps silent".to_owned(),
        }
    }

    fn others_are(&self) -> String {
        let verb = if self.cast.parties.len() == 2 { "is" } else { "are" };
        format!("{} {verb}", self.others())
    }

    /// What all say alike.
    fn chorus(&self, statement: Statement) -> String {
        let (sides, others) = (self.all("sides"), owns(self.others()));
        match statement {
            Statement::Threaten => format!("{sides} repeat their demands in public, with warnings"),
            Statement::Blame => format!("each side says in public that it is {others} fault"),
            Statement::ShareCredit => format!("{sides} share the credit in public"),
            Statement::KeepSilent => format!("{sides} keep silent"),
        }
    }
}

/// The answer to delegates who asked for leave to sign.
const fn reply_on_text(answer: Answer) -> &'static str {
    match answer {
        Answer::Extended => "gives leave to sign the text",
        Answer::Refused => "answers no to the text, and its delegates withdraw their acceptance",
        Answer::Deferred => "puts off its answer on the text",
        Answer::Revoked => "answers no to the text and goes back to its first instructions",
    }
}
