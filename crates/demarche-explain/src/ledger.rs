//! The ledger: what the last text was worth to each side, and why.

use demarche_domain::index::PartyIx;
use demarche_domain::package::Package;
use demarche_engine::insight::{Account, Insight};
use demarche_record::chronicle::Chronicle;
use demarche_record::event::{Event, Objection};

/// What a text was worth to each side when the last round closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// The text.
    pub text: Package,
    /// Side by side.
    pub sides: Vec<Side>,
}

/// What a text was worth to one side.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Its gain over no deal, part by part.
    pub account: Account,
    /// What it was worth to this side to talk on, beyond its pain. [gain, ≥ 0]
    pub pull: f64,
    /// What its delegates made of the text when they last weighed it; nothing for their own offer.
    pub objection: Option<Objection>,
    /// Whether it refused to ratify it.
    pub refused_to_ratify: bool,
}

pub(crate) fn ledger(scene: &mut Insight<'_>, chronicle: &Chronicle, text: &Package) -> Ledger {
    let accounts = scene.accounts(text);
    let side = |account: Account| {
        let party = account.party;
        let (objection, refused_to_ratify) = last_word(chronicle, party, text);
        Side { pull: scene.pull(party), account, objection, refused_to_ratify }
    };
    Ledger { text: *text, sides: accounts.into_iter().map(side).collect() }
}

/// What a side last thought of a text, and whether its home refused it.
fn last_word(chronicle: &Chronicle, of: PartyIx, about: &Package) -> (Option<Objection>, bool) {
    let mut last = (None, false);
    for event in chronicle.events() {
        match event {
            Event::TextWeighed { party, text, objection, .. } if *party == of => {
                last = ((text == about).then_some(*objection), false);
            }
            Event::RatificationDecided { party, ratified, .. } if *party == of => {
                last.1 = !ratified;
            }
            _ => {}
        }
    }
    last
}
