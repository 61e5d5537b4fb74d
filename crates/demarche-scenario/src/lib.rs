//! Reading scenario files.
//!
//! What a file may hold is declared once, as a [`spec::TableSpec`]; checking, hints, the schema for
//! editors and the table of parameters all follow from it. A file's way through this crate: its
//! text is parsed and merged with what it builds on ([`Document::load`]), single values are set
//! ([`Document::set`]), all faults are collected ([`check::check`]), and what is left is read
//! without any further fuss ([`reading::Reader`]) and lowered to the engine's scenario. [`load`]
//! goes the whole way; [`catalogue`] has the scenarios that come with the program.

pub mod spec;
pub mod document;
mod parse;
pub mod overlay;
mod set;
pub mod number;
pub mod sources;
pub mod registers;
pub mod check;
pub mod reading;
pub mod schema;
pub mod parameters;
pub mod diff;
pub mod problem;
mod hint;
mod excerpt;
mod paths;
pub mod format;
mod lower;
mod uses;
mod canonical;
mod load;
pub mod design_file;
pub mod library;
pub mod history;
pub mod kit;
pub mod catalogue;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod properties;

pub use catalogue::catalogue;
pub use check::check;
pub use design_file::{DesignFile, read_design};
pub use diff::{Difference, diff};
pub use document::{Document, FileIx, NodeIx, Origin, Place, SourceFile, Value};
pub use history::{History, HistoryRow, Told, histories, history_of};
pub use kit::{Check, Kit, kit_of, kits};
pub use library::{Citation, citations, known_sources};
pub use load::{About, Loaded, load};
pub use lower::address;
pub use number::ReadNumber;
pub use overlay::Loader;
pub use parameters::{Parameter, parameters};
pub use problem::{Code, Problem, Problems, Severity};
pub use reading::{Per, Reader};
pub use registers::Registers;
pub use schema::json_schema;
pub use set::ends_of_range;
pub use sources::{ASSUMED, SET_SOURCE};
pub use spec::{Field, Kind, Need, Quantity, Register, TableSpec};
pub use uses::{NumberUse, SourceUse, numbers_of, sources_of};
