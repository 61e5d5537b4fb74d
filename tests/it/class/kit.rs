//! What a class is given beside the talks: who each seat is, questions, events and news, and words
//! of the host.

use std::path::Path;

use demarche_class::class::Class;
use demarche_class::deed::{Deed, Hearers, HostDeed};
use demarche_class::pages::check::understood;
use demarche_class::pages::packs::packs;
use demarche_class::pages::{desk, host, projector};
use demarche_domain::index::{PartyIx, ShockIx};
use demarche_engine::scenario::When;
use demarche_record::decision::Decision;
use demarche_record::format::Lineage;
use demarche_record::legible::Words;
use demarche_record::seat::Seat;
use demarche_scenario::kits;
use demarche_seat::chairs;
use support::runs::{FLAGSHIP, scenario};

use super::{begun, folder, html, played, record, resumed, seated};

const IN_CLASS: &str = "classroom/in-class";

fn class(name: &str) -> (Class, Vec<(i64, Seat)>, std::path::PathBuf) {
    let file = folder(name).join("class.sqlite");
    let mut class = begun(IN_CLASS, 1, &file);
    let people = seated(&mut class, 0);
    (class, people, file)
}

fn desk_of(class: &Class, person: i64) -> String {
    html(desk::islands(class, person))
}

fn words(text: &str) -> Words {
    Words::of(text).unwrap()
}

#[test]
fn every_seat_of_the_class_scenario_is_told_who_it_is_and_no_other() {
    let (mut class, people, _) = class("kit-seats");
    for (person, _) in &people {
        class.act(*person, "read", Deed::Read).unwrap();
    }
    let (scenario, kit) = (class.scenario().clone(), class.kit().unwrap().clone());
    let name = |seat: &Seat| chairs::name(*seat, &scenario.cast);
    let mut told: Vec<&str> = kit.seats.iter().map(|(name, _)| name.as_str()).collect();
    let mut seats: Vec<String> = chairs::of_scenario(&scenario).iter().map(name).collect();
    told.sort_unstable();
    seats.sort_unstable();
    assert_eq!(told, seats);
    // Washington can be taken, and comes to the table by an event.
    assert!(seats.contains(&"mediator:united-states".to_owned()));
    for (person, seat) in &people {
        let page = desk_of(&class, *person);
        for (of, told) in &kit.seats {
            let is_own = *of == name(seat);
            assert_eq!(page.contains(&told.says), is_own, "{seat:?}: {of}");
        }
    }
}

/// What the words of a brief say that a side does not do, the model does not let it do.
#[test]
fn what_briefs_rule_out_the_model_rules_out() {
    let scenario = scenario(IN_CLASS);
    let issue = |key: &str| {
        let keys = scenario.cast.issues.iter().position(|issue| issue.named.key == key);
        scenario.space.issues().nth(keys.unwrap()).unwrap()
    };
    let says = |seat: &str| kits()[0].seat(seat).unwrap().says.clone();
    let of = |key: &str| {
        let place = scenario.cast.parties.iter().position(|party| party.named.key == key).unwrap();
        (&scenario.parties[place].red_lines, &scenario.parties[place].demands)
    };
    let (lines, _) = of("afghanistan");
    let (action, strikes) = (issue("action"), issue("no-strike"));
    assert!(says("delegation:afghanistan").contains("fight the TTP"));
    assert!(lines.ceiling.rung(action) < scenario.space.top(action));
    let (lines, _) = of("pakistan");
    assert!(says("constituency:pakistan/army").contains("right to answer"));
    assert!(lines.ceiling.rung(strikes) < scenario.space.top(strikes));
}

#[test]
fn events_for_the_host_strike_only_when_they_are_let_in() {
    let (mut class, people, _) = class("kit-events");
    class.host("begin", HostDeed::GoOn).unwrap();
    let scenario = class.scenario().clone();
    let events =
        (0..scenario.shocks.len()).filter(|at| scenario.shocks[*at].when == When::Injected);
    let events: Vec<usize> = events.collect();
    assert_eq!(events.len(), 9);
    let page = html(host::islands(&class, &[]));
    for at in &events {
        let name = &scenario.cast.shocks[*at].name;
        assert!(page.contains(&format!("\">{name}</option>")), "{name}");
        class
            .host(&format!("event {at}"), HostDeed::Inject { at: 0, shock: ShockIx::at(*at) })
            .unwrap();
    }
    played(&mut class, 0, &people, 0..40);
    let told = class.tables()[0].dispatch(None).replace('\n', " ");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for at in events {
        assert!(told.contains(&scenario.cast.shocks[at].name), "{told}");
    }
}

/// All wait until something changes, and news is told in this step, if in any; gives in which steps
/// each delegation was asked.
fn asked(name: &str, told_in: Option<usize>) -> Vec<(usize, Seat)> {
    let mut class = begun(FLAGSHIP, 1, &folder(name).join("class.sqlite"));
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    let wait = Decision::Hold { until_something_changes: true };
    let mut asked = Vec::new();
    for step in 0..300 {
        let Some(question) = class.tables()[0].questions().first() else { break };
        let seat = question.seat;
        let (person, _) = people.iter().find(|(_, of)| *of == seat).unwrap();
        asked.extend(matches!(seat, Seat::Delegation(_)).then_some((step, seat)));
        if told_in == Some(step) {
            class.host("news", HostDeed::Announce { at: Some(0), words: words("News") }).unwrap();
        }
        class.act(*person, &format!("wait {step}"), Deed::Decide(wait.clone())).unwrap();
    }
    asked
}

