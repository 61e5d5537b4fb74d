//! The desk: what somebody in a seat knows, and what they may do now.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::region::Region;
use demarche_engine::questions::View;
use demarche_engine::scenario::Scenario;
use demarche_record::calendar::Calendar;
use demarche_record::cast::Cast;
use demarche_record::decision::{Choice, Decision, Question};
use demarche_record::seat::Seat;
use demarche_record::wire::Wire;
use demarche_record::wording::{self, Lying};
use demarche_seat::brief;
use maud::{Markup, html};

use super::agreement::agreement;
use super::check::check;
use super::matrix::{Standing, matrix};
use super::words::{awaited, blocks, deadline, dispatch, who_you_are};
use super::{Island, island, lobby, packs};
use crate::class::{Class, Phase, Side};
use crate::deed::Hearers;
use crate::table::Table;
use crate::talk::{Channel, channels};

/// The islands of somebody's desk.
#[must_use]
pub fn islands(class: &Class, person: i64) -> Vec<Island> {
    let chair = class.chair(person);
    let of_seat = chair.map(|(at, seat)| of_seat(class, at, seat)).unwrap_or_default();
    whole(class, person, of_seat, seats(class, chair, class.side(person)))
}

/// The islands that all who share a seat see alike: made anew when their table changes, and not for
/// each of them.
#[must_use]
pub fn of_seat(class: &Class, at: usize, seat: Seat) -> Vec<Island> {
    let table = &class.tables()[at];
    let notice = island("notice", notice(class, Some((at, seat))));
    let talk = island("talk", talk(class, at, seat));
    if class.phase() == Phase::Lobby {
        return vec![notice, island("before", before(class)), talk];
    }
    let news = html! {
        h2 { "What has happened" }
        (dispatch(&table.dispatch(Some(&[seat]))))
    };
    vec![
        notice,
        island("decide", decide(class, at, seat)),
        island("agreement", agreement(table, &[seat])),
        island("matrix", positions(table, seat)),
        talk,
        island("news", news),
        island("brief", own_brief(class, at, seat, true)),
    ]
}

/// Who sits where, for all who sit in one seat, or nowhere, and know the brief of one side.
#[must_use]
pub fn seats(class: &Class, chair: Option<(usize, Seat)>, side: Option<Side>) -> Island {
    let seats = lobby::seats(class, chair, side);
    let html = match chair {
        None => html! { h2 { "Seats" } (seats) },
        Some(_) => html! {
            details #other-seats {
                summary { "Who sits where; change your seat" }
                h2 { "Seats" }
                (seats)
                (super::layout::deed("/act", "stand", &[("do", "stand")], "Leave my seat"))
            }
        },
    };
    island("seats", html)
}

/// The islands of somebody, with those that others see alike.
#[must_use]
pub fn whole(class: &Class, person: i64, of_seat: Vec<Island>, seats: Island) -> Vec<Island> {
    let name = class.person(person).map_or("", |person| person.name.as_str());
    let Some((at, seat)) = class.chair(person) else {
        let head = html! {
            h1 { "Take a seat" }
            p {
                "You are " bdi { (name) } ". Several people may share a seat: the first "
                "decision counts."
            }
        };
        return vec![island("head", head), island("notice", notice(class, None)), seats];
    };
    let mut all =
        vec![island("head", head(class, at, seat, name)), island("clock", clock(class, at))];
    all.extend(of_seat);
    if class.phase() == Phase::Lobby {
        // Before the talks there is the brief to read, and then somebody to talk to.
        all.push(island("brief", own_brief(class, at, seat, class.has_read(person))));
        all.sort_by_key(|island| island.id == "talk");
    }
    all.extend([island("questions", check(class, person)), seats]);
    all
}

/// What the host last said to somebody who sits there, or nowhere.
#[must_use]
pub fn notice(class: &Class, chair: Option<(usize, Seat)>) -> Markup {
    let whom = |to: Hearers| match to {
        Hearers::All => "From the host: ",
        Hearers::Table(_) => "From the host, to your table: ",
        Hearers::Seat(..) => "From the host, to you alone: ",
    };
    html! {
        @for (to, text) in class.notices(chair) {
            p.notice { strong { (whom(to)) } bdi { (text) } }
        }
    }
}

