//! A comparison in words and small tables, for a student, without making an expert wince.
//!
//! Shares come first as frequencies, since those are read best; a difference always comes with its
//! bounds; and where the bounds hold nought, the verdict is that it cannot be told.

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_record::cast::Cast;
use demarche_record::format::Lineage;
use demarche_record::prose::{bare, inside, owns, quoted, sentence, wrapped};
use demarche_statistics::paired::FourCells;

use super::findings::{Effect, Findings, Verdict};
use super::tally::{Scale, Scales, Tally, Turn, Turned};
use super::{Arm, Compared, Futures};
use crate::results::CAUTION;
use crate::words::{counted, grouped, signed, unsigned};

/// How wide the column of names is at most. [characters]
const NAMES: usize = 40;
/// How many issues are told that block more often or more seldom.
const MOST_BLOCKING: usize = 4;
/// How many ways from one class of outcome to another are told.
const MOST_MOVES: usize = 3;
/// How many futures are named, to be looked at.
const MOST_LOOKED_AT: usize = 3;
/// Draws that part, below which Student's interval over draws holds the truth too seldom: of draws
/// of which one in twenty parts, 92 times of a hundred with 250 of them, less with fewer.
const FEW_DRAWS: u64 = 10;
/// A sample that nobody would wait for. [runs]
const NOBODY_WAITS: f64 = 1e8;

/// What is needed to tell a comparison.
pub struct Telling<'a> {
    /// The names of the base.
    pub cast: &'a Cast,
    /// By what runs were compared.
    pub scales: &'a Scales,
    /// The changes.
    pub arms: &'a [Arm],
    /// What came of them.
    pub compared: &'a Compared,
    /// Whether some number has a range.
    pub has_ranges: bool,
    /// The command that replays a run of an arm, or of the base.
    pub replay: &'a dyn Fn(Option<usize>, Lineage) -> String,
    /// How wide prose may be; 0 for no bound. [columns]
    pub width: usize,
}

/// Tells a comparison.
#[must_use]
pub fn tell(telling: &Telling<'_>) -> String {
    let findings: Vec<Findings> = telling.compared.arms.iter().map(Findings::of).collect();
    let mut text = telling.heading();
    if telling.arms.len() > 1 {
        text += &telling.at_a_glance(&findings);
    }
    for (arm, findings) in findings.iter().enumerate() {
        text += &telling.arm(arm, findings);
    }
    text += &telling.failures();
    text + "\n" + &wrapped(CAUTION, telling.width, ["", ""]) + "\n"
}

