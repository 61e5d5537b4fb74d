//! `brief`: what every seat is told, on paper.

use demarche_class::pages::packs::packs;
use demarche_record::format::Lineage;

use crate::cli::Brief;
use crate::commands::replay::DEFAULT_SEED;
use crate::destination::Destination;
use crate::exit::Failure;
use crate::output;
use crate::sources::ready;

/// Writes the briefs of a scenario.
///
/// # Errors
/// When the scenario is invalid, or the file cannot be written.
pub(crate) fn run(asked: &Brief) -> Result<(), Failure> {
    let destination = Destination::claim(&asked.output, asked.force)?;
    let ready = ready(&asked.case)?;
    let seed = asked.chance.seed.unwrap_or(DEFAULT_SEED);
    let over_ranges = asked.chance.over_ranges(seed);
    let lineage = Lineage { seed, branch: None, over_ranges };
    let page = packs(&ready.scenario, lineage);
    let page = page.map_err(|cause| Failure::Bug(anyhow::anyhow!("{cause}")))?;
    if let Some(file) = destination.write(&page)? {
        output::talk(&format!("The briefs are in {}.", file.display()));
    }
    Ok(())
}
