//! `batch`: many runs, kept in a folder.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use demarche_batch::campaign::{Campaign, Tallies};
use demarche_batch::error::BatchError;
use demarche_batch::folder::{Folder, PAST, RUNS_CSV, SCENARIO, SUMMARY};
use demarche_batch::plan::{Conduct, Follow, Plan, Shard};
use demarche_batch::range::{Size, Work, play};
use demarche_batch::results::{Parts, add_csv, begun, manifest, write_manifest};
use demarche_batch::runs::{Player, is_playing};
use demarche_batch::stopping::Stopping;
use demarche_batch::words::{counted, tell};
use demarche_engine::past::Past;
use demarche_record::event::Event;
use demarche_record::format::RunRecord;
use serde_json::{Value, json};
use tracing::info;

use super::design::design;
use super::explain::all_threads;
use super::replay::no_past;
use crate::cli::{Batch, Case, Followed, Format};
use crate::exit::Failure;
use crate::progress::{Progress, span, timed};
use crate::sources::{load_text, ready};
use crate::{interrupt, output};

/// What is asked of a batch beside its plan.
struct Options {
    until: Option<String>,
    stopping: Option<Stopping>,
    share: Option<String>,
    shard: Option<Shard>,
    csv: bool,
}

/// A batch that was begun, now or before; nobody else works on it.
struct Begun {
    work: Work,
    manifest: Value,
    lock: File,
}

impl Options {
    fn of(asked: &Batch) -> Result<Self, Failure> {
        Self::new(asked.until.clone(), asked.shard.clone(), asked.csv)
    }

    fn new(until: Option<String>, share: Option<String>, csv: bool) -> Result<Self, Failure> {
        let stopping = until.as_deref().map(Stopping::parse).transpose();
        let stopping = stopping.map_err(|why| Failure::Usage(format!("--until: {why}")))?;
        let shard = share.as_deref().map(shard).transpose()?;
        Ok(Self { until, stopping, share, shard, csv })
    }

    fn to_json(&self) -> Value {
        json!({"until": self.until, "shard": self.share, "csv": self.csv})
    }

    /// What is not asked for now is as it was asked for when the batch was begun.
    fn or_those_of(&mut self, begun: &Value) -> Result<(), Failure> {
        let text = |key: &str| begun[key].as_str().map(str::to_owned);
        let (until, share) = (self.until.take(), self.share.take());
        let csv = self.csv || begun["csv"] == true;
        *self = Self::new(until.or_else(|| text("until")), share.or_else(|| text("shard")), csv)?;
        Ok(())
    }

    /// Whether they can be had together, and with this plan.
    fn check(&self, plan: &Plan) -> Result<(), Failure> {
        let why = match (&self.until, &self.share) {
            (Some(until), Some(share)) => format!(
                "`--until {until}` looks at all runs and `--shard {share}` makes some of them: one \
                 batch cannot have both, nor take one up after the other"
            ),
            (Some(_), None) if !plan.design.is_sample() => {
                "points of this design follow one another, so that --until would stop before it \
                 has come to all of them; leave it out, or take --design lhs or sobol with as many \
                 points as runs"
                    .to_owned()
            }
            _ => return Ok(()),
        };
        Err(Failure::Usage(why))
    }
}

/// A path as a word of a command line: one that begins like an option says that it is here.
pub(crate) fn place(path: &Path) -> String {
    let told = path.display().to_string();
    demarche_record::shell::quoted(&if told.starts_with('-') { format!("./{told}") } else { told })
}

