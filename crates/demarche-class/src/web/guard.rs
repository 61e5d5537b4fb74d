//! The guard: which requests are heard at all.
//!
//! A page of another site must not act for somebody who sits here, and a name that was made to
//! point at this machine must not open it: only addresses in figures and `localhost` are answered,
//! and what changes something has to come from a page of this very address.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

/// Failed tries to come in that an address has in a minute.
const MOST_TRIES: u32 = 30;

/// The cookie of somebody who joined.
pub(crate) const PERSON: &str = "demarche-seat";
/// The cookie of the host.
pub(crate) const HOST_COOKIE: &str = "demarche-host";

/// Whether the address that a request names is one of ours: an address in figures, or `localhost`.
#[must_use]
pub fn is_ours(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|value| value.to_str().ok()) else { return false };
    let Ok(uri) = format!("http://{host}/").parse::<Uri>() else { return false };
    let name = uri.host().unwrap_or_default();
    let figures = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || figures.parse::<IpAddr>().is_ok()
}

/// Whether a request that changes something comes from a page of ours.
#[must_use]
pub fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(ORIGIN), text(HOST)) {
        (Some(origin), Some(host)) => origin.strip_prefix("http://") == Some(host),
        _ => false,
    }
}

/// A cookie of a request.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// What a response says to keep a cookie. No script reads it, and no other site sends it.
pub(crate) fn set_cookie(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800")
}

/// How often each address has failed to come in of late.
#[derive(Default)]
pub(crate) struct Doors {
    failed: Mutex<(u32, BTreeMap<IpAddr, u32>)>,
}

impl Doors {
    fn failed(&self) -> std::sync::MutexGuard<'_, (u32, BTreeMap<IpAddr, u32>)> {
        self.failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether an address may try.
    pub(crate) fn is_open(&self, from: SocketAddr) -> bool {
        self.failed().1.get(&from.ip()).is_none_or(|n_tries| *n_tries < MOST_TRIES)
    }

    /// Notes a failed try.
    pub(crate) fn note(&self, from: SocketAddr) {
        *self.failed().1.entry(from.ip()).or_default() += 1;
    }

    /// A second has gone by; after a minute all is forgotten.
    pub(crate) fn tick(&self) {
        let mut failed = self.failed();
        failed.0 += 1;
        if failed.0 >= 60 {
            *failed = (0, BTreeMap::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (axum::http::HeaderName::from_static(name), value.parse().unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn names_that_point_here_are_not_ours() {
        for host in ["127.0.0.1:4000", "localhost:1", "[::1]:9", "192.0.2.7"] {
            assert!(is_ours(&headers(&[("host", host)])), "{host}");
        }
        for host in ["evil.example:4000", "127.0.0.1.evil.example", "", "localhost.evil.example"] {
            assert!(!is_ours(&headers(&[("host", host)])), "{host}");
        }
        assert!(!is_ours(&HeaderMap::new()));
    }

    #[test]
    fn other_sites_do_not_act_for_those_who_sit_here() {
        let from = |origin| headers(&[("host", "192.0.2.7:4000"), ("origin", origin)]);
        assert!(is_from_here(&from("http://192.0.2.7:4000")));
        for origin in
            ["http://evil.example", "http://192.0.2.7:4001", "null", "https://192.0.2.7:4000"]
        {
            assert!(!is_from_here(&from(origin)), "{origin}");
        }
        assert!(!is_from_here(&headers(&[("host", "192.0.2.7:4000")])));
    }

    #[test]
    fn an_address_that_guesses_has_to_wait() {
        let (doors, from) = (Doors::default(), SocketAddr::from(([192, 0, 2, 7], 1)));
        (0..MOST_TRIES).for_each(|_| doors.note(from));
        assert!(!doors.is_open(from) && doors.is_open(SocketAddr::from(([192, 0, 2, 8], 1))));
        (0..60).for_each(|_| doors.tick());
        assert!(doors.is_open(from));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let headers = headers(&[("cookie", "x-demarche-seat=1; demarche-seat=2; a=b")]);
        assert_eq!(cookie(&headers, PERSON), Some("2"));
        assert_eq!(cookie(&headers, HOST_COOKIE), None);
    }
}
