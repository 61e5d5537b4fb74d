//! How the world between the parties moves, and how long a truce lasts.
use super::units::{cost, hours, log_odds, per_day, per_gain, plain, share};
use crate::spec::{Field, Kind, Register, TableSpec};

pub(super) static WORLD: TableSpec = TableSpec {
    name: "world",
    doc: "How fighting, pain, beliefs and tempers move.",
    fields: &[
        Field::required("fighting", share("F", 0.0, 0.9), "Fighting at the start; 1 is full war."),
        Field::optional(
            "truce",
            Kind::Flag,
            "Whether a truce is in force at the start. Absent: no.",
        ),
        Field::optional(
            "truce-lapses-after",
            Kind::Name(Register::Rounds),
            "The round with whose end that truce lapses, if no text makes another. Absent: it \
            holds until it is broken.",
        ),
        Field::required(
            "calming-under-truce-per-day",
            per_day("d_T", 10.0, 0.3, 3.0),
            "How quickly fighting dies down under a truce.",
        ),
        Field::required(
            "calming-without-truce-per-day",
            per_day("d_0", 10.0, 0.02, 0.5),
            "How quickly it dies down without one.",
        ),
        Field::required(
            "strike-escalation",
            share("esc", 0.1, 0.5),
            "What one strike adds to the fighting, of what is left to full.",
        ),
        Field::required(
            "truce-breaks-at",
            share("F_b", 0.3, 0.8),
            "The fighting at which a truce breaks.",
        ),
        Field::required(
            "fighting-if-talks-fail",
            share("F_fail", 0.1, 0.6),
            "Fighting to be expected if the talks fail and nobody threatened.",
        ),
        Field::required(
            "threat-escalation",
            share("thr", 0.0, 0.2),
            "What each threat adds to that.",
        ),
        Field::required("cost-of-failure", cost("φ_F", 0.1, 0.6), "What that fighting would cost."),
        Field::required(
            "pain-retention-per-day",
            plain("r", (0.0, 0.999), 0.27, 0.78),
            "Share of pain that stays from one day to the next; 0.85 to 0.97 in three hours.",
        ),
        Field::required(
            "enforcement",
            plain("η", (0.0, 10.0), 0.5, 3.0),
            "How well penalties follow from verification.",
        ),
        Field::required(
            "capacity-cost",
            plain("c", (0.0, 2.0), 0.0, 1.0),
            "How much lacking capacity raises an obligor's cost.",
        ),
        Field::required(
            "expected-strikes-per-day",
            per_day("λ_s", 10.0, 0.05, 1.0),
            "Strikes that an unwilling side is expected to carry out.",
        ),
        Field::optional(
            "beliefs",
            Kind::Table(&BELIEFS),
            "What beliefs make of what the other side does. Absent: nothing.",
        ),
        Field::optional(
            "tempers",
            Kind::Table(&TEMPERS),
            "What events make of patience. Absent: nobody grows impatient.",
        ),
        Field::required(
            "late-from",
            share("s_l", 0.7, 0.95),
            "The share of a round after which it is late.",
        ),
        Field::required(
            "window-hours",
            hours("W", (0.0, 2400.0), 12.0, 72.0),
            "The time before now whose best text a late one must match.",
        ),
        Field::required(
            "leverage-left",
            share("lev_l", 0.5, 0.95),
            "How much of a mediator's leverage is left after it was used.",
        ),
        Field::required(
            "pressure-retention-per-day",
            share("pr_r", 0.2, 0.8),
            "How much of pressure stays from one day to the next.",
        ),
        Field::required(
            "worth-of-another-round",
            share("v_n", 0.2, 0.8),
            "Worth of another round as a share of what one could still bring.",
        ),
    ],
};

