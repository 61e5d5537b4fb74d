//! Sockets of pages: doubled, reordered, racing, slow, oversized and broken messages, and a disk
//! that is full.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use support::demarche;

use super::folder;
use super::over_the_net::{Served, cookie};

const DISPUTE: &str = "textbook/symmetric-dispute";
/// How long a page waits before it says more: twenty messages a second are the most.
const PACE: Duration = Duration::from_millis(55);
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

/// A page of somebody's, by its socket.
struct Page {
    stream: TcpStream,
}

impl Page {
    fn open(class: &Served, page: &str, cookie: &str) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", class.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let request = format!(
            "GET /socket/{page} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nCookie: \
             {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: \
             13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            port = class.port,
            origin = class.origin(),
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Self { stream }
    }

    /// A frame as browsers send it.
    fn frame(kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut frame = vec![kind];
        match u16::try_from(bytes.len()) {
            Ok(short @ 0..126) => frame.push(0x80 | u8::try_from(short).unwrap()),
            Ok(long) => {
                frame.push(0x80 | 126);
                frame.extend(long.to_be_bytes());
            }
            Err(_) => {
                frame.push(0x80 | 127);
                frame.extend((bytes.len() as u64).to_be_bytes());
            }
        }
        let mask = [7, 11, 13, 17];
        frame.extend(mask);
        frame.extend(bytes.iter().enumerate().map(|(at, byte)| byte ^ mask[at % 4]));
        frame
    }

    fn send(&mut self, text: &str) {
        self.stream.write_all(&Self::frame(TEXT, text.as_bytes())).unwrap();
    }

    /// What comes next; nothing where the socket has closed.
    fn next(&mut self) -> Option<Value> {
        let mut read = |n: usize| {
            let mut bytes = vec![0; n];
            self.stream.read_exact(&mut bytes).ok().map(|()| bytes)
        };
        let head = read(2)?;
        if head[0] != TEXT {
            return None;
        }
        let n = match head[1] {
            126 => u64::from(u16::from_be_bytes(read(2)?.try_into().unwrap())),
            127 => u64::from_be_bytes(read(8)?.try_into().unwrap()),
            short => u64::from(short),
        };
        serde_json::from_slice(&read(usize::try_from(n).unwrap())?).ok()
    }

    /// What the deed of this word is answered: whether it was done, and what is said.
    fn answer(&mut self, word: &str) -> (bool, String) {
        loop {
            let told = self.next().expect("the socket stays open");
            let answer = &told["answer"];
            if answer["word"] == word {
                return (answer["ok"] == true, answer["said"].as_str().unwrap().to_owned());
            }
        }
    }

    fn act(&mut self, word: &str, fields: &[(&str, &str)]) -> (bool, String) {
        self.send(&deed(word, fields));
        self.answer(word)
    }
}

fn deed(word: &str, fields: &[(&str, &str)]) -> String {
    json!({"word": word, "fields": fields}).to_string()
}

const HOLD: &str = r#"{"do":"hold","until-something-changes":false}"#;
const OFFER: [(&str, &str); 3] =
    [("do", "propose"), ("rung-east-withdraws", "all"), ("rung-west-withdraws", "all")];

/// A class in which somebody sits, and the talks are on: the class, the seat and the host.
fn class(name: &str) -> (Served, String, String, String) {
    let file = folder(name).join("class.sqlite").to_string_lossy().into_owned();
    let class = Served::start(&[DISPUTE, "-o", &file, "--seed", "5"]);
    let seat = class.join("Zahra");
    let host = cookie(&class.ask(&format!("GET /host/{}", class.host), &[], "").1);
    assert_eq!(class.act("/act", &seat, "do=sit&table=0&seat=delegation:west"), 303);
    assert_eq!(class.act("/host/act", &host, "do=go-on"), 303);
    (class, seat, host, file)
}

/// How often something stands in the record of the table.
fn n_kept(file: &str, what: &str) -> usize {
    let record = demarche().args(["replay", file, "--format", "json"]).output().unwrap();
    String::from_utf8(record.stdout).unwrap().matches(what).count()
}

