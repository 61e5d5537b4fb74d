//! The mediators: what they carry, hear, offer and press for.

use demarche_domain::index::{MediatorIx, PartyIx};

use super::page::Part;
use super::{Dispatch, Scene};
use crate::event::Event;
use crate::prose::list;

impl Dispatch<'_> {
    /// A message each way between the same two is told as one errand.
    pub(super) fn message_carried(
        &mut self,
        scene: Scene<'_>,
        mediator: MediatorIx,
        from: PartyIx,
        to: PartyIx,
    ) {
        let way = |event: &Event, a: PartyIx, b: PartyIx| match event {
            Event::MessageCarried { mediator: m, from, to } => {
                *m == mediator && *from == a && *to == b
            }
            _ => false,
        };
        if !scene.is_first(|event| way(event, from, to) || way(event, to, from)) {
            return;
        }
        let by = self.mediator(mediator);
        let (one, other) = (self.party(from), self.party(to));
        if scene.events().any(|event| way(event, to, from)) {
            self.say(Part::Table, &format!("{by} carries messages between {one} and {other}"));
        } else {
            self.say(Part::Table, &format!("{by} carries a message from {one} to {other}"));
        }
    }

    pub(super) fn caucus_held(&mut self, scene: Scene<'_>, mediator: MediatorIx) {
        let heard = |event: &Event| match event {
            Event::CaucusHeld { mediator: m, party } if *m == mediator => Some(*party),
            _ => None,
        };
        if scene.is_first(|event| heard(event).is_some()) {
            let (by, sides) = (self.mediator(mediator), self.parties(scene, heard));
            self.say(Part::Table, &format!("{by} hears {sides} in private"));
        }
    }

    pub(super) fn party_pressed(&mut self, scene: Scene<'_>, mediator: MediatorIx) {
        let pressed = |event: &Event| match event {
            Event::PartyPressed { mediator: m, party } if *m == mediator => Some(*party),
            _ => None,
        };
        if scene.is_first(|event| pressed(event).is_some()) {
            let (by, sides) = (self.mediator(mediator), self.parties(scene, pressed));
            self.say(Part::Table, &format!("{by} presses {sides} to move"));
        }
    }

    fn parties(&self, scene: Scene<'_>, of: impl Fn(&Event) -> Option<PartyIx>) -> String {
        list(&scene.events().filter_map(of).map(|party| self.party(party)).collect::<Vec<_>>())
    }

    pub(super) fn guarantee_offered(&mut self, mediator: MediatorIx) {
        self.say(
            Part::Table,
            &format!("{} offers to stand behind a text", self.mediator(mediator)),
        );
    }

    pub(super) fn inducement_offered(&mut self, mediator: MediatorIx, party: PartyIx) {
        let (by, party) = (self.mediator(mediator), self.party(party));
        let text = format!("{by} offers {party} something from outside the text, should it agree");
        self.say(Part::Table, &text);
    }

    pub(super) fn recess_called(&mut self, mediator: MediatorIx) {
        self.say(Part::Table, &format!("{} calls a recess", self.mediator(mediator)));
    }

    pub(super) fn bring_back_tried(
        &mut self,
        mediator: MediatorIx,
        party: PartyIx,
        returned: bool,
    ) {
        let (by, party) = (self.mediator(mediator), self.party(party));
        let answer = if returned {
            "its delegation returns to the table"
        } else {
            "its delegation stays away"
        };
        self.say(Part::Table, &format!("{by} tries to bring {party} back; {answer}"));
    }
}
