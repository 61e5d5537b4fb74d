//! An explanation as JSON, by the keys of the scenario.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_record::cast::Cast;
use demarche_record::wire::Wire;
use serde_json::{Map, Value, json};

use crate::blocking::{Blocking, What};
use crate::least_change::{Goal, LeastChange};
use crate::ledger::Side;
use crate::levers::Lever;
use crate::room::{Pick, Room, Yardsticks};
use crate::scene::{Explanation, LastRound};
use crate::time::{Spent, TimeSpent};

/// The explanation, by keys. Worths are in gain, spans in turns.
#[must_use]
pub fn to_json(explanation: &Explanation, cast: &Cast) -> Value {
    let keys = Keys(cast);
    json!({
        "format": 1,
        "outcome": cast.outcomes[explanation.outcome.ix()].key,
        "last-round": explanation.last_round.map(|last| keys.last_round(last)),
        "ledger": explanation.ledger.as_ref().map(|ledger| json!({
            "text": keys.text(&ledger.text),
            "sides": keys.by_party(ledger.sides.iter().map(|side| {
                (side.account.party, keys.side(side))
            })),
        })),
        "room": explanation.room.as_ref().map(|room| keys.room(room)),
        "time": keys.time(&explanation.time),
        "blocking": explanation.blocking.as_ref().map(|blocking| keys.blocking(blocking)),
        "least-change": explanation.least_change.as_ref().map(|(goal, least)| {
            keys.least_change(*goal, least, &explanation.levers)
        }),
    })
}

struct Keys<'a>(&'a Cast);

