//! The world around the table: shocks, attacks, strikes, the truce, the frontier, trust.

use demarche_domain::index::{GroupIx, PartyIx, ShockIx};

use super::page::Part;
use super::{Dispatch, Scene};
use crate::event::{Event, TrustCause};
use crate::legible::Words;
use crate::prose::{hundred, inside, list, number, owns};

/// Below this share of the daily trade, crossings are told as shut. [ours: stranded trucks and
/// foot traffic alone pass below it]
pub(super) const SHUT_BELOW: f64 = 0.05;
/// Smaller moves of trust are not told. [ours: five in a hundred]
const NOTABLE_TRUST: f64 = 0.05;

/// From this severity on, an attack is told as grave. [1; ours: five times the least salient]
const GRAVE_FROM: f64 = 5.0;

fn is_grave(event: &Event) -> bool {
    matches!(event, Event::AttackStruck { severity, .. } if *severity >= GRAVE_FROM)
}

/// Fighting in words. The bounds are ours, for telling only.
pub(super) const fn fighting_words(fighting: f64) -> &'static str {
    match fighting {
        ..0.02 => "no fighting",
        0.02..0.15 => "scattered fire",
        0.15..0.4 => "some fighting",
        0.4..0.7 => "heavy fighting",
        _ => "fighting close to open war",
    }
}

/// How much of the daily trade can pass, and who holds up the rest, in words. The bounds are ours,
/// for telling only.
pub(super) fn crossings_words(open_share: f64, shut_by: &[String]) -> String {
    let held_up = match shut_by {
        [] => String::new(),
        by => format!(", the rest held up by {}", list(by)),
    };
    match open_share {
        ..SHUT_BELOW if shut_by.is_empty() => "the crossings are shut".to_owned(),
        ..SHUT_BELOW => format!("the crossings are shut by {}", list(shut_by)),
        SHUT_BELOW..0.5 => format!("a small part of the trade can pass{held_up}"),
        0.5..0.95 => format!("most of the trade can pass{held_up}"),
        _ => "the crossings are open".to_owned(),
    }
}

const fn cause_words(cause: TrustCause) -> &'static str {
    match cause {
        TrustCause::Attacks => "after attacks",
        TrustCause::Calm => "as days pass without grave attacks or strikes",
        TrustCause::Strikes => "after strikes",
        TrustCause::Concession => "after a concession",
        TrustCause::Stalling => "as the talks are drawn out",
        TrustCause::Reneging => "after an acceptance was taken back",
        TrustCause::WalkOut => "after the other left the talks",
        TrustCause::Blame => "after being blamed",
        TrustCause::Goodwill => "after crossings were opened",
        TrustCause::Mediator => "on a mediator’s word",
        TrustCause::Shock => "on the news",
    }
}

/// A pair of parties whose trust moved in a turn: before, after, and why.
struct Move {
    pair: (PartyIx, PartyIx),
    from: f64,
    to: f64,
    causes: Vec<TrustCause>,
}

