//! The brief: what a person in a chair knows before they decide, and how the table stands for them.
//!
//! In blocks of words, so that a terminal can wrap them and a page can set them.

use demarche_domain::index::{ConstituencyIx, IssueIx, MediatorIx, PartyIx};
use demarche_domain::region::Region;
use demarche_engine::mechanisms::mediation::Engagement;
use demarche_engine::questions::{Asking, Mediation, Told, View};
use demarche_engine::scenario::{Preferences, Scenario};
use demarche_record::cast::Cast;
use demarche_record::seat::Seat;

use crate::block::Block;

/// A seat's name, to begin a sentence with.
#[must_use]
pub fn seat_name(cast: &Cast, seat: Seat) -> String {
    let name = match seat {
        Seat::Capital(p) if cast.has_capital(p) => {
            format!("{} (the capital of {})", cast.capital(p), cast.party(p))
        }
        Seat::Capital(p) => format!("the capital of {}", cast.party(p)),
        Seat::Delegation(p) => format!("the delegation of {}", cast.party(p)),
        Seat::Constituency(p, c) => format!("{} ({})", cast.constituency(p, c), cast.party(p)),
        Seat::Mediator(m) => format!("{}, mediating", cast.mediator(m)),
    };
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

/// What somebody who takes these seats should know before the first turn: who they are and what
/// they want.
#[must_use]
pub fn brief(scenario: &Scenario, seats: &[Seat], asking: &Asking<'_>) -> Vec<Block> {
    let cast = &scenario.cast;
    let mut blocks = Vec::new();
    let (mut told, mut others) = (Vec::new(), Vec::new());
    for seat in seats {
        let view = asking.view(*seat);
        match (*seat, seat.party(), &view.mediation) {
            (Seat::Constituency(party, c), ..) => {
                blocks.extend(consent_brief(scenario, (party, c), &view));
                others.push(party);
            }
            (_, Some(party), _) if !told.contains(&party) => {
                told.push(party);
                blocks.extend(party_brief(scenario, party, &view));
            }
            (Seat::Mediator(m), _, Some(mediation)) => {
                blocks.extend(mediator_brief(cast, m, &mediation.engagement));
            }
            _ => {}
        }
    }
    told.extend(others);
    blocks.extend(public_lines(scenario, &told));
    blocks
}

/// How stakes are told.
const POINTS: &str = "in points of a hundred, signs apart: + where it wants more of it, − where \
                      that costs it";

/// What matters to those at home who must consent.
fn consent_brief(
    scenario: &Scenario,
    (party, c): (PartyIx, ConstituencyIx),
    view: &View,
) -> Vec<Block> {
    let cast = &scenario.cast;
    let who = cast.constituency(party, c);
    let intro =
        format!("What matters to {who}, {POINTS}. You judge by this, not by your capital's");
    let stakes = scenario.space.issues().filter(|issue| view.stakes[issue.ix()] != 0.0);
    let item = |issue: IssueIx| {
        Block::Item(format!("{}: {}", cast.issue(issue), stake_words(view.stakes[issue.ix()])))
    };
    std::iter::once(Block::Said(intro)).chain(stakes.map(item)).collect()
}

fn party_brief(scenario: &Scenario, party: PartyIx, view: &View) -> Vec<Block> {
    let cast = &scenario.cast;
    let own = &scenario.parties[party.ix()];
    let mut blocks = vec![Block::Said(match &own.preferences {
        Preferences::Stakes(_) => format!("What matters to {}, {POINTS}", cast.party(party)),
        Preferences::Tables { reservation, .. } => format!(
            "What matters to {}: what each answer is worth to it. No deal is worth {:.2}",
            cast.party(party),
            reservation.reference
        ),
    })];
    for issue in scenario.space.issues() {
        let matters = match &own.preferences {
            Preferences::Stakes(_) => stake_words(view.stakes[issue.ix()]),
            Preferences::Tables { values, .. } => table_words(cast, issue, &values[issue.ix()]),
        };
        let limits = own_limits(scenario, party, issue);
        blocks.push(Block::Item(format!("{}: {matters}{limits}", cast.issue(issue))));
    }
    blocks
}

fn stake_words(stake: f64) -> String {
    let words = match stake {
        stake if stake > 0.15 => "much, the further the better",
        stake if stake > 0.0 => "the further the better",
        stake if stake < -0.15 => "a heavy price, the further the heavier",
        stake if stake < 0.0 => "a price, the further the higher",
        _ => return "nothing".to_owned(),
    };
    format!("{words} ({} points)", signed(stake * 100.0, 0))
}

/// A number with its sign.
fn signed(number: f64, places: usize) -> String {
    format!("{number:+.places$}").replace('-', "−")
}

/// Up to so many rungs are told one by one even where they rise in equal steps.
const FEW_RUNGS: usize = 12;

/// What every rung of an issue is worth; many in equal steps are told by the first and the last.
fn table_words(cast: &Cast, issue: IssueIx, values: &[f64]) -> String {
    let rung = |(rung, value): (usize, &f64)| {
        let words = &cast.issues[issue.ix()].rungs[rung].words;
        format!("“{words}” {value:.2}")
    };
    let all: Vec<String> = values.iter().enumerate().map(rung).collect();
    let step = |two: &[f64]| two[1] - two[0];
    let steps: Vec<f64> = values.windows(2).skip(1).map(step).collect();
    let is_even = steps.iter().all(|step| (step - steps[0]).abs() < 1e-9);
    match all.as_slice() {
        [open, first, .., last] if all.len() > FEW_RUNGS && is_even => {
            format!("{open}; {first}, and in equal steps to {last}")
        }
        _ => all.join(", "),
    }
}

/// What a party demands in public, and what it never signs.
fn own_limits(scenario: &Scenario, party: PartyIx, issue: IssueIx) -> String {
    let (cast, own) = (&scenario.cast, &scenario.parties[party.ix()]);
    let demand = own.demands[issue.ix()];
    let demand = demand.map(|rung| format!("; you demand “{}”", cast.rung(issue, rung)));
    let (floor, ceiling) = (own.red_lines.floor.rung(issue), own.red_lines.ceiling.rung(issue));
    let line = (ceiling < scenario.space.top(issue)).then(|| match ceiling {
        0 => "; you never sign anything on it".to_owned(),
        _ => format!("; you never sign beyond “{}”", cast.rung(issue, ceiling)),
    });
    let below =
        (floor > 0).then(|| format!("; you never sign less than “{}”", cast.rung(issue, floor)));
    [demand, line, below].into_iter().flatten().collect()
}

/// What the others have said aloud that they never sign; one's own limits stand with one's stakes.
fn public_lines(scenario: &Scenario, own: &[PartyIx]) -> Vec<Block> {
    let cast = &scenario.cast;
    let parties = PartyIx::first(cast.parties.len()).filter(|p| !own.contains(p));
    let drawn = parties.flat_map(|p| scenario.space.issues().map(move |issue| (p, issue)));
    let line = |(p, issue): (PartyIx, IssueIx)| {
        let some = span(scenario, &scenario.parties[p.ix()].red_lines, issue);
        let is_line = some != ANYTHING;
        let told = || format!("{}, on {}: {some}", cast.party(p), cast.issue(issue));
        is_line.then(|| Block::Item(told()))
    };
    let lines: Vec<Block> = drawn.filter_map(line).collect();
    let head = (!lines.is_empty()).then(|| Block::Said("What the others never go beyond:".into()));
    head.into_iter().chain(lines).collect()
}

/// What a mediator has.
fn mediator_brief(cast: &Cast, m: MediatorIx, own: &Engagement) -> Vec<Block> {
    let mut blocks = vec![Block::Said(format!("What {} has as a mediator:", cast.mediator(m)))];
    let [communicates, formulates, manipulates] = own.style.map(much);
    blocks.push(Block::Item(format!(
        "style: hearing sides and carrying messages {communicates}; drafting {formulates}; \
         pressing and offering {manipulates} (you may do any of them, one act a turn; how much you \
         communicate soothes tempers by itself)"
    )));
    blocks.push(Block::Item(match own.guarantee {
        guarantee if guarantee > 0.0 => format!(
            "guarantee: once offered, in each round anew, it adds to what stands behind promises \
             ({guarantee:.2} of enforcement)"
        ),
        _ => "guarantee: none to offer".to_owned(),
    }));
    blocks.push(Block::Item(match own.budget {
        budget if budget > 0.0 => format!(
            "inducements: {:.0} points of gain to give away, to all sides together and once only",
            budget * 100.0
        ),
        _ => "inducements: none to offer".to_owned(),
    }));
    blocks.push(Block::Item(match own.leverage {
        leverage if leverage > 0.0 => {
            format!(
                "leverage: pressing a side takes {:.0} points off what talking on is worth to it",
                leverage * 100.0
            )
        }
        _ => "leverage: none to press with".to_owned(),
    }));
    let (cover, salvage) = (own.cover, own.salvage * 100.0);
    blocks.push(Block::Item(format!(
        "cover: you take {:.0} of a hundred parts of the blame at home for what is conceded at \
         your word",
        cover * 100.0
    )));
    blocks.push(Block::Item(format!(
        "bringing back a side that walked out: it works in {salvage:.0} cases of a hundred"
    )));
    let near = |p: PartyIx| {
        let closeness = own.closeness[p.ix()];
        format!("{} {} ({})", near(closeness), cast.party(p), signed(closeness, 1))
    };
    let near: Vec<String> = PartyIx::first(cast.parties.len()).map(near).collect();
    blocks.push(Block::Item(format!(
        "closeness: {}; a side believes your messages the more, the closer you are to it",
        near.join(", ")
    )));
    blocks
}

/// A share in words and figures.
fn much(share: f64) -> String {
    let words = match share {
        share if share >= 0.7 => "much",
        share if share >= 0.35 => "in part",
        share if share > 0.0 => "little",
        _ => return "not at all".to_owned(),
    };
    format!("{words} ({share:.1} of 1)")
}

/// Closeness in words, to be followed by a name.
const fn near(closeness: f64) -> &'static str {
    match closeness {
        0.6.. => "very close to",
        0.2..0.6 => "close to",
        -0.2..0.2 => "neither close to nor far from",
        -0.6..-0.2 => "far from",
        _ => "hostile to",
    }
}