impl Telling<'_> {
    fn paragraph(&self, told: &str) -> String {
        wrapped(&sentence(told), self.width, ["", ""]) + "\n"
    }

    fn item(&self, told: &str) -> String {
        wrapped(&sentence(told), self.width, ["- ", "  "]) + "\n"
    }

    fn section(&self, heading: &str, told: &[String]) -> String {
        if told.is_empty() {
            return String::new();
        }
        let items: String = told.iter().map(|told| self.item(told)).collect();
        format!("\n{heading}\n{items}")
    }

    fn heading(&self) -> String {
        let futures = self.compared.futures;
        let numbers = match futures.draws {
            Some(draws) => format!(
                "{} of the uncertain numbers from their assumed ranges, {} of each",
                counted(draws, "draw"),
                counted(futures.per_draw, "future")
            ),
            None if self.has_ranges => "every uncertain number at its reference point".to_owned(),
            None => "no number of this scenario has a range to be drawn from".to_owned(),
        };
        let last = futures.seed + (futures.n() - 1);
        let told = format!(
            "the same {} as it was and changed, seeds {} to {last}: {numbers}",
            counted(futures.n(), "future"),
            futures.seed
        );
        format!("{}\n\n{}", self.cast.title, self.paragraph(&told))
    }

    /// The arms beside each other.
    fn at_a_glance(&self, findings: &[Findings]) -> String {
        let names = self.arms.iter().map(|arm| arm.name.as_str());
        let rows = names.zip(findings).zip(&self.compared.arms).map(|((name, found), tally)| {
            row(name, &found.agreement, is_parted(&tally.agreement), PER_CENT)
        });
        let rows: Vec<Row> = rows.collect();
        format!("\nAn agreement in the last round\n{}", table(&rows))
    }

    fn arm(&self, arm: usize, findings: &Findings) -> String {
        let (Arm { name, changes, .. }, tally) = (&self.arms[arm], &self.compared.arms[arm]);
        let changes = changes.join(", ");
        let named = if self.arms.len() > 1 { format!("{name}: {changes}") } else { changes };
        let mut text =
            "\n".to_owned() + &wrapped(&format!("What if: {named}"), self.width, ["", "  "]);
        text.push('\n');
        if tally.n == 0 {
            return text + &self.paragraph("no future could be compared: a run failed in each");
        }
        text += &self.paragraph(&verdict(tally, findings, self.compared.futures));
        if tally.n == tally.n_alike {
            return text;
        }
        text += &self.settled(tally, findings);
        text += &self.ways(findings);
        text += &self.endings(tally, findings);
        text += &self.averages(tally, findings);
        text += &self.section("What turned", &self.turned(tally));
        text += &self.section("What blocked in the last round", &self.blocking(tally));
        text + &self.to_look_at(arm, tally)
    }

    /// Better and worse, where the scenario says which class settles more.
    fn settled(&self, tally: &Tally, findings: &Findings) -> String {
        if self.scales.settles.is_none() {
            return String::new();
        }
        let FourCells { only_base: worse, only_changed: better, .. } = tally.better;
        let on_the_whole = match findings.better.verdict(better + worse) {
            Verdict::None => "",
            Verdict::More => ": on the whole more",
            Verdict::Less => ": on the whole less",
            Verdict::CannotTell { .. } => ": which way on the whole, cannot be told",
        };
        self.paragraph(&format!(
            "more is settled in {} and less in {}{on_the_whole}",
            counted(better, "future"),
            grouped(worse)
        ))
    }

    /// In how many draws it went the same way.
    fn ways(&self, findings: &Findings) -> String {
        let Some(ways) = findings.agreement.ways else { return String::new() };
        let draws = ways.up + ways.down + ways.level;
        let per_draw = self.compared.futures.per_draw;
        let chance = if per_draw > 1 {
            format!("; with {per_draw} futures of each, part of that is chance")
        } else {
            String::new()
        };
        self.paragraph(&format!(
            "of {} of the uncertain numbers, more futures end with an agreement in {}, fewer in \
             {}, as many in {}{chance}",
            counted(draws, "draw"),
            grouped(ways.up),
            grouped(ways.down),
            grouped(ways.level)
        )) + &self.few_draws(ways.up + ways.down)
    }

    /// With few draws that tell, bounds are rougher than they look.
    fn few_draws(&self, n_telling: u64) -> String {
        if !(1..FEW_DRAWS).contains(&n_telling) {
            return String::new();
        }
        let draws = counted(n_telling, "draw");
        let tell = if n_telling == 1 { "tells" } else { "tell" };
        self.paragraph(&format!(
            "only {draws} {tell} anything about an agreement: its bounds are rough, and may be too \
             narrow; ask for more futures"
        ))
    }

    fn endings(&self, tally: &Tally, findings: &Findings) -> String {
        let mut rows = vec![row(
            "an agreement in the last round",
            &findings.agreement,
            is_parted(&tally.agreement),
            PER_CENT,
        )];
        if tally.truce.neither < tally.n {
            let is_parted = is_parted(&tally.truce);
            rows.push(row("a truce at the end", &findings.truce, is_parted, PER_CENT));
        }
        rows.extend(self.cast.outcomes.iter().enumerate().map(|(at, outcome)| {
            let is_parted = is_parted(&tally.outcome(at));
            row(&outcome.name, &findings.outcomes[at], is_parted, PER_CENT)
        }));
        format!("\n{}", table(&rows))
    }

    fn averages(&self, tally: &Tally, findings: &Findings) -> String {
        let mut rows: Vec<Row> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for (at, (of, effect)) in self.scales.numbers.iter().zip(&findings.numbers).enumerate() {
            let is_there = [effect.base, effect.changed].iter().flatten().any(|mean| *mean != 0.0);
            if !is_there || UNTOLD.contains(&of.key.as_str()) {
                continue;
            }
            let is_parted = tally.numbers[at].difference.sum_of_squares > 0;
            rows.push(row(&of.meaning, effect, is_parted, figures(of)));
            notes.extend(note(of, effect.n, tally.n));
        }
        if rows.is_empty() {
            return String::new();
        }
        notes.dedup();
        let notes: Vec<String> = notes.iter().map(|note| sentence(note)).collect();
        let mut text = format!("\nOn average\n{}", table(&rows));
        if !notes.is_empty() {
            text += &self.paragraph(&notes.join(" "));
        }
        text
    }

    /// From which end to which other.
    fn turned(&self, tally: &Tally) -> Vec<String> {
        let FourCells { only_base, only_changed, .. } = tally.agreement;
        let who = |count: u64, what: &str| match count {
            0 => format!("none {what}s"),
            1 => format!("1 {what}s"),
            n => format!("{} {what}", grouped(n)),
        };
        let alike = match tally.n_alike {
            0 => String::new(),
            n => format!("; in {} nothing that is measured changes", grouped(n)),
        };
        let mut told = vec![format!(
            "of {}, {} an agreement in the last round and {} it{alike}",
            counted(tally.n, "future"),
            who(only_changed, "gain"),
            who(only_base, "lose")
        )];
        let classes = 0..tally.moves.len();
        let mut moves: Vec<(u64, usize, usize)> = classes
            .clone()
            .flat_map(|from| classes.clone().map(move |to| (from, to)))
            .filter(|(from, to)| from != to && tally.moves[*from][*to] > 0)
            .map(|(from, to)| (tally.moves[from][to], from, to))
            .collect();
        moves.sort_by_key(|(n, from, to)| (std::cmp::Reverse(*n), *from, *to));
        let name = |at: usize| quoted(&self.cast.outcomes[at].name);
        told.extend(
            moves
                .into_iter()
                .take(MOST_MOVES)
                .map(|(n, from, to)| format!("{} from {} to {}", grouped(n), name(from), name(to))),
        );
        told
    }

    /// What stopped blocking and what began to, on whose side.
    fn blocking(&self, tally: &Tally) -> Vec<String> {
        let sides = |issue: usize| tally.blocked[issue].iter().enumerate();
        let mut all: Vec<(usize, usize, FourCells)> = (0..tally.blocked.len())
            .flat_map(|issue| sides(issue).map(move |(side, cells)| (issue, side, *cells)))
            .filter(|(.., cells)| is_parted(cells))
            .collect();
        let net = |cells: &FourCells| cells.only_base.abs_diff(cells.only_changed);
        all.sort_by_key(|(issue, side, cells)| (std::cmp::Reverse(net(cells)), *issue, *side));
        let told = all.into_iter().take(MOST_BLOCKING).map(|(issue, side, cells)| {
            let name = self.cast.issue(IssueIx::at(issue));
            let whose = if side < self.cast.parties.len() {
                format!(", on {} side,", owns(&inside(self.cast.party(PartyIx::at(side)))))
            } else {
                String::new()
            };
            format!(
                "{}{whose} stops blocking in {} and begins to in {}: it blocked in {}, now in {}",
                bare(name),
                counted(cells.only_base, "future"),
                grouped(cells.only_changed),
                grouped(cells.both + cells.only_base),
                grouped(cells.both + cells.only_changed)
            )
        });
        told.collect()
    }

    /// Futures that turned, with the commands that tell them either way.
    fn to_look_at(&self, arm: usize, tally: &Tally) -> String {
        let [gained, lost, moved] = Turn::ALL.map(|turn| &tally.turned[turn as usize]);
        let first = gained.iter().zip(1..).map(|(of, rank)| (rank, of));
        let second = lost.iter().zip(1..).map(|(of, rank)| (rank, of));
        // In turns, so that both kinds are seen; what only moved comes where there is nothing else.
        let mut turned: Vec<(usize, &Turned)> = first.chain(second).collect();
        turned.sort_by_key(|(rank, _)| *rank);
        turned.extend(moved.iter().map(|of| (0, of)));
        if turned.is_empty() {
            return String::new();
        }
        let mut text = "\nTo see for yourself\n".to_owned();
        for (_, of) in turned.into_iter().take(MOST_LOOKED_AT) {
            let lineage = self.compared.futures.lineage(of.future);
            let (was, is) =
                (&self.cast.outcomes[of.base.ix()], &self.cast.outcomes[of.changed.ix()]);
            let (seed, was, is) = (lineage.seed, quoted(&was.name), quoted(&is.name));
            let told = if was == is {
                format!("seed {seed}, {was} either way, by another road")
            } else {
                format!("seed {seed}, from {was} to {is}")
            };
            let of = |arm| (self.replay)(arm, lineage);
            text += &format!("{}    {}\n    {}\n", self.item(&told), of(None), of(Some(arm)));
        }
        text
    }

    fn failures(&self) -> String {
        let Some(first) = self.compared.failures.first() else { return String::new() };
        let lineage = self.compared.futures.lineage(first.future);
        let told = format!(
            "{} failed, which is a bug; futures in which one did are left out of the comparison. \
             The first said “{}”; to see it: `{}`",
            counted(self.compared.n_failed, "run"),
            first.words,
            (self.replay)(first.arm, lineage)
        );
        format!("\n{}", self.paragraph(&told))
    }
}

