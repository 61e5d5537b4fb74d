//! Recording: where things stand at the end of a turn, as one event.

use bevy_ecs::prelude::*;
use demarche_record::event::Event;

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::concession::Aspiration;
use crate::mechanisms::credibility::Trust;
use crate::mechanisms::frontier::Frontier;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::patience::Patience;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::valuation::Gains;
use crate::roster::Roster;
use crate::table::{Narration, PerTable, Tables};

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(record.in_set(crate::turn::Phase::Record));
}

fn record(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (hostilities, texts): (Res<PerTable<Hostilities>>, Res<PerTable<TextOnTable>>),
    frontiers: Res<PerTable<Frontier>>,
    capitals: Query<(&Pain, &Trust, &Gains)>,
    delegations: Query<(&Patience, &Aspiration)>,
    mut narration: ResMut<Narration>,
) {
    let capitals = roster.seated(capitals);
    let delegations = roster.seated(delegations);
    for (at, table) in tables.here() {
        if !narration.is_on(at) {
            continue;
        }
        let frontier = &frontiers[at];
        let own = |p| capitals.get(at, p);
        let theirs = |p| delegations.get(at, p);
        let parties = roster.parties();
        // Between rounds there is no text: the last one is history.
        let text = texts[at].text.filter(|_| !texts[at].is_closed());
        let gains = text.map(|text| parties.clone().map(|p| own(p).2.0.of(&text)).collect());
        let trust = parties.clone().flat_map(|of| {
            let willing = own(of).1.willing;
            parties.clone().filter(move |toward| *toward != of).map(move |o| willing[o.ix()])
        });
        narration.note(at, table, || Event::TurnRecorded {
            fighting: hostilities[at].fighting,
            open_share: frontier.open_share,
            shut_by: parties.clone().filter(|p| frontier.is_shut[p.ix()]).collect(),
            pain: parties.clone().map(|p| own(p).0.total()).collect(),
            trust: trust.collect(),
            impatience: parties.clone().map(|p| theirs(p).0.impatience).collect(),
            gains: gains.unwrap_or_default(),
            aspirations: parties.clone().map(|p| theirs(p).1.target).collect(),
        });
    }
}
