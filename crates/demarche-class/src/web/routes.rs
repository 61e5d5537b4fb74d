//! Routes: what address shows what.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Form, Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::guard::{self, HOST_COOKIE, PERSON, cookie, set_cookie};
use super::{Room, socket};
use crate::class::{Class, Joined};
use crate::deed;
use crate::exports::export;
use crate::pages::layout::{POLICY, SCRIPT, STYLE, page};
use crate::pages::{Island, debrief, entry, host, projector};

/// The most bytes of a form.
const MOST_BYTES: usize = 64 << 10;

/// How long a request may take, with its body.
const PATIENCE: Duration = Duration::from_secs(20);

type Here = State<Arc<Room>>;
type From = ConnectInfo<SocketAddr>;
type Fields = Form<Vec<(String, String)>>;

pub(super) fn routes(room: Arc<Room>) -> Router {
    Router::new()
        .route("/", get(door))
        .route("/join", post(join))
        .route("/back", post(come_back))
        .route(
            "/desk",
            get(|here: Here, from: From, headers: HeaderMap| show(here, from, headers, Page::Desk)),
        )
        .route(
            "/debrief",
            get(|here: Here, from: From, headers: HeaderMap| {
                show(here, from, headers, Page::Debrief)
            }),
        )
        .route(
            "/projector",
            get(|here: Here, from: From, headers: HeaderMap| {
                show(here, from, headers, Page::Projector)
            }),
        )
        .route(
            "/host",
            get(|here: Here, from: From, headers: HeaderMap| show(here, from, headers, Page::Host)),
        )
        .route("/host/{token}", get(enter_host))
        .route("/export/{file}", get(take_home))
        .route("/act", post(act))
        .route("/host/act", post(act_as_host))
        .route("/socket/{page}", get(socket::open))
        .route("/style.css", get(|| file("text/css; charset=utf-8", STYLE)))
        .route("/page.js", get(|| file("text/javascript; charset=utf-8", SCRIPT)))
        .fallback(|| async {
            (StatusCode::NOT_FOUND, html(entry::notice("There is no such page", "")))
        })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn(watch))
        .with_state(room)
}

async fn file(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}

fn html(text: String) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

/// Turns away what is not ours, and tells browsers what pages may do.
async fn watch(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let changes = request.method() != Method::GET && request.method() != Method::HEAD;
    let mut response = if !guard::is_ours(headers) || changes && !guard::is_from_here(headers) {
        let text = "Open the class by the address that the host shows.";
        (StatusCode::FORBIDDEN, html(entry::notice("Not from here", text))).into_response()
    } else {
        let answered = tokio::time::timeout(PATIENCE, next.run(request)).await;
        answered.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
    };
    let said = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in said {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page that is kept current.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Desk,
    Debrief,
    Projector,
    Host,
}

impl Page {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Desk, "desk", "The talks"),
        (Self::Debrief, "debrief", "Debrief"),
        (Self::Projector, "projector", "Projector"),
        (Self::Host, "host", "Host’s board"),
    ];

    pub(super) fn by_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == key).map(|(page, ..)| *page)
    }

    /// What somebody may see of it; nothing where it is not theirs to see.
    pub(super) fn islands(self, class: &Class, room: &Room, who: Who) -> Option<Vec<Island>> {
        let addresses = &room.settings.addresses;
        match (self, who) {
            (Self::Desk, Who { person: Some(person), .. }) => Some(room.desk(class, person)),
            (Self::Debrief, Who { person: Some(_), .. } | Who { is_host: true, .. }) => {
                Some(debrief::islands(class, who.person))
            }
            (Self::Projector, Who { is_host: true, .. }) => {
                Some(projector::islands(class, addresses))
            }
            (Self::Host, Who { is_host: true, .. }) => Some(host::islands(class, addresses)),
            _ => None,
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) person: Option<i64>,
    pub(super) is_host: bool,
}

impl Who {
    pub(super) fn of(room: &Room, headers: &HeaderMap, from: SocketAddr) -> Self {
        let class = room.class();
        let may_host = room.settings.host_from_network || from.ip().to_canonical().is_loopback();
        Self {
            person: cookie(headers, PERSON).and_then(|token| class.who(token)),
            is_host: may_host && cookie(headers, HOST_COOKIE).is_some_and(|t| class.is_host(t)),
        }
    }
}

fn go_to(place: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response()
}

