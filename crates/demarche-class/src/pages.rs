//! Pages: what each seat sees, and no more, made on the server.
//!
//! A page is islands. Each is made anew from the class and sent only where it has changed; what
//! somebody is writing stays.

pub mod agreement;
pub mod check;
pub mod debrief;
pub mod desk;
pub mod entry;
pub mod history;
pub mod host;
pub mod layout;
pub mod lobby;
pub mod matrix;
pub mod packs;
pub mod projector;
pub mod words;

use maud::Markup;

/// A part of a page that changes by itself.
pub struct Island {
    /// Its place on the page.
    pub id: &'static str,
    /// What it holds.
    pub html: Markup,
}

/// An island.
#[must_use]
pub const fn island(id: &'static str, html: Markup) -> Island {
    Island { id, html }
}