/// What has to be said of a mean: its unit, and which futures have it.
fn note(of: &Scale, n: u64, all: u64) -> Option<String> {
    let over = |what: &str| {
        let futures = counted(n, "future");
        if n < all { format!(", over {futures} with a {what} either way") } else { String::new() }
    };
    if of.unit == "gain" {
        let over = over("text");
        return Some(format!(
            "gains over no deal, which a change can move, too; in points, hundredths of the scale \
             of stakes{over}"
        ));
    }
    let is_of_a_truce = of.key.starts_with("holds") && n < all;
    is_of_a_truce.then(|| format!("how long a truce holds{}", over("truce")))
}

/// Numbers that are in the JSON only.
const UNTOLD: [&str; 2] = ["strikes", "holds-30-days"];

fn is_parted(cells: &FourCells) -> bool {
    cells.only_base + cells.only_changed > 0
}

/// What can be said of an agreement in the last round.
fn verdict(tally: &Tally, findings: &Findings, of: Futures) -> String {
    if tally.n == tally.n_alike {
        let n = counted(tally.n, "future");
        return format!(
            "no difference at all: in none of {n} does anything that is measured change"
        );
    }
    let FourCells { only_base, only_changed, .. } = tally.agreement;
    let effect = &findings.agreement;
    let verdict = effect.verdict(only_base + only_changed);
    let (Some(difference), Some(interval)) = (effect.difference, effect.interval) else {
        return "cannot tell what it does to an agreement in the last round: there is only one \
                draw of the uncertain numbers; ask for more futures"
            .to_owned();
    };
    let per = per(difference);
    let [at, low, high] = [difference, interval.low, interval.high].map(|of| of * per);
    let futures = grouped_of(per);
    match verdict {
        Verdict::None => format!(
            "no future of {} gains or loses an agreement in the last round; a change in up to {} \
             of 100 could have been missed. Other things do change",
            grouped(tally.n),
            few(interval.high.max(-interval.low) * 100.0)
        ),
        Verdict::More => format!(
            "makes an agreement in the last round more likely: in {futures} futures about {} more \
             {} with one (between {} and {} more)",
            few(at),
            end(&few(at)),
            few(low),
            few(high)
        ),
        Verdict::Less => format!(
            "makes an agreement in the last round less likely: in {futures} futures about {} fewer \
             {} with one (between {} and {} fewer)",
            few(at),
            end(&few(at)),
            few(-high),
            few(-low)
        ),
        Verdict::CannotTell { needed } => format!(
            "cannot tell whether it makes an agreement in the last round more or less likely: in \
             {futures} futures {} {} with one, but it may be anything from {} to {}{}",
            more_or_fewer(at),
            end(&few(at)),
            more_or_fewer(low),
            more_or_fewer(high),
            enough(needed, of)
        ),
    }
}

