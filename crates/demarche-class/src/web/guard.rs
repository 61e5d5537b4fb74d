//! The guard: which requests are heard at all.
//!
//! A page of another site must not act for somebody who sits here, and a name that was made to
//! point at this machine must not open it: only addresses in figures and `localhost` are answered,
//! and what changes something has to come from a page of this very address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use super::locked;

/// The cookie of somebody who joined.
pub(crate) const PERSON: &str = "demarche-seat";
/// The cookie of the host.
pub(crate) const HOST_COOKIE: &str = "demarche-host";

/// Whether the address that a request names is one of ours: an address in figures, or `localhost`.
#[must_use]
pub fn is_ours(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|value| value.to_str().ok()) else { return false };
    if host.contains('@') {
        return false;
    }
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

/// How often something was done of late, by whom it was done.
pub(crate) struct Turnstile<K> {
    most: u32,
    /// How long what was done counts. [s]
    seconds: u32,
    done: Mutex<(u32, BTreeMap<K, u32>)>,
}

impl<K: Ord> Turnstile<K> {
    /// One through which each comes so often in so many seconds.
    pub(crate) const fn new(most: u32, seconds: u32) -> Self {
        Self { most, seconds, done: Mutex::new((0, BTreeMap::new())) }
    }

    /// Whether somebody may come through.
    pub(crate) fn is_open(&self, who: &K) -> bool {
        locked(&self.done).1.get(who).is_none_or(|n| *n < self.most)
    }

    /// Notes that somebody did.
    pub(crate) fn note(&self, who: K) {
        *locked(&self.done).1.entry(who).or_default() += 1;
    }

    /// A second has gone by.
    pub(crate) fn tick(&self) {
        let mut done = locked(&self.done);
        done.0 += 1;
        if done.0 >= self.seconds {
            *done = (0, BTreeMap::new());
        }
    }
}

/// How many of something each has at a time.
pub(crate) struct Pool<K: Ord> {
    most: u32,
    taken: Arc<Mutex<BTreeMap<K, u32>>>,
}

/// One of them; it is given back when it is dropped.
pub(crate) struct Ticket<K: Ord> {
    who: K,
    taken: Arc<Mutex<BTreeMap<K, u32>>>,
}

impl<K: Ord + Clone> Pool<K> {
    /// One that holds so many for each.
    pub(crate) fn new(most: u32) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes one, if there is one left.
    pub(crate) fn take(&self, who: &K) -> Option<Ticket<K>> {
        let mut taken = locked(&self.taken);
        let n = taken.entry(who.clone()).or_default();
        if *n >= self.most {
            return None;
        }
        *n += 1;
        Some(Ticket { who: who.clone(), taken: self.taken.clone() })
    }
}

impl<K: Ord> Drop for Ticket<K> {
    fn drop(&mut self) {
        let mut taken = locked(&self.taken);
        if let Some(n) = taken.get_mut(&self.who) {
            *n -= 1;
        }
        taken.retain(|_, n| *n > 0);
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
        for host in [
            "evil.example:4000",
            "127.0.0.1.evil.example",
            "",
            "localhost.evil.example",
            "a@127.0.0.1",
        ] {
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
    fn who_comes_too_often_has_to_wait_and_others_need_not() {
        let doors = Turnstile::new(30, 60);
        (0..30).for_each(|_| doors.note(1));
        assert!(!doors.is_open(&1) && doors.is_open(&2));
        (0..60).for_each(|_| doors.tick());
        assert!(doors.is_open(&1));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let pool = Pool::new(2);
        let (one, two) = (pool.take(&1), pool.take(&1));
        assert!(one.is_some() && two.is_some() && pool.take(&1).is_none());
        assert!(pool.take(&2).is_some());
        drop(two);
        assert!(pool.take(&1).is_some());
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let headers = headers(&[("cookie", "x-demarche-seat=1; demarche-seat=2; a=b")]);
        assert_eq!(cookie(&headers, PERSON), Some("2"));
        assert_eq!(cookie(&headers, HOST_COOKIE), None);
    }
}
