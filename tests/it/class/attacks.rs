//! What somebody tries who does not play by the rules: to read the other side's brief, to fill the
//! class, to drown it in words, to undo what is done, to send the host a formula.

use std::sync::atomic::{AtomicU32, Ordering};

use demarche_class::class::{Class, Phase};
use demarche_class::deed::{Deed, HostDeed};
use demarche_class::exports::export;
use demarche_class::pages::{debrief, desk};
use demarche_class::store::Store;
use demarche_class::talk::PREDICTION;
use demarche_domain::index::PartyIx;
use demarche_record::seat::Seat;
use support::runs::FLAGSHIP;

use super::over_the_net::{Served, cookie};
use super::{begun, folder, html, played, record, resumed, seated};

const DISPUTE: &str = "textbook/symmetric-dispute";
const EAST: Seat = Seat::Delegation(PartyIx(0));
const WEST: Seat = Seat::Delegation(PartyIx(1));

fn joined(class: &mut Class, name: &str) -> i64 {
    let code = class.foundation().code.clone();
    class.join(&code, name).unwrap().person
}

/// Tries to sit down; each try is one of its own.
fn sits(class: &mut Class, person: i64, seat: Seat) -> bool {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let word = format!("sit {}", TRIES.fetch_add(1, Ordering::Relaxed));
    class.act(person, &word, Deed::Sit { at: 0, seat }).is_ok()
}

fn say(text: &str) -> Deed {
    Deed::Say { channel: "plenary".to_owned(), text: text.to_owned() }
}

#[test]
fn who_has_read_one_brief_reads_no_other() {
    let file = folder("spy").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let (spy, other) = (joined(&mut class, "Spy"), joined(&mut class, "Other"));
    let brief = |class: &Class, of| html(desk::islands(class, of)).contains("What matters to");
    // Before they have read it they may sit anywhere, and see no brief.
    assert!(sits(&mut class, spy, EAST) && !brief(&class, spy));
    assert!(sits(&mut class, spy, WEST) && !brief(&class, spy));
    class.act(spy, "read", Deed::Read).unwrap();
    assert!(brief(&class, spy));
    assert!(!sits(&mut class, spy, EAST), "the spy sits with the other side");
    assert!(sits(&mut class, spy, Seat::Capital(PartyIx(1))), "but may move within their own");
    assert!(sits(&mut class, other, EAST));
    class.host("begin", HostDeed::GoOn).unwrap();
    // Now who sits somewhere knows its brief, asked for or not; also after a restart.
    drop(class);
    let mut class = resumed(DISPUTE, &file);
    assert!(brief(&class, other));
    for (person, seat) in [(other, WEST), (spy, EAST)] {
        assert!(!sits(&mut class, person, seat));
    }
    class.host("free", HostDeed::Free { person: other }).unwrap();
    let sit = Deed::Sit { at: 0, seat: WEST };
    class.act(other, "with leave", sit).unwrap();
    class.host("seat", HostDeed::Seat { person: spy, at: 0, seat: EAST }).unwrap();
    assert_eq!(class.chair(spy), Some((0, EAST)));
    assert!(class.host("nobody", HostDeed::Seat { person: 99, at: 0, seat: EAST }).is_err());
}

#[test]
fn what_the_host_gave_to_the_policy_nobody_takes_back() {
    let file = folder("given").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    let (person, seat) = people[0];
    class.host("give", HostDeed::Hand { at: 0, seat, to_people: false }).unwrap();
    class.act(person, "up", Deed::Stand).unwrap();
    class.act(person, "down", Deed::Sit { at: 0, seat }).unwrap();
    assert!(!class.tables()[0].held().contains(&seat), "a student took it back");
    drop(class);
    let mut class = resumed(DISPUTE, &file);
    class.act(person, "up again", Deed::Stand).unwrap();
    class.act(person, "down again", Deed::Sit { at: 0, seat }).unwrap();
    assert!(!class.tables()[0].held().contains(&seat), "after a restart a student took it back");
    class.host("back", HostDeed::Hand { at: 0, seat, to_people: true }).unwrap();
    assert!(class.tables()[0].held().contains(&seat));
}