/// How many futures it would take, as many of each draw as there are.
fn enough(needed: Option<f64>, of: Futures) -> String {
    match needed {
        None => {
            "; from a difference of nought it cannot be said how many futures would tell".to_owned()
        }
        Some(needed) if needed > NOBODY_WAITS => {
            "; a difference so small takes more futures than anybody would wait for".to_owned()
        }
        Some(needed) => {
            let (n, per_draw) = (two_figures(needed), of.per_draw);
            // With more futures there would be more of each draw, which tell less than others.
            let asked = if of.draws.is_some() && Futures::usual_per_draw(n) != per_draw {
                format!(" (`--futures-per-draw {per_draw}`)")
            } else {
                String::new()
            };
            format!(". To tell a difference of this size takes some {} futures{asked}", grouped(n))
        }
    }
}

/// Rounded up to two figures.
fn two_figures(number: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 10^8")]
    let whole = number.ceil().max(1.0) as u64;
    let mut step = 1;
    while whole.div_ceil(step) >= 100 {
        step *= 10;
    }
    whole.div_ceil(step) * step
}

/// Of how many futures a difference is told, so that it is at least one of them. [runs]
fn per(difference: f64) -> f64 {
    let enough = |per: &f64| difference == 0.0 || difference.abs() * per >= 0.95;
    [100.0, 1000.0].into_iter().find(enough).unwrap_or(10_000.0)
}