fn head(class: &Class, at: usize, seat: Seat, name: &str) -> Markup {
    let table = &class.tables()[at];
    let cast = &table.scenario().cast;
    let when = Calendar::new(cast).moment(table.turn());
    html! {
        h1 { (brief::seat_name(cast, seat)) }
        p { "Table " (at + 1) " · " bdi { (name) } " · " bdi { (when) } }
        p.awaited { (awaited(class, at)) " " (deadline(table)) }
        @if class.phase() != Phase::Lobby { nav aria-label="On this page" {
            a href="#decide" { "Your move" } " · " a href="#matrix" { "The table" } " · "
            a href="#talk" { "Talk" } " · " a href="#news" { "What has happened" } " · "
            a href="#brief" { "Your brief" }
        } }
        @if class.phase() == Phase::Debrief { p { a.go href="/debrief" { "To the debrief" } } }
    }
}

/// Seconds left, where steps have an end.
#[must_use]
pub fn clock(class: &Class, at: usize) -> Markup {
    html! {
        @match class.phase() {
            Phase::Paused => p.clock {
                "The host has paused the talks. You can read, draft and talk."
            },
            _ => @if let Some(left) = class.seconds_left(at) {
                p.clock { (left) " s left in this step; a draft stays when they are over" }
            },
        }
    }
}

fn before(class: &Class) -> Markup {
    html! {
        h2 { "Before the talks" }
        p { "The host begins them. Read your brief, and talk with your side." }
        p { "Code of this class: " strong { (class.foundation().code) } }
    }
}

fn decide(class: &Class, at: usize, seat: Seat) -> Markup {
    let table = &class.tables()[at];
    let scenario = table.scenario();
    let view = table.view(seat);
    let Some(question) = table.question(seat).filter(|_| class.phase() == Phase::Talks) else {
        return html! {
            h2 { "Your move" }
            @if table.is_over() {
                p { "The talks at this table are over." }
            } @else {
                p { "Nothing is asked of you now; you can read, draft and talk." }
            }
            (standing(scenario, &view, false))
            (ahead(table, &view, seat))
        };
    };
    let lying = if view.offered_by.is_some() { Lying::Offer } else { Lying::Text };
    html! {
        h2 { "Your move" }
        (standing(scenario, &view, true))
        (blocks(&brief::heard(scenario, &view)))
        (done_so_far(table, seat, lying))
        @if matches!(seat, Seat::Delegation(_)) {
            p.caution {
                "In a step you make one move at the table; beside it you can ask home and speak in "
                "public. What all sides put alike is initialled."
            }
        }
        (holding(&scenario.cast))
        div.choices {
            (taking_up(table, question))
            @for choice in table.still_open(question) {
                (offered(table, question, choice, lying))
            }
        }
    }
}

/// What somebody has decided in this step: it goes out once they are done.
fn done_so_far(table: &Table, seat: Seat, lying: Lying) -> Markup {
    let cast = &table.scenario().cast;
    let done: Vec<_> = table.decided_now(seat).collect();
    html! {
        @if !done.is_empty() {
            div.notice {
                p { strong { "In this step you have decided:" } }
                ul {
                    @for decision in done { li { (wording::decision(cast, decision, lying).act) } }
                }
                p { "It counts when all who are asked are done: press “Done for this step”." }
            }
        }
    }
}

/// The offers of others that a delegation could put as its own: what all put is initialled.
fn taking_up(table: &Table, question: &Question) -> Markup {
    let cast = &table.scenario().cast;
    let own = question.seat.party();
    let open = table.still_open(question);
    let region = open.into_iter().find_map(|choice| match choice {
        Choice::Propose(region) => Some(region),
        _ => None,
    });
    let standing = Standing::of(table);
    let text = standing.text.map(|(text, _)| text);
    let parties = PartyIx::first(cast.parties.len()).filter(|party| Some(*party) != own);
    let others = parties.filter_map(|party| Some((party, standing.offers[party.ix()]?)));
    let others = others.filter(|(_, offer)| {
        Some(*offer) != text && region.is_some_and(|region| region.contains(offer))
    });
    html! {
        @for (party, package) in others {
            @let wire = Decision::Propose { package }.to_wire(cast).to_string();
            div.choice {
                (super::layout::deed("/act", &format!("take-up-{}", party.ix()), &[
                    ("do", "decide"), ("decision", &wire),
                ], &format!("Take up the last offer of {} as your own", cast.party(party))))
                p { "what all sides put is initialled" }
            }
        }
    }
}

fn standing(scenario: &Scenario, view: &View, is_open: bool) -> Markup {
    html! {
        details #standing open[is_open] {
            summary { "How it stands for you" }
            (blocks(&brief::situation(scenario, view)))
        }
    }
}

/// To wait, in three ways.
fn holding(cast: &Cast) -> Markup {
    let hold = |id: &str, until_something_changes: bool, button: &str| {
        let decision = Decision::Hold { until_something_changes }.to_wire(cast).to_string();
        super::layout::deed("/act", id, &[("do", "decide"), ("decision", &decision)], button)
    };
    html! {
        div.holding {
            (hold("hold", false, "Done for this step"))
            (hold("wait", true, "Wait until something changes"))
            (super::layout::deed("/act", "leave", &[("do", "leave")], "Let the computer decide"))
        }
    }
}