/// What a mediator has heard so far from each side, in words; nothing for other seats.
#[must_use]
pub fn heard(scenario: &Scenario, view: &View) -> Vec<Block> {
    let Some(mediation) = &view.mediation else { return Vec::new() };
    let parties = PartyIx::first(mediation.told.len());
    let told = parties.filter_map(|p| Some((p, mediation.told[p.ix()]?)));
    told.flat_map(|(party, told)| heard_from(scenario, view, party, &told)).collect()
}

fn heard_from(scenario: &Scenario, view: &View, party: PartyIx, told: &Told) -> Vec<Block> {
    let cast = &scenario.cast;
    let name = cast.party(party);
    let asking = if told.may_sign { "asking nobody" } else { "and beyond it must ask home" };
    let intro =
        format!("In private {name} has told you its limits. Its delegates may sign this, {asking}");
    let limit = |issue: &IssueIx| {
        let may = span(scenario, &told.mandate, *issue);
        Block::Item(format!("{}: {may}", cast.issue(*issue)))
    };
    let intro = Block::Said(format!("{intro}:"));
    std::iter::once(intro).chain(view.open_issues.iter().map(limit)).collect()
}

/// The table as one seat sees it.
#[must_use]
pub fn situation(scenario: &Scenario, view: &View) -> Vec<Block> {
    let cast = &scenario.cast;
    let mut blocks = Vec::new();
    if let Some(on_table) = view.text {
        blocks.push(Block::Line(match view.offered_by {
            Some(party) => format!("On the table, an offer of {}:", cast.party(party)),
            None => "On the table:".to_owned(),
        }));
        for &issue in &view.open_issues {
            let rung = cast.rung(issue, on_table.rung(issue));
            let may = outside(view, issue);
            blocks.push(Block::Item(format!("{}: {rung}{may}", cast.issue(issue))));
        }
        blocks.extend(view.gain.map(|gain| {
            let judged = judged(gain);
            Block::Item(format!("By your own measure it is {judged} you than no deal."))
        }));
    } else {
        blocks.push(Block::Line("Nothing is on the table.".to_owned()));
    }
    blocks.extend(view.mediation.iter().flat_map(|mediation| means(cast, mediation)));
    blocks.extend(signable(scenario, view));
    if let Some(rung) = view.asked {
        let words = match rung {
            Some(at) => format!("“{}” on {}", cast.rung(at.issue, at.rung), cast.issue(at.issue)),
            None => "leave to sign the text".to_owned(),
        };
        blocks.push(Block::Line(format!("Your delegation has asked for {words}.")));
    }
    blocks
}

