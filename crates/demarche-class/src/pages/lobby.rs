//! The lobby: tables and their seats, to choose from.

use demarche_record::seat::Seat;
use demarche_seat::brief::seat_name;
use demarche_seat::chairs;
use maud::{Markup, html};

use super::words::sitters;
use crate::class::{Class, Side};

/// All seats of all tables, each to be taken by somebody who has `mine`, if it is of the side whose
/// brief they know.
#[must_use]
pub fn seats(class: &Class, mine: Option<(usize, Seat)>, side: Option<Side>) -> Markup {
    let may_take = |seat: Seat| side.is_none_or(|side| side == Side::of(seat));
    let cast = &class.scenario().cast;
    html! {
        @for at in 0..class.tables().len() {
            section.card aria-labelledby={ "table-" (at) } {
                h3 id={ "table-" (at) } { "Table " (at + 1) }
                ul.seats {
                    @for seat in chairs::of_scenario(class.scenario()) {
                        @let key = chairs::name(seat, cast);
                        li {
                            span { (seat_name(cast, seat)) ": " (sitters(class, at, seat)) }
                            @if mine == Some((at, seat)) {
                                strong { "your seat" }
                            } @else if may_take(seat) {
                                form.deed method="post" action="/act" id={ "sit-" (at) "-" (key) } {
                                    input type="hidden" name="do" value="sit";
                                    input type="hidden" name="table" value=(at);
                                    input type="hidden" name="seat" value=(key);
                                    button aria-label={
                                        "Take: " (seat_name(cast, seat)) ", table " (at + 1)
                                    } { "Take" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
