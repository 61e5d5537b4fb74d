//! Questions on the brief: whether it was understood, before it counts.

use maud::{Markup, html};

use crate::class::Class;

/// The questions for somebody, each with what they answered and why it is right or not.
#[must_use]
pub fn check(class: &Class, person: i64) -> Markup {
    let Some(kit) = class.kit().filter(|kit| !kit.questions.is_empty()) else { return html! {} };
    let answered = |key: &str| class.answered(person, key);
    let n_right = kit.questions.iter().filter(|of| answered(&of.key) == Some(of.right)).count();
    html! {
        details #check {
            summary { "Have you got it? " (n_right) " of " (kit.questions.len()) " right" }
            p { "Nothing hangs on these; they show what is worth reading again." }
            @for of in &kit.questions {
                @let own = answered(&of.key);
                form.card.deed data-draft method="post" action="/act" id={ "check-" (of.key) } {
                    input type="hidden" name="do" value="answer";
                    input type="hidden" name="question" value=(of.key);
                    fieldset {
                        legend { (of.ask) }
                        @for (place, choice) in of.choices.iter().enumerate() {
                            label {
                                input type="radio" name="choice" value=(place) required
                                    checked[own == Some(place)];
                                " " (choice)
                            }
                        }
                    }
                    button { "Answer" }
                    @if let Some(own) = own {
                        p {
                            strong { @if own == of.right { "✓ Yes. " } @else { "✗ Not quite. " } }
                            (of.why)
                        }
                    }
                }
            }
        }
    }
}

/// For the host: how many of those who sit somewhere have answered each question rightly.
#[must_use]
pub fn understood(class: &Class) -> Markup {
    let Some(kit) = class.kit().filter(|kit| !kit.questions.is_empty()) else { return html! {} };
    let seated = || class.people().iter().filter(|person| class.chair(person.id).is_some());
    let n_seated = seated().count();
    let n = |key: &str, is: &dyn Fn(usize) -> bool| {
        seated().filter(|person| class.answered(person.id, key).is_some_and(is)).count()
    };
    html! {
        details #understood {
            summary { "Who has understood their brief" }
            ul {
                @for of in &kit.questions {
                    li {
                        (of.ask) " " strong {
                            (n(&of.key, &|choice| choice == of.right)) " right"
                        }
                        ", " (n(&of.key, &|choice| choice != of.right)) " not, of "
                        (n_seated) " in seats"
                    }
                }
            }
        }
    }
}
