//! Bots fill a class: real sockets that do what pages do, through whole talks; then another with
//! two hundred of them. Tells how long a word takes from one seat to all seats of its
//! table, how long a decision takes to be kept and answered, and what the server holds in memory.
//!
//! `cargo run --release -p demarche-tests --features load --example class_load`

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that fails says where")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use support::demarche;
use tokio::time::Instant;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Tables of the class, and the seats of each that bots take.
const TABLES: usize = 10;
const SEATS: [&str; 6] = [
    "delegation:pakistan",
    "delegation:afghanistan",
    "capital:pakistan",
    "capital:afghanistan",
    "mediator:qatar",
    "mediator:turkiye",
];
/// How long bots think before a move, about. [ms]
const THINKING: u64 = 400;
/// All clients in the end: several people share a seat.
const CLIENTS: usize = 200;
/// The longest that talks are watched. [s]
const LONGEST: u64 = 150;

struct Served {
    child: Child,
    address: String,
    host: String,
    code: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start() -> Served {
    static CLASSES: AtomicU32 = AtomicU32::new(0);
    let nth = CLASSES.fetch_add(1, Ordering::Relaxed);
    let name = format!("class-load-{}-{nth}.sqlite", std::process::id());
    let file = std::env::temp_dir().join(name);
    let _ = std::fs::remove_file(&file);
    let tables = TABLES.to_string();
    let mut command = demarche();
    command.args(["class", "classroom/in-class", "--local", "--port", "0", "--tables", &tables]);
    let mut child = command.arg("-o").arg(&file).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut told = BTreeMap::new();
    for line in lines {
        for key in ["Join at", "Code", "Host"] {
            if let Some(rest) = line.strip_prefix(key) {
                told.insert(key, rest.trim().to_owned());
            }
        }
        if told.contains_key("Host") {
            break;
        }
    }
    let address = told["Join at"].trim_start_matches("http://").to_owned();
    let host = told["Host"].rsplit('/').next().unwrap().to_owned();
    Served { child, address, host, code: told["Code"].clone() }
}

/// Sends a form from some device, and gives all of the answer.
async fn send(class: &Served, device: usize, request: &str, cookie: &str, body: &str) -> String {
    // So many come in from one address in a minute, so that each bot has one of its own.
    let from = std::net::Ipv4Addr::new(127, 0, 1, u8::try_from(device % 250 + 1).unwrap());
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let stream = socket.connect(class.address.parse().unwrap()).await.unwrap();
    let mut stream: TcpStream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    let text = format!(
        "{request} HTTP/1.1\r\nConnection: close\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \
         {}\r\n\r\n{body}",
        body.len(),
        address = class.address,
    );
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn cookie(answer: &str) -> String {
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie: ")).unwrap();
    line[12..].split(';').next().unwrap().to_owned()
}

/// What bots measure. [ms]
#[derive(Default)]
struct Measured {
    answered: Vec<f64>,
    heard: Vec<f64>,
    /// When a word was sent, by the word.
    sent: BTreeMap<String, Instant>,
    is_over: usize,
}

/// A bot at a seat: it moves when it is asked, and says something now and then.
async fn play(
    address: String,
    cookie: String,
    number: usize,
    measured: Arc<Mutex<Measured>>,
    until: Instant,
) {
    let mut request = format!("ws://{address}/socket/desk").into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("Cookie", cookie.parse().unwrap());
    headers.insert("Origin", format!("http://{address}").parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    let (mut n_moves, mut pending, mut is_asked) = (0_u64, None::<(String, Instant)>, false);
    let mut heard_last = String::new();
    let mut think = tokio::time::interval(Duration::from_millis(THINKING));
    loop {
        tokio::select! {
            heard = socket.next() => {
                let Some(Ok(Message::Text(text))) = heard else { return };
                let now = Instant::now();
                let mut measured = measured.lock().unwrap();
                if let Some((word, at)) = &pending
                    && text.starts_with("{\"answer\"")
                    && text.contains(word.as_str())
                {
                    measured.answered.push((now - *at).as_secs_f64() * 1e3);
                    pending = None;
                }
                if text.contains("\"decide\"") {
                    is_asked = text.contains("id=\\\"hold\\\"");
                    if text.contains("talks at this table are over") {
                        measured.is_over += 1;
                        return;
                    }
                }
                // The last word on the page has come from a seat of this table.
                let last = text.rsplit_once("x</bdi>").and_then(|(text, _)| text.rsplit_once('>'));
                let word = last.map(|(_, word)| format!("{word}x"));
                if let Some(word) = word.filter(|word| *word != heard_last)
                    && let Some(at) = measured.sent.get(&word)
                {
                    let ms = (now - *at).as_secs_f64() * 1e3;
                    measured.heard.push(ms);
                    heard_last = word;
                }
            }
            now = think.tick() => {
                if now > until { return }
                if pending.is_some() { continue }
                n_moves += 1;
                let word = format!("bot{number}x{n_moves}x");
                let is_word = (n_moves + number as u64).is_multiple_of(7);
                let fields = if is_word {
                    format!(r#"[["do","say"],["channel","plenary"],["text","{word}"]]"#)
                } else if is_asked {
                    r#"[["do","leave"]]"#.to_owned()
                } else {
                    continue;
                };
                let text = format!(r#"{{"word":"{word}","fields":{fields}}}"#);
                pending = Some((word.clone(), Instant::now()));
                if is_word {
                    measured.lock().unwrap().sent.insert(word, Instant::now());
                }
                if socket.send(Message::Text(text.into())).await.is_err() { return }
            }
        }
    }
}

fn told(what: &str, mut ms: Vec<f64>) {
    ms.sort_by(f64::total_cmp);
    let at =
        |share: f64| ms.get(((ms.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(0.0);
    let (half, most, max) = (at(0.5), at(0.95), at(1.0));
    println!(
        "  {what}: {} times, median {half:.1} ms, p95 {most:.1} ms, most {max:.1} ms",
        ms.len()
    );
}

fn memory(class: &Served) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", class.child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or("unknown".to_owned(), |line| line["VmHWM:".len()..].trim().to_owned())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let seats: Vec<(usize, &str)> =
        (0..TABLES).flat_map(|at| SEATS.map(|seat| (at, seat))).collect();
    for n_clients in [seats.len(), CLIENTS] {
        let class = start();
        let host = cookie(&send(&class, 0, &format!("GET /host/{}", class.host), "", "").await);
        let mut cookies = Vec::new();
        for number in 0..n_clients {
            let body = format!("code={}&name=bot{number}", class.code);
            let own = cookie(&send(&class, number, "POST /join", "", &body).await);
            let (at, seat) = seats[number % seats.len()];
            let sit = format!("do=sit&table={at}&seat={seat}");
            send(&class, number, "POST /act", &own, &sit).await;
            cookies.push(own);
        }
        send(&class, 0, "POST /host/act", &host, "do=go-on").await;
        let measured = Arc::new(Mutex::new(Measured::default()));
        let begun = Instant::now();
        let until = begun + Duration::from_secs(LONGEST);
        let bots = cookies.into_iter().enumerate().map(|(number, own)| {
            tokio::spawn(play(class.address.clone(), own, number, measured.clone(), until))
        });
        for bot in bots.collect::<Vec<_>>() {
            bot.await.unwrap();
        }
        let mut measured = measured.lock().unwrap();
        let (seconds, over) = (begun.elapsed().as_secs(), measured.is_over);
        println!(
            "{n_clients} clients at {TABLES} tables, {seconds} s; {over} saw their talks end:"
        );
        told("a deed, kept and answered", std::mem::take(&mut measured.answered));
        told("a word, from one seat to another of its table", std::mem::take(&mut measured.heard));
        println!("  memory of the server at its most: {}", memory(&class));
    }
}
