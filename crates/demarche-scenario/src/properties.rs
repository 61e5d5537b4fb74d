//! No text whatever makes reading panic: parse, overlay, set, check, read, compare and show.
use proptest::prelude::*;

use crate::document::Document;
use crate::problem::Problems;
use crate::reading::Reader;
use crate::registers::Registers;
use crate::spec::{Kind, TableSpec};
use crate::testing::{SCENARIO, SPEC, known_sources};

/// Asks a table for everything that its spec declares, and for all below.
fn read_all(root: Reader<'_>) {
    let mut work: Vec<(Reader<'_>, &'static TableSpec)> = vec![(root, &SPEC)];
    while let Some((reader, spec)) = work.pop() {
        for field in spec.fields {
            let key = field.key;
            let inner: Vec<Reader<'_>> = match field.kind {
                Kind::Table(_) => vec![reader.required_table(key)],
                Kind::Map { .. } => reader.entries(key).into_iter().map(|per| per.value).collect(),
                Kind::TablePer { .. } => {
                    reader.table_per(key).into_iter().map(|per| per.value).collect()
                }
                Kind::List { .. } => reader.items(key),
                _ => Vec::new(),
            };
            read_value(&reader, key);
            work.extend(inner.into_iter().filter_map(|reader| Some((reader, field.kind.inner()?))));
        }
    }
}

/// Asks for a value as everything that it might be.
fn read_value(reader: &Reader<'_>, key: &str) {
    reader.number(key);
    reader.numbers(key);
    reader.number_per(key);
    reader.numbers_per(key);
    reader.whole(key);
    reader.text(key);
    reader.flag(key);
    reader.moment_opt(key);
    reader.choice(key);
    reader.name(key);
    reader.names(key);
    reader.rung_per(key);
    reader.place(key);
}

/// A document goes all the way.
fn go_all_the_way(document: &Document, problems: Vec<crate::Problem>) {
    let mut problems = problems;
    problems.extend(crate::check(document, &SPEC, &known_sources()));
    let registers = Registers::collect(document, &SPEC);
    read_all(Reader::root(document, &SPEC, &registers));
    assert!(crate::diff(document, document).is_empty());
    let rendered = Problems::new(document.files.clone(), problems).render(60, false, true);
    assert!(!rendered.is_empty());
}

fn try_text(base: &str, over: &str, path: &str, value: &str) {
    let (base, mut problems) = Document::parse("base.toml", base);
    go_all_the_way(&base, problems.clone());
    let (over, _) = Document::parse("over.toml", over);
    let mut merged = base.overlay(over);
    problems.extend(merged.set(path, value).err());
    go_all_the_way(&merged, problems);
}

/// The test scenario with some stretches replaced by others of its own or by small pieces.
fn mutated() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "",
        "\n",
        "=",
        "[",
        "]",
        "{",
        "}",
        "\"",
        ".",
        ",",
        "1e999",
        "nan",
        "-1",
        "'x'",
        "true",
        "source = 1\n",
        "note = ''\n",
        "base = 'x'\n",
        "é",
        "[[",
        "{}",
        "value = 2",
        "low",
    ]);
    let edits = prop::collection::vec((0..SCENARIO.len(), 0..40_usize, pieces), 0..4);
    edits.prop_map(|edits| {
        let mut text = SCENARIO.to_owned();
        for (start, length, piece) in edits {
            let end = (start + length).min(text.len());
            if text.get(start.min(end)..end).is_some() {
                text.replace_range(start.min(end)..end, piece);
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_text_is_survived(base in ".{0,80}", over in "[a-z\\[\\]{}='\".,0-9\n ]{0,80}",
                            path in "[a-z.\\[\\]0-9\"]{0,12}", value in ".{0,12}") {
        try_text(&base, &over, &path, &value);
    }

    #[test]
    fn any_slip_of_the_pen_is_survived(base in mutated(), over in mutated(),
                                       path in "(parties\\.kabul|shocks\\[1\\]|title)(\\.[a-z]{1,4})?",
                                       value in "(0\\.[0-9]|[a-z]{1,4}|\\[1\\]|\\{\\}|'')") {
        try_text(&base, &over, &path, &value);
    }
}

#[test]
fn an_overlay_of_itself_changes_nothing() {
    let parse = || Document::parse("a.toml", SCENARIO).0;
    assert_eq!(crate::diff(&parse(), &parse().overlay(parse())), []);
}

#[test]
fn the_deepest_nesting_is_survived() {
    for text in ["[".repeat(5000), format!("{}1", "a.".repeat(5000)), "{a=".repeat(5000)] {
        try_text(&format!("x = {text}"), &format!("{text} = 1"), &text, &text);
    }
}
