//! Names that a reader could not tell apart.
use super::frame::Faults;
use crate::problem::Code;
use crate::reading::{Per, Reader};
use demarche_record::legible::heard;

/// Reports those of some tables that are called as one before them is. Case, blanks and what nobody
/// sees make no difference to a reader.
pub(super) fn report_alike(tables: &[Reader<'_>], key: &str, faults: &mut Faults) {
    for (place, table) in tables.iter().enumerate() {
        let Some(name) = table.text_opt(key).filter(|name| !name.trim().is_empty()) else {
            continue;
        };
        let mut before = tables[..place].iter();
        let is_alike = |other: &&Reader<'_>| {
            other.text_opt(key).is_some_and(|other| heard(other) == heard(name))
        };
        if let Some(other) = before.find(is_alike) {
            let message =
                format!("{}.{key} is the same as {}.{key}: `{name}`", table.path(), other.path());
            let help = "nobody who reads of them could tell them apart, so let them differ";
            faults.add(table.problem(Code::SameName, key, message, help));
        }
    }
}

/// The same for the entries of a table with names.
pub(super) fn report_namesakes(entries: &[Per<'_, Reader<'_>>], faults: &mut Faults) {
    let tables: Vec<Reader<'_>> = entries.iter().map(|entry| entry.value.clone()).collect();
    report_alike(&tables, "name", faults);
}
