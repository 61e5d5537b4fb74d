//! Red lines: what is never signed, and what is costly to sign.
//!
//! # Rules
//! - **R1** A package outside a hard red line is never signed, proposed or asked for, whatever it
//!   is worth. [fearon1997, tying hands]
//! - **R2** A softer line costs its penalty per level beyond it, above or below, where the issue is
//!   on the agenda. [ours: a line that was drawn aloud but not carved in stone]
//!
//! # Departures
//! What is not on the agenda crosses no soft line, as it gives up no demand.
use bevy_ecs::prelude::*;
use demarche_domain::region::Region;
use tracing::trace;

use crate::scenario::{Issue, SoftLine};

/// What a party will never sign lies outside this. -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct RedLines(pub Region);

/// R2: what a rung beyond a soft line costs. [gain, ≥ 0]
#[must_use]
pub(crate) fn penalty(issue: &Issue, line: &SoftLine, per_level: f64, rung: u8) -> f64 {
    let level = |rung: u8| issue.levels[usize::from(rung)];
    per_level * (level(rung) - level(rung.clamp(line.from, line.to))).abs()
}

/// R1: what may be signed: inside the mandate, on the agenda, and within the red lines. Nothing,
/// if these have nothing in common.
#[must_use]
pub(crate) fn signable(mandate: &Region, agenda: &Region, lines: &RedLines) -> Option<Region> {
    let within_mandate = mandate.and(agenda);
    let signable = within_mandate.and_then(|region| region.and(&lines.0));
    trace!(
        within_mandate = within_mandate.is_some(),
        within_lines = signable.is_some(),
        "what may be signed",
    );
    signable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FIRST, plain_issue};
    use demarche_domain::package::{Package, PackageSpace};
    use demarche_random::sample::Number;

    #[test]
    fn r1_no_mandate_reaches_past_a_red_line() {
        let space = PackageSpace::new(&[4, 4]).unwrap();
        let all = Region::all(&space);
        let mut lines = RedLines(all);
        lines.0.ceiling = Package::new(&[2, 3]);
        let may = signable(&all, &all, &lines).unwrap();
        assert!(!may.contains(&Package::new(&[3, 0])) && may.contains(&Package::new(&[2, 3])));
    }

    #[test]
    fn r2_beyond_a_soft_line_each_level_costs() {
        let check = |[from, to]: [u8; 2], rung, expected: f64| {
            let line = SoftLine { issue: FIRST, from, to, penalty: Number::fixed(0.3) };
            let cost = penalty(&plain_issue(), &line, 0.3, rung);
            assert!((cost - expected).abs() < 1e-12, "{cost}");
        };
        check([0, 1], 0, 0.0);
        check([0, 1], 1, 0.0);
        check([0, 1], 2, 0.15);
        check([1, 2], 2, 0.0);
        check([2, 2], 0, 0.3);
    }
}
