//! Chairs: what somebody who sits in one knows of a table, in words.
//!
//! The terminal and the pages of a class tell the same; neither knows more of the other sides than
//! the seat does.

pub mod block;
pub mod brief;
pub mod chairs;
