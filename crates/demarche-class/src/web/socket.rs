//! The socket of a page: what has changed goes out, what somebody does comes in.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::routes::{Page, UNREADABLE, Who};
use super::{Room, guard};
use crate::deed;

/// The most bytes of a message.
const MOST_BYTES: usize = 64 << 10;
/// The longest word that a deed is known by.
const LONGEST_WORD: usize = 64;
/// Messages that a page may send in a second.
const MOST_A_SECOND: u32 = 20;
/// How long a page may take to read what it is sent.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a page sends.
#[derive(Deserialize)]
struct Sent {
    word: String,
    fields: Vec<(String, String)>,
}

pub(super) async fn open(
    State(room): State<Arc<Room>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Path(page): Path<String>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(page) = Page::by_key(&page) else { return StatusCode::NOT_FOUND.into_response() };
    let who = Who::of(&room, &headers, from);
    let may_see = page.islands(&room.class(), &room, who).is_some();
    if !guard::is_from_here(&headers) || !may_see {
        return StatusCode::FORBIDDEN.into_response();
    }
    let ticket = who.person.map(|person| room.sockets.take(&person));
    if matches!(ticket, Some(None)) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let upgrade = upgrade.max_message_size(MOST_BYTES).max_frame_size(MOST_BYTES);
    upgrade.on_upgrade(move |socket| async move {
        let _ticket = ticket;
        let sits = (page == Page::Desk).then_some(who.person).flatten();
        if let Some(person) = sits {
            room.with(|class| class.presence(person, true));
        }
        serve(&room, page, who, socket).await;
        if let Some(person) = sits {
            room.with(|class| class.presence(person, false));
        }
    })
}

/// Serves a page until its socket closes.
async fn serve(room: &Room, page: Page, who: Who, mut socket: WebSocket) {
    let mut changed = room.changed.subscribe();
    let (mut shown, mut seen) = (BTreeMap::new(), None);
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let mut n_sent = 0;
    changed.mark_changed();
    loop {
        let out = tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => {
                    n_sent += 1;
                    if n_sent > MOST_A_SECOND { return }
                    Some(answer(room, page, who, &text))
                }
                Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
            },
            _ = seconds.tick() => {
                n_sent = 0;
                None
            }
            gone = changed.changed() => {
                if gone.is_err() { return }
                news(room, page, who, &mut shown, &mut seen)
            }
        };
        if let Some(out) = out {
            let sent = socket.send(Message::Text(out.to_string().into()));
            // Who does not read is let go; they come back when they can.
            if !matches!(tokio::time::timeout(PATIENCE, sent).await, Ok(Ok(()))) {
                return;
            }
        }
    }
}

/// A table or the whole class, and its stamp.
type Stamp = (Option<usize>, (u64, u64, Option<u32>));

/// The islands that have changed since they were last shown.
fn news(
    room: &Room,
    page: Page,
    who: Who,
    shown: &mut BTreeMap<&'static str, Arc<str>>,
    seen: &mut Option<Stamp>,
) -> Option<Value> {
    let islands = tokio::task::block_in_place(|| {
        let class = room.class();
        let chair = who.person.filter(|_| page == Page::Desk).and_then(|of| class.chair(of));
        let at = chair.map(|(at, _)| at);
        let stamp = Some((at, class.stamp(at)));
        if *seen == stamp {
            return None;
        }
        *seen = stamp;
        page.islands(&class, room, who)
    })?;
    let is_first = shown.is_empty();
    let is_same_page =
        islands.len() == shown.len() && islands.iter().all(|island| shown.contains_key(island.id));
    if !is_first && !is_same_page {
        return Some(json!({ "load": true }));
    }
    let mut put = serde_json::Map::new();
    for island in islands {
        let is_new = |old: &Arc<str>| !Arc::ptr_eq(old, &island.html) && *old != island.html;
        if shown.get(island.id).is_none_or(is_new) {
            put.insert(island.id.to_owned(), Value::from(&*island.html));
            shown.insert(island.id, island.html);
        }
    }
    (!put.is_empty()).then(|| json!({ "put": put }))
}

/// Does what a message asks, and answers it.
fn answer(room: &Room, page: Page, who: Who, text: &str) -> Value {
    let Ok(Sent { word, fields }) = serde_json::from_str(text) else {
        return json!({ "answer": { "word": "", "ok": false, "said": UNREADABLE } });
    };
    let done = match (page, who.person) {
        _ if word.is_empty() || word.len() > LONGEST_WORD => Err(UNREADABLE.to_owned()),
        (Page::Host, _) if who.is_host => done_by_host(room, &word, &fields),
        (Page::Desk | Page::Debrief, Some(person)) => done(room, person, &word, &fields),
        _ => Err(UNREADABLE.to_owned()),
    };
    let (ok, said) = match done {
        Ok(said) => (true, said),
        Err(why) => (false, why),
    };
    json!({ "answer": { "word": word, "ok": ok, "said": said } })
}

pub(super) fn done(
    room: &Room,
    person: i64,
    word: &str,
    fields: &[(String, String)],
) -> Result<String, String> {
    if !room.deeds.is_open(&person) {
        return Err("That is much at once. Wait a little, then try again.".to_owned());
    }
    room.deeds.note(person);
    let word = of_this(word, fields);
    room.with(|class| {
        let read = deed::deed(fields, class.scenario());
        class.act(person, &word, read.ok_or_else(|| UNREADABLE.to_owned())?)
    })
}

/// The word that a deed is known by, with what it says: the same word for another deed is another.
fn of_this(word: &str, fields: &[(String, String)]) -> String {
    let said: Vec<&str> =
        fields.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    format!("{word} {}", crate::people::digest(word, &said.join("\n")))
}

pub(super) fn done_by_host(
    room: &Room,
    word: &str,
    fields: &[(String, String)],
) -> Result<String, String> {
    let word = of_this(word, fields);
    room.with(|class| {
        let read = deed::host_deed(fields, class.scenario());
        class.host(&word, read.ok_or_else(|| UNREADABLE.to_owned())?)
    })
}