/// Runs a batch.
///
/// # Errors
/// When the scenario, the design or the folder is not what it should be, or a file cannot be
/// written.
pub(crate) fn run(asked: &Batch) -> Result<(), Failure> {
    pass_over_panics();
    let Some(path) = asked.output.as_ref().filter(|_| !asked.dry_run) else {
        let work = work(asked)?;
        Options::of(asked)?.check(&work.plan)?;
        return forecast(asked, &work);
    };
    let folder = Folder::at(path);
    if asked.resume && is_joined(&manifest(&folder)?) {
        return after_the_end(asked, &folder);
    }
    let mut options = Options::of(asked)?;
    let Begun { work, manifest, lock } = if asked.resume {
        resumed(asked, &folder, &mut options)?
    } else {
        new(asked, &folder, &options)?
    };
    let Options { stopping, shard, csv, .. } = options;
    let resume = format!("demarche batch --resume -o {}", place(path));
    interrupt::farewell(Some(format!("What is done is kept. To go on:\n  {resume}")));
    let ranges: Vec<_> = match shard {
        Some(shard) => work.plan.shard(shard).collect(),
        None => work.plan.ranges().collect(),
    };
    let progress = Mutex::new(Progress::new());
    let campaign = Campaign {
        work: &work,
        folder: &folder,
        threads: asked.threads.map_or_else(all_threads, usize::from),
        stopping,
        watch: &|tallies| watch(&progress, &work, tallies),
    };
    let ended = campaign.run(&ranges);
    progress.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let ended = ended.map_err(|cause| resumable(cause, &resume))?;
    for path in &ended.damaged {
        output::talk(&format!("warning: a damaged range was made again: {}", path.display()));
    }
    info!(n_ranges = ended.n_done, "ranges done");
    if let Some(shard) = shard {
        interrupt::farewell(None);
        let share = format!("{}/{}", shard.share + 1, shard.shares);
        output::talk(&format!(
            "Share {share} is done. Once all are: demarche merge {} … -o RESULTS",
            place(path)
        ));
        return Ok(());
    }
    let end = ended.enough_at.unwrap_or(work.plan.n_runs());
    if let Some(until) = options.until.as_ref().filter(|_| ended.enough_at.is_none()) {
        output::talk(&format!("warning: `{until}` was not reached in all runs; give it more"));
    }
    let until = options.until.filter(|_| ended.enough_at.is_some());
    let parts = Parts { work: &work, folders: std::slice::from_ref(&folder) };
    let join = || -> Result<_, BatchError> {
        let gathered = parts.gather(end, false)?;
        let completeness = parts.finish(&gathered, &folder, &manifest, until, csv)?;
        Ok((gathered.aggregate, completeness))
    };
    let (all, completeness) = join().map_err(|cause| resumable(cause, &resume))?;
    drop(lock);
    interrupt::farewell(None);
    conclude(&folder, asked.format, &tell(&work, &all, &completeness), all.n_failed)
}

/// Tells what a batch came to, and where it is.
pub(crate) fn conclude(
    folder: &Folder,
    format: Format,
    told: &str,
    n_failed: u64,
) -> Result<(), Failure> {
    tell_summary(folder, format, &format!("{told}Kept in {}\n", place(folder.path())))?;
    if n_failed == 0 {
        return Ok(());
    }
    let n = counted(n_failed, "run");
    Err(Failure::Bug(anyhow::anyhow!("{n} failed; summary.json has their seeds and why")))
}

/// Tells what is in a folder: in words, or as its summary has it.
fn tell_summary(folder: &Folder, format: Format, words: &str) -> Result<(), Failure> {
    match format {
        Format::Text => output::data(words),
        Format::Json => output::data(&folder.text(SUMMARY)?),
    }
}

/// A run that panics is caught, counted and told in the end: it need not be said when it happens.
pub(crate) fn pass_over_panics() {
    let aloud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_playing() {
            aloud(panic);
        }
    }));
}

/// What is told of a fault of a batch that can be gone on with.
fn resumable(cause: BatchError, resume: &str) -> Failure {
    let is_file = matches!(cause, BatchError::File { .. });
    match Failure::from(cause) {
        Failure::File(text) if is_file => {
            Failure::File(format!("{text}\nWhat is done is kept. To go on:\n  {resume}"))
        }
        other => other,
    }
}

/// The plan that is asked for.
fn work(asked: &Batch) -> Result<Work, Failure> {
    let (mut case, design) = design(asked)?;
    case.scenario = asked.from.clone().or(case.scenario);
    let ready = ready(&case)?;
    match (&ready.recorded, &asked.from) {
        (Some(_), None) => {
            let why = "a batch plays a scenario by the policy alone, and this is a recorded run; \
                       `--from` runs futures from one of its turns, `demarche replay` tells it";
            return Err(Failure::Usage(why.to_owned()));
        }
        (None, Some(from)) => {
            let hint = "name a recorded run, or the file of a class";
            return Err(Failure::Usage(format!("--from {from}: this is a scenario; {hint}")));
        }
        _ => {}
    }
    let seed = asked.seed.unwrap_or(1);
    let design = design.of(&ready.numbers, seed)?;
    let follow = match asked.follow {
        Some(Followed::Some) | None => Follow::Some,
        Some(Followed::All) => Follow::All,
        Some(Followed::None) => Follow::Nobody,
    };
    let conduct = Conduct { seed, over_ranges: !asked.point, follow };
    let plan = Plan::new(ready.scenario.clone(), ready.numbers.clone(), design, conduct);
    let plan = plan.map_err(|cause| Failure::Usage(cause.to_string()))?;
    let Some((recorded, turn)) = ready.recorded.as_ref().zip(asked.turn) else {
        return Ok(Work::of(plan));
    };
    let reached = reached(recorded);
    if turn > reached {
        let why = format!("--turn {turn}: this run has come to turn {reached}");
        return Err(Failure::Usage(format!("{why}; take a turn from 0 to {reached}")));
    }
    let past = Past::of(&ready.scenario, recorded.lineage, &recorded.inputs, turn);
    let plan = past.and_then(|past| plan.after(past));
    plan.map(Work::of).map_err(|cause| no_past("--turn", turn, &cause, &ready))
}

