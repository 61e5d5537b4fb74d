//! A report as one page: by itself, without script, and shut to the network by its own policy.
//!
//! Everything that comes from a scenario or a command line is escaped by the template and stands in
//! an element that keeps its direction to itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::charts::palette::twins;
use crate::prose::{Part, Prose};
use crate::report::{Cell, Figure, Report, Section, Table};

/// The style, but for what follows from the colours of charts.
const STYLE: &str = include_str!("page.css");

/// Rows of a table that stands open; one with more is folded, so that charts stay near each other.
const SHORT: usize = 16;

/// The page.
#[must_use]
pub fn page(report: &Report) -> String {
    let style = style();
    let digest = STANDARD.encode(Sha256::digest(style.as_bytes()));
    // No source is allowed but this very style: neither scripts nor images, fonts or connections.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="demarche";
                title { (report.title) }
                style { (PreEscaped(&style)) }
            }
            body {
                (header(report))
                main { @for section in &report.sections { (section_of(section)) } }
                footer { p { (report.caution) } }
            }
        }
    }
    .into_string()
}

/// The style with the twins of all colours, for charts on a dark page.
fn style() -> String {
    let twin = |of: crate::charts::palette::Twin| {
        let rule =
            |what: &str| format!(".chart [{what}=\"{}\"] {{ {what}: {}; }}\n", of.light, of.dark);
        let root = format!(".chart svg[fill=\"{}\"] {{ fill: {}; }}\n", of.light, of.dark);
        root + &rule("fill") + &rule("stroke")
    };
    let twins: String = twins().map(twin).collect();
    format!("{STYLE}\n@media screen and (prefers-color-scheme: dark) {{\n{twins}}}\n")
}

fn header(report: &Report) -> Markup {
    html! {
        header {
            h1 { bdi { (report.title) } }
            p.caution { (report.caution) }
            ul.batches {
                @for batch in &report.batches {
                    li {
                        strong { bdi { (batch.label) } }
                        @if batch.title != report.title { ": " bdi { (batch.title) } }
                        " – " (prose(&batch.about))
                    }
                }
            }
            nav aria-label="Questions" {
                ol {
                    @for section in &report.sections {
                        li { a href={ "#" (section.key) } { (section.question) } }
                    }
                }
            }
        }
    }
}

fn section_of(section: &Section) -> Markup {
    html! {
        section id=(section.key) aria-labelledby={ (section.key) "-question" } {
            h2 id={ (section.key) "-question" } { (section.question) }
            @for answer in &section.answer { p.answer { (prose(answer)) } }
            @for figure in &section.figures { (figure_of(section, figure)) }
        }
    }
}

fn figure_of(section: &Section, figure: &Figure) -> Markup {
    // A figure that is the first of its section may have the word of the section for its own.
    let id = if figure.key == section.key {
        format!("{}-figure", figure.key)
    } else {
        figure.key.clone()
    };
    html! {
        figure id=(id) {
            figcaption { (prose(&figure.finding)) }
            @if let Some(chart) = &figure.chart {
                div.beside {
                    div.chart { (PreEscaped(chart.draw(&figure.key, &super::name_of(figure)).svg)) }
                    div.data { (table_of(&figure.table)) }
                }
            } @else {
                (table_of(&figure.table))
            }
            @for note in &figure.notes { p.note { (prose(note)) } }
        }
    }
}

fn table_of(table: &Table) -> Markup {
    if table.rows.is_empty() {
        return Markup::default();
    }
    let scroll = html! {
        div.scroll tabindex="0" role="group" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr { @for head in &table.heads { th scope="col" { bdi { (head) } } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 { th scope="row" { (cell_of(cell)) } }
                                @else if cell.is_number() { td.number { (cell_of(cell)) } }
                                @else { td { (cell_of(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    };
    if table.rows.len() <= SHORT {
        return scroll;
    }
    html! { details { summary { (table.caption) " (" (table.rows.len()) " rows)" } (scroll) } }
}

fn cell_of(cell: &Cell) -> Markup {
    let text = cell.text();
    match cell {
        Cell::Words(_) | Cell::Empty => html! { (text) },
        Cell::Code(_) => html! { code { bdi { (text) } } },
        _ => html! { bdi { (text) } },
    }
}

fn prose(of: &Prose) -> Markup {
    html! { @for part in &of.as_sentence().parts { (part_of(part)) } }
}

fn part_of(part: &Part) -> Markup {
    match part {
        Part::Words(words) => html! { (words) },
        Part::Name(name) => html! { bdi.name { (name) } },
        Part::Figure(figure) => html! { bdi.figure { (figure) } },
        Part::Command(command) => html! { code { bdi { (command) } } },
    }
}