fn grouped_of(per: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "10,000 at most")]
    let whole = per as u64;
    grouped(whole)
}

/// A number of futures: whole, or with a decimal where it is small.
fn few(number: f64) -> String {
    let decimals = match number.abs() {
        9.95.. => 0,
        0.095.. => 1,
        _ => 2,
    };
    let told = format!("{:.decimals$}", number.abs());
    if told.contains('.') {
        told.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        told
    }
}

/// "end", or "ends" of a single one.
fn end(told: &str) -> &'static str {
    if told == "1" { "ends" } else { "end" }
}

fn more_or_fewer(number: f64) -> String {
    let (told, way) = (few(number.abs()), if number < 0.0 { "fewer" } else { "more" });
    if told == "0" { "as many".to_owned() } else { format!("{told} {way}") }
}

/// How a number is shown: by what it is multiplied, to how many decimals, and its sign of unit.
#[derive(Clone, Copy)]
struct Figures {
    times: f64,
    decimals: usize,
    unit: &'static str,
}

const PER_CENT: Figures = Figures { times: 100.0, decimals: 1, unit: " %" };

fn figures(of: &Scale) -> Figures {
    match of.unit {
        "gain" => Figures { times: 100.0, decimals: 1, unit: "" },
        "1" if of.key.starts_with("holds") => PER_CENT,
        _ => Figures { times: 1.0, decimals: 2, unit: "" },
    }
}

/// A line of a table: what, as it was, changed, and the difference.
type Row = [String; 4];

