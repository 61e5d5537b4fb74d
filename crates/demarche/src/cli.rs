//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Arg, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Replay, play and vary diplomatic negotiations, told turn by turn.
///
/// A run is a scenario, a seed, and the decisions taken from outside; the same three give the same
/// run, byte for byte. No run is a forecast.
#[derive(Parser, Debug)]
#[command(name = "demarche", version, after_help = crate::exit::CODES, max_term_width = 100)]
pub(crate) struct Cli {
    /// The log, on stderr, of what each mechanism did: `debug`, `trace`, or a filter.
    #[arg(long, global = true, value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The scenario of a command that plays by the policy alone, for which a recorded run is none.
fn unrecorded(scenario: Arg) -> Arg {
    let help = "A scenario file, the name of a built-in scenario, or `-` for the standard input. \
                Without it: the built-in Doha and Istanbul track";
    scenario.value_name("SCENARIO").help(help)
}

/// What the program can do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// One run, told turn by turn.
    Replay(Replay),
    /// Take a chair in the terminal; the policy plays the rest.
    Play(Play),
    /// Why a run ended as it did, and the least change that would have turned it.
    Explain(Explain),
    /// Many runs, kept in a folder: counted, and a row for each.
    #[command(mut_arg("scenario", unrecorded), mut_arg("table", |table| table.requires("from")))]
    Batch(Batch),
    /// Join the shares of a batch that was worked on in several places.
    Merge(Merge),
    /// Whether the results of a batch are what its plan comes to here.
    Verify(Verify),
    /// What a change does: the same futures as they were and changed.
    WhatIf(WhatIf),
    /// A page that answers questions about a batch, or about several beside each other.
    Report(Report),
    /// A class: people on the same network take the seats of several tables.
    #[command(mut_arg("scenario", unrecorded), mut_arg("table", |table| table.hide(true)))]
    Class(Class),
    /// The briefs of all seats as a page to print, for a class without screens.
    #[command(mut_arg("scenario", unrecorded), mut_arg("table", |table| table.hide(true)))]
    Brief(Brief),
    /// Scenario files: make, check, show, compare.
    #[command(subcommand)]
    Scenario(Scenario),
    /// Completions for a shell, on stdout.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Manual pages, one file a command.
    Man {
        /// The folder to write them to; it is made if it is not there.
        dir: PathBuf,
    },
}

/// Which scenario, and what of it is changed.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Case {
    /// A scenario file, the name of a built-in scenario, a recorded run, or `-` for the standard
    /// input. Without it: the built-in Doha and Istanbul track.
    #[arg(value_name = "SCENARIO|RECORD")]
    pub(crate) scenario: Option<String>,
    /// Lay another scenario file over it, a built-in name or a file; may be given several times.
    #[arg(long, value_name = "OVERLAY")]
    pub(crate) with: Vec<String>,
    /// Set one value by its path, as in `--set parties.pakistan.audience-cost=0.1`. A bare number
    /// holds: it is not drawn, neither in each run nor with `--over-ranges`; `LOW..HIGH` is a range
    /// to draw it from.
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Of the file of a class: which of its tables, from 1.
    #[arg(long, value_name = "TABLE", value_parser = table)]
    pub(crate) table: Option<usize>,
}

/// Where the draws come from.
#[derive(Args, Debug, Clone)]
pub(crate) struct Chance {
    /// The seed of the run.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Draw uncertain numbers from their ranges, instead of taking the reference point; with the
    /// run's own seed, or with another. What `--set` or an overlay gives as a bare number holds.
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, value_parser = seed)]
    pub(crate) over_ranges: Option<Option<u64>>,
}

impl Chance {
    /// The seed that uncertain numbers are drawn with in the run of this seed, if they are.
    pub(crate) fn over_ranges(&self, seed: u64) -> Option<u64> {
        self.over_ranges.map(|with| with.unwrap_or(seed))
    }
}

fn seed(written: &str) -> Result<u64, &'static str> {
    written.parse().map_err(|_| "a seed is a whole number from 0 up to 18446744073709551615")
}

fn turn(written: &str) -> Result<u32, &'static str> {
    written.parse().map_err(|_| "a turn is a whole number from 0 up")
}

