//! The frame of all pages.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Island;

/// The style of all pages.
pub const STYLE: &str = include_str!("page.css");
/// The script of pages that change.
pub const SCRIPT: &str = include_str!("page.js");

/// What every page may load: its style and its script from here, and nothing else.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src \
                          'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                          frame-ancestors 'none'";

/// A page of islands, kept current over a socket; a page without one stands as it is.
#[must_use]
pub fn page(title: &str, socket: Option<&str>, islands: &[Island]) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
                script src="/page.js" defer {}
            }
            body data-socket=[socket] {
                a.skip href="#main" { "To the content" }
                p #said role="status" {}
                main #main tabindex="-1" {
                    @for island in islands {
                        div.island id=(island.id) { (PreEscaped(&island.html)) }
                    }
                }
            }
        }
    }
    .into_string()
}

/// A form that does one thing by one button.
#[must_use]
pub fn deed(action: &str, id: &str, fields: &[(&str, &str)], button: &str) -> Markup {
    html! {
        form.deed method="post" action=(action) id=(id) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button { (button) }
        }
    }
}
