//! The patterns of the case, P1 to P7, read off a chronicle.
//!
//! They are measures, not rules: nothing in the engine knows of them.

use demarche_domain::index::RoundIx;
use demarche_record::chronicle::Chronicle;
use demarche_record::decision::Statement;
use demarche_record::event::{Answer, Ending, Event};

/// What each pattern says.
pub const PATTERNS: [(&str, &str); 7] = [
    ("P1", "Doha ends within a day in a ceasefire, with a follow-up"),
    ("P2", "Istanbul ends without agreement, as a declared failure, on day 3 to 5"),
    ("P3", "three consultations at home or more, in Istanbul"),
    ("P4", "a side moves, and its home goes back on it, in Istanbul"),
    ("P5", "attacks go on in Istanbul while the truce between the states holds"),
    ("P6", "crossings are shut at the end"),
    ("P7", "both sides blame the other at the end"),
];

const DOHA: RoundIx = RoundIx(0);
const ISTANBUL: RoundIx = RoundIx(1);

/// What one run shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Each pattern.
    pub patterns: [bool; 7],
    /// Whether Istanbul ended in an agreement.
    pub is_agreed: bool,
    /// Whether each party, in roster order, was drawn sincere.
    pub is_sincere: [bool; 2],
}

/// What is noted while a chronicle is read.
#[derive(Default)]
struct Notes {
    round: Option<RoundIx>,
    opened: u32,
    truce: bool,
    consultations: u32,
    moved: [bool; 2],
    attacks_under_truce: u32,
    open_share: f64,
    blames: u32,
}

/// Reads the patterns off a run of the flagship, with turns of this many hours.
#[must_use]
pub fn patterns(chronicle: &Chronicle, turn_hours: f64) -> Shown {
    let mut shown = Shown::default();
    // The flagship begins under the 48-hour truce.
    let mut notes = Notes { truce: true, ..Notes::default() };
    for entry in &chronicle.entries {
        read(&mut shown, &mut notes, entry.turn, &entry.event, turn_hours);
    }
    let [.., p5, p6, p7] = &mut shown.patterns;
    *p5 = notes.attacks_under_truce > 0 && notes.truce;
    *p6 = notes.open_share < 0.5;
    *p7 = notes.blames == 2;
    shown.patterns[2] = notes.consultations >= 3;
    shown
}

fn read(shown: &mut Shown, notes: &mut Notes, turn: u32, event: &Event, turn_hours: f64) {
    let in_istanbul = notes.round == Some(ISTANBUL);
    let days = f64::from(turn + 1 - notes.opened.min(turn)) * turn_hours / 24.0;
    match event {
        Event::CapitalDrawn { party, sincere, .. } => shown.is_sincere[party.ix()] = *sincere,
        Event::RoundOpened { round, .. } => {
            (notes.round, notes.opened) = (Some(*round), turn);
            if *round == ISTANBUL {
                (notes.consultations, notes.moved, notes.blames) = (0, [false; 2], 0);
                notes.attacks_under_truce = 0;
            }
        }
        Event::RoundClosed { round: DOHA, ending, .. } => {
            shown.patterns[0] = *ending == Ending::Agreement && notes.truce && days <= 1.0;
            notes.round = None;
        }
        Event::RoundClosed { ending, .. } => {
            let day = days.ceil();
            shown.patterns[1] = *ending == Ending::WalkOut && (3.0..=5.0).contains(&day);
            shown.is_agreed = *ending == Ending::Agreement;
            notes.round = None;
        }
        Event::TruceBegan {} => notes.truce = true,
        Event::TruceBroke { .. } | Event::TruceLapsed {} => notes.truce = false,
        Event::HomeAsked { .. } | Event::TextReferred { .. } if in_istanbul => {
            notes.consultations += 1;
        }
        // Movement: beyond the mandate it came with, or to the whole of a text.
        Event::HomeReplied { party, answer: Answer::Extended, rung: Some(_), .. }
        | Event::TextAccepted { party }
            if in_istanbul =>
        {
            notes.moved[party.ix()] = true;
        }
        // Withdrawal, by the same side: its home goes back on what it had granted or accepted.
        Event::AcceptanceRevoked { party, .. }
        | Event::HomeReplied { party, answer: Answer::Revoked, .. }
        | Event::RatificationDecided { party, ratified: false, .. }
            if in_istanbul && notes.moved[party.ix()] =>
        {
            shown.patterns[3] = true;
        }
        Event::AttacksCounted { count, .. } if in_istanbul && notes.truce => {
            notes.attacks_under_truce += count;
        }
        Event::TurnRecorded { open_share, .. } => notes.open_share = *open_share,
        Event::StatementMade { statement: Statement::Blame, at_close: true, .. } => {
            notes.blames += 1;
        }
        _ => {}
    }
}

/// The shares of runs that show each pattern, and more.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Runs counted.
    pub n: u32,
    /// Runs with each pattern.
    pub patterns: [u32; 7],
    /// Runs with all of them.
    pub all: u32,
    /// Runs in which Istanbul ended in an agreement.
    pub agreed: u32,
}

impl Shares {
    /// Counts a run.
    pub fn count(&mut self, shown: &Shown) {
        self.n += 1;
        for (count, shown) in self.patterns.iter_mut().zip(shown.patterns) {
            *count += u32::from(shown);
        }
        self.all += u32::from(shown.patterns.iter().all(|shown| *shown));
        self.agreed += u32::from(shown.is_agreed);
    }

    /// A count as a share. [1, [0, 1]]
    #[must_use]
    pub fn share(&self, count: u32) -> f64 {
        f64::from(count) / f64::from(self.n.max(1))
    }
}
