//! Charts and their data as files, for those who restyle.

use crate::report::{Cell, Figure, Report, Table};

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// An SVG for each chart, and a CSV for each table.
///
/// # Panics
/// When a table cannot be written to memory, which it always can.
#[must_use]
pub fn files(report: &Report) -> Vec<File> {
    let figures = report.sections.iter().flat_map(|section| &section.figures);
    let mut files = Vec::new();
    for figure in figures {
        if let Some(chart) = &figure.chart {
            let svg = chart.draw(&figure.key, &super::name_of(figure)).svg;
            files.push(File { name: chart_name(figure), text: svg + "\n" });
        }
        let name = format!("{}.csv", figure.key);
        files.push(File { name, text: csv(&figure.table) });
    }
    files
}

/// The name of the file of a figure's chart.
#[must_use]
pub fn chart_name(figure: &Figure) -> String {
    format!("{}.svg", figure.key)
}

/// A table as CSV (RFC 4180), with raw numbers: shares and gains as they are, not in a hundred, and
/// bounds in two columns.
fn csv(table: &Table) -> String {
    let is_bounds = |cell: &Cell| matches!(cell, Cell::Bounds(_) | Cell::GainBounds(_));
    let n = table.heads.len();
    let are_bounds: Vec<bool> =
        (0..n).map(|at| table.rows.iter().any(|row| row.get(at).is_some_and(is_bounds))).collect();
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    let mut write = |record: Vec<String>| {
        writer.write_record(&record).expect("memory can be written");
    };
    let heads = table.heads.iter().zip(&are_bounds);
    write(
        heads
            .flat_map(|(head, are)| if *are { low_and_high(head) } else { vec![head.clone()] })
            .collect(),
    );
    for row in &table.rows {
        let cells = row.iter().zip(&are_bounds);
        write(cells.flat_map(|(cell, are)| raw(cell, *are)).collect());
    }
    let bytes = writer.into_inner().expect("memory can be written");
    String::from_utf8(bytes).expect("it was text")
}

fn low_and_high(head: &str) -> Vec<String> {
    ["low", "high"].map(|end| format!("{head}, {end}")).to_vec()
}

fn raw(cell: &Cell, are_bounds: bool) -> Vec<String> {
    match (cell, are_bounds) {
        (Cell::Empty, true) => vec![String::new(), String::new()],
        (Cell::Empty, false) => vec![String::new()],
        (Cell::Bounds(of) | Cell::GainBounds(of), _) => {
            vec![of.low.to_string(), of.high.to_string()]
        }
        (Cell::Words(text) | Cell::Name(text) | Cell::Code(text), _) => vec![text.clone()],
        (Cell::Count(n), _) => vec![n.to_string()],
        (
            Cell::Share(number)
            | Cell::Difference(number)
            | Cell::Gain(number)
            | Cell::Number(number, _),
            _,
        ) => vec![number.to_string()],
    }
}
