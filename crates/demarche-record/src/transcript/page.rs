//! The page: day headings, the hours in a left column, and lines no wider than they may be.

use super::Dispatch;
use crate::calendar::Calendar;
use crate::chronicle::Entry;
use crate::event::Event;
use crate::prose::{number, owns, sentence, wrapped};
use demarche_domain::index::PartyIx;

/// The column of the hours; further lines of a paragraph begin after it too.
const COLUMN: &str = "       ";
/// Narrower than this, there would be a word to a line; so narrower pages count as this wide.
const LEAST_WIDTH: usize = 24;

/// A paragraph of a turn, in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Rounds opened, shocks, attacks, strikes, the frontier, trust.
    World,
    /// What came from the capitals.
    Capitals,
    /// What was done at the table.
    Table,
    /// Ratification, and what was said at the close.
    Close,
}

/// The sentences of a turn, by paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    paragraphs: [Vec<String>; 4],
    /// Whose delegates the last sentence at the table was about: the next may say "they".
    subject: Option<PartyIx>,
    /// Where the last sentence went.
    latest: Option<Part>,
}

impl Dispatch<'_> {
    /// Adds a sentence to a paragraph of the turn.
    pub(super) fn say(&mut self, part: Part, text: &str) {
        self.draft.paragraphs[part as usize].push(sentence(text));
        self.draft.latest = Some(part);
        if part == Part::Table {
            self.draft.subject = None;
        }
    }

    /// Adds a sentence about what followed from the last one, where that one stands.
    pub(super) fn say_next(&mut self, text: &str) {
        self.say(self.draft.latest.unwrap_or(Part::World), text);
    }

    /// Adds a sentence about what a party's delegates do at the table.
    pub(super) fn delegates(&mut self, party: PartyIx, doing: &str) {
        let same = self.draft.subject == Some(party);
        let name = owns(&self.party(party));
        let subject = if same { "they".to_owned() } else { format!("{name} delegates") };
        self.say(Part::Table, &format!("{subject} {doing}"));
        self.draft.subject = Some(party);
    }
}

/// What has been printed so far, as far as it decides how to go on.
#[derive(Clone, Debug)]
pub(super) struct Margin {
    width: usize,
    day: Option<String>,
    /// The turn last told.
    told_turn: u32,
    /// Attacks since, all of them and those in the news.
    attacks: (u32, u32),
}

impl Margin {
    pub(super) fn new(width: usize) -> Self {
        let width = if width == 0 { 0 } else { width.max(LEAST_WIDTH) };
        Self { width, day: None, told_turn: 0, attacks: (0, 0) }
    }

    /// Leaves a turn untold, so that the silence before the next one is not told either.
    pub(super) fn pass_over(&mut self, turn: &[Entry]) {
        self.day = None;
        self.begin_silence(turn.first().map_or(self.told_turn, |entry| entry.turn));
    }

    fn begin_silence(&mut self, turn: u32) {
        self.told_turn = turn;
        self.attacks = (0, 0);
    }

    /// The text of a turn; none when there is nothing to tell.
    pub(super) fn print(&mut self, calendar: &Calendar, draft: &Draft, turn: &[Entry]) -> String {
        let now = turn.first().map_or(self.told_turn, |entry| entry.turn);
        if draft.paragraphs.iter().all(Vec::is_empty) {
            self.count(turn);
            return String::new();
        }
        let mut text = self.silence(calendar, now);
        text.push_str(&self.day_heading(calendar.day(now)));
        let mut column = format!("{:<7}", calendar.hour(now));
        for paragraph in draft.paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
            text.push_str(&self.lines(&column, COLUMN, &paragraph.join(" ")));
            COLUMN.clone_into(&mut column);
        }
        self.begin_silence(now);
        text
    }

    fn count(&mut self, turn: &[Entry]) {
        for entry in turn {
            if let Event::AttacksCounted { count, salient, .. } = &entry.event {
                self.attacks.0 += count;
                self.attacks.1 += salient;
            }
        }
    }

    fn day_heading(&mut self, day: String) -> String {
        if self.day.as_ref() == Some(&day) {
            return String::new();
        }
        let heading = self.heading(&day);
        self.day = Some(day);
        heading
    }

    /// A clause for a stretch of more than a day in which nothing was told.
    pub(super) fn silence(&self, calendar: &Calendar, now: u32) -> String {
        let (told, now) = (calendar.turn(self.told_turn), calendar.turn(now));
        if now.duration_since(told).as_hours() <= 24 {
            return String::new();
        }
        // By the dates, which are what the reader sees.
        let days = match now.date().duration_since(told.date()).as_hours() / 24 {
            1 => "a day passes".to_owned(),
            days => format!("{} days pass", number(u32::try_from(days).unwrap_or(u32::MAX))),
        };
        let attacks = match self.attacks {
            (0, _) => String::new(),
            (1, 0) => "; 1 attack, not in the news".to_owned(),
            (all, 0) => format!("; {all} attacks, none of them in the news"),
            (all, some) => format!("; {all} attacks, {some} of them in the news"),
        };
        let text = sentence(&format!("{days}{attacks}"));
        format!("\n{}", self.lines(COLUMN, COLUMN, &text))
    }

    /// A heading on a line of its own, after an empty one.
    pub(super) fn heading(&self, words: &str) -> String {
        format!("\n{}", self.lines("", "", words))
    }

    /// A paragraph without an hour.
    pub(super) fn paragraph(&self, text: &str) -> String {
        self.lines("", "", text)
    }

    /// An item of a list.
    pub(super) fn item(&self, text: &str) -> String {
        self.lines("- ", "  ", text)
    }

    fn lines(&self, first: &str, further: &str, text: &str) -> String {
        let text = plain(text);
        wrapped(&text, self.width, [first, further]) + "\n"
    }
}

/// Names come from files: a line break or a terminal's control sequence in one becomes a space.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