#[test]
fn the_host_can_close_the_doors_and_have_somebody_leave() {
    let file = folder("doors").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let troll = joined(&mut class, "Troll");
    assert!(sits(&mut class, troll, EAST));
    class.act(troll, "say", say("noise")).unwrap();
    class.host("begin", HostDeed::GoOn).unwrap();
    class.host("close", HostDeed::Doors { open: false }).unwrap();
    class.host("remove", HostDeed::Remove { person: troll }).unwrap();
    let code = class.foundation().code.clone();
    assert!(class.join(&code, "Troll again").unwrap_err().contains("closed the doors"));
    assert!(class.tables()[0].held().is_empty() && class.chair(troll).is_none());
    drop(class);
    let mut class = resumed(DISPUTE, &file);
    assert!(class.person(troll).is_none() && class.join(&code, "Another").is_err());
    class.host("open", HostDeed::Doors { open: true }).unwrap();
    class.join(&code, "Another").unwrap();
    let bytes = std::fs::read(&file).unwrap();
    assert!(!bytes.windows(5).any(|of| of == b"Troll"), "the name is in the file still");
}

#[test]
fn nobody_drowns_the_others_in_words() {
    let file = folder("flood").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let person = joined(&mut class, "Loud");
    assert!(sits(&mut class, person, EAST));
    let n_said =
        (0..100).filter(|n| class.act(person, &format!("say {n}"), say("x")).is_ok()).count();
    assert_eq!(n_said, 20);
    (0..10).for_each(|_| class.tick());
    let n_said =
        (0..100).filter(|n| class.act(person, &format!("more {n}"), say("x")).is_ok()).count();
    assert_eq!(n_said, 5);
}

#[test]
fn the_debrief_is_final_and_nothing_comes_before_the_talks() {
    let file = folder("final").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let people = seated(&mut class, 0);
    let (_, seat) = people[0];
    let all = || {
        [
            HostDeed::Pause,
            HostDeed::Debrief,
            HostDeed::Undo { at: 0 },
            HostDeed::Extend { at: 0, by_turns: 2 },
            HostDeed::Hand { at: 0, seat, to_people: false },
            HostDeed::PlayOut { at: 0 },
        ]
    };
    for (nth, deed) in all().into_iter().enumerate() {
        assert!(class.host(&format!("early {nth}"), deed).is_err(), "{nth}, before the talks");
    }
    class.host("begin", HostDeed::GoOn).unwrap();
    played(&mut class, 0, &people, 0..20);
    class.host("end", HostDeed::Debrief).unwrap();
    let ended = record(&class.tables()[0]);
    for (nth, deed) in all().into_iter().chain([HostDeed::GoOn]).enumerate() {
        assert!(class.host(&format!("late {nth}"), deed).is_err(), "{nth}, after the talks");
    }
    assert_eq!(class.phase(), Phase::Debrief);
    assert!(record(&class.tables()[0]) == ended);
}

/// Where a table stood, it stands after a restart, whatever the class was at.
#[test]
fn a_table_that_ended_by_itself_is_over_after_a_restart() {
    for (name, last) in [
        ("resume-talks", None),
        ("resume-paused", Some(HostDeed::Pause)),
        ("resume-over", Some(HostDeed::Debrief)),
    ] {
        let file = folder(name).join("class.sqlite");
        let mut class = begun(FLAGSHIP, 1, &file);
        let person = joined(&mut class, "Ann");
        assert!(sits(
            &mut class,
            person,
            Seat::Constituency(PartyIx(1), demarche_domain::index::ConstituencyIx(0),)
        ));
        class.host("begin", HostDeed::GoOn).unwrap();
        for nth in 0..20 {
            // Once nothing more is asked of her, the policy has played the rest.
            let _ = class.act(person, &format!("leave {nth}"), Deed::Leave);
        }
        assert!(class.tables()[0].is_over());
        let ended = record(&class.tables()[0]);
        last.into_iter().for_each(|deed| {
            class.host("last", deed).unwrap();
        });
        drop(class);
        let class = resumed(FLAGSHIP, &file);
        assert!(record(&class.tables()[0]) == ended, "{name}");
        drop(class);
        let (store, _) = Store::open(&file).unwrap();
        assert!(!store.inputs(0).unwrap().is_empty());
    }
}

