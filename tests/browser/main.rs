//! Pages in a real browser: Chromium, driven over WebDriver.
//!
//! Not part of `cargo test`, which needs no browser; `.ci/browser` installs one and runs these.
//! What was seen is kept as pictures in the folder that `DEMARCHE_SCREENSHOTS` names.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod browser;
mod class;
mod report;
