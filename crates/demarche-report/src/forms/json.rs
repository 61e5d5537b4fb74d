//! A report as JSON: every answer as text, every table as raw numbers.

use serde_json::{Value, json};

use crate::report::{Cell, Figure, Report, Section, Table};

/// The version of reports as JSON. It rises when a reader of the old one would misread the new one.
pub const REPORT_VERSION: u64 = 1;

/// The report.
#[must_use]
pub fn json(report: &Report) -> Value {
    let batches = report.batches.iter().map(|batch| {
        json!({"label": batch.label, "title": batch.title, "about": batch.about.sentence()})
    });
    json!({
        "report": "demarche report",
        "version": REPORT_VERSION,
        "title": report.title,
        "batches": batches.collect::<Value>(),
        "sections": report.sections.iter().map(section).collect::<Value>(),
        "caution": report.caution,
    })
}

fn section(section: &Section) -> Value {
    json!({
        "key": section.key,
        "question": section.question,
        "answer": section.answer.iter().map(|prose| prose.sentence()).collect::<Value>(),
        "figures": section.figures.iter().map(figure).collect::<Value>(),
    })
}

fn figure(figure: &Figure) -> Value {
    json!({
        "key": figure.key,
        "finding": figure.finding.sentence(),
        "notes": figure.notes.iter().map(|note| note.sentence()).collect::<Value>(),
        "table": table(&figure.table),
    })
}

fn table(table: &Table) -> Value {
    let rows = table.rows.iter().map(|row| row.iter().map(cell).collect::<Value>());
    json!({"caption": table.caption, "heads": table.heads, "rows": rows.collect::<Value>()})
}

/// Raw: shares and gains as they are, not in a hundred.
pub(super) fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Words(text) | Cell::Name(text) | Cell::Code(text) => text.as_str().into(),
        Cell::Count(n) => (*n).into(),
        Cell::Share(number)
        | Cell::Difference(number)
        | Cell::Gain(number)
        | Cell::Number(number, _) => (*number).into(),
        Cell::Bounds(of) | Cell::GainBounds(of) => json!([of.low, of.high]),
    }
}
