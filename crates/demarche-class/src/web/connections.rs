//! Connections: how long one may take to ask, and how many an address may have.
//!
//! Axum's own loop waits for a request as long as it takes, and so a few hundred connections that
//! never ask would keep everybody else out.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use super::guard::Pool;

/// How long a request may take to come in. [s]
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one waits where the system has no connection to give. [ms]
const PAUSE: Duration = Duration::from_millis(100);
/// Connections that an address may have: some pages of some people behind one router.
const MOST: u32 = 256;

/// Accepts connections for as long as the program runs.
pub(super) async fn accept(listener: TcpListener, app: Router) -> std::io::Result<()> {
    let pool = Pool::<IpAddr>::new(MOST);
    loop {
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let ticket = pool.take(&from.ip());
        // Whoever sits at this machine can stop the program in other ways.
        if ticket.is_none() && !from.ip().to_canonical().is_loopback() {
            continue;
        }
        let service = app.clone().layer(Extension(ConnectInfo::<SocketAddr>(from)));
        tokio::spawn(async move {
            let _ticket = ticket;
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
            let service = TowerToHyperService::new(service);
            let served = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
            // Somebody who hangs up in the middle is no news.
            let _ = served.await;
        });
    }
}
