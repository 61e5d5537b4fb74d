//! The line that a problem points at, as it can be shown: cut to a window where it is long, with
//! stand-ins for what nobody could see.
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::document::{Place, SourceFile};
use demarche_record::legible;

/// Lines up to this length are shown whole. [characters]
const LONGEST: usize = 240;
/// Of a longer line, how much is shown before the place. [characters]
const BEFORE: usize = 50;
/// Of a longer line, how much is shown in all. [characters]
const WINDOW: usize = 120;
/// How much of the name of a file is shown: an argument of the command line can be long, too.
pub(crate) const NAME: usize = 120;

/// One line of a file, and what of it is underlined.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// What is underlined. [bytes of `text`]
    pub(crate) marked: Range<usize>,
    line: usize,
    column: usize,
}

impl Excerpt {
    /// The line where a place begins. A place of several lines is underlined on the first only.
    pub(crate) fn of(file: &SourceFile, place: &Place) -> Self {
        let text = file.text.as_str();
        let start = text.floor_char_boundary(place.span.start);
        let end = text.ceil_char_boundary(place.span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
        let column = text[line_start..start].chars().count();
        let whole = &text[line_start..line_end];
        let window = window(whole.chars().count(), column);
        let (mut shown, mut marked) = (String::new(), None);
        if window.start > 0 {
            shown.push('…');
        }
        let mut marked_end = 0;
        for (nth, (at, character)) in whole.char_indices().enumerate() {
            if !window.contains(&nth) {
                continue;
            }
            if line_start + at >= start {
                marked.get_or_insert(shown.len());
            }
            shown.push(legible::shown(character));
            if line_start + at < end {
                marked_end = shown.len();
            }
        }
        let marked = marked.unwrap_or(shown.len());
        if window.end < whole.chars().count() {
            shown.push('…');
        }
        Self {
            name: legible::message(&file.name, NAME),
            text: shown,
            marked: marked..marked_end.max(marked),
            line: text[..start].matches('\n').count(),
            column,
        }
    }
}

/// Which characters of a line are shown.
fn window(count: usize, column: usize) -> Range<usize> {
    if count <= LONGEST {
        return 0..count;
    }
    let end = (column.saturating_sub(BEFORE) + WINDOW).min(count);
    end.saturating_sub(WINDOW)..end
}

/// Shows all of the excerpt, with the column of the place and not that of the line.
impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.line,
            self.column,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::FileIx;

    #[track_caller]
    fn check(text: &str, span: Range<usize>, shown: &str, marked: &str, place: (usize, usize)) {
        let file = SourceFile::file("a.toml", text);
        let excerpt = Excerpt::of(&file, &Place { file: FileIx(0), span });
        assert_eq!(excerpt.text, shown);
        assert_eq!(&excerpt.text[excerpt.marked.clone()], marked);
        assert_eq!((excerpt.line, excerpt.column), place);
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        check("a\nb = 1\r\nc", 6..7, "b = 1", "1", (1, 4));
        check("a\n[b]\nc = 1", 2..9, "[b]", "[b]", (1, 0));
        check("é = \u{202E}x", 5..9, "é = \u{FFFD}x", "\u{FFFD}x", (0, 4));
        check("a", 1..9, "a", "", (0, 1));
        check("", 0..0, "", "", (0, 0));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}here{}", "é".repeat(5000), "x".repeat(5000));
        let shown = format!("…{}here{}…", "é".repeat(50), "x".repeat(66));
        check(&text, 10_000..10_004, &shown, "here", (0, 5000));
        check(&text, 0..2, &format!("{}…", "é".repeat(120)), "é", (0, 0));
        let last = text.len() - 1..text.len();
        check(&text, last, &format!("…{}", "x".repeat(120)), "x", (0, 10_003));
        // A place that is longer than the window is underlined as far as it is shown.
        let all = format!("…{}here{}…", "é".repeat(50), "x".repeat(66));
        check(&text, 10_000..15_004, &all, &format!("here{}", "x".repeat(66)), (0, 5000));
    }
}
