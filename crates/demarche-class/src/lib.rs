//! A class: several tables play the same talks, with people in their chairs.
//!
//! A class is its scenario, its seed and its decisions; everything else on a page is made from
//! them. [`store`] keeps the decisions in one file, each before it is acknowledged; [`table`] plays
//! them; [`class`] says who may do what; [`pages`] show to every seat what it knows and no more;
//! [`web`] carries pages and deeds.

pub mod class;
pub mod deed;
pub mod exports;
pub mod invitation;
pub mod pages;
pub mod people;
pub mod store;
pub mod study;
pub mod table;
pub mod talk;
pub mod web;