async fn show(
    State(room): Here,
    ConnectInfo(from): From,
    headers: HeaderMap,
    what: Page,
) -> Response {
    let who = Who::of(&room, &headers, from);
    let islands = tokio::task::block_in_place(|| what.islands(&room.class(), &room, who));
    let Some(islands) = islands else {
        return match what {
            Page::Desk => go_to("/"),
            _ => {
                let text = "This page is for the host. The link to it stands in the terminal.";
                (StatusCode::FORBIDDEN, html(entry::notice("Not yours to see", text)))
                    .into_response()
            }
        };
    };
    let (_, key, title) = Page::ALL[what as usize];
    html(page(title, Some(&format!("/socket/{key}")), &islands))
}

async fn door(
    State(room): Here,
    ConnectInfo(from): From,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if Who::of(&room, &headers, from).person.is_some() {
        return go_to("/desk");
    }
    html(entry::entry(&room.class().scenario().cast.title, value(&query, "code"), "", None))
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

async fn join(here: Here, from: From, Form(fields): Fields) -> Response {
    let (code, name) = (value(&fields, "code"), value(&fields, "name"));
    come_in(here, from, (code, name), |class| class.join(code, name))
}

async fn come_back(here: Here, from: From, Form(fields): Fields) -> Response {
    let (name, pin) = (value(&fields, "name"), value(&fields, "pin"));
    let address = from.0.ip();
    come_in(here, from, ("", name), |class| class.come_back(name, pin, address))
}

fn come_in(
    State(room): Here,
    ConnectInfo(from): From,
    (code, name): (&str, &str),
    enter: impl FnOnce(&mut Class) -> Result<Joined, String>,
) -> Response {
    let from = from.ip();
    let wait = || Err("Too many tries from your device; wait a minute.".to_owned());
    let is_open = room.doors.is_open(&from) && room.joined.is_open(&from);
    let joined = if is_open { room.with(enter) } else { wait() };
    if joined.is_ok() {
        room.joined.note(from);
    }
    match joined {
        Ok(Joined { token, pin: Some(pin), .. }) => {
            let text = format!(
                "Your PIN is {pin}. Write it down: with your name and it you come back in, also on \
                 another device."
            );
            let body = html(entry::notice("You are in", &text));
            ([(SET_COOKIE, set_cookie(PERSON, &token))], body).into_response()
        }
        Ok(Joined { token, .. }) => {
            ([(SET_COOKIE, set_cookie(PERSON, &token))], go_to("/desk")).into_response()
        }
        Err(wrong) => {
            room.doors.note(from);
            let title = room.class().scenario().cast.title.clone();
            let page = html(entry::entry(&title, code, name, Some(&wrong)));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    }
}

async fn enter_host(
    State(room): Here,
    ConnectInfo(from): From,
    Path(token): Path<String>,
) -> Response {
    let may_host = room.settings.host_from_network || from.ip().to_canonical().is_loopback();
    // A token is too long to be guessed, so that nobody has to wait who has the right one.
    if !may_host || !room.class().is_host(&token) {
        let text = "That is not the link of the host; it stands in the terminal.";
        return (StatusCode::FORBIDDEN, html(entry::notice("Not the host’s link", text)))
            .into_response();
    }
    ([(SET_COOKIE, set_cookie(HOST_COOKIE, &token))], go_to("/host")).into_response()
}

/// Something for the host to take home.
async fn take_home(
    State(room): Here,
    ConnectInfo(from): From,
    headers: HeaderMap,
    Path(file): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if !Who::of(&room, &headers, from).is_host {
        return (StatusCode::FORBIDDEN, html(entry::notice("Not yours to take", "")))
            .into_response();
    }
    let with_names = value(&query, "names") != "no";
    let made = tokio::task::block_in_place(|| export(&room.class(), &file, with_names));
    let Some(made) = made else { return StatusCode::NOT_FOUND.into_response() };
    let kind = format!("{}; charset=utf-8", made.kind);
    let name = format!("attachment; filename=\"{}\"", made.file);
    ([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], made.text).into_response()
}

/// A deed by a form without script.
async fn act(
    State(room): Here,
    ConnectInfo(from): From,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let Some(person) = Who::of(&room, &headers, from).person else { return go_to("/") };
    let word = crate::people::token();
    match socket::done(&room, person, &word, &fields) {
        Ok(_) => go_to("/desk"),
        Err(why) => {
            let page = html(entry::notice("Not done", &why));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    }
}

/// A deed of the host by a form without script.
async fn act_as_host(
    State(room): Here,
    ConnectInfo(from): From,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    if !Who::of(&room, &headers, from).is_host {
        return (StatusCode::FORBIDDEN, html(entry::notice("Not yours to do", ""))).into_response();
    }
    match socket::done_by_host(&room, &crate::people::token(), &fields) {
        Ok(_) => go_to("/host"),
        Err(why) => {
            let page = html(entry::notice("Not done", &why));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    }
}

/// What a form that cannot be read is answered.
pub(super) const UNREADABLE: &str = deed::UNREADABLE;
