//! Designs as the command line has them: what varies, and how points are spread.

use std::path::Path;

use demarche_batch::design::{Design, Lever};
use demarche_columns::{Limits, Points, read_points};
use demarche_random::seed::MasterSeed;
use demarche_record::nearest::nearest;
use demarche_scenario::{DesignFile, NumberUse, ends_of_range, read_design};
use demarche_statistics::fault::Fault;

use crate::cli::{Batch, Case};
use crate::exit::Failure;
use crate::output;
use crate::sources::render;

/// The runs of a batch for which nothing else is said.
const RUNS: u64 = 1000;
/// Levels of a grid for which nothing else is said.
const LEVELS: u64 = 5;
/// Trajectories for which nothing else is said.
const TRAJECTORIES: u64 = 50;
/// The most bytes of a file of points or of a design.
const MOST_BYTES: usize = 256 << 20;
/// The most points and paths of one.
const LIMITS: Limits = Limits { points: 1_000_000, paths: 500 };

/// What is asked of a design, before it is known which numbers the scenario has.
pub(crate) struct Asked {
    spread: Spread,
    paths: Vec<String>,
    runs: Option<u64>,
    levels: u64,
    points: Option<u64>,
    trajectories: Option<u64>,
}

enum Spread {
    Nothing,
    Grid,
    LatinHypercube,
    Sobol,
    Morris,
    Given(Points),
}

/// Paths that vary, each with the ends of its range where they are given.
type Varied = Vec<(String, Option<[f64; 2]>)>;

/// Reads what is asked of the design. Returns the case with the ranges over which numbers vary, so
/// that a range is checked as any other value of the scenario.
///
/// # Errors
/// When it is no design, or a file of it cannot be read.
pub(crate) fn design(batch: &Batch) -> Result<(Case, Asked), Failure> {
    let varied = batch.vary.iter().map(|vary| varied(vary)).collect::<Result<Varied, _>>()?;
    let named = batch.design.as_deref();
    let file = named.filter(|named| has_ending(named, "toml")).map(design_file).transpose()?;
    let spread = match (named, &file) {
        (_, Some(file)) => spread(file.spread)?,
        (None, _) if varied.is_empty() => Spread::Nothing,
        (None, _) => Spread::LatinHypercube,
        (Some(file), _) if has_ending(file, "csv") => Spread::Given(points(file)?),
        (Some(word), _) => spread(word)?,
    };
    let of_file = match (&spread, &file) {
        (Spread::Given(points), _) => ends(named.unwrap_or_default(), points)?,
        (_, Some(file)) => file.levers.clone(),
        _ => Vec::new(),
    };
    if !of_file.is_empty() && !varied.is_empty() {
        let why = "the file says what varies: leave out --vary, or the file";
        return Err(Failure::Usage(why.to_owned()));
    }
    let all: Varied = varied.into_iter().chain(of_file).collect();
    if all.is_empty() && !matches!(spread, Spread::Nothing) {
        let hint = "name what varies, as in `--vary parties.pakistan.audience-cost=0..0.2`";
        return Err(Failure::Usage(format!("nothing varies over this design; {hint}")));
    }
    check_options(batch, &spread)?;
    let case = with_ranges(&batch.case, &all)?;
    let of = |read: fn(&DesignFile) -> Option<u64>| file.as_ref().and_then(read);
    let levels = batch.levels.map(u64::from).or(of(|file| file.levels)).unwrap_or(LEVELS);
    let asked = Asked {
        spread,
        paths: all.into_iter().map(|(path, _)| path).collect(),
        runs: batch.runs.or(of(|file| file.runs)),
        levels,
        points: batch.points.or(of(|file| file.points)),
        trajectories: batch.trajectories.or(of(|file| file.trajectories)),
    };
    Ok((case, asked))
}

