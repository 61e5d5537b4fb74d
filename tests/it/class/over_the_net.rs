//! A class over the net: what is not ours is turned away, and a class is told again by its file.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::demarche;

use super::folder;

/// A class that is served; it is killed at the end, as by a power cut.
pub(super) struct Served {
    pub(super) child: Child,
    pub(super) port: u16,
    pub(super) host: String,
    pub(super) code: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    pub(super) fn start(args: &[&str]) -> Self {
        let mut command: Command = demarche();
        command.args(["class", "--local", "--port", "0"]).args(args);
        Self::by(command)
    }

    /// Starts it by this command.
    pub(super) fn by(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let (mut port, mut host, mut code) = (0, String::new(), String::new());
        for line in lines {
            if let Some(address) = line.strip_prefix("Join at  http://127.0.0.1:") {
                port = address.parse().unwrap();
            } else if let Some(told) = line.strip_prefix("Code     ") {
                told.clone_into(&mut code);
            } else if let Some((_, token)) = line.split_once("/host/") {
                token.clone_into(&mut host);
                break;
            }
        }
        assert!(port > 0 && !host.is_empty(), "a class says where it is");
        Self { child, port, host, code }
    }

    /// What a request is answered: its status and all of it.
    pub(super) fn ask(&self, request: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        self.try_ask(request, headers, body).unwrap()
    }