/// Whether a decision cannot be taken back: a slip of the finger must not take it.
const fn is_grave(decision: &Decision) -> bool {
    matches!(
        decision,
        Decision::Accept {}
            | Decision::WalkOut {}
            | Decision::Recall {}
            | Decision::Strike { .. }
            | Decision::Revoke {}
            | Decision::Ratify {}
            | Decision::RefuseToRatify {}
            | Decision::Veto {}
    )
}

fn offered(table: &Table, question: &Question, choice: &Choice, lying: Lying) -> Markup {
    let cast = &table.scenario().cast;
    match choice {
        Choice::One(Decision::Hold { .. }) => html! {},
        Choice::One(decision) => {
            let words = wording::decision(cast, decision, lying);
            let wire = decision.to_wire(cast).to_string();
            let place = question.choices.iter().position(|of| of == choice).unwrap_or_default();
            let id = format!("choice-{place}");
            let fields = [("do", "decide"), ("decision", wire.as_str())];
            if is_grave(decision) {
                html! {
                    details.grave id={ "grave-" (place) } {
                        summary { bdi { (words.act) } }
                        p { (words.meaning) "." }
                        (super::layout::deed("/act", &id, &fields, "Yes, do it"))
                    }
                }
            } else {
                html! {
                    div.choice {
                        (super::layout::deed("/act", &id, &fields, &words.act))
                        p { (words.meaning) }
                    }
                }
            }
        }
        Choice::Propose(region) => {
            draft(table, region, "propose", Some("Put this offer"), question.seat)
        }
        Choice::TableText(region) => {
            draft(table, region, "table-text", Some("Table this text"), question.seat)
        }
        Choice::ChangeMandate(region) => mandates(table, region, question.seat),
    }
}

/// A draft for later, where a seat that puts offers or texts is not asked now: it is there when it
/// is.
fn ahead(table: &Table, view: &View, seat: Seat) -> Markup {
    let what = match seat {
        Seat::Delegation(_) => "propose",
        Seat::Mediator(_) => "table-text",
        Seat::Capital(_) | Seat::Constituency(..) => return html! {},
    };
    let mut region = Region::all(&table.scenario().space);
    for issue in table.scenario().space.issues() {
        let (low, high) = match view.mandate {
            Some(mandate) => (mandate.floor.rung(issue), mandate.ceiling.rung(issue)),
            None => (0, region.ceiling.rung(issue)),
        };
        let is_open = view.open_issues.contains(&issue);
        region.floor.set(issue, if is_open { low } else { 0 });
        region.ceiling.set(issue, if is_open { high } else { 0 });
    }
    if table.is_over() || view.open_issues.is_empty() {
        return html! {};
    }
    draft(table, &region, what, None, seat)
}

/// A draft: a rung for each issue that is open. Without a button it cannot be put yet.
fn draft(table: &Table, region: &Region, what: &str, button: Option<&str>, seat: Seat) -> Markup {
    let scenario = table.scenario();
    let cast = &scenario.cast;
    let text = table.view(seat).text;
    let open = scenario.space.issues().filter(|k| region.floor.rung(*k) < region.ceiling.rung(*k));
    html! {
        form.card.deed data-draft method="post" action="/act" id=(what) {
            h3 { @if what == "propose" { "Draft an offer" } @else { "Draft a text" } }
            input type="hidden" name="do" value=(what);
            @for issue in scenario.space.issues() {
                @let floor = region.floor.rung(issue);
                @if floor == region.ceiling.rung(issue) && floor > 0 {
                    input type="hidden" name={ "rung-" (cast.issues[issue.ix()].named.key) }
                        value=(cast.issues[issue.ix()].rungs[usize::from(floor)].key);
                }
            }
            @for issue in open {
                @let key = &cast.issues[issue.ix()].named.key;
                @let begin = text.map_or(0, |text| text.rung(issue));
                @let begin = begin.clamp(region.floor.rung(issue), region.ceiling.rung(issue));
                label for={ (what) "-" (key) } { bdi { (cast.issue(issue)) } }
                select id={ (what) "-" (key) } name={ "rung-" (key) } {
                    @for rung in region.floor.rung(issue)..=region.ceiling.rung(issue) {
                        option value=(cast.issues[issue.ix()].rungs[usize::from(rung)].key)
                            selected[rung == begin] { (cast.rung(issue, rung)) }
                    }
                }
            }
            @match button {
                Some(button) => button { (button) },
                None => p { "It stays here, and you can put it when it is your move." },
            }
        }
    }
}

