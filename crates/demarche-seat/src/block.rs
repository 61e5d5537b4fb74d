//! Blocks of words: what is told is one matter, how it is set another.

/// A block of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A sentence that opens something new.
    Said(String),
    /// A sentence.
    Line(String),
    /// An item of the list that the sentence before it opens.
    Item(String),
}