fn row(name: &str, effect: &Effect, is_parted: bool, of: Figures) -> Row {
    let plain = |value: Option<f64>| {
        value.map_or("–".to_owned(), |value| {
            format!("{}{}", unsigned(value * of.times, of.decimals), of.unit)
        })
    };
    let signed = |value: f64| signed(value * of.times, of.decimals);
    let difference = match (effect.difference, effect.interval) {
        (Some(_), _) if !is_parted => "no future differs".to_owned(),
        (Some(difference), Some(interval)) => {
            format!(
                "{} ({} to {})",
                signed(difference),
                signed(interval.low),
                signed(interval.high)
            )
        }
        (Some(difference), None) => signed(difference),
        (None, _) => "–".to_owned(),
    };
    [name.to_owned(), plain(effect.base), plain(effect.changed), difference]
}

fn table(rows: &[Row]) -> String {
    let names = rows.iter().map(|[name, ..]| shortened(name).chars().count());
    let wide = names.filter(|wide| *wide <= NAMES).max().unwrap_or(0).max(20);
    let mut text =
        format!("{:wide$}  {:>9}  {:>8}  difference (95 %)\n", "", "as it was", "changed");
    for [name, base, changed, difference] in rows {
        let name = shortened(name);
        if name.chars().count() > wide {
            text += &format!("{name}\n{:wide$}", "");
        } else {
            text += &format!("{name:wide$}");
        }
        text += &format!("  {base:>9}  {changed:>8}  {difference}\n");
    }
    text
}

/// A name that is too long for its column, as far as its colon.
fn shortened(name: &str) -> &str {
    if name.chars().count() <= NAMES {
        return name;
    }
    name.split_once(':').map_or(name, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_of_as_many_futures_as_it_takes_to_see_it() {
        assert_eq!(
            [0.058, -0.01, 0.004, 0.0, 0.000_2].map(per),
            [100.0, 100.0, 1000.0, 100.0, 1e4]
        );
        let told = [7.8, 0.4, 2.0, 2.96, 100.0, 0.03, -20.0, 0.0].map(few);
        assert_eq!(told, ["7.8", "0.4", "2", "3", "100", "0.03", "20", "0"]);
        assert_eq!([1.4, -0.6, 0.01].map(more_or_fewer), ["1.4 more", "0.6 fewer", "0.01 more"]);
    }

    #[test]
    fn there_is_no_minus_nought() {
        assert_eq!(signed(-0.04, 1), "0.0");
        assert_eq!(signed(-0.06, 1), "−0.1");
        assert_eq!(signed(0.06, 1), "+0.1");
    }

    #[test]
    fn what_is_needed_is_rough() {
        let told = [12_345.0, 99.0, 100.5, 7.2].map(two_figures);
        assert_eq!(told, [13_000, 99, 110, 8]);
        let point = Futures::at_the_point(100, 1).unwrap();
        assert!(enough(Some(1e9), point).contains("anybody"));
        assert!(enough(Some(12_345.0), point).ends_with("some 13,000 futures"));
        let over = |n, per_draw| Futures::over_ranges(n, 1, per_draw).unwrap();
        let told = |of| enough(Some(12_345.0), of);
        assert!(told(over(5000, None)).ends_with("some 13,000 futures"), "it stays at twenty");
        assert!(told(over(100, None)).ends_with("13,000 futures (`--futures-per-draw 2`)"));
        assert!(told(over(5000, Some(5))).ends_with("13,000 futures (`--futures-per-draw 5`)"));
    }

    #[test]
    fn a_long_name_is_cut_at_its_colon_or_has_a_line_of_its_own() {
        assert_eq!(shortened("short: and done"), "short: and done");
        let long = "an interim understanding: a truce and a mechanism in principle";
        assert_eq!(shortened(long), "an interim understanding");
        let long = "a name that goes on and on and is cut nowhere at all";
        let told = table(&[[long, "1", "2", "3"].map(str::to_owned)]);
        assert_eq!(told.lines().count(), 3, "{told}");
    }
}