/// What the delegation may sign, where anything is open.
fn signable(scenario: &Scenario, view: &View) -> Vec<Block> {
    let Some(mandate) = view.mandate.filter(|_| !view.open_issues.is_empty()) else {
        return Vec::new();
    };
    let limit = |issue: &IssueIx| {
        let span = span(scenario, &mandate, *issue);
        Block::Item(format!("{}: {span}", scenario.cast.issue(*issue)))
    };
    let intro = Block::Line("The delegation may sign:".to_owned());
    std::iter::once(intro).chain(view.open_issues.iter().map(limit)).collect()
}

/// What a mediator makes of the text, and what it has left.
fn means(cast: &Cast, mediation: &Mediation) -> Vec<Block> {
    let own = &mediation.engagement;
    let reading = |(p, gain): (PartyIx, &f64)| {
        let error = if own.heard[p.ix()] == 0 { ", though you have not heard it" } else { "" };
        Block::Item(format!(
            "As you read it, that is {} {} than no deal{error}.",
            judged(*gain),
            cast.party(p)
        ))
    };
    let parties = PartyIx::first(mediation.readings.len());
    let mut blocks: Vec<Block> = parties.zip(&mediation.readings).map(reading).collect();
    let mut left = Vec::new();
    if own.guarantee > 0.0 {
        left.push(
            if own.has_guaranteed { "guarantee offered" } else { "guarantee not offered" }
                .to_owned(),
        );
    }
    if own.budget > 0.0 {
        left.push(format!("inducements of {:.0} points", own.budget * 100.0));
    }
    if own.leverage > 0.0 {
        left.push(format!("leverage of {:.0} points", own.leverage * 100.0));
    }
    if !left.is_empty() {
        blocks.push(Block::Line(format!("You have: {}.", left.join(", "))));
    }
    blocks
}

