//! A report as Markdown, for those who keep it beside other text.

use crate::prose::{Part, Prose};
use crate::report::{Figure, Report, Table};

/// The report. `chart` says where the chart of a figure is, if it is anywhere.
#[must_use]
pub fn markdown(report: &Report, chart: &dyn Fn(&Figure) -> Option<String>) -> String {
    let mut text = format!("# {}\n", escaped(&report.title));
    for batch in &report.batches {
        let (label, title) = (escaped(&batch.label), escaped(&batch.title));
        text += &format!("\n- **{label}**: {title}. {}", prose(&batch.about));
    }
    text += &format!("\n\n{}\n", report.caution);
    for section in &report.sections {
        text += &format!("\n## {}\n", section.question);
        for answer in &section.answer {
            text += &format!("\n{}\n", prose(answer));
        }
        for figure in &section.figures {
            text += &format!("\n### {}\n", prose(&figure.finding));
            if let Some(place) = chart(figure) {
                text += &format!("\n![{}]({place})\n", escaped(&super::name_of(figure)));
            }
            text += &format!("\n{}", table(&figure.table));
            for note in &figure.notes {
                text += &format!("\n{}\n", prose(note));
            }
        }
    }
    text
}

fn prose(of: &Prose) -> String {
    let part = |part: &Part| match part {
        Part::Words(text) | Part::Name(text) | Part::Figure(text) => escaped(text),
        Part::Command(command) => code(command),
    };
    of.as_sentence().parts.iter().map(part).collect()
}

fn table(of: &Table) -> String {
    if of.rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let heads = of.heads.iter().map(|head| escaped(head)).collect();
    let numbers = of.rows.first().map(|row| row.iter().map(|cell| cell.is_number()));
    let rule: String = match numbers {
        None => "|---".repeat(of.heads.len()),
        Some(numbers) => numbers.map(|is| if is { "|--:" } else { "|---" }).collect(),
    };
    let rows = of.rows.iter().map(|row| {
        let cell = |cell: &crate::report::Cell| match cell {
            crate::report::Cell::Code(text) if !text.is_empty() => code(text),
            other => escaped(&other.text()),
        };
        line(row.iter().map(cell).collect())
    });
    format!("{}{rule}|\n{}\n{}\n", line(heads), rows.collect::<String>(), italic(&of.caption))
}

fn italic(text: &str) -> String {
    format!("*{}*", escaped(text))
}

/// A command between backticks: as many as it takes.
fn code(text: &str) -> String {
    let flat = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    let mut ticks = "`".to_owned();
    while flat.contains(&ticks) {
        ticks.push('`');
    }
    let space = if flat.starts_with('`') || flat.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{flat}{space}{ticks}")
}

/// Text that stays text: whatever Markdown or HTML would read in it is escaped.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' | '^' => {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_text() {
        assert_eq!(escaped("a|b*c_[d](e)<f>&"), r"a\|b\*c\_\[d\](e)&lt;f&gt;&amp;");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(prose(&Prose::of("in ").name("*x*").words(" it is so")), r"In \*x\* it is so.");
    }
}