#[test]
fn news_wake_who_waits_until_something_changes() {
    let quiet = asked("kit-quiet", None);
    // As the round opens one waits already, and the other is asked.
    let (second, _) = quiet[1];
    let told = asked("kit-told", Some(second));
    assert_eq!(told[..2], quiet[..2]);
    assert_eq!(told.len(), quiet.len() + 1, "news wake nobody: {told:?} and {quiet:?}");
}

#[test]
fn news_in_words_are_told_to_all_and_kept() {
    let (mut class, people, file) = class("kit-news");
    class.host("early", HostDeed::Announce { at: None, words: words("x") }).unwrap_err();
    class.host("begin", HostDeed::GoOn).unwrap();
    class
        .host("news", HostDeed::Announce { at: Some(0), words: words("A line\nof news") })
        .unwrap();
    for (person, _) in &people {
        assert!(desk_of(&class, *person).contains("“A line of news”"));
    }
    let kept = record(&class.tables()[0]);
    assert!(kept.contains("\"announced\""));
    drop(class);
    assert!(record(&resumed(IN_CLASS, &file).tables()[0]) == kept);
}

#[test]
fn nothing_enters_a_table_that_is_over() {
    let (mut class, _, file) = class("kit-over");
    class.host("begin", HostDeed::GoOn).unwrap();
    class.host("out", HostDeed::PlayOut { at: 0 }).unwrap();
    assert!(class.tables()[0].is_over());
    let deeds = [
        HostDeed::Inject { at: 0, shock: ShockIx(0) },
        HostDeed::Extend { at: 0, by_turns: 3 },
        HostDeed::Announce { at: Some(0), words: words("late") },
    ];
    for (nth, deed) in deeds.into_iter().enumerate() {
        assert!(class.host(&format!("late {nth}"), deed).is_err(), "{nth}");
    }
    let over = record(&class.tables()[0]);
    drop(class);
    assert!(record(&resumed(IN_CLASS, &file).tables()[0]) == over);
}

#[test]
fn a_word_of_the_host_is_seen_by_whom_it_is_for() {
    let (mut class, people, file) = class("kit-words");
    let (of_table, of_seat) = (Hearers::Table(0), Hearers::Seat(0, Seat::Capital(PartyIx(1))));
    for (to, text) in [(Hearers::All, "to all"), (of_table, "to table"), (of_seat, "to seat")] {
        let text = format!("{text}.");
        class.host(&format!("{to:?}"), HostDeed::Notice { to, text }).unwrap();
    }
    let beyond = HostDeed::Notice { to: Hearers::Table(7), text: "x".to_owned() };
    class.host("beyond", beyond).unwrap_err();
    drop(class);
    let mut class = resumed(IN_CLASS, &file);
    for (person, seat) in &people {
        let page = desk_of(&class, *person);
        assert!(page.contains("to all.") && page.contains("to table."));
        assert_eq!(page.contains("to seat."), *seat == Seat::Capital(PartyIx(1)), "{seat:?}");
    }
    let screen = html(projector::islands(&class, &[]));
    assert!(
        screen.contains("to all.") && !screen.contains("to table.") && !screen.contains("to seat.")
    );
    let back = HostDeed::Notice { to: of_seat, text: String::new() };
    class.host("back", back).unwrap();
    assert!(!desk_of(&class, people[0].0).contains("to seat."));
    drop(class);
    let class = resumed(IN_CLASS, &file);
    assert!(!html(host::islands(&class, &[])).contains("to seat."));
    class.forget().unwrap();
    let bytes = std::fs::read(Path::new(&file)).unwrap();
    assert!(!bytes.windows(8).any(|of| of == b"to table"), "a word is in the file still");
}

#[test]
fn answers_on_the_brief_are_kept_told_right_or_not_and_counted_for_the_host() {
    let (mut class, people, file) = class("kit-checks");
    let check = class.kit().unwrap().questions[0].clone();
    let wrong = (check.right + 1) % check.choices.len();
    let answer = |choice| Deed::Answer { question: check.key.clone(), choice };
    let ask = |class: &mut Class, nth: usize, word: &str, choice| {
        class.act(people[nth].0, word, answer(choice))
    };
    assert_eq!(ask(&mut class, 0, "a", check.right).unwrap(), "That is it.");
    assert!(ask(&mut class, 1, "b", wrong).unwrap().starts_with("Not quite"));
    ask(&mut class, 1, "c", check.choices.len()).unwrap_err();
    let other = Deed::Answer { question: "no-such".to_owned(), choice: 0 };
    class.act(people[1].0, "d", other).unwrap_err();
    drop(class);
    let class = resumed(IN_CLASS, &file);
    assert!(desk_of(&class, people[0].0).contains("✓ Yes."));
    assert!(desk_of(&class, people[1].0).contains("✗ Not quite."));
    assert!(!desk_of(&class, people[2].0).contains(&check.why));
    let told = understood(&class).into_string();
    assert!(told.contains("1 right") && told.contains(", 1 not"), "{told}");
    // They are nobody's talk.
    assert!(!desk_of(&class, people[0].0).contains(&format!("check {}", check.key)));
}

#[test]
fn packs_hold_the_kit_and_answers_only_for_the_host() {
    let lineage = Lineage { seed: 17, branch: None, over_ranges: None };
    let page = packs(&scenario(IN_CLASS), lineage).unwrap();
    let (seats, host) = page.split_once("aria-label=\"For the host\"").unwrap();
    let kit = &kits()[0];
    assert!(
        kit.questions.iter().all(|check| host.contains(&check.why) && !seats.contains(&check.why))
    );
    for (name, told) in &kit.seats {
        assert!(seats.contains(&told.says), "{name}");
    }
}