fn table(written: &str) -> Result<usize, &'static str> {
    match written.parse() {
        Ok(table) if (1..=MOST_TABLES).contains(&table) => Ok(table),
        _ => Err("a table is a whole number from 1 to 50"),
    }
}

/// The most tables of a class.
const MOST_TABLES: usize = 50;

/// A class, from the lobby to the debrief.
#[derive(Args, Debug)]
pub(crate) struct Class {
    #[command(flatten)]
    pub(crate) case: Case,
    #[command(flatten)]
    pub(crate) chance: Chance,
    /// How many tables play the same talks beside each other.
    #[arg(long, value_name = "N", default_value = "1", value_parser = table)]
    pub(crate) tables: usize,
    /// The file to keep the class in; without it, one in this folder that is named by its code.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Go on with the class in this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "scenario", "seed"])]
    pub(crate) resume: Option<PathBuf>,
    /// Forget names, PINs and messages of the class in this file; its decisions stay.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "scenario", "resume"])]
    pub(crate) forget: Option<PathBuf>,
    /// The port to listen at.
    #[arg(long, value_name = "PORT", default_value = "4747")]
    pub(crate) port: u16,
    /// Only this machine: for a try, or with a screen that all share.
    #[arg(long)]
    pub(crate) local: bool,
    /// Let the host's board be opened from other machines, too. Whoever has its link is the host.
    #[arg(long)]
    pub(crate) host_from_network: bool,
}