    /// The same, where the class may be gone.
    fn try_ask(
        &self,
        request: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let mut text = format!("{request} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Connection") {
            text.push_str("Connection: close\r\n");
        }
        if !headers.iter().any(|(name, _)| *name == "Host") {
            text.push_str(&format!("Host: 127.0.0.1:{}\r\n", self.port));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let kind = "Content-Type: application/x-www-form-urlencoded";
        text.push_str(&format!("{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        // A connection that asked for more than an answer may stay open.
        stream.set_read_timeout(Some(Duration::from_secs(3)))?;
        stream.write_all(text.as_bytes())?;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok((status.unwrap_or_default(), answer))
    }

    pub(super) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Joins, and gives the cookie.
    pub(super) fn join(&self, name: &str) -> String {
        let body = format!("code={}&name={name}", self.code);
        let (status, answer) = self.ask("POST /join", &[("Origin", &self.origin())], &body);
        assert_eq!(status, 200, "{answer}");
        cookie(&answer)
    }

    pub(super) fn act(&self, path: &str, cookie: &str, body: &str) -> u16 {
        self.try_act(path, cookie, body).unwrap()
    }

    /// The status of a deed; nothing where the class is gone.
    fn try_act(&self, path: &str, cookie: &str, body: &str) -> Option<u16> {
        let headers = [("Origin", self.origin()), ("Cookie", cookie.to_owned())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let (status, _) = self.try_ask(&format!("POST {path}"), &headers, body).ok()?;
        (status > 0).then_some(status)
    }
}

pub(super) fn cookie(answer: &str) -> String {
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie: "));
    let line = line.unwrap();
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Strict"), "{line}");
    line.split_once(": ").unwrap().1.split(';').next().unwrap().to_owned()
}

const DISPUTE: &str = "textbook/symmetric-dispute";

#[test]
fn what_is_not_ours_is_turned_away() {
    let folder = folder("net");
    let file = folder.join("class.sqlite").to_string_lossy().into_owned();
    let class = Served::start(&[DISPUTE, "-o", &file]);
    let origin = class.origin();
    assert_eq!(class.ask("GET /", &[], "").0, 200);
    // A name that was made to point here, and pages of other sites.
    assert_eq!(class.ask("GET /", &[("Host", "evil.example")], "").0, 403);
    let body = format!("code={}&name=Eve", class.code);
    for headers in [vec![], vec![("Origin", "http://evil.example")], vec![("Origin", "null")]] {
        assert_eq!(class.ask("POST /join", &headers, &body).0, 403, "{headers:?}");
    }
    // A seat is no host.
    let seat = class.join("Zahra");
    for page in ["/host", "/projector"] {
        assert_eq!(class.ask(&format!("GET {page}"), &[("Cookie", &seat)], "").0, 403, "{page}");
    }
    assert_eq!(class.act("/host/act", &seat, "do=debrief"), 403);
    let upgrade = |page: &str, origin: &str, cookie: &str| {
        let headers = [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Origin", origin),
            ("Cookie", cookie),
        ];
        class.ask(&format!("GET /socket/{page}"), &headers, "").0
    };
    assert_eq!(upgrade("host", &origin, &seat), 403);
    assert_eq!(upgrade("desk", "http://evil.example", &seat), 403);
    assert_eq!(upgrade("desk", &origin, "demarche-seat=guessed"), 403);
    // What is too much, and what cannot be read.
    assert_eq!(class.act("/act", &seat, &format!("do=say&text={}", "x".repeat(100_000))), 413);
    assert_eq!(class.act("/act", &seat, "do=decide&decision={"), 422);
    assert_eq!(class.act("/act", &seat, "do=sit&table=9&seat=delegation:east"), 422);
    assert_eq!(class.act("/act", &seat, "do=sit&table=0&seat=delegation:nowhere"), 422);
    assert_eq!(class.act("/act", "demarche-seat=guessed", "do=stand"), 303, "to the door");
    // The host's link, guessed; nobody has to wait who has the right one.
    for _ in 0..40 {
        assert_eq!(class.ask("GET /host/0123456789abcdef0123456789abcdef", &[], "").0, 403);
    }
    let (status, answer) = class.ask(&format!("GET /host/{}", class.host), &[], "");
    assert_eq!(status, 303, "{answer}");
    // Wrong codes: the address has to wait, and then not even the right one opens.
    let wrong = |_| class.ask("POST /join", &[("Origin", &origin)], "code=WRONG2&name=Eve").0;
    assert!((0..60).map(wrong).all(|status| status == 422));
    assert_eq!(class.ask("POST /join", &[("Origin", &origin)], &body).0, 422);
    let page = class.ask("GET /", &[], "").1;
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(!page.contains("<script>") && !page.contains("onclick"));
}

#[test]
fn a_class_is_told_again_by_its_file() {
    let folder = folder("told");
    let file = folder.join("class.sqlite").to_string_lossy().into_owned();
    let class = Served::start(&[DISPUTE, "-o", &file, "--tables", "2", "--seed", "5"]);
    let seat = class.join("Zahra");
    let host = cookie(&class.ask(&format!("GET /host/{}", class.host), &[], "").1);
    assert_eq!(class.act("/act", &seat, "do=sit&table=1&seat=delegation:west"), 303);
    assert_eq!(class.act("/host/act", &host, "do=go-on"), 303);
    let offer = "do=propose&rung-east-withdraws=all&rung-west-withdraws=all";
    assert_eq!(class.act("/act", &seat, offer), 303);
    let hold =
        "do=decide&decision=%7B%22do%22%3A%22hold%22%2C%22until-something-changes%22%3Afalse%7D";
    assert_eq!(class.act("/act", &seat, hold), 303);
    assert_eq!(class.act("/host/act", &host, "do=play-out&table=1"), 303);
    drop(class);
    let told = |args: &[&str]| {
        let output = demarche().args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let table = ["replay", &file, "--table", "2"];
    let record = told(&[table.as_slice(), &["--format", "json"]].concat());
    assert!(record.contains("\"propose\"") && record.contains("run-ended"), "{record}");
    let kept = folder.join("two.jsonl");
    std::fs::write(&kept, &record).unwrap();
    assert_eq!(told(&["replay", &kept.to_string_lossy(), "--format", "json"]), record);
    assert!(told(&table).contains("West puts an offer"));
    assert!(Path::new(&file).exists());
}

/// Begins a class, or goes on with it.
fn served(file: &str, is_new: bool) -> Served {
    if is_new {
        Served::start(&["classroom/in-class", "-o", file])
    } else {
        Served::start(&["--resume", file])
    }
}

#[test]
fn what_was_acknowledged_outlives_a_kill_at_any_moment() {
    const KILLS: u64 = 20;
    let folder = folder("kills");
    let file = folder.join("class.sqlite").to_string_lossy().into_owned();
    let (mut seat, mut n_acknowledged) = (String::new(), 0);
    for kill in 0..KILLS {
        let class = served(&file, kill == 0);
        if kill == 0 {
            seat = class.join("Zahra");
            let host = cookie(&class.ask(&format!("GET /host/{}", class.host), &[], "").1);
            let sit = "do=sit&table=0&seat=delegation:pakistan";
            assert_eq!(class.act("/act", &seat, sit), 303);
            assert_eq!(class.act("/host/act", &host, "do=go-on"), 303);
        }
        let desk = class.ask("GET /desk", &[("Cookie", &seat)], "").1;
        assert!(desk.contains("The delegation of Pakistan"), "the seat is lost: {desk}");
        let pid = class.child.id().to_string();
        let wait = Duration::from_millis(kill * 7 % 60);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(wait);
            Command::new("kill").args(["-9", &pid]).status().unwrap()
        });
        // An answer that comes is an acknowledgement; a connection that breaks is none.
        while let Some(status) = class.try_act("/act", &seat, "do=leave") {
            if status == 303 {
                n_acknowledged += 1;
            } else if status == 422 {
                break;
            }
        }
        killer.join().unwrap();
        drop(class);
        let record = demarche().args(["replay", &file, "--format", "json"]).output().unwrap();
        let record = String::from_utf8(record.stdout).unwrap();
        let n_kept = record.matches("\"input\":\"left-to-policy\"").count() as u64;
        assert!(n_kept >= n_acknowledged, "{n_kept} kept of {n_acknowledged} acknowledged");
        n_acknowledged = n_kept;
    }
    assert!(n_acknowledged > KILLS / 2, "only {n_acknowledged} decisions were tried");
}