#[test]
fn what_is_said_twice_or_out_of_order_is_done_once() {
    let (class, seat, _, file) = class("doubled");
    let [mut one, mut two] = [0, 1].map(|_| Page::open(&class, "desk", &seat));
    let (offer, hold) = (deed("a", &OFFER), [("do", "decide"), ("decision", HOLD)]);
    // On one socket twice, and on the other once more.
    one.send(&offer);
    one.send(&offer);
    two.send(&offer);
    let answers = [one.answer("a"), one.answer("a"), two.answer("a")];
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0), "{answers:?}");
    // What was sent first comes last.
    assert!(two.act("c", &hold).0);
    assert_eq!(one.act("a", &OFFER), answers[0]);
    // The same word for something else is something else.
    let (ok, said) = one.act("c", &[("do", "stand")]);
    assert!(ok && said.contains("left your seat"), "{said}");
    drop(class);
    assert_eq!(n_kept(&file, "\"decision\":{\"do\":\"propose\""), 1);
}

#[test]
fn of_two_devices_in_one_seat_one_decides() {
    let (class, seat, _, file) = class("racing");
    let pages = [0, 1].map(|_| Page::open(&class, "desk", &seat));
    let race = |(nth, mut page): (usize, Page)| {
        std::thread::spawn(move || {
            let rung = ["all", "none"][nth];
            let fields = [("do", "propose"), ("rung-east-withdraws", rung), OFFER[2]];
            page.act(&format!("race {nth}"), &fields)
        })
    };
    let racing: Vec<_> = pages.into_iter().enumerate().map(race).collect();
    let answers: Vec<(bool, String)> = racing.into_iter().map(|of| of.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|(ok, _)| *ok).count(), 1, "{answers:?}");
    drop(class);
    assert_eq!(n_kept(&file, "\"decision\":{\"do\":\"propose\""), 1);
}

#[test]
fn what_cannot_be_read_harms_nobody() {
    let (class, seat, _, _) = class("broken");
    let mut page = Page::open(&class, "desk", &seat);
    // Answered, and the socket stays.
    for text in ["", "{", "[]", "{\"word\":1}", &"[".repeat(30_000)] {
        page.send(text);
        assert!(!page.answer("").0, "{text:.20}");
    }
    let long = "w".repeat(65);
    for (word, fields) in [
        ("a", vec![]),
        ("b", vec![("do", "no-such")]),
        ("c", vec![("do", "decide"), ("decision", "{\"do\":\"hold\"")]),
        ("d", vec![("do", "sit"), ("table", "99999999999999999999"), ("seat", "capital:west")]),
        (long.as_str(), vec![("do", "stand")]),
    ] {
        assert!(!page.act(word, &fields).0, "{word:.8}");
    }
    // Turned away, and nobody else notices.
    let mut split = Page::frame(0x01, b"{\"word\"");
    split.extend(Page::frame(0x01, b":1}"));
    let broken = [
        Page::frame(BINARY, b"x"),
        Page::frame(TEXT, &[0xff, 0xfe]),
        Page::frame(TEXT, &vec![b'x'; 70_000]),
        Page::frame(0x83, b"x"),
        Page::frame(0x80, b"x"),
        vec![TEXT, 1, b'x'],
        vec![TEXT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        split,
    ];
    for frame in broken {
        let mut other = Page::open(&class, "desk", &seat);
        let _ = other.stream.write_all(&frame);
        while other.next().is_some() {}
        assert!(page.act(&format!("after {}", frame.len()), &[("do", "read")]).0);
    }
    // Too many pages of one seat.
    let pages: Vec<Page> = (0..7).map(|_| Page::open(&class, "desk", &seat)).collect();
    let headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Origin", &class.origin()),
        ("Cookie", &seat),
    ];
    assert_eq!(class.ask("GET /socket/desk", &headers, "").0, 429);
    drop(pages);
}

