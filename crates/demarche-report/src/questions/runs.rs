//! What happened in one run?
//!
//! A typical run, the best and the worst, each chosen by a rule that is told, played again from its
//! seed, and linked by the command that tells it.

use demarche_batch::plan::Known;
use demarche_batch::runs::{Played, Player, Run};
use demarche_engine::MODEL_VERSION;
use demarche_explain::explain;
use demarche_explain::room::Room;
use demarche_record::chronicle::Chronicle;
use demarche_record::format::{Lineage, RunRecord};

use super::{key, whose};
use crate::batch::Batch;
use crate::charts::Chart;
use crate::gleaned::{Chosen, Rule};
use crate::moments::{moments, timeline};
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};

/// A run that was played again.
pub struct Looked {
    /// As what, and which.
    pub chosen: Chosen,
    run: Run,
    values: Vec<f64>,
    chronicle: Chronicle,
    room: Option<Room>,
}

impl Looked {
    /// Its seed.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.run.lineage.own()
    }

    /// The room there was when its last round closed; nothing where none was held, or where a
    /// design has set numbers that the scenario does not say.
    #[must_use]
    pub const fn room(&self) -> Option<&Room> {
        self.room.as_ref()
    }
}

/// Plays the chosen runs of a batch again.
#[must_use]
pub fn look(batch: &Batch) -> Vec<Looked> {
    let chosen = batch.gleaned.iter().flat_map(|gleaned| &gleaned.chosen);
    chosen.filter_map(|chosen| play(batch, *chosen)).collect()
}

fn play(batch: &Batch, chosen: Chosen) -> Option<Looked> {
    let plan = &batch.work.plan;
    let (run, _, values) = plan.run(chosen.run, &mut Known::default());
    let run = Run { is_followed: true, ..run };
    let mut played = None;
    let mut player = Player::new(&plan.scenario);
    player.play([(chosen.run, run.clone())], || true, |_, of| played = Some(of));
    // A run that came to an end comes to it again.
    let Some(Played::Ended(_, Some(chronicle))) = played else { return None };
    let room = batch.is_plain().then(|| {
        let record = RunRecord {
            model: MODEL_VERSION.to_owned(),
            scenario: plan.scenario.text.clone(),
            scenario_digest: plan.scenario.digest.clone(),
            lineage: run.lineage,
            inputs: plan.past.as_ref().map_or_else(Vec::new, |past| past.record.inputs.clone()),
            chronicle: chronicle.clone(),
        };
        explain(&record, &plan.scenario, &plan.numbers, None).room
    });
    Some(Looked { chosen, run, values: values.to_vec(), chronicle, room: room.flatten() })
}

/// Answers it, where rows are there.
#[must_use]
pub fn section(batches: &[Batch], looked: &[Vec<Looked>]) -> Option<Section> {
    let (mut answer, mut figures) = (Vec::new(), Vec::new());
    for (at, (batch, looked)) in batches.iter().zip(looked).enumerate() {
        answer.extend((!looked.is_empty()).then(|| told(batches, batch, looked)));
        figures.extend(looked.iter().map(|of| figure(batches, at, batch, of)));
    }
    let question = "What happened in one run?";
    (!figures.is_empty()).then_some(Section { key: "runs", question, answer, figures })
}

fn told(batches: &[Batch], batch: &Batch, looked: &[Looked]) -> Prose {
    let each = looked.iter().map(|of| {
        let told = Prose::default().words(name(of.chosen.rule)).words(" run has seed ");
        let told = told.figure(of.seed().to_string()).words(" and ends as ");
        told.name(batch.cast().outcome(of.chosen.outcome))
    });
    whose(batches, batch).list(each.collect(), "; ")
}

const fn name(rule: Rule) -> &'static str {
    match rule {
        Rule::Typical => "the typical",
        Rule::Best => "the best",
        Rule::Worst => "the worst",
    }
}

const fn why(rule: Rule) -> &'static str {
    match rule {
        Rule::Typical => {
            "chosen by rule: of the most frequent class, the run whose length, attacks and lost \
             trade are nearest to the medians of that class"
        }
        Rule::Best => {
            "chosen by rule: of the class that settles most, the run in which the side that gains \
             less gains most"
        }
        Rule::Worst => {
            "chosen by rule: of the class that settles least, the run in which most trade is lost"
        }
    }
}

fn figure(batches: &[Batch], at: usize, batch: &Batch, looked: &Looked) -> Figure {
    let cast = batch.cast();
    let word = match looked.chosen.rule {
        Rule::Typical => "typical",
        Rule::Best => "best",
        Rule::Worst => "worst",
    };
    let finding = whose(batches, batch).words(name(looked.chosen.rule)).words(" run, seed ");
    let finding = finding.figure(looked.seed().to_string()).words(": ");
    let finding = finding.name(cast.outcome(looked.chosen.outcome));
    let mut table = Table::new(format!("What happened, {}", cast.time_zone), &["when", "what"]);
    let row =
        |moment: crate::moments::Moment| vec![Cell::Words(moment.when), Cell::Name(moment.what)];
    table.rows = moments(&looked.chronicle, cast).into_iter().map(row).collect();
    let (replay, explain) = commands(batch, looked);
    let notes = vec![
        Prose::of(why(looked.chosen.rule)),
        Prose::of("to read it turn by turn: ").command(&replay),
        Prose::of("to ask why it ended so: ").command(&explain),
    ];
    Figure {
        key: format!("{}-{word}", key("runs", batches, at)),
        finding,
        chart: Some(Chart::Timeline(timeline(&looked.chronicle, &batch.work.plan.scenario))),
        table,
        notes,
    }
}

/// The command lines that tell a run again, and why it ended so.
fn commands(batch: &Batch, looked: &Looked) -> (String, String) {
    let Some(past) = &batch.work.plan.past else {
        return (command(batch, "replay", looked), command(batch, "explain", looked));
    };
    let file = demarche_record::shell::quoted(&batch.file(demarche_batch::folder::PAST));
    let (turn, seed) = (past.turn, looked.seed());
    let replay = format!("demarche replay {file} --branch-at {turn} --branch-seed {seed}");
    let explain = format!("{replay} -o - | demarche explain -");
    (replay, explain)
}

/// The command line that plays a run again.
fn command(batch: &Batch, verb: &str, looked: &Looked) -> String {
    let Lineage { seed, over_ranges, .. } = looked.run.lineage;
    let file = demarche_record::shell::quoted(&batch.file(demarche_batch::folder::SCENARIO));
    let mut line = format!("demarche {verb} {file} --seed {seed}");
    for (lever, value) in batch.work.plan.design.levers.iter().zip(&looked.values) {
        line += &format!(
            " --set {}",
            demarche_record::shell::quoted(&format!("{}={value:?}", lever.path))
        );
    }
    if over_ranges.is_some() {
        line += " --over-ranges";
    }
    line
}