/// The turn that a recorded run has come to: the next, where its last is over.
fn reached(recorded: &RunRecord) -> u32 {
    recorded.chronicle.entries.last().map_or(0, |entry| {
        let is_over = matches!(entry.event, Event::TurnRecorded { .. });
        entry.turn + u32::from(is_over)
    })
}

/// A new batch in a folder in which there is none.
fn new(asked: &Batch, folder: &Folder, options: &Options) -> Result<Begun, Failure> {
    if folder.is_begun() {
        let (place, hint) =
            (folder.path().display(), "add --resume to go on with it, or name another");
        return Err(Failure::File(format!("there is a batch in {place} already; {hint} folder")));
    }
    check_vacant(folder)?;
    let work = work(asked)?;
    options.check(&work.plan)?;
    let manifest = begun(&work, &arguments(), options.to_json());
    let alone = folder.lock(false)?;
    // Somebody else may have begun one in the meantime.
    check_vacant(folder)?;
    let make = || {
        write_sources(folder, &work)?;
        write_manifest(folder, &manifest)?;
        if options.shard.is_none() {
            return Ok(alone);
        }
        drop(alone);
        folder.lock(true)
    };
    let lock = make()?;
    Ok(Begun { work, manifest, lock })
}

/// Whether results can be kept in a folder.
pub(crate) fn check_vacant(folder: &Folder) -> Result<(), Failure> {
    if !folder.is_vacant()? {
        let why = "is not empty, and nothing is overwritten; name another folder";
        return Err(Failure::File(format!("{} {why}", folder.path().display())));
    }
    Ok(())
}

/// Writes what the runs of a plan are played from.
pub(crate) fn write_sources(folder: &Folder, work: &Work) -> Result<(), BatchError> {
    if let Some(past) = work.plan.past_text() {
        folder.write(PAST, past.as_bytes())?;
    }
    folder.write(SCENARIO, work.plan.scenario.text.as_bytes())
}

/// What was begun in a folder. Where something else is asked for now, it is another batch.
fn resumed(asked: &Batch, folder: &Folder, options: &mut Options) -> Result<Begun, Failure> {
    let (work, mut begun) = kept(folder)?;
    check_plan(asked, folder, &work)?;
    options.or_those_of(&begun["options"])?;
    options.check(&work.plan)?;
    let lock = folder.lock(options.shard.is_some())?;
    if is_joined(&manifest(folder)?) {
        folder.clear_ranges()?;
        let place = folder.path().display();
        return Err(Failure::File(format!("the batch in {place} was completed by somebody else")));
    }
    // Whoever looks at the folder sees with what it is worked on.
    begun["options"] = options.to_json();
    write_manifest(folder, &begun)?;
    Ok(Begun { work, manifest: begun, lock })
}

/// Where something else is asked for than was begun, it is another batch.
fn check_plan(asked: &Batch, folder: &Folder, begun: &Work) -> Result<(), Failure> {
    if says_what(asked) && work(asked)?.digest != begun.digest {
        let why = "was begun with another plan; leave out what says what to run, or name another \
                   folder";
        return Err(Failure::Usage(format!("the batch in {} {why}", folder.path().display())));
    }
    Ok(())
}

/// Whether ranges of a batch have become results, of all its runs or of some.
pub(crate) fn is_joined(manifest: &Value) -> bool {
    manifest["state"] != "under way"
}

/// What is asked of a batch that is joined: its rows can be had as CSV, too, and no more.
fn after_the_end(asked: &Batch, folder: &Folder) -> Result<(), Failure> {
    let (work, joined) = kept(folder)?;
    check_plan(asked, folder, &work)?;
    let there = place(folder.path());
    if asked.until.is_some() || asked.shard.is_some() {
        let hint = "nothing of it is left to run; --resume --csv adds its rows as CSV";
        return Err(Failure::Usage(format!("the batch in {there} is complete: {hint}")));
    }
    let lock = folder.lock(false)?;
    let added =
        if asked.csv { add_csv(folder, &work, &manifest(folder)?).map(drop) } else { Ok(()) };
    // Those, too, that were left when it was killed before it had cleared up.
    let cleared = folder.clear_ranges();
    drop(lock);
    added.and(cleared)?;
    if !asked.csv && joined["state"] == "partial" {
        let hint = "make the shares that are missing, and merge all of them again";
        return Err(Failure::Incomplete(format!(
            "error: what is in {there} was joined without some ranges: {hint}"
        )));
    }
    let file = if asked.csv { place(&folder.file(RUNS_CSV)) } else { there };
    tell_summary(folder, asked.format, &format!("Kept in {file}\n"))
}