/// An option that a design has no use for is a slip, and would change nothing in silence.
fn check_options(batch: &Batch, spread: &Spread) -> Result<(), Failure> {
    let spreads_points = matches!(spread, Spread::LatinHypercube | Spread::Sobol);
    let asked = [
        ("--levels", batch.levels.is_some(), matches!(spread, Spread::Grid), "grid"),
        ("--points", batch.points.is_some(), spreads_points, "lhs` or `sobol"),
        (
            "--trajectories",
            batch.trajectories.is_some(),
            matches!(spread, Spread::Morris),
            "morris",
        ),
    ];
    match asked.into_iter().find(|(_, is_asked, is_used, _)| *is_asked && !is_used) {
        None => Ok(()),
        Some((option, _, _, design)) => {
            let hint = format!("add `--design {design}`, or leave it out");
            Err(Failure::Usage(format!("{option} says nothing about this design; {hint}")))
        }
    }
}

/// The case with the ranges of what varies set in it.
fn with_ranges(case: &Case, all: &Varied) -> Result<Case, Failure> {
    let mut case = case.clone();
    for (place, (path, range)) in all.iter().enumerate() {
        if all[..place].iter().any(|(before, _)| before == path) {
            return Err(Failure::Usage(format!("`{path}` varies twice; name it once")));
        }
        if path.rsplit('.').nth(1) == Some("stakes") {
            let why = "is a stake, and stakes are shares of a whole: none varies alone; lay \
                       another set of stakes over the scenario with --with";
            return Err(Failure::Usage(format!("`{path}` {why}")));
        }
        if let Some([low, high]) = range {
            case.set.push(format!("{path}={low:?}..{high:?}"));
        }
    }
    Ok(case)
}

fn has_ending(file: &str, ending: &str) -> bool {
    Path::new(file).extension().is_some_and(|of| of.eq_ignore_ascii_case(ending))
}

fn spread(word: &str) -> Result<Spread, Failure> {
    Ok(match word {
        "grid" => Spread::Grid,
        "lhs" | "latin-hypercube" => Spread::LatinHypercube,
        "sobol" => Spread::Sobol,
        "morris" => Spread::Morris,
        other => {
            let hint = "there are grid, lhs, sobol, morris, and files that end in .toml or .csv";
            return Err(Failure::Usage(format!("there is no design `{other}`; {hint}")));
        }
    })
}

fn design_file(file: &str) -> Result<DesignFile, Failure> {
    let text = output::read(Path::new(file), MOST_BYTES)?;
    read_design(file, &text).map_err(|problems| Failure::Scenario(render(&problems)))
}

/// A path and the ends of its range, if they are given.
fn varied(vary: &str) -> Result<(String, Option<[f64; 2]>), Failure> {
    let Some((path, range)) = vary.split_once('=') else {
        return Ok((vary.trim().to_owned(), None));
    };
    let ends = ends_of_range(range);
    match ends {
        Some([low, high]) if low < high => Ok((path.trim().to_owned(), ends)),
        Some([low, high]) => {
            let why = format!("nothing lies from {low} to {high}");
            Err(Failure::Usage(format!("`--vary {vary}`: {why}; write the lower end first")))
        }
        None => {
            let hint = "write a path, `=` and two numbers, as in `world.enforcement=0.5..3`";
            Err(Failure::Usage(format!("`--vary {vary}`: `{range}` is no range; {hint}")))
        }
    }
}

fn points(file: &str) -> Result<Points, Failure> {
    let text = output::read(Path::new(file), MOST_BYTES)?;
    read_points(&text, LIMITS).map_err(|faults| {
        let told: Vec<String> = faults.iter().take(20).map(|fault| format!("  {fault}")).collect();
        let more = faults.len().saturating_sub(20);
        let more = if more > 0 { format!("\n  … and {more} more") } else { String::new() };
        Failure::File(format!("{file} is no list of points\n{}{more}", told.join("\n")))
    })
}

