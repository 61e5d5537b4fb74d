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

use std::sync::Arc;

use maud::Markup;

/// A part of a page that changes by itself.
#[derive(Clone, Debug)]
pub struct Island {
    /// Its place on the page.
    pub id: &'static str,
    /// What it holds, as HTML; the pages of all who share a seat share it.
    pub html: Arc<str>,
}

/// An island.
#[must_use]
pub fn island(id: &'static str, html: Markup) -> Island {
    Island { id, html: html.into_string().into() }
}