/// Briefs on paper.
#[derive(Args, Debug)]
pub(crate) struct Brief {
    #[command(flatten)]
    pub(crate) case: Case,
    #[command(flatten)]
    pub(crate) chance: Chance,
    /// The file to write, `.html`; `-` writes it to stdout.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
    /// Overwrite the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// One run, told turn by turn.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    #[command(flatten)]
    pub(crate) case: Case,
    #[command(flatten)]
    pub(crate) chance: Chance,
    /// Tell only this round; a record is always whole.
    #[arg(long, value_name = "ROUND", conflicts_with = "follow")]
    pub(crate) round: Option<String>,
    /// Decisions to be taken instead of the policy's, as lines of JSON; `-` for the standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// Let recorded decisions enter only before this turn; from it on the policy decides.
    #[arg(long, value_name = "TURN", allow_negative_numbers = true, value_parser = turn)]
    pub(crate) branch_at: Option<u32>,
    /// With `--branch-at`: draw from this seed from that turn on.
    #[arg(long, value_name = "SEED", requires = "branch_at")]
    #[arg(allow_negative_numbers = true, value_parser = seed)]
    pub(crate) branch_seed: Option<u64>,
    /// Step by step: wait for Enter after each turn that has something to tell.
    #[arg(long)]
    pub(crate) follow: bool,
    /// A dispatch to be read, or the record as lines of JSON.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "follow")]
    pub(crate) format: Format,
    /// Keep the record of the run in this file; `-` writes it to stdout, in place of the dispatch.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Take a chair, in a new run or in a recorded one that was stopped.
#[derive(Args, Debug)]
pub(crate) struct Play {
    #[command(flatten)]
    pub(crate) case: Case,
    #[command(flatten)]
    pub(crate) chance: Chance,
    /// The chair: `capital:pakistan`, `delegation:afghanistan`, `mediator:qatar`, or just
    /// `pakistan` for a whole party; may be given several times. A record that was stopped goes on
    /// from there; without this option, with the seats that were taken in it.
    #[arg(long, value_name = "SEAT")]
    pub(crate) seat: Vec<String>,
    /// Keep the record of the run in this file.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrite the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Why a run ended as it did, and the least change that would have turned it: of the numbers that
/// have a range, the one, or the two, that need move least, on the same draws.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) case: Case,
    #[command(flatten)]
    pub(crate) chance: Chance,
    /// Leave out the search for the least change.
    #[arg(long)]
    pub(crate) quick: bool,
    /// On how many threads to search; without it, on all that there are. It changes no result.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Words to be read, or JSON.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// Many runs, kept in a folder: one row each, counted and summed up. The same plan comes to the
/// same bytes, on however many threads, and however often it was interrupted.
#[derive(Args, Debug)]
pub(crate) struct Batch {
    #[command(flatten)]
    pub(crate) case: Case,
    /// Runs in all, at all points of the design. Without it: 1000, or one at each point.
    #[arg(short = 'n', long, value_name = "N")]
    pub(crate) runs: Option<u64>,
    /// A number that the design varies, as in `--vary world.enforcement=0.5..3`; a path alone takes
    /// the range in the scenario. May be given several times.
    #[arg(long, value_name = "PATH[=LOW..HIGH]")]
    pub(crate) vary: Vec<String>,
    /// How points are spread: `grid`, `lhs`, `sobol`, `morris`; or a file: a design (`.toml`), or
    /// points (`.csv`, a column for each path). Without it, what varies does so over a hypercube.
    #[arg(long, value_name = "DESIGN")]
    pub(crate) design: Option<String>,
    /// Levels of each number on a grid.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) levels: Option<u32>,
    /// Points of a hypercube or of the Sobol' sequence. Without it, as many as there are runs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) points: Option<u64>,
    /// Trajectories of Morris' method.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) trajectories: Option<u64>,
    /// The seed of the first future; the next has one more.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Take uncertain numbers at the reference point, instead of drawing them over their ranges.
    #[arg(long)]
    pub(crate) point: bool,
    /// Futures of a recorded run, or of a table of a class: what was decided there before
    /// `--turn` stands, from it on the policy decides for all, and each future draws anew.
    #[arg(long, value_name = "RECORD|CLASS", requires = "turn")]
    #[arg(conflicts_with_all = ["scenario", "with", "set", "vary", "design", "levels", "points"])]
    #[arg(conflicts_with_all = ["trajectories", "point"])]
    pub(crate) from: Option<String>,
    /// With `--from`: the turn at whose beginning the futures part, from 0.
    #[arg(long, value_name = "TURN", requires = "from")]
    #[arg(allow_negative_numbers = true, value_parser = turn)]
    pub(crate) turn: Option<u32>,
    /// Which runs to follow turn by turn: `some` (about a thousand, as without it), `all`, `none`.
    #[arg(long, value_enum, value_name = "WHICH")]
    pub(crate) follow: Option<Followed>,
    /// The folder to keep it in; it is made if it is not there.
    #[arg(short, long, value_name = "DIR", required_unless_present = "dry_run")]
    pub(crate) output: Option<PathBuf>,
    /// Go on with what was begun in that folder.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) resume: bool,
    /// Measure briefly, and say what the batch would take in time, disk and memory.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Stop when it is precise enough, as in `--until 'half-width<0.5pp'`: of every class's share.
    #[arg(long, value_name = "RULE", conflicts_with = "shard")]
    pub(crate) until: Option<String>,
    /// Work on one share of several only, as in `--shard 2/5`; `merge` joins them.
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,
    /// Write the rows as CSV, too.
    #[arg(long)]
    pub(crate) csv: bool,
    /// On how many threads; without it, on all that there are. It changes no result.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Words to be read, or the summary as JSON.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// Which runs to follow turn by turn.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    /// About a thousand, evenly.
    Some,
    /// All of them.
    All,
    /// None.
    None,
}

/// Join the shares of a batch. What is missing is named, and refused unless `--partial`.
#[derive(Args, Debug)]
pub(crate) struct Merge {
    /// The folders that hold the shares.
    #[arg(value_name = "DIR", required = true)]
    pub(crate) folders: Vec<PathBuf>,
    /// The folder to join them in; it is made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Join what there is, and say how much that is.
    #[arg(long)]
    pub(crate) partial: bool,
    /// Write the rows as CSV, too.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Words to be read, or the summary as JSON.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// Compare the files of a batch with their digests, and play a sample of its runs again.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The folder of the batch.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// How many runs to play again.
    #[arg(long, value_name = "N", default_value = "100")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) sample: u64,
}

/// Write a page that answers questions about a batch: how likely each ending is, what blocks, when
/// talks break, where there was room, how far it can be trusted. Several batches stand beside each
/// other, and are compared with the first; those that met the same futures, run by run. The page
/// has no script and asks nothing of the network. What a folder does not hold is left out.
#[derive(Args, Debug)]
pub(crate) struct Report {
    /// The folders of finished batches.
    #[arg(value_name = "DIR", required = true)]
    pub(crate) folders: Vec<PathBuf>,
    /// The file to write. Without it: Markdown, on the standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// What to write. Without it: what the ending of the file says, `.html`, `.md` or `.json`.
    #[arg(long, value_enum)]
    pub(crate) format: Option<ReportFormat>,
    /// Write every chart as SVG and its data as CSV, too, to this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) charts: Option<PathBuf>,
    /// Overwrite files that exist.
    #[arg(long)]
    pub(crate) force: bool,
}

/// What a report is written as.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportFormat {
    /// A page by itself.
    Html,
    /// Text with tables.
    Markdown,
    /// Every answer and every number.
    Json,
}

/// What a change does: the same futures are played as they were and changed, so that what differs
/// is the work of the change. No result is a forecast.
#[derive(Args, Debug)]
pub(crate) struct WhatIf {
    /// The scenario that is changed: a file, the name of a built-in scenario, or `-` for the
    /// standard input. Without it: the built-in Doha and Istanbul track.
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// Change one value by its path, as in `--set mediators.united-states.engaged=true`. A bare
    /// number holds: it is not drawn. All that `--set` and `--with` say is one change.
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Change what an overlay changes: a scenario file, or a built-in name.
    #[arg(long, value_name = "OVERLAY")]
    pub(crate) with: Vec<String>,
    /// Another change, with a name, beside the others, as in `--arm 'late: clock.turn-hours=6,
    /// world.truce=false'` or `--arm engaged=historical/united-states-engaged`. After a colon come
    /// paths with values and overlays, with commas between them. May be given several times.
    #[arg(long, value_name = "NAME: CHANGE, …")]
    pub(crate) arm: Vec<String>,
    /// Set one value of the scenario that is changed, before any change.
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) base_set: Vec<String>,
    /// Lay another scenario file over the scenario that is changed, before any change.
    #[arg(long, value_name = "OVERLAY")]
    pub(crate) base_with: Vec<String>,
    /// How many futures. Over ranges they are as many as make whole draws.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) futures: u64,
    /// The seed of the first future, and of the first draw of uncertain numbers; the next has one
    /// more.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    #[arg(allow_negative_numbers = true, value_parser = seed)]
    pub(crate) seed: u64,
    /// Take uncertain numbers at the reference point, instead of drawing them over their ranges.
    #[arg(long)]
    pub(crate) point: bool,
    /// How many futures share a draw of the uncertain numbers. Without it: 20, or fewer where there
    /// would be fewer than 50 draws.
    #[arg(long, value_name = "M", conflicts_with = "point")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) futures_per_draw: Option<u64>,
    /// On how many threads; without it, on all that there are. It changes no result.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Words to be read, or JSON.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// How to write a run.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A dispatch to be read.
    Text,
    /// Lines of JSON.
    Json,
}

/// Scenario files.
#[derive(Subcommand, Debug)]
pub(crate) enum Scenario {
    /// The built-in scenarios.
    List,
    /// Write a new scenario file to start from.
    New {
        /// The file to write; `-` writes to stdout.
        file: PathBuf,
        /// The built-in scenario to start from; without it, a small one with comments.
        #[arg(long, value_name = "SCENARIO")]
        from: Option<String>,
        /// Overwrite the file if it exists.
        #[arg(long)]
        force: bool,
    },
    /// Check a scenario and tell every problem at once.
    Check(Case),
    /// What a scenario holds, in words; or the merged file.
    Show {
        #[command(flatten)]
        case: Case,
        /// The merged file as TOML, instead of words.
        #[arg(long)]
        toml: bool,
    },
    /// What differs between two scenarios, value by value.
    Diff {
        /// One scenario.
        one: String,
        /// The other.
        other: String,
    },
    /// Every number and where it comes from.
    Sources(Case),
    /// The JSON Schema of scenario files, for completion in editors.
    Schema,
    /// The phases of a turn in their order.
    Turn,
}