impl Keys<'_> {
    fn party(&self, party: PartyIx) -> &str {
        &self.0.parties[party.ix()].named.key
    }

    fn issue(&self, issue: IssueIx) -> &str {
        &self.0.issues[issue.ix()].named.key
    }

    fn by_party(&self, values: impl Iterator<Item = (PartyIx, Value)>) -> Value {
        Value::Object(values.map(|(p, value)| (self.party(p).to_owned(), value)).collect())
    }

    fn text(&self, text: &Package) -> Value {
        let rungs = IssueIx::first(self.0.issues.len()).map(|k| {
            let rung = &self.0.issues[k.ix()].rungs[usize::from(text.rung(k))];
            (self.issue(k).to_owned(), json!(rung.key))
        });
        Value::Object(rungs.collect::<Map<_, _>>())
    }

    fn last_round(&self, last: LastRound) -> Value {
        json!({
            "round": self.0.rounds[last.round.ix()].named.key,
            "opened-turn": last.opened,
            "closed-turn": last.closed,
            "ending": last.ending.map(|ending| ending.to_wire(self.0)),
            "left-by": last.left_by.map(|p| self.party(p)),
        })
    }

    fn side(&self, side: &Side) -> Value {
        let account = &side.account;
        let issues = account.issues.iter().enumerate().map(|(k, issue)| {
            let told = json!({
                "face-value": issue.face_value,
                "credibility": issue.credibility,
                "capacity": issue.capacity,
                "cover": issue.cover,
                "company": issue.company,
                "audience": issue.audience,
                "soft-line": issue.soft_line,
                "relief": issue.relief,
                "gain": issue.gain(),
                "crosses-red-line": issue.crosses_red_line,
            });
            (self.issue(IssueIx::at(k)).to_owned(), told)
        });
        json!({
            "gain": account.gain,
            "pull": side.pull,
            "objection": side.objection.map(|objection| objection.to_wire(self.0)),
            "refused-to-ratify": side.refused_to_ratify,
            "issues": Value::Object(issues.collect()),
            "linkages": account.linkages,
            "inducement": account.inducement,
            "temper": account.temper,
            "outside": account.outside,
        })
    }

    fn room(&self, room: &Room) -> Value {
        json!({
            "packages": room.n_packages,
            "over-no-deal": self.yardsticks(&room.over_no_deal),
            "over-talking-on": self.yardsticks(&room.over_talking_on),
            "believed": self.by_party(
                room.believed.iter().map(|(p, yardsticks)| (*p, self.yardsticks(yardsticks))),
            ),
        })
    }

    fn yardsticks(&self, of: &Yardsticks) -> Value {
        json!({
            "in-zone": of.n_in_zone,
            "nash": of.nash.as_ref().map(|pick| self.pick(pick)),
            "kalai-smorodinsky": of.kalai_smorodinsky.as_ref().map(|pick| self.pick(pick)),
            "kalai-smorodinsky-over-all":
                of.kalai_smorodinsky_over_all.as_ref().map(|pick| self.pick(pick)),
            "egalitarian": of.egalitarian.as_ref().map(|pick| self.pick(pick)),
            "utilitarian": of.utilitarian.as_ref().map(|pick| self.pick(pick)),
            "short-of-frontier": of.short_of_frontier,
        })
    }

    fn pick(&self, pick: &Pick) -> Value {
        let gains = PartyIx::first(pick.gains.len()).zip(pick.gains.iter().map(|gain| json!(gain)));
        json!({ "text": self.text(&pick.package), "gains": self.by_party(gains) })
    }

    fn time(&self, time: &TimeSpent) -> Value {
        let on = time.on.iter().map(|(on, turns)| {
            let (word, parties): (&str, &[PartyIx]) = match on {
                Spent::EmptyChair => ("empty-chair", &[]),
                Spent::AtHome => ("at-home", &[]),
                Spent::Waiting(parties) => ("waiting", parties),
                Spent::OverText => ("over-text", &[]),
                Spent::WithoutText => ("without-text", &[]),
            };
            let parties: Vec<&str> = parties.iter().map(|p| self.party(*p)).collect();
            json!({ "on": word, "for": parties, "turns": turns })
        });
        let stalled = time.stalled.iter().map(|(p, turns)| (*p, json!(turns)));
        json!({ "spent": on.collect::<Vec<_>>(), "stalled-turns": self.by_party(stalled) })
    }

    fn blocking(&self, blocking: &Blocking) -> Value {
        let still = PartyIx::first(blocking.still_acceptable.len())
            .zip(blocking.still_acceptable.iter().map(|own| json!(own.map(|own| self.text(&own)))));
        let rung = |rung: u8| &self.0.issues[blocking.issue.ix()].rungs[usize::from(rung)].key;
        let tried = blocking.tried.iter().map(|tried| {
            let (what, by, at, granted) = match tried.what {
                What::Drafted(m, at) => {
                    ("drafted", self.0.mediators[m.ix()].key.as_str(), at, None)
                }
                What::Offered(p, at) => ("offered", self.party(p), at, None),
                What::Asked(p, at) => ("asked", self.party(p), at, None),
                What::Answered(p, at, yes) => ("answered", self.party(p), at, Some(yes)),
            };
            let (turn, rung) = (tried.turn, rung(at));
            json!({ "turn": turn, "what": what, "by": by, "rung": rung, "granted": granted })
        });
        json!({
            "issue": self.issue(blocking.issue),
            "side": blocking.side.map(|p| self.party(p)),
            "still-acceptable": self.by_party(still),
            "tried": tried.collect::<Vec<_>>(),
        })
    }

    fn least_change(&self, goal: Goal, least: &LeastChange, levers: &[Lever]) -> Value {
        let (goal, round) = match goal {
            Goal::Agreement(round) => ("agreement", round),
            Goal::NoAgreement(round) => ("no-agreement", round),
        };
        let found = least.found.iter().map(|change| {
            let set = change.steps.iter().map(|step| {
                let lever = &levers[step.lever];
                json!({
                    "path": lever.path,
                    "from": lever.now,
                    "to": step.value,
                    "range": [lever.low, lever.high],
                    "unit": lever.unit,
                    "source": lever.source,
                })
            });
            json!({ "share-of-ranges": change.share, "set": set.collect::<Vec<_>>() })
        });
        json!({
            "goal": goal,
            "round": self.0.rounds[round.ix()].named.key,
            "found": found.collect::<Vec<_>>(),
            "steps": least.at_steps,
            "levers": levers.iter().map(|lever| &lever.path).collect::<Vec<_>>(),
            "runs-with-one": least.n_singles,
            "runs-with-two": least.n_pairs,
            "runs-refused": least.n_refused,
        })
    }
}