/// Whether the command line says what is to be run.
fn says_what(asked: &Batch) -> bool {
    let Case { scenario, with, set, .. } = &asked.case;
    scenario.is_some()
        || !(with.is_empty() && set.is_empty() && asked.vary.is_empty())
        || asked.runs.is_some()
        || asked.design.is_some()
        || asked.levels.is_some()
        || asked.points.is_some()
        || asked.trajectories.is_some()
        || asked.follow.is_some()
        || asked.seed.is_some()
        || asked.point
        || asked.from.is_some()
}

/// The plan that a folder was begun with, and its manifest.
///
/// # Errors
/// When there is none, or it is not as it was written.
pub(crate) fn kept(folder: &Folder) -> Result<(Work, Value), Failure> {
    let manifest = manifest(folder)?;
    let named = folder.file(SCENARIO).display().to_string();
    let loaded = load_text(&named, &folder.text(SCENARIO)?, &Case::default())?;
    let (scenario, numbers) = (Arc::new(loaded.scenario), loaded.numbers);
    let past = (!manifest["plan"]["past"].is_null()).then(|| folder.text(PAST)).transpose();
    let past = past?;
    let plan = Plan::from_json(&manifest["plan"], scenario, numbers, past.as_deref());
    let plan = plan.map_err(|cause| BatchError::Plan { path: folder.path().to_owned(), cause });
    Ok((Work::of(plan?), manifest))
}

/// What the program was called with, but for what changes no result.
pub(crate) fn arguments() -> Vec<String> {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let (mut kept, mut words) = (Vec::new(), words);
    while let Some(word) = words.next() {
        let option = word.split_once('=').map_or(word.as_str(), |(option, _)| option);
        if ["-o", "--output", "--threads", "--format", "--log"].contains(&option) {
            if option == word {
                words.next();
            }
        } else if option != "--resume" {
            kept.push(word);
        }
    }
    kept
}

fn shard(written: &str) -> Result<Shard, Failure> {
    let parsed = written.split_once('/').and_then(|(share, shares)| {
        let (share, shares): (u64, u64) = (share.parse().ok()?, shares.parse().ok()?);
        (1..=shares).contains(&share).then(|| Shard { share: share - 1, shares })
    });
    parsed.ok_or_else(|| {
        let hint = "write which share of how many, as in `--shard 2/5`";
        Failure::Usage(format!("`--shard {written}` is no share; {hint}"))
    })
}

fn watch(progress: &Mutex<Progress>, work: &Work, tallies: &Tallies) {
    let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
    let done = tallies.n_played.load(Ordering::Relaxed);
    progress.tell_share((done, tallies.n_asked), "runs", || {
        let names = work.plan.scenario.cast.outcomes.iter();
        let counts = tallies.outcomes.iter().map(|count| count.load(Ordering::Relaxed));
        let mut shares: Vec<(u64, &str)> =
            counts.zip(names).map(|(count, named)| (count, named.key.as_str())).collect();
        shares.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let told = shares
            .iter()
            .take(2)
            .filter(|(count, _)| *count > 0)
            .map(|(count, key)| format!(" {key} {} %", count * 100 / done.max(1)));
        told.collect::<Vec<_>>().join(",")
    });
}

/// How long a dry run plays. [s]
const GLANCE: f64 = 2.0;
/// How many runs it plays at a time.
const GLANCED: u64 = 256;

/// Measures briefly, and says what the batch would take.
fn forecast(asked: &Batch, work: &Work) -> Result<(), Failure> {
    let plan = &work.plan;
    let mut player = Player::new(&plan.scenario);
    let (mut n, mut size, mut seconds) = (0, Size::default(), 0.0);
    while seconds < GLANCE && n < plan.n_runs() {
        let runs = n..(n + GLANCED).min(plan.n_runs());
        let ((played, took), time) = timed(|| {
            let played = play(plan, &work.tables, &mut player, runs.clone());
            let took = played.size(work);
            (played, took)
        });
        let took = took?;
        let csv = if asked.csv { played.csv_size(work)? } else { 0 };
        size = Size { kept: size.kept + took.kept, joined: size.joined + took.joined + csv };
        n = runs.end;
        seconds += time.as_secs_f64();
    }
    let threads = asked.threads.map_or_else(all_threads, usize::from);
    let text = demarche_batch::forecast::Forecast { n, seconds, size, threads }.tell(plan, span);
    output::data(&text)
}