fn mandates(table: &Table, region: &Region, seat: Seat) -> Markup {
    let scenario = table.scenario();
    let cast = &scenario.cast;
    let mandate = table.view(seat).mandate;
    let open = scenario.space.issues().filter(|k| region.floor.rung(*k) < region.ceiling.rung(*k));
    let ends = |issue: IssueIx, name: &str, label: &str, chosen: Option<u8>| {
        let key = &cast.issues[issue.ix()].named.key;
        let id = format!("mandate-{key}-{name}");
        html! {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for rung in region.floor.rung(issue)..=region.ceiling.rung(issue) {
                    option value=(cast.issues[issue.ix()].rungs[usize::from(rung)].key)
                        selected[chosen == Some(rung)] { (cast.rung(issue, rung)) }
                }
            }
        }
    };
    html! {
        details.card #mandates {
            summary { "Change what your delegation may sign" }
            @for issue in open {
                @let key = &cast.issues[issue.ix()].named.key;
                form.deed data-draft method="post" action="/act" id={ "mandate-" (key) } {
                    h4 { bdi { (cast.issue(issue)) } }
                    input type="hidden" name="do" value="mandate";
                    input type="hidden" name="issue" value=(key);
                    (ends(issue, "from", "no less than", mandate.map(|of| of.floor.rung(issue))))
                    (ends(issue, "to", "and up to", mandate.map(|of| of.ceiling.rung(issue))))
                    button { "Instruct" }
                }
            }
        }
    }
}

fn positions(table: &Table, seat: Seat) -> Markup {
    let view = table.view(seat);
    let scenario = table.scenario();
    let issues: Vec<IssueIx> = scenario.space.issues().collect();
    let may = |issue: IssueIx| match view.mandate {
        Some(mandate) if view.open_issues.contains(&issue) => {
            html! { bdi { (brief::span(scenario, &mandate, issue)) } }
        }
        _ => html! { "–" },
    };
    let own: [(&str, &dyn Fn(IssueIx) -> Markup); 1] = [("Only you: may be signed", &may)];
    let more: &[_] = if view.mandate.is_some() { &own } else { &[] };
    html! { h2 { "The table" } (matrix(table, &issues, more)) }
}

fn own_brief(class: &Class, at: usize, seat: Seat, is_read: bool) -> Markup {
    let table = &class.tables()[at];
    let scenario = table.scenario();
    let known = html! {
        details #known open[class.phase() == Phase::Lobby] {
            summary { "What all know" }
            (packs::common(scenario, class.kit()))
        }
    };
    if !is_read {
        return html! {
            (known)
            h2 { "Your brief" }
            p {
                "Only your side is told what stands in it. Once you have read it you stay on this "
                "side; until then you may take any seat."
            }
            (super::layout::deed("/act", "read", &[("do", "read")], "Read my brief"))
        };
    }
    html! {
        (known)
        details #own-brief open[class.phase() == Phase::Lobby] {
            summary { "Your brief" }
            h3 { "Only you know" }
            p {
                "The others do not know what your side is told here, but for what it never signs: "
                "that has been said aloud."
            }
            (who_you_are(class.kit(), scenario, seat))
            p { (packs::may_do(seat)) }
            (blocks(&brief::brief(scenario, &[seat], &table.asking())))
            (packs::signable(scenario, seat))
        }
    }
}

fn talk(class: &Class, at: usize, seat: Seat) -> Markup {
    let scenario = class.scenario();
    let all = channels(scenario, seat);
    let name = |key: &str| {
        let known = all.iter().find(|channel| channel.key() == key);
        let own = known.map(|channel: &Channel| channel.name(scenario, seat));
        own.unwrap_or_else(|| crate::talk::outside(scenario, key))
    };
    let heard: Vec<_> = class.heard(at, seat).collect();
    html! {
        h2 { "Talk" }
        ol.talk aria-live="polite" aria-label="Messages" {
            @for message in heard.iter().rev().take(50).rev() {
                li {
                    strong { bdi { (class.person(message.person).map_or("", |of| &of.name)) } }
                    " to " (name(&message.channel)) ": "
                    bdi { (message.text) }
                }
            }
        }
        form.card.deed data-draft data-clear method="post" action="/act" id="say" {
            input type="hidden" name="do" value="say";
            label for="say-channel" { "To" }
            select #say-channel name="channel" {
                @for channel in &all {
                    option value=(channel.key()) { (channel.name(scenario, seat)) }
                }
            }
            label for="say-text" { "Message" }
            textarea #say-text name="text" rows="2" maxlength="1000" required dir="auto" {}
            button { "Send" }
        }
    }
}
