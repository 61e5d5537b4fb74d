//! The page: blocks of words, wrapped to the width of the terminal.

use demarche_engine::questions::Asking;
use demarche_engine::scenario::Scenario;
use demarche_record::seat::Seat;
use demarche_seat::block::Block;
use demarche_seat::brief::{self, seat_name};

use crate::output;

/// A paragraph wrapped to the width of the page.
pub(super) fn lines(text: &str, first: &str, further: &str) -> String {
    let options = textwrap::Options::new(output::width());
    let options = options.initial_indent(first).subsequent_indent(further);
    // A key of a file is one word, hyphens and all: it is to be typed.
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    let options = options.word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::fill(text, options) + "\n"
}

/// Blocks one below the other.
pub(super) fn of(blocks: &[Block]) -> String {
    let told = |block: &Block| match block {
        Block::Said(text) => format!("\n{}", lines(text, "", "")),
        Block::Line(text) => lines(text, "", "  "),
        Block::Item(text) => lines(text, "  ", "      "),
    };
    blocks.iter().map(told).collect()
}

/// What the person should know before the first turn: who they are and what they want.
pub(super) fn brief(scenario: &Scenario, seats: &[Seat], asking: &Asking<'_>, seed: u64) -> String {
    let cast = &scenario.cast;
    let mut text = format!("{}\n", cast.title);
    for seat in seats {
        text.push_str(&format!("\nYou are: {}\n", seat_name(cast, *seat)));
    }
    text.push_str(&of(&brief::brief(scenario, seats, asking)));
    let last = format!("Seed {seed}. The others do not know what you are told here.");
    text + "\n" + &lines(&last, "", "")
}
