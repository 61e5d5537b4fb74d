//! The annex: what the run decided in secret, and which seats were taken by people.

use demarche_domain::index::{GroupIx, PartyIx};

use super::Dispatch;
use super::ledger::{Capital, Curbing};
use crate::prose::{counted, hundred, inside, list, owns};
use crate::seat::Seat;

impl Dispatch<'_> {
    /// What nobody at the table knew.
    pub(super) fn annex(&self) -> Vec<String> {
        // Where no capital hides anything, there is nothing to reveal.
        let all = self.ledger.capitals.as_slice();
        let all = if all.iter().all(|capital| capital.is_plain) { &[] } else { all };
        let capitals = all.iter().map(|capital| self.drawn(capital));
        let curbing = self.ledger.curbing.iter();
        capitals.chain(curbing.map(|(of, spells)| self.curbed(*of, spells))).collect()
    }

    fn drawn(&self, capital: &Capital) -> String {
        let name = self.party(capital.party);
        let wanted = if capital.sincere {
            "wanted an agreement"
        } else {
            "wanted talks more than an agreement"
        };
        if capital.capacity >= 1.0 {
            return format!("{name} {wanted}, and was able to keep all its promises");
        }
        let able = hundred(capital.capacity);
        format!("{name} {wanted}; it was able to keep {able} in a hundred of its promises")
    }

    fn curbed(&self, (by, group): (PartyIx, GroupIx), spells: &[Curbing]) -> String {
        let (by, group) = (self.party(by), inside(self.cast.group(group)));
        let spell = |spell: &Curbing| {
            let from = self.date_and_hour(spell.from_turn);
            match spell.until_turn {
                Some(until) => format!("from {from} until {}", self.date_and_hour(until)),
                None => format!("from {from} on"),
            }
        };
        match spells {
            [_] | [_, _] => {
                let spells: Vec<_> = spells.iter().map(spell).collect();
                format!("{by} curbed {group} {}", list(&spells))
            }
            _ => {
                let times = u32::try_from(spells.len()).unwrap_or(u32::MAX);
                let times = counted(times, "time");
                let turns =
                    spells.iter().map(|s| s.until_turn.map_or(0, |u| u - s.from_turn)).sum();
                let still = spells.last().is_some_and(|last| last.until_turn.is_none());
                let still = if still { ", and to the end" } else { "" };
                let span = self.calendar.span(turns);
                format!("{by} curbed {group} {times}, for {span} together{still}")
            }
        }
    }

    /// The seats at which someone outside decided.
    pub(super) fn seats_outside(&self) -> Option<String> {
        let seat = |(seat, n): (&Seat, &u32)| {
            format!("{} ({})", self.seat(*seat), counted(*n, "decision"))
        };
        let seats: Vec<_> = self.ledger.outside.iter().map(seat).collect();
        (!seats.is_empty()).then(|| format!("decided from outside: {}", list(&seats)))
    }

    fn seat(&self, seat: Seat) -> String {
        match seat {
            Seat::Capital(party) => self.capital(party),
            Seat::Delegation(party) => format!("{} delegation", owns(&self.party(party))),
            Seat::Mediator(mediator) => self.mediator(mediator),
            Seat::Constituency(party, which) => inside(self.cast.constituency(party, which)),
        }
    }
}
