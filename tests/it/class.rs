//! A class: what is acknowledged is kept, what is confidential stays so, and a class is its
//! decisions.

mod attacks;
mod futures;
mod kit;
mod over_the_net;
mod sockets;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use demarche_class::class::{Class, Phase};
use demarche_class::deed::{Deed, Hearers, HostDeed};
use demarche_class::exports::{self, export};
use demarche_class::pages::words::blocks;
use demarche_class::pages::{Island, debrief, desk};
use demarche_class::store::{Foundation, Store};
use demarche_class::study::futures;
use demarche_class::table::Table;
use demarche_class::talk::{PREDICTION, channels};
use demarche_domain::index::{MediatorIx, PartyIx};
use demarche_engine::questions::Asking;
use demarche_record::decision::{Choice, Decision};
use demarche_record::format::Lineage;
use demarche_record::legible::Words;
use demarche_record::seat::Seat;
use demarche_seat::block::Block;
use demarche_seat::brief::brief;
use demarche_seat::chairs;
use support::demarche;
use support::runs::{FLAGSHIP, loaded, scenario};

/// An empty folder for passing use.
pub(super) fn folder(name: &str) -> PathBuf {
    let name = format!("class-{name}-{}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn foundation(key: &str, n_tables: usize) -> Foundation {
    let scenario = scenario(key).text.clone();
    let (code, host) = ("ABC234".to_owned(), String::new());
    Foundation { scenario, seed: 17, over_ranges: None, n_tables, code, host }
}

fn begun(key: &str, n_tables: usize, file: &Path) -> Class {
    let foundation = foundation(key, n_tables);
    let store = Store::create(file, &foundation).unwrap();
    Class::open(store, foundation, &scenario(key), loaded(key, &[]).numbers).unwrap()
}

fn resumed(key: &str, file: &Path) -> Class {
    let (store, foundation) = Store::open(file).unwrap();
    Class::open(store, foundation, &scenario(key), loaded(key, &[]).numbers).unwrap()
}

/// Everybody of a table takes a seat of their own, and is named for it.
fn seated(class: &mut Class, at: usize) -> Vec<(i64, Seat)> {
    let (scenario, code) = (class.scenario().clone(), class.foundation().code.clone());
    let sit = |seat: Seat| {
        let n_people = class.people().len();
        let name = format!("Person {n_people}");
        let person = class.join(&code, &name).unwrap().person;
        class.act(person, "sit", Deed::Sit { at, seat }).unwrap();
        (person, seat)
    };
    chairs::of_scenario(&scenario).into_iter().map(sit).collect()
}

/// Something that is offered, by a number.
fn picked(choices: &[Choice], number: u64) -> Decision {
    let number = usize::try_from(number).unwrap();
    match &choices[number % choices.len()] {
        Choice::One(decision) => decision.clone(),
        Choice::Propose(region) => Decision::Propose { package: region.ceiling },
        Choice::TableText(region) => Decision::TableText { text: region.ceiling },
        Choice::ChangeMandate(_) => Decision::Hold { until_something_changes: false },
    }
}

/// Lets everybody who is asked decide something, so many times; tells whether the talks are over.
fn played(
    class: &mut Class,
    at: usize,
    people: &[(i64, Seat)],
    steps: std::ops::Range<u64>,
) -> bool {
    for step in steps {
        let Some(question) = class.tables()[at].questions().first().cloned() else { break };
        let (person, _) = people.iter().find(|(_, seat)| *seat == question.seat).unwrap();
        // A walk through numbers that looks like none, and is the same every time.
        let number = (step + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        let decision = picked(&question.choices, number);
        let grave = matches!(decision, Decision::WalkOut {} | Decision::Recall {});
        let word = format!("{at}-{step}");
        if !grave && class.act(*person, &word, Deed::Decide(decision)).is_ok() {
            let hold = Decision::Hold { until_something_changes: step.is_multiple_of(3) };
            // Who has held already is not asked.
            let _ = class.act(*person, &format!("{word}-hold"), Deed::Decide(hold));
        } else {
            class.act(*person, &format!("{word}-leave"), Deed::Leave).unwrap();
        }
    }
    class.tables()[at].is_over()
}

fn html(islands: Vec<Island>) -> String {
    islands.into_iter().map(|island| island.html.to_string()).collect()
}

fn record(table: &Table) -> String {
    table.record().to_lines(&table.scenario().cast)
}

#[test]
fn a_class_that_was_killed_is_where_it_was() {
    let file = folder("killed").join("class.sqlite");
    let mut class = begun(FLAGSHIP, 2, &file);
    let people = [seated(&mut class, 0), seated(&mut class, 1)];
    class.host("begin", HostDeed::GoOn).unwrap();
    let mut is_over = false;
    for round in 0..12 {
        let steps = round * 40..(round + 1) * 40;
        is_over = played(&mut class, 0, &people[0], steps.clone());
        played(&mut class, 1, &people[1], steps.start / 3..steps.end / 3);
        let desks = |class: &Class| -> Vec<String> {
            people.iter().flatten().map(|(person, _)| html(desk::islands(class, *person))).collect()
        };
        let (was, records) = (desks(&class), class.tables().iter().map(record).collect::<Vec<_>>());
        drop(class);
        class = resumed(FLAGSHIP, &file);
        assert_eq!(class.phase(), Phase::Talks);
        assert_eq!(class.tables().iter().map(record).collect::<Vec<_>>(), records);
        assert_eq!(desks(&class), was, "after round {round}");
    }
    assert!(is_over || class.tables()[0].turn() > 10, "nothing was played");
}

#[test]
fn a_deed_said_twice_is_done_once_and_what_is_undone_can_be_done_otherwise() {
    let file = folder("twice").join("class.sqlite");
    let mut class = begun("textbook/symmetric-dispute", 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    let begun = record(&class.tables()[0]);
    let question = class.tables()[0].questions()[0].clone();
    let (person, _) = people.iter().find(|(_, seat)| *seat == question.seat).unwrap();
    let hold = || Deed::Decide(Decision::Hold { until_something_changes: false });
    let first = class.act(*person, "one", hold()).unwrap();
    let after = record(&class.tables()[0]);
    assert_ne!(after, begun);
    assert_eq!(class.act(*person, "one", hold()), Ok(first));
    assert_eq!(record(&class.tables()[0]), after, "said twice, it was done twice");
    class.host("back", HostDeed::Undo { at: 0 }).unwrap();
    assert_eq!(record(&class.tables()[0]), begun);
    class.host("back", HostDeed::Undo { at: 0 }).unwrap();
    assert_eq!(class.tables()[0].questions()[0].seat, question.seat);
    class.act(*person, "two", Deed::Leave).unwrap();
    let otherwise = record(&class.tables()[0]);
    drop(class);
    assert_eq!(record(&resumed("textbook/symmetric-dispute", &file).tables()[0]), otherwise);
}

/// What only one side is told: the items of its brief that the other's has not.
fn secrets(asking: &Asking<'_>, class: &Class, party: PartyIx) -> Vec<String> {
    let told = |seat: Seat| brief(class.scenario(), &[seat], asking);
    // What a mediator knows of the sides, all know.
    let public = told(Seat::Mediator(MediatorIx(0)));
    let others = told(Seat::Delegation(PartyIx(1 - party.0)));
    let own = told(Seat::Delegation(party)).into_iter();
    let own = own.filter(|block| !others.contains(block) && !public.contains(block));
    let items = own.filter(|block| matches!(block, Block::Item(_)));
    // As a page has it.
    let item = |block: Block| {
        let html = blocks(&[block]).into_string();
        let (_, item) = html.split_once("<li>").unwrap();
        item.split_once("</li>").unwrap().0.to_owned()
    };
    items.map(item).collect()
}

#[test]
fn no_seat_is_sent_what_is_another_sides() {
    let file = folder("secrets").join("class.sqlite");
    let mut class = begun(FLAGSHIP, 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    let scenario = class.scenario().clone();
    for (person, seat) in &people {
        for channel in channels(&scenario, *seat) {
            let text = format!("heard in {}", channel.key());
            let say = Deed::Say { channel: channel.key(), text };
            class.act(*person, &format!("say {}", channel.key()), say).unwrap();
        }
    }
    for stretch in 0..8 {
        played(&mut class, 0, &people, stretch * 30..(stretch + 1) * 30);
        let table = &class.tables()[0];
        let hidden = [0, 1].map(|party| secrets(&table.asking(), &class, PartyIx(party)));
        assert!(hidden.iter().all(|of| of.len() > 4), "{hidden:?}");
        for (person, seat) in &people {
            let page = html(desk::islands(&class, *person));
            for (party, secrets) in hidden.iter().enumerate() {
                // Those who consent have stakes of their own, which can be those of another.
                let told = brief(&scenario, &[*seat], &table.asking());
                let own_lines = blocks(&told).into_string();
                let consents = matches!(seat, Seat::Constituency(..));
                let is_told = |secret: &&String| consents && own_lines.contains(secret.as_str());
                let secrets: Vec<&String> = secrets.iter().filter(|of| !is_told(of)).collect();
                let own = !consents && seat.party().is_some_and(|own| own.ix() == party);
                for secret in secrets {
                    assert_eq!(page.contains(secret.as_str()), own, "{seat:?}: {secret}");
                }
            }
            let heard = channels(&scenario, *seat);
            for (_, other) in &people {
                for channel in channels(&scenario, *other) {
                    let text = format!("heard in {}<", channel.key());
                    assert_eq!(page.contains(&text), heard.contains(&channel), "{seat:?}: {text}");
                }
            }
        }
        assert!(
            !html(debrief::islands(&class, None)).contains("heard in"),
            "the debrief is open early"
        );
    }
    class.host("end", HostDeed::Debrief).unwrap();
    assert!(html(debrief::islands(&class, None)).contains("heard in own-0"));
    // Who had a seat says first what they think the other side needed, and then sees it.
    let (person, _) = people[0];
    let before = html(debrief::islands(&class, Some(person)));
    assert!(before.contains("Before you look") && !before.contains("heard in own-0"), "{before}");
    let text = "they needed a hotline".to_owned();
    let say = Deed::Say { channel: PREDICTION.to_owned(), text };
    class.act(person, "predict", say).unwrap();
    let after = html(debrief::islands(&class, Some(person)));
    assert!(after.contains("heard in own-0") && after.contains("they needed a hotline"));
    for party in ["Pakistan", "Afghanistan"] {
        assert!(after.contains(&format!("As <bdi>{party}</bdi> tells it")), "{party}");
    }
}

#[test]
fn names_and_words_stay_text() {
    let file = folder("hostile").join("class.sqlite");
    let mut class = begun("textbook/symmetric-dispute", 1, &file);
    let code = class.foundation().code.clone();
    let hostile = "<script>x</script>\"'&";
    let person = class.join(&code, hostile).unwrap().person;
    let seat = Seat::Delegation(PartyIx(0));
    class.act(person, "sit", Deed::Sit { at: 0, seat }).unwrap();
    let say = Deed::Say { channel: "plenary".to_owned(), text: hostile.to_owned() };
    class.act(person, "say", say).unwrap();
    let notice = HostDeed::Notice { to: Hearers::All, text: hostile.to_owned() };
    class.host("word", notice).unwrap();
    class.host("begin", HostDeed::GoOn).unwrap();
    let words = Words::of(hostile).unwrap();
    class.host("news", HostDeed::Announce { at: None, words }).unwrap();
    class.host("end", HostDeed::Debrief).unwrap();
    let host = demarche_class::pages::host::islands(&class, &[hostile.to_owned()]);
    for page in
        [html(desk::islands(&class, person)), html(debrief::islands(&class, None)), html(host)]
    {
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script"));
    }
}

#[test]
fn a_step_that_is_over_waits_for_nobody() {
    let file = folder("pace").join("class.sqlite");
    let mut class = begun("textbook/symmetric-dispute", 12, &file);
    let people = seated(&mut class, 0);
    (1..12).for_each(|at| drop(seated(&mut class, at)));
    class.host("begin", HostDeed::GoOn).unwrap();
    class.host("pace", HostDeed::Pace(3)).unwrap();
    class.presence(people[0].0, true);
    let (before, stamp) = (class.tables()[0].turn(), class.stamp(None));
    class.tick();
    assert_ne!(class.stamp(None), stamp, "the host's clock stands still");
    (0..200).for_each(|_| class.tick());
    assert!(class.tables()[0].turn() > before + 5, "{}", class.tables()[0].turn());
    class.host("pause", HostDeed::Pause).unwrap();
    let paused = class.tables()[0].turn();
    (0..200).for_each(|_| class.tick());
    assert_eq!(class.tables()[0].turn(), paused);
}

#[test]
fn pins_cannot_be_tried_one_after_the_other() {
    let file = folder("pins").join("class.sqlite");
    let mut class = begun("textbook/symmetric-dispute", 1, &file);
    let code = class.foundation().code.clone();
    assert!(class.join("WRONG2", "Zahra").is_err());
    let joined = class.join(&code.to_lowercase(), "Zahra").unwrap();
    assert!(class.join(&code, "Zahra").is_err(), "one name, two people");
    let pin = joined.pin.unwrap();
    let wrong = if pin == "0000" { "1111" } else { "0000" };
    let [here, there] = [7, 8].map(|last| IpAddr::from([192, 0, 2, last]));
    for _ in 0..5 {
        assert!(class.come_back("Zahra", wrong, here).is_err());
    }
    assert!(class.come_back("Zahra", &pin, here).unwrap_err().contains("try again in"));
    // Who plays tricks does not keep her out elsewhere, but cannot go on for ever by moving.
    assert!(class.come_back("Zahra", &pin, there).is_ok());
    for device in 10..80 {
        let from = IpAddr::from([192, 0, 2, device]);
        assert!(class.come_back("Zahra", wrong, from).is_err());
    }
    assert!(class.come_back("Zahra", &pin, there).unwrap_err().contains("ask the host"));
    let told = class.host("pin", HostDeed::NewPin { person: joined.person }).unwrap();
    let new = told.trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();
    assert!(class.come_back("Zahra", &new, there).is_ok());
    assert_eq!(new == pin, class.come_back("Zahra", &pin, here).is_ok(), "the old PIN opens still");
    (0..60).for_each(|_| class.tick());
    let back = class.come_back(" zahra", &new, here).unwrap();
    assert_eq!(class.who(&back.token), Some(joined.person));
    assert_eq!(class.who(&joined.token), None, "a device stays that came in by the old PIN");
    let again = class.come_back("Zahra", &new, here).unwrap();
    assert_eq!(class.who(&again.token), class.who(&back.token), "both devices stay");
    assert_eq!(class.who("nobody"), None);
    let n_forgotten = class.forget().unwrap();
    assert_eq!(n_forgotten, 1);
    let bytes = std::fs::read(&file).unwrap();
    assert!(!bytes.windows(5).any(|of| of == b"Zahra"), "the name is in the file still");
}

#[test]
fn the_futures_of_a_debrief_are_those_of_a_batch() {
    let scenario = scenario("classroom/in-class");
    let lineage = Lineage { seed: 17, branch: None, over_ranges: Some(17) };
    let futures = futures(&scenario, lineage, 120);
    let batch = folder("futures").join("batch").to_string_lossy().into_owned();
    let ran = demarche().args(["batch", "classroom/in-class", "-n", "120", "-o", &batch]).output();
    assert!(ran.unwrap().status.success());
    let text = std::fs::read_to_string(Path::new(&batch).join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    let counted = summary["outcomes"].as_array().unwrap().iter();
    let counted: Vec<u32> = counted.map(|of| of["count"].as_u64().unwrap() as u32).collect();
    assert_eq!((futures.outcomes.as_slice(), futures.n()), (counted.as_slice(), 120));
    assert!(futures.rungs.iter().all(|of| of.iter().sum::<u32>() == 120));
}

#[test]
fn what_is_taken_home_tells_what_people_did_and_can_do_without_names() {
    let file = folder("home").join("class.sqlite");
    let mut class = begun("textbook/symmetric-dispute", 1, &file);
    let code = class.foundation().code.clone();
    let names = ["=Zahra", "Leyla"];
    for (name, party) in names.iter().zip([0, 1]) {
        let person = class.join(&code, name).unwrap().person;
        let seat = Seat::Delegation(PartyIx(party));
        class.act(person, "sit", Deed::Sit { at: 0, seat }).unwrap();
        let say = Deed::Say { channel: "plenary".to_owned(), text: "two words".to_owned() };
        class.act(person, "say", say).unwrap();
    }
    class.host("begin", HostDeed::GoOn).unwrap();
    let asked = class.tables()[0].questions()[0].seat;
    let person = class.seated(0, asked).next().unwrap().id;
    let region =
        class.tables()[0].question(asked).unwrap().choices.iter().find_map(|of| match of {
            Choice::Propose(region) => Some(*region),
            _ => None,
        });
    let offer = Decision::Propose { package: region.unwrap().ceiling };
    class.act(person, "offer", Deed::Decide(offer)).unwrap();
    class.host("back", HostDeed::Undo { at: 0 }).unwrap();
    let taken = |file: &str, with_names| export(&class, file, with_names).unwrap().text;
    let decisions = taken("decisions.csv", true);
    assert!(decisions.contains("Put an offer") && decisions.contains("taken back"), "{decisions}");
    let activity = taken("activity.csv", true);
    assert!(activity.contains("'=Zahra") && activity.contains(",\"1\",\"2\"\n"), "{activity}");
    for file in exports::names(&class) {
        let text = taken(&file, false);
        assert!(names.iter().all(|name| !text.contains(name)), "{file}:\n{text}");
    }
    assert!(export(&class, "table-2.txt", true).is_none());
    assert!(export(&class, "../class.sqlite", true).is_none());
}

#[test]
fn what_the_host_gave_to_the_policy_stays_with_it() {
    let file = folder("handed").join("class.sqlite");
    let mut class = begun("textbook/symmetric-dispute", 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    played(&mut class, 0, &people, 0..6);
    let (_, seat) = people[0];
    class.host("hand", HostDeed::Hand { at: 0, seat, to_people: false }).unwrap();
    let held = |class: &Class| class.tables()[0].held().contains(&seat);
    assert!(!held(&class));
    class.host("back", HostDeed::Undo { at: 0 }).unwrap();
    assert!(!held(&class), "an undo handed it back");
    class.host("pause", HostDeed::Pause).unwrap();
    class.host("on", HostDeed::GoOn).unwrap();
    assert!(!held(&class), "a pause handed it back");
    class.host("people", HostDeed::Hand { at: 0, seat, to_people: true }).unwrap();
    assert!(held(&class));
}
