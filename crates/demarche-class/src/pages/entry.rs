//! The door: the code, a name, and a way back in.

use maud::html;

use super::island;
use super::layout::page;

/// The page to join by. What went wrong the last time is said on it.
#[must_use]
pub fn entry(title: &str, code: &str, name: &str, wrong: Option<&str>) -> String {
    let head = html! {
        h1 { "Join the talks" }
        p.lead { bdi { (title) } }
        @if let Some(wrong) = wrong { p.wrong role="alert" { bdi { (wrong) } } }
    };
    let forms = html! {
        form.card method="post" action="/join" {
            h2 { "You are new here" }
            label for="code" { "Code of the class" }
            input #code name="code" required autocomplete="off" autocapitalize="characters"
                spellcheck="false" maxlength="12" value=(code);
            label for="name" { "Your name, as the others know you" }
            input #name name="name" required maxlength="40" autocomplete="nickname" dir="auto"
                value=(name);
            button { "Join" }
        }
        form.card method="post" action="/back" {
            h2 { "You are back, or on another device" }
            label for="back-name" { "Your name, as you wrote it" }
            input #back-name name="name" required maxlength="40" dir="auto" value=(name);
            label for="pin" { "Your PIN" }
            input #pin name="pin" required inputmode="numeric" maxlength="4" autocomplete="off";
            button { "Come back in" }
        }
    };
    page("Join the talks", None, &[island("head", head), island("forms", forms)])
}

/// A page that says one thing.
#[must_use]
pub fn notice(heading: &str, text: &str) -> String {
    let body = html! { h1 { (heading) } p { bdi { (text) } } p { a href="/" { "To the class" } } };
    page(heading, None, &[island("head", body)])
}
