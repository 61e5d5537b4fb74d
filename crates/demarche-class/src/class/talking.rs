//! Talk: what people write to each other, to themselves, and in answer to questions.

use std::collections::BTreeMap;

use demarche_record::legible;
use demarche_record::seat::Seat;
use demarche_seat::chairs;

use super::{Class, Phase, Refused, not_kept};
use crate::deed;
use crate::talk::{self, Channel, Message};

/// How much somebody may write at one breath. [messages]
const BREATH: u32 = 20;
/// How long it takes to have breath for one message more. [s]
const BREATHES: u32 = 2;

/// How much breath people have spent.
#[derive(Clone, Debug, Default)]
pub(super) struct Breath {
    spent: BTreeMap<i64, u32>,
    seconds: u32,
}

impl Breath {
    /// A second has gone by.
    pub(super) fn tick(&mut self) {
        self.seconds += 1;
        if self.seconds.is_multiple_of(BREATHES) {
            self.spent.values_mut().for_each(|spent| *spent -= 1);
            self.spent.retain(|_, spent| *spent > 0);
        }
    }

    fn is_out(&self, person: i64) -> bool {
        self.spent.get(&person).is_some_and(|spent| *spent >= BREATH)
    }

    fn spend(&mut self, person: i64) {
        *self.spent.entry(person).or_default() += 1;
    }
}

impl Class {
    /// What a seat has heard at its table, in order; everything once the talks are over.
    pub fn heard(&self, at: usize, seat: Seat) -> impl Iterator<Item = &Message> {
        let channels = talk::channels(self.scenario(), seat);
        let keys: Vec<String> = channels.into_iter().map(Channel::key).collect();
        let is_open = self.phase == Phase::Debrief;
        self.messages
            .iter()
            .filter(move |message| message.at == at)
            .filter(move |message| is_open && message.is_talk() || keys.contains(&message.channel))
    }

    /// What people of a table wrote in the debrief, under one heading.
    pub fn written<'a>(&'a self, at: usize, heading: &'a str) -> impl Iterator<Item = &'a Message> {
        self.messages(at).filter(move |message| message.channel == heading)
    }

    /// All messages of a table.
    pub fn messages(&self, at: usize) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(move |message| message.at == at)
    }

    /// What somebody last answered to a question on the brief, by its place.
    #[must_use]
    pub fn answered(&self, person: i64, question: &str) -> Option<usize> {
        let channel = talk::check(question);
        let mut own = self.messages.iter().rev().filter(|message| message.person == person);
        own.find(|message| message.channel == channel)?.text.parse().ok()
    }

    pub(super) fn say(&mut self, person: i64, channel: &str, text: &str) -> Result<(), Refused> {
        let (at, seat) = self.chair(person).ok_or_else(|| "Take a seat first.".to_owned())?;
        let mut channels = talk::channels(self.scenario(), seat).into_iter();
        let is_of_debrief = [talk::PREDICTION, talk::REFLECTION].contains(&channel);
        let is_open = is_of_debrief && self.phase == Phase::Debrief;
        if !is_open && !channels.any(|known| known.key() == channel) {
            return Err(deed::UNREADABLE.to_owned());
        }
        let is_second = channel == talk::PREDICTION
            && self.written(at, channel).any(|message| message.person == person);
        if is_second {
            return Err("You have looked already: a prediction comes before that.".to_owned());
        }
        if self.breath.is_out(person) {
            return Err("That is much at once. Wait a little, then send it again.".to_owned());
        }
        let text = legible::seen(text);
        let text = text.trim();
        match text.chars().count() {
            0 => return Err("Write something first.".to_owned()),
            1..=talk::LONGEST => {}
            _ => return Err(format!("A message has {} characters at most.", talk::LONGEST)),
        }
        self.keep_message(person, (at, seat), channel, text)?;
        self.breath.spend(person);
        Ok(())
    }

    fn keep_message(
        &mut self,
        person: i64,
        (at, seat): (usize, Seat),
        channel: &str,
        text: &str,
    ) -> Result<(), Refused> {
        let message = Message {
            at,
            channel: channel.to_owned(),
            person,
            seat: chairs::name(seat, &self.scenario().cast),
            turn: self.tables[at].turn(),
            text: text.to_owned(),
        };
        self.store.add_message(&message).map_err(|cause| not_kept(&cause))?;
        self.messages.push(message);
        self.versions[at] += 1;
        Ok(())
    }

    /// Keeps an answer to a question on the brief, and says whether it is right.
    pub(super) fn check(
        &mut self,
        person: i64,
        question: &str,
        choice: usize,
    ) -> Result<&'static str, Refused> {
        let chair = self.chair(person).ok_or_else(|| "Take a seat first.".to_owned())?;
        let known = self.kit.iter().flat_map(|kit| &kit.questions);
        let known = known.clone().find(|known| known.key == question);
        let known = known.filter(|known| choice < known.choices.len());
        let is_right = known.ok_or_else(|| deed::UNREADABLE.to_owned())?.right == choice;
        self.keep_message(person, chair, &talk::check(question), &choice.to_string())?;
        Ok(if is_right { "That is it." } else { "Not quite: the reason stands there now." })
    }
}