#[test]
fn a_paused_table_rests_where_it_was_after_a_restart() {
    let file = folder("rests").join("class.sqlite");
    let mut class = begun(FLAGSHIP, 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    played(&mut class, 0, &people, 0..30);
    class.host("pause", HostDeed::Pause).unwrap();
    // Everybody leaves in the pause: the policy would play on, were it not for the pause.
    for (person, _) in &people {
        class.act(*person, "up", Deed::Stand).unwrap();
    }
    let (turn, rests) = (class.tables()[0].turn(), record(&class.tables()[0]));
    drop(class);
    let class = resumed(FLAGSHIP, &file);
    assert!(record(&class.tables()[0]) == rests);
    assert_eq!(class.tables()[0].turn(), turn);
}

#[test]
fn nothing_is_left_to_the_policy_that_is_not_asked() {
    let file = folder("unasked").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    let asked = |class: &Class, seat| class.tables()[0].question(seat).is_some();
    let (person, _) = *people.iter().find(|(_, seat)| !asked(&class, *seat)).unwrap();
    let why = class.act(person, "leave", Deed::Leave).unwrap_err();
    assert!(why.contains("Nothing is asked"), "{why}");
}

#[test]
fn a_prediction_comes_before_the_look() {
    let file = folder("after").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let people = seated(&mut class, 0);
    class.host("begin", HostDeed::GoOn).unwrap();
    class.host("end", HostDeed::Debrief).unwrap();
    let (person, _) = people[0];
    let predict = |text: &str| Deed::Say { channel: PREDICTION.to_owned(), text: text.to_owned() };
    class.act(person, "look", predict("–")).unwrap();
    assert!(class.act(person, "late", predict("I knew it all")).is_err());
    assert!(!html(debrief::islands(&class, Some(person))).contains("I knew it all"));
}

#[test]
fn no_formula_reaches_a_spreadsheet() {
    let file = folder("formula").join("class.sqlite");
    let mut class = begun(DISPUTE, 1, &file);
    let person = joined(&mut class, "zz;=2+5;x");
    assert!(sits(&mut class, person, EAST));
    for (nth, text) in ["hello;=1+1", "\u{feff}=1+1", "a\n=1+1", "＝1+1"].iter().enumerate() {
        class.act(person, &format!("say {nth}"), say(text)).unwrap();
    }
    for file in ["messages.csv", "activity.csv", "decisions.csv"] {
        let text = export(&class, file, true).unwrap().text;
        for delimiter in [b',', b';', b'\t'] {
            let mut reader = csv::ReaderBuilder::new();
            let mut reader =
                reader.delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
            for row in reader.records() {
                for cell in row.unwrap().iter().flat_map(str::lines) {
                    assert!(!cell.trim_start().starts_with(['=', '＝']), "{file}: {cell}");
                }
            }
        }
    }
}

#[test]
fn one_device_does_not_fill_the_class_and_a_seat_does_not_flood_it() {
    let file = folder("fill").join("class.sqlite").to_string_lossy().into_owned();
    let class = Served::start(&[DISPUTE, "-o", &file]);
    let origin = class.origin();
    let seat = class.join("Zahra");
    let join = |n: usize| {
        let body = format!("code={}&name=Eve{n}", class.code);
        class.ask("POST /join", &[("Origin", &origin)], &body).0
    };
    let n_joined = (0..80).filter(|n| join(*n) == 200).count();
    assert_eq!(n_joined, 59);
    let host = cookie(&class.ask(&format!("GET /host/{}", class.host), &[], "").1);
    assert_eq!(class.act("/host/act", &host, "do=pace&seconds=0"), 303);
    // A hundred in ten seconds, and nobody knows when these began.
    let n_done = (0..400).filter(|_| class.act("/act", &seat, "do=stand") == 303).count();
    assert!((100..400).contains(&n_done), "{n_done}");
}