#[test]
fn who_is_slow_keeps_nobody_waiting() {
    let (class, seat, host, _) = class("slow");
    let other = class.join("Leyla");
    assert_eq!(class.act("/act", &other, "do=sit&table=0&seat=capital:west"), 303);
    // Two that read nothing, one that says a word byte by byte.
    let deaf = [0, 1].map(|_| Page::open(&class, "desk", &seat));
    let mut slow = Page::open(&class, "desk", &seat);
    let frame = Page::frame(TEXT, deed("slow", &[("do", "read")]).as_bytes());
    let (begin, end) = frame.split_at(frame.len() / 2);
    for byte in begin {
        slow.stream.write_all(&[*byte]).unwrap();
    }
    let mut board = Page::open(&class, "host", &host);
    let mut quick = Page::open(&class, "desk", &other);
    for nth in 0..80 {
        let text = format!("{nth} {}", "word ".repeat(190));
        let word = nth.to_string();
        let news = [("do", "announce"), ("table", ""), ("text", text.as_str())];
        assert!(board.act(&word, &news).0);
        if nth % 10 == 0 {
            assert!(quick.act(&word, &[("do", "read")]).0);
        }
        std::thread::sleep(PACE);
    }
    for byte in end {
        slow.stream.write_all(&[*byte]).unwrap();
    }
    assert!(slow.answer("slow").0);
    // The host's board opened again shows what it showed.
    drop(board);
    let mut board = Page::open(&class, "host", &host);
    let shown = board.next().unwrap();
    assert!(shown["put"]["tables"].as_str().unwrap().contains("Table 1"), "{shown}");
    drop(deaf);
}

/// A request that never ends is not waited for.
#[test]
fn who_never_ends_a_request_is_let_go() {
    let (class, ..) = class("half-open");
    let half = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nX: ", class.port);
    let mut open: Vec<TcpStream> = (0..30)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", class.port)).unwrap();
            stream.write_all(half.as_bytes()).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            stream
        })
        .collect();
    assert_eq!(class.ask("GET /", &[], "").0, 200);
    for stream in &mut open {
        let mut rest = Vec::new();
        // The end comes, with or without a word.
        let ended = stream.read_to_end(&mut rest);
        let timed_out = |kind| matches!(kind, std::io::ErrorKind::WouldBlock);
        assert!(!ended.is_err_and(|cause| timed_out(cause.kind())), "it is open still");
    }
}

/// A bound on the size of files stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_takes_nothing_back_and_says_so() {
    let file = folder("full").join("class.sqlite").to_string_lossy().into_owned();
    drop(Served::start(&[DISPUTE, "-o", &file, "--seed", "5"]));
    let n_blocks = std::fs::metadata(&file).unwrap().len() / 512 + 80;
    let program = demarche().get_program().to_string_lossy().into_owned();
    let line = format!(
        "trap '' XFSZ; ulimit -f {n_blocks}; exec {program} class --local --port 0 --resume {file}"
    );
    let mut command = Command::new("sh");
    command.args(["-c", &line]);
    let class = Served::by(command);
    let seat = class.join("Zahra");
    let host = cookie(&class.ask(&format!("GET /host/{}", class.host), &[], "").1);
    assert_eq!(class.act("/act", &seat, "do=sit&table=0&seat=delegation:west"), 303);
    assert_eq!(class.act("/host/act", &host, "do=go-on"), 303);
    let mut page = Page::open(&class, "desk", &seat);
    let mut board = Page::open(&class, "host", &host);
    let (mut n_told, mut refused) = (0, None);
    for nth in 0..400 {
        let text = format!("news {nth} {}", "x".repeat(900));
        let fields = [("do", "announce"), ("table", "0"), ("text", text.as_str())];
        match board.act(&format!("news {nth}"), &fields) {
            (true, _) => n_told += 1,
            (false, why) => refused = Some(why),
        }
        if refused.is_some() {
            break;
        }
        std::thread::sleep(PACE);
    }
    let why = refused.expect("the disk was never full");
    assert!(why.contains("could not be kept, so nothing was done"), "{why}");
    assert!(n_told > 2, "{n_told}");
    // It goes on being served, and a decision that does not fit is refused as well.
    let (ok, said) = page.act("offer", &OFFER);
    assert!(!ok && said.contains("nothing was done"), "{said}");
    assert_eq!(class.ask("GET /desk", &[("Cookie", &seat)], "").0, 200);
    drop(class);
    assert_eq!(n_kept(&file, "\"input\":\"announced\""), n_told);
    assert_eq!(n_kept(&file, "\"decision\":{\"do\":\"propose\""), 0);
    // With room again, the class goes on from there.
    let class = Served::start(&["--resume", &file]);
    let mut page = Page::open(&class, "desk", &seat);
    assert!(page.act("offer", &OFFER).0);
}
