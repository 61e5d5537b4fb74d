//! Rounds: how the talks open and close, and how the world stands when they do.

use demarche_domain::index::{PartyIx, RoundIx};
use demarche_domain::package::Package;

use super::ledger::{RoundClose, World};
use super::page::Part;
use super::talks::Table;
use super::world::{crossings_words, fighting_words};
use super::{Dispatch, Scene};
use crate::event::Ending;
use crate::prose::{hundred, inside, owns};

/// Whether the name of a round could be that of a place.
fn is_place(name: &str) -> bool {
    let is_numbered = name.to_lowercase().contains("round") || name.contains(char::is_numeric);
    !name.starts_with("the ") && !is_numbered
}

/// Moves of trust smaller than this are told as none. [ours: two in a hundred]
const NO_MOVE: f64 = 0.02;

impl Dispatch<'_> {
    pub(super) fn round_opened(&mut self, scene: Scene<'_>, round: RoundIx, closes_turn: u32) {
        self.table = Table::new(self.cast);
        self.ledger.round_opened(scene.turn(), round);
        let due = self.date_and_hour(closes_turn);
        self.say(Part::World, &format!("{}, due to close by {due}", self.opening(round)));
    }

    /// `talks open in Doha`; a round that is not named after a place opens by its name.
    fn opening(&self, round: RoundIx) -> String {
        let name = inside(self.cast.round(round));
        let venue = inside(&self.cast.rounds[round.ix()].venue);
        match name.strip_prefix("the ") {
            Some("talks") if venue == name => "the talks open".to_owned(),
            _ if venue == name && !is_place(&name) => format!("talks open: {name}"),
            _ if venue.contains(&name) => format!("talks open in {venue}"),
            _ => format!("{name}: talks open in {venue}"),
        }
    }

    pub(super) fn round_extended(&mut self, closes_turn: u32) {
        let due = self.date_and_hour(closes_turn);
        self.say(
            Part::World,
            &format!("the talks are extended; they are now due to close by {due}"),
        );
    }

    pub(super) fn round_skipped(&mut self, round: RoundIx) {
        self.ledger.round_skipped(round);
        let name = self.cast.round(round);
        let text = format!("{name}: no talks are held, because of how the ones before ended");
        self.say(Part::World, &text);
    }

    pub(super) fn round_closed(
        &mut self,
        scene: Scene<'_>,
        round: RoundIx,
        (ending, left_by): (Ending, Option<PartyIx>),
        text: Option<Package>,
    ) {
        let close = RoundClose { turn: scene.turn(), ending, left_by, text };
        let sat = self.ledger.round_closed(round, close).map(|turns| self.calendar.span(turns));
        let after = sat.map_or(String::new(), |span| format!(" after {span}"));
        // A round that is only called "the talks" needs no second naming.
        let name = self.cast.round(round);
        let talks = match inside(name).strip_prefix("the ") {
            Some("talks") => "the talks close".to_owned(),
            _ => format!("{name}: the talks close"),
        };
        let told = match (ending, left_by) {
            (Ending::Agreement, _) => format!("{talks} with an agreement{after}"),
            (Ending::WalkOut, Some(party)) => {
                format!("{talks}{after}, declared over by {}", self.party(party))
            }
            (Ending::WalkOut, None) => format!("{talks}{after}, declared over"),
            (Ending::Deadline, _) => {
                let which = talks.strip_suffix("the talks close").unwrap_or_default();
                format!("{which}time has run out{after}, and the talks close without agreement")
            }
        };
        self.say(Part::Close, &told);
    }

    /// `Sunday 19 October at 06:00`.
    pub(super) fn date_and_hour(&self, turn: u32) -> String {
        self.calendar.turn(turn).strftime("%A %-d %B at %H:%M").to_string()
    }

    /// A turn's record is not told, but when a round has closed it says how the world stands.
    pub(super) fn turn_recorded(&mut self, scene: Scene<'_>, world: World) {
        let is_first = self.ledger.world.is_none();
        self.ledger.record(scene, world);
        let state = self.state_of_the_world();
        if let Some(state) = state.as_ref().filter(|_| is_first) {
            self.say(Part::World, &format!("at the outset {state}"));
        }
        if self.ledger.closing.take().is_some() {
            if let Some(state) = &state {
                self.say(Part::Close, &format!("at the close {state}"));
            }
            if let Some(moves) = self.trust_since_opening() {
                self.say(Part::Close, &format!("since the opening {moves}"));
            }
        }
    }

    /// Fighting, and crossings with those who hold them shut, where the scenario has any.
    pub(super) fn state_of_the_world(&self) -> Option<String> {
        let world = self.ledger.world.as_ref()?;
        let is_fought = self.ledger.is_fought || !self.cast.groups.is_empty();
        let fighting = is_fought.then(|| format!("there is {}", fighting_words(world.fighting)));
        let crossings = (!self.cast.crossings.is_empty()).then(|| {
            let by: Vec<_> = world.shut_by.iter().map(|by| self.party(*by)).collect();
            crossings_words(world.open_share, &by)
        });
        let both: Vec<String> = [fighting, crossings].into_iter().flatten().collect();
        (!both.is_empty()).then(|| both.join(", and "))
    }

    /// How trust has moved in the last round that was held, if it moves at all.
    fn trust_since_opening(&self) -> Option<String> {
        let trust = self.ledger.world.as_ref()?.trust.as_slice();
        let opening = self.ledger.last_held()?.trust.as_deref()?;
        if opening.len() != trust.len() || opening == trust {
            return None;
        }
        let clause = |(at, (from, to)): (usize, (&f64, &f64))| {
            let (of, toward) = self.pair(at, trust.len())?;
            Some(self.trust_move((of, toward), (*from, *to)))
        };
        let clauses: Vec<_> = opening.iter().zip(trust).enumerate().filter_map(clause).collect();
        Some(clauses.join("; "))
    }

    fn trust_move(&self, (of, toward): (PartyIx, PartyIx), (from, to): (f64, f64)) -> String {
        let trust = format!("{} trust in {}", owns(&self.party(of)), self.party(toward));
        let (before, now) = (hundred(from), hundred(to));
        if (to - from).abs() < NO_MOVE {
            return format!("{trust} has hardly moved, at {now} in a hundred");
        }
        let verb = if from < to { "risen" } else { "fallen" };
        format!("{trust} has {verb} from {before} to {now} in a hundred")
    }

    /// Who trusts whom at a place of the rows, which may or may not hold a place for oneself.
    fn pair(&self, at: usize, places: usize) -> Option<(PartyIx, PartyIx)> {
        let parties = self.cast.parties.len();
        let (of, toward) = if places == parties * parties {
            (at / parties, at % parties)
        } else if places == parties * (parties - 1) {
            let (of, place) = (at / (parties - 1), at % (parties - 1));
            (of, place + usize::from(place >= of))
        } else {
            return None;
        };
        (of != toward).then(|| (PartyIx::at(of), PartyIx::at(toward)))
    }
}
