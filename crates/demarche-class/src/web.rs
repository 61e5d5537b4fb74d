//! The server: pages over HTTP, and one socket a page for what changes and what is done.
//!
//! Everything that somebody may do comes in through [`guard`] first.

mod connections;
pub mod guard;
mod made;
mod routes;
mod socket;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use demarche_record::seat::Seat;
use tokio::sync::watch;

use self::made::Made;
use crate::class::{Class, Side};
use crate::pages::{Island, desk};
use crate::study;

/// How a class is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Addresses that people join at, as `http://192.0.2.7:4000`; the first is drawn as a code.
    pub addresses: Vec<String>,
    /// Whether the host's pages may be opened from other machines.
    pub host_from_network: bool,
}

/// What all requests share.
pub(crate) struct Room {
    class: Mutex<Class>,
    pub(crate) settings: Settings,
    pub(crate) changed: watch::Sender<()>,
    /// Failed tries to come in, by the address.
    pub(crate) doors: guard::Turnstile<IpAddr>,
    /// Those who came in, by the address.
    pub(crate) joined: guard::Turnstile<IpAddr>,
    /// What people do.
    pub(crate) deeds: guard::Turnstile<i64>,
    /// What all who share a seat see alike.
    desks: Made<(usize, Seat), Vec<Island>>,
    /// Who sits where, for all who sit in one seat and know one brief.
    seats: Made<(Option<(usize, Seat)>, Option<Side>), Island>,
    /// Sockets of people.
    pub(crate) sockets: guard::Pool<i64>,
}

/// Failed tries to come in that an address has in a minute.
const TRIES: u32 = 60;
/// How many can come in from one address in a minute.
const JOINS: u32 = 60;
/// Deeds that somebody may do in ten seconds.
const DEEDS: u32 = 100;
/// Pages that somebody may have open.
const SOCKETS: u32 = 8;

/// What a mutex holds, also after a thread has panicked that held it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Room {
    /// The class, for one short deed or one page at a time. A thread that panicked while it held
    /// the class has not changed what is kept, so the class goes on.
    pub(crate) fn class(&self) -> MutexGuard<'_, Class> {
        locked(&self.class)
    }

    /// Somebody's desk, with what they share with others made once for all.
    pub(crate) fn desk(&self, class: &Class, person: i64) -> Vec<Island> {
        let (chair, side) = (class.chair(person), class.side(person));
        let (version, of_table, _) = class.stamp(chair.map(|(at, _)| at));
        let of_seat = chair.map(|(at, seat)| {
            let make = || desk::of_seat(class, at, seat);
            self.desks.or_make((at, seat), (version, of_table), make)
        });
        let make = || desk::seats(class, chair, side);
        let seats = self.seats.or_make((chair, side), (version, 0), make);
        desk::whole(class, person, of_seat.unwrap_or_default(), seats)
    }

    /// Does something to the class, and lets every page look whether it has changed.
    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut Class) -> T) -> T {
        let done = tokio::task::block_in_place(|| change(&mut self.class()));
        self.changed.send_replace(());
        done
    }
}

/// Serves a class until the program ends.
///
/// # Errors
/// When the system has no threads or sockets to give.
pub fn serve(
    class: Class,
    listener: std::net::TcpListener,
    settings: Settings,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (changed, _) = watch::channel(());
        let room = Arc::new(Room {
            class: Mutex::new(class),
            settings,
            changed,
            doors: guard::Turnstile::new(TRIES, 60),
            joined: guard::Turnstile::new(JOINS, 60),
            deeds: guard::Turnstile::new(DEEDS, 10),
            desks: Made::default(),
            seats: Made::default(),
            sockets: guard::Pool::new(SOCKETS),
        });
        tokio::spawn(tick(room.clone()));
        connections::accept(listener, routes::routes(room)).await
    })
}

/// Lets seconds go by.
async fn tick(room: Arc<Room>) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        seconds.tick().await;
        room.doors.tick();
        room.joined.tick();
        room.deeds.tick();
        room.with(Class::tick);
        if let Some(matter) = room.class().to_study() {
            let room = room.clone();
            tokio::task::spawn_blocking(move || {
                let study = study::study(&matter);
                room.class().studied(study);
                room.changed.send_replace(());
            });
        }
    }
}