/// A gain in words, to be followed by who gains.
fn judged(gain: f64) -> &'static str {
    match gain {
        gain if gain > 0.1 => "clearly better for",
        gain if gain > 0.0 => "a little better for",
        gain if gain > -0.1 => "a little worse for",
        _ => "clearly worse for",
    }
}

/// A remark on an issue of the text that lies outside the mandate.
fn outside(view: &View, issue: IssueIx) -> &'static str {
    let rung = view.text.map(|text| text.rung(issue));
    match (view.mandate, rung) {
        (Some(mandate), Some(rung)) if !mandate.admits(issue, rung) => " (outside your mandate)",
        _ => "",
    }
}

/// What a mandate without limits allows.
const ANYTHING: &str = "anything";

/// The rungs of an issue that a region allows, in words.
#[must_use]
pub fn span(scenario: &Scenario, region: &Region, issue: IssueIx) -> String {
    let (floor, ceiling) = (region.floor.rung(issue), region.ceiling.rung(issue));
    let words = |rung| scenario.cast.rung(issue, rung);
    match (floor, ceiling) {
        (0, 0) => "nothing".to_owned(),
        (0, top) if top == scenario.space.top(issue) => ANYTHING.to_owned(),
        (floor, ceiling) if floor == ceiling => format!("only “{}”", words(floor)),
        (0, ceiling) => format!("up to “{}”", words(ceiling)),
        (floor, top) if top == scenario.space.top(issue) => format!("“{}” or more", words(floor)),
        (floor, ceiling) => format!("from “{}” to “{}”", words(floor), words(ceiling)),
    }
}
