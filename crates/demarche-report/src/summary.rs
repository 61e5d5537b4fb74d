//! The summary of a batch, as it stands in its folder. Every share and mean of a report is read
//! here and not counted anew, so that the two cannot say different things.

use serde::Deserialize;

/// What is read of `summary.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// The version of summaries.
    pub version: u64,
    /// How uncertain numbers were chosen, in words.
    pub numbers: String,
    /// Runs that the results hold.
    pub runs: u64,
    /// Runs that were planned.
    pub planned: u64,
    /// The rule by which it stopped, if it did.
    pub until: Option<String>,
    /// Runs that failed.
    pub failed: u64,
    /// Classes of outcome.
    pub outcomes: Vec<Class>,
    /// An agreement in the last round.
    pub agreement: Share,
    /// What blocked, issue by issue.
    pub blocking: Vec<Blocking>,
    /// Rounds.
    pub rounds: Vec<Round>,
    /// How far sides were apart, round by round.
    pub gaps: Vec<Gaps>,
}

/// A share with its bounds; none where runs are no sample.
#[derive(Clone, Debug, Deserialize)]
pub struct Share {
    /// How many. [runs]
    pub count: u64,
    /// Of how many. [runs]
    pub of: u64,
    /// The share; nothing of none. [1, [0, 1]]
    pub share: Option<f64>,
    /// Wilson's bounds. [1, [0, 1]]
    pub interval: Option<(f64, f64)>,
}

/// A class of outcome.
#[derive(Clone, Debug, Deserialize)]
pub struct Class {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// How many runs ended so.
    #[serde(flatten)]
    pub share: Share,
}

/// What an issue blocked.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Blocking {
    /// Its key.
    pub issue: String,
    /// Its name.
    pub name: String,
    /// How many runs it blocked.
    #[serde(flatten)]
    pub share: Share,
    /// On whose side.
    pub by_side: Vec<BySide>,
}

/// How often an issue blocked on a side.
#[derive(Clone, Debug, Deserialize)]
pub struct BySide {
    /// The key of the side; nothing where it was on neither.
    pub side: Option<String>,
    /// How many runs.
    pub count: u64,
}

/// How a round went.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Round {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// In how many runs it was held.
    pub held: u64,
    /// How long a turn is. [h]
    pub turn_hours: f64,
    /// The share that goes on past each turn. [1, [0, 1]]
    pub still_under_way: Vec<f64>,
    /// The first turn past which no more than half go on, from 0. [turns]
    pub median_turn: Option<u64>,
    /// How many the end of the run cut off.
    pub cut_off: u64,
    /// The ways in which it ended.
    pub endings: Vec<RoundEnding>,
}

/// A way in which a round ended.
#[derive(Clone, Debug, Deserialize)]
pub struct RoundEnding {
    /// Which.
    pub ending: String,
    /// How often.
    pub count: u64,
    /// The share that had ended so after each turn (Aalen–Johansen). [1, [0, 1]]
    pub incidence: Vec<f64>,
    /// Bounds of it.
    pub intervals: Option<Vec<(f64, f64)>>,
}

/// How far sides were apart in a round.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Gaps {
    /// The key of the round.
    pub round: String,
    /// By class of outcome.
    pub by_outcome: Vec<ClassGaps>,
}

/// The same of runs that ended in one class.
#[derive(Clone, Debug, Deserialize)]
pub struct ClassGaps {
    /// The key of the class.
    pub outcome: String,
    /// Turn by turn of the round.
    pub turns: Vec<Mean>,
}

/// A mean with its bounds.
#[derive(Clone, Debug, Deserialize)]
pub struct Mean {
    /// Over how many.
    pub n: u64,
    /// The mean; nothing of none. In its unit.
    pub mean: Option<f64>,
    /// Student's bounds. In its unit.
    pub interval: Option<(f64, f64)>,
}
