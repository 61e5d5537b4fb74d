//! The invitation: where a class is, as an address and as a code for phones.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::{svg, unicode};

/// An address that stands for the network outside, and belongs to nobody (RFC 5737).
const OUTSIDE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// The address of this machine on its network, where it is on one. Nothing is sent to find it.
#[must_use]
pub fn address_here() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(OUTSIDE).ok()?;
    let here = socket.local_addr().ok()?.ip();
    (!here.is_unspecified() && !here.is_loopback()).then_some(here)
}

/// The address that a phone is pointed at.
#[must_use]
pub fn link(address: &str, code: &str) -> String {
    format!("{address}/?code={code}")
}

/// The same as a picture of letters, for a terminal.
#[must_use]
pub fn for_terminal(link: &str) -> String {
    let code = QrCode::new(link.as_bytes());
    code.map_or(String::new(), |code| {
        let dark_ground = (unicode::Dense1x2::Light, unicode::Dense1x2::Dark);
        code.render().dark_color(dark_ground.0).light_color(dark_ground.1).build()
    })
}

/// The same as a picture, for a page.
#[must_use]
pub fn for_page(link: &str) -> Markup {
    let Ok(code) = QrCode::new(link.as_bytes()) else { return html! {} };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    // The library writes a declaration first, which a page must not have inside.
    let drawn = drawn.find("<svg").map_or("", |at| &drawn[at..]);
    html! { div.qr role="img" aria-label="Code to join with a phone" { (PreEscaped(drawn)) } }
}