/// What varies over points that are given: each path from its least value to its greatest.
fn ends(file: &str, points: &Points) -> Result<Varied, Failure> {
    let of = |(column, path): (usize, &String)| {
        let values = (0..points.n_points()).map(|at| points.point(at)[column]);
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        if low < high {
            return Ok((path.clone(), Some([low, high])));
        }
        let hint = format!("delete the column, and add --set {path}={low}");
        Err(Failure::File(format!("{file}: `{path}` is {low} at every point; {hint}")))
    };
    points.paths().iter().enumerate().map(of).collect()
}

impl Asked {
    /// The design, over the numbers of the scenario.
    ///
    /// # Errors
    /// When a number cannot vary, or runs and points do not go together.
    pub(crate) fn of(&self, numbers: &[NumberUse], seed: u64) -> Result<Design, Failure> {
        let levers: Vec<Lever> =
            self.paths.iter().map(|path| lever(path, numbers)).collect::<Result<_, _>>()?;
        let (runs, n_levers) = (self.runs, levers.len() as u64);
        let made = match &self.spread {
            Spread::Nothing => Ok(Design::plain(runs.unwrap_or(RUNS))),
            Spread::Grid => {
                let dimensions = u32::try_from(n_levers).unwrap_or(u32::MAX);
                let n_points = self.levels.checked_pow(dimensions).ok_or_else(too_many)?;
                let levels = u32::try_from(self.levels).map_err(|_| too_many())?;
                Design::grid(levers, levels, futures(runs, n_points, "points of the grid")?)
            }
            Spread::LatinHypercube => {
                let n_points = self.points.or(runs).unwrap_or(RUNS);
                let futures = futures(runs, n_points, "points")?;
                Design::latin_hypercube(levers, n_points, futures, MasterSeed(seed))
            }
            Spread::Sobol => {
                let n_points = self.points.or(runs).unwrap_or(RUNS);
                Design::sobol(levers, n_points, futures(runs, n_points, "points")?)
            }
            Spread::Morris => {
                let steps = n_levers + 1;
                let n = self.trajectories.or(runs.map(|runs| runs / steps));
                let n = n.unwrap_or(TRAJECTORIES).max(1);
                let n_points = n.checked_mul(steps).ok_or_else(too_many)?;
                let what = format!("points of {n} trajectories of {steps}");
                Design::morris(levers, n, futures(runs, n_points, &what)?, MasterSeed(seed))
            }
            Spread::Given(points) => {
                let futures = futures(runs, points.n_points() as u64, "points of the file")?;
                let values = (0..points.n_points()).flat_map(|at| points.point(at).to_vec());
                Ok(Design::given(levers, values.collect(), futures))
            }
        };
        made.map_err(|fault: Fault| Failure::Usage(fault.to_string()))
    }
}

fn too_many() -> Failure {
    Failure::Usage("there are more points than can be numbered; vary less".to_owned())
}

/// Futures at each point: the runs must go into the points.
fn futures(runs: Option<u64>, n_points: u64, what: &str) -> Result<u64, Failure> {
    let Some(runs) = runs else { return Ok(1) };
    if runs >= n_points && runs.is_multiple_of(n_points) {
        return Ok(runs / n_points);
    }
    let below = (runs / n_points).max(1) * n_points;
    Err(Failure::Usage(format!(
        "{runs} runs do not go evenly into {n_points} {what}; -n {below} does, or -n {}",
        below.saturating_add(n_points)
    )))
}

/// The lever that a path is.
fn lever(path: &str, numbers: &[NumberUse]) -> Result<Lever, Failure> {
    let named = format!("`{path}`");
    let number = numbers.iter().find(|number| number.path == path).ok_or_else(|| {
        let near = nearest(path, numbers.iter().map(|number| number.path.as_str()));
        let hint = near.map_or_else(
            || "`demarche scenario sources` lists the numbers of a scenario".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::Usage(format!("{named} is no number of this scenario; {hint}"))
    })?;
    Lever::of(number).ok_or_else(|| {
        let why = "has no range in this scenario";
        Failure::Usage(format!("{named} {why}; give one, as in `--vary {path}=LOW..HIGH`"))
    })
}