static BELIEFS: TableSpec = TableSpec {
    name: "world-beliefs",
    doc: "What beliefs make of what the other side does, in log-odds of trust.",
    fields: &[
        Field::required(
            "concession",
            log_odds("b_c", 0.2, 2.0),
            "Trust gained by a concession that gives me all I hope for.",
        ),
        Field::required("stalling", log_odds("b_s", 0.02, 0.4), "Trust lost by a stalling move."),
        Field::required(
            "reneging",
            log_odds("b_r", 0.2, 1.5),
            "Trust lost by taking back what was accepted.",
        ),
        Field::required(
            "walking-out",
            log_odds("b_w", 0.1, 1.5),
            "Trust lost by walking out of the talks.",
        ),
        Field::required(
            "blame",
            log_odds("b_b", 0.05, 1.0),
            "Trust lost by blaming the other when a round is over.",
        ),
        Field::required(
            "goodwill",
            log_odds("b_g", 0.1, 1.0),
            "Trust gained by opening crossings as goodwill.",
        ),
        Field::required(
            "message",
            log_odds("b_m", 0.02, 0.4),
            "Trust gained by a message of a mediator whom one believes wholly.",
        ),
    ],
};

static TEMPERS: TableSpec = TableSpec {
    name: "world-tempers",
    doc: "What events make of impatience.",
    fields: &[
        Field::required(
            "waiting-per-day",
            per_day("Φ_q", 5.0, 0.1, 1.5),
            "A day of waiting for the other side to hear from home.",
        ),
        Field::required(
            "refusal",
            plain("Φ_r", (0.0, 5.0), 0.02, 0.4),
            "The other side’s home refuses; as much again where it takes back what was accepted.",
        ),
        Field::required(
            "stalling",
            plain("Φ_s", (0.0, 5.0), 0.05, 0.3),
            "The other side plays for time.",
        ),
        Field::required(
            "struck",
            plain("Φ_a", (0.0, 5.0), 0.05, 0.4),
            "A salient attack, as it is felt, or a strike on one's own side.",
        ),
        Field::required(
            "movement",
            plain("Φ_m", (0.0, 5.0), 0.2, 2.0),
            "What a concession that gives me all I hope for takes off.",
        ),
        Field::required(
            "mediation-per-day",
            per_day("Φ_c", 5.0, 0.05, 0.5),
            "What a day with a mediator who communicates wholly takes off.",
        ),
        Field::required(
            "cooling-per-day",
            per_day("Φ_d", 5.0, 0.0, 0.7),
            "How quickly impatience fades by itself.",
        ),
    ],
};

pub(super) static DURABILITY: TableSpec = TableSpec {
    name: "durability",
    doc: "How long a truce lasts after the talks: a Weibull clock with covariates on its rate.",
    fields: &[
        Field::required(
            "bare-30-days",
            plain("S_30", (0.001, 0.999), 0.3, 0.8),
            "Chance that a bare truce holds for 30 days.",
        ),
        Field::required(
            "shape",
            plain("p", (0.01, 3.0), 0.6, 0.95),
            "Shape of the clock; below 1 the risk falls with time.",
        ),
        Field::required(
            "verification",
            plain("b_v", (0.0, 5.0), 0.5, 1.5),
            "What full verification takes off the log-rate.",
        ),
        Field::required(
            "guarantee",
            plain("b_γ", (0.0, 5.0), 0.3, 1.0),
            "What a guarantee of 1 takes off.",
        ),
        Field::required("trade", plain("b_B", (0.0, 5.0), 0.0, 1.0), "What open trade takes off."),
        Field::required("trust", plain("b_τ", (0.0, 5.0), 0.0, 1.0), "What full trust takes off."),
        Field::required(
            "least-gain",
            per_gain("b_G", 20.0, 0.0, 4.0),
            "What a gain of 1 of the least side, without inducements, takes off.",
        ),
        Field::required(
            "attacks",
            plain("b_A", (0.0, 5.0), 0.05, 0.5),
            "What a salient attack a week adds.",
        ),
        Field::optional(
            "verified-by",
            Kind::Name(Register::Issues),
            "The issue whose level in force is the verification. Absent: nothing verifies the \
            truce.",
        ),
    ],
};