impl Dispatch<'_> {
    pub(super) fn shock_struck(&mut self, shock: ShockIx, injected: bool) {
        let name = inside(self.cast.shock(shock));
        let from = if injected { " (let in by hand)" } else { "" };
        self.say(Part::World, &format!("news from outside the talks{from}: {name}"));
    }

    /// The sentence ends where the words do.
    pub(super) fn announced(&mut self, words: &Words) {
        let words = words.as_str().trim_end_matches('.');
        let told = format!("news from outside the talks, in words of who let it in: “{words}”");
        self.say(Part::World, &told);
    }

    pub(super) const fn attacks_counted(&mut self, count: u32, salient: u32) {
        self.ledger.attacks += count;
        self.ledger.in_the_news += salient;
    }

    /// All attacks of a group on one target in a turn are one sentence.
    pub(super) fn attack_struck(&mut self, scene: Scene<'_>, group: GroupIx, target: PartyIx) {
        let same = |event: &Event| match event {
            Event::AttackStruck { group: g, target: t, .. } => *g == group && *t == target,
            _ => false,
        };
        if !scene.is_first(same) {
            return;
        }
        let count = u32::try_from(scene.events().filter(|e| same(e)).count()).unwrap_or(u32::MAX);
        let (group, target) = (inside(self.cast.group(group)), self.party(target));
        let grave = scene.events().filter(|event| same(event)).any(is_grave);
        // A group's name may be one or many: "the TTP", "the TTP and others".
        let text = match count {
            1 if grave => format!("a grave attack by {group} on {target} makes the news"),
            1 => format!("an attack by {group} on {target} makes the news"),
            _ => format!("{} attacks by {group} on {target} make the news", number(count)),
        };
        let among = if grave && count > 1 { ", a grave one among them" } else { "" };
        self.say(Part::World, &format!("{text}{among}"));
    }

    pub(super) fn strike(
        &mut self,
        scene: Scene<'_>,
        (by, against): (PartyIx, PartyIx),
        in_answer: bool,
        fighting: f64,
    ) {
        *self.ledger.strikes.entry(by).or_default() += 1;
        self.ledger.is_fought = true;
        let (by, against) = (self.party(by), self.party(against));
        let strike = if in_answer {
            format!("{by} answers with a strike on {against}")
        } else {
            format!("{by} strikes {against} across the frontier")
        };
        let now = if scene.is_last(|event| matches!(event, Event::StrikeCarriedOut { .. })) {
            format!("; there is now {}", fighting_words(fighting))
        } else {
            String::new()
        };
        self.say(Part::World, &format!("{strike}{now}"));
    }

    pub(super) fn truce_began(&mut self) {
        self.say_next("a truce comes into force");
    }

    pub(super) fn truce_lapsed(&mut self) {
        self.say(Part::World, "the truce lapses: its time is up, and no text has made another");
    }

    pub(super) fn truce_broke(&mut self) {
        self.say(Part::World, "the truce breaks: fighting has grown past what it can bear");
    }

    pub(super) fn crossings_shut(&mut self, scene: Scene<'_>, by: PartyIx) {
        let shuts = |event: &Event| matches!(event, Event::CrossingsShut { .. });
        let count = scene.events().filter(|event| shuts(event)).count();
        if count == self.cast.parties.len() {
            if scene.is_first(shuts) {
                self.say(Part::World, &format!("{} shut their crossings", self.all("sides")));
            }
            return;
        }
        self.say(Part::World, &format!("{} shuts its crossings", self.party(by)));
    }

    pub(super) fn crossings_opened(&mut self, scene: Scene<'_>, by: PartyIx, flowing: bool) {
        let traffic = match (flowing, scene.is_even()) {
            (true, true) => ", and all that it had shut is open again",
            (true, false) => ", and traffic flows again",
            (false, _) => ", though not all that it had shut is open at the frontier",
        };
        self.say(Part::World, &format!("{} opens its crossings{traffic}", self.party(by)));
    }

    pub(super) fn moment_ripened(&mut self) {
        let text = "the moment is ripe, in the sense of the theory: every side hurts, and there is \
                    a text that would leave all of them better off";
        self.say(Part::World, text);
    }

    pub(super) fn moment_passed(&mut self) {
        self.say(Part::World, "the ripe moment has passed");
    }

    /// All that moves in a turn is told in one sentence, at the first of it.
    pub(super) fn trust_moved(&mut self, scene: Scene<'_>) {
        if !scene.is_first(|event| matches!(event, Event::TrustMoved { .. })) {
            return;
        }
        let mut moves = moves(scene);
        moves.retain(|m| (m.to - m.from).abs() >= NOTABLE_TRUST - 1e-9);
        let clause = |(at, m): (usize, &Move)| self.trust_clause(m, at == 0);
        let clauses: Vec<_> = moves.iter().enumerate().map(clause).collect();
        if !clauses.is_empty() {
            self.say_next(&clauses.join("; "));
        }
    }

    fn trust_clause(&self, moved: &Move, is_first: bool) -> String {
        let (of, toward) = (owns(&self.party(moved.pair.0)), self.party(moved.pair.1));
        let trust = if is_first { " trust" } else { "" };
        let verb = if moved.from < moved.to { "rises" } else { "falls" };
        let scale = if is_first { " in a hundred" } else { "" };
        let causes: Vec<_> = moved.causes.iter().map(|c| cause_words(*c).to_owned()).collect();
        // "After attacks and after strikes" says "after" once too often.
        let causes = list(&causes).replace(" and after ", " and ").replace(", after ", ", ");
        let (from, to) = (hundred(moved.from), hundred(moved.to));
        format!("{of}{trust} in {toward} {verb} from {from} to {to}{scale} {causes}")
    }
}

/// The moves of trust in a turn, those of the same pair joined.
fn moves(scene: Scene<'_>) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for event in scene.events() {
        if let Event::TrustMoved { of, toward, from, to, cause } = event {
            let pair = (*of, *toward);
            if let Some(known) = moves.iter_mut().find(|known| known.pair == pair) {
                known.to = *to;
                if !known.causes.contains(cause) {
                    known.causes.push(*cause);
                }
            } else {
                moves.push(Move { pair, from: *from, to: *to, causes: vec![*cause] });
            }
        }
    }
    moves
}
