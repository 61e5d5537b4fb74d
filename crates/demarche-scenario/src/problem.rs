//! What is wrong with a scenario file, where, and what to do about it.
//!
//! A problem names its value and the range it should lie in, points at the place in the file, and
//! gives a hint that a teacher can act on. Problems are collected, never thrown one at a time.
use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan};
use miette::{SourceCode, ThemeCharacters, ThemeStyles};

use crate::document::{FileIx, Place, SourceFile};
use crate::excerpt::{Excerpt, NAME};
use demarche_record::legible;

/// Declares the codes, so that what a code means is said once: in its doc comment.
macro_rules! codes {
    ($(#[doc = $meaning:literal] $name:ident = $number:literal,)*) => {
        /// Which kind of fault a problem is; printed as `S005`. Numbers are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $name = $number,)*
        }

        impl Code {
            /// All codes, in order of their numbers.
            pub const fn all() -> &'static [Code] {
                &[$(Self::$name,)*]
            }

            /// What the code means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning.trim_ascii(),)*
                }
            }
        }
    };
}

codes! {
    /// The file is not TOML at this place.
    Syntax = 1,
    /// A table has a key that nothing would read.
    UnknownKey = 2,
    /// A table lacks a key that it must have.
    MissingKey = 3,
    /// A value is of another type than its key wants.
    WrongType = 4,
    /// A number lies outside of the bounds of its quantity.
    OutOfRange = 5,
    /// The low end of a range is not below its high end, or its middle is not between them.
    RangeDisordered = 6,
    /// A reference value lies outside of its own plausible range.
    ValueOutsideRange = 7,
    /// A word is none of those that its key allows.
    UnknownWord = 8,
    /// A name is not declared by the scenario.
    UnknownName = 9,
    /// A table or list has more entries than the model can hold.
    TooMany = 10,
    /// A declared name is not in kebab-case.
    BadName = 11,
    /// A text is empty.
    EmptyText = 12,
    /// A number does not say where it comes from.
    NoSource = 13,
    /// A source is not in the list of sources.
    UnknownSource = 14,
    /// A date lacks its day or its hour.
    NotAMoment = 15,
    /// A number is infinite or not a number.
    NotFinite = 16,
    /// A list has another number of entries than what it describes.
    WrongCount = 17,
    /// The file that this one builds on cannot be read.
    BaseNotFound = 18,
    /// Files build on each other in a circle, or too many deep.
    BaseChain = 19,
    /// A path given on the command line leads nowhere.
    UnknownPath = 20,
    /// Two statements of the scenario cannot both hold.
    Contradiction = 21,
    /// A name is declared twice.
    Duplicate = 22,
    /// Numbers that must add up do not.
    WrongSum = 23,
    /// A value is legal, yet seldom meant.
    Unusual = 24,
    /// Two things have the same name, so nobody could tell them apart.
    SameName = 25,
    /// A text holds a character that nobody sees, or that moves what stands around it.
    Illegible = 26,
    /// A setting of the command line comes too late to choose what a scenario builds on.
    BaseSet = 27,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{:03}", *self as u16)
    }
}

/// Whether a problem stops a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The scenario cannot be run as it is.
    Error,
    /// The scenario can be run; this is advice.
    Warning,
}

/// One fault of a scenario file, or one piece of advice.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Which kind of fault it is.
    pub code: Code,
    /// Whether it stops a run.
    pub severity: Severity,
    /// The dotted path of the value; empty for the file as a whole.
    pub path: String,
    /// What is wrong, with value and range.
    pub message: String,
    /// Where in which file.
    pub place: Option<Place>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A fault without a place or a hint yet.
    pub fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        let (path, message) = (path.into(), message.into());
        Self { code, severity: Severity::Error, path, message, place: None, help: None }
    }

    /// The same, pointing at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, with a hint; an empty one is none.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    /// The same as advice that stops nothing.
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.message)
    }
}

/// All that is wrong with a scenario, together with the files it was read from.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", self.summary())]
pub struct Problems {
    /// The files that places point into.
    pub files: Vec<SourceFile>,
    /// The problems, sorted by file and place.
    pub list: Vec<Problem>,
    /// How many more there are: nobody mends hundreds at once, and most echo each other.
    pub left_out: usize,
}

/// The most problems that are told.
const MOST: usize = 20;

impl Problems {
    /// Problems sorted by file and place; those without a place come first. Where there are too
    /// many, advice gives way to faults.
    pub fn new(files: Vec<SourceFile>, mut list: Vec<Problem>) -> Self {
        let is_fault = |problem: &Problem| problem.severity == Severity::Error;
        if list.len() > MOST && list.iter().any(is_fault) {
            list.retain(is_fault);
        }
        let count = list.len();
        list.sort_by_key(|problem| {
            problem.place.as_ref().map(|place| (place.file, place.span.start))
        });
        list.truncate(MOST);
        let left_out = count - list.len();
        Self { files, list, left_out }
    }

    /// Whether any of them stops a run.
    pub fn is_fatal(&self) -> bool {
        self.list.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// How many there are, and in which files.
    pub fn summary(&self) -> String {
        let warnings = self.list.iter().filter(|p| p.severity == Severity::Warning).count();
        let faults = self.list.len() - warnings + self.left_out;
        let counts = [(faults, "problem"), (warnings, "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
            .collect::<Vec<_>>();
        let counts =
            if counts.is_empty() { "no problems".to_owned() } else { counts.join(" and ") };
        let names = self.file_names();
        let place =
            if names.is_empty() { String::new() } else { format!(" in {}", names.join(", ")) };
        let cut = match self.left_out {
            0 => String::new(),
            _ => format!(", of which the first {} are told", self.list.len()),
        };
        format!("{counts}{place}{cut}")
    }

    fn file_names(&self) -> Vec<String> {
        let mut files: Vec<FileIx> =
            self.list.iter().filter_map(|problem| Some(problem.place.as_ref()?.file)).collect();
        files.sort_unstable();
        files.dedup();
        let files = files.iter().filter_map(|file| self.files.get(file.0));
        files.map(|file| legible::message(&file.name, NAME)).collect()
    }

    /// All of them as text for a terminal `width` columns wide, and a last line that counts them.
    pub fn render(&self, width: usize, color: bool, unicode: bool) -> String {
        let characters =
            if unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let styles = if color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(width.max(NARROWEST))
            .with_links(false);
        let mut out = String::new();
        for problem in &self.list {
            // Writing to a `String` cannot fail; a snippet that cannot be shown is no reason to.
            let _ = handler.render_report(&mut out, &Shown::new(problem, &self.files));
            out.push('\n');
        }
        out + &self.summary() + "\n"
    }
}

/// Below this many columns wrapped messages are harder to read than long lines.
const NARROWEST: usize = 40;

/// The longest message that is shown whole. [characters]
const LONGEST: usize = 700;

/// A problem as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    problem: &'a Problem,
    excerpt: Option<Excerpt>,
}

impl<'a> Shown<'a> {
    fn new(problem: &'a Problem, files: &'a [SourceFile]) -> Self {
        let place = problem.place.as_ref();
        let excerpt = place.and_then(|place| Some(Excerpt::of(files.get(place.file.0)?, place)));
        Self { problem, excerpt }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&legible::message(&self.problem.to_string(), LONGEST))
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let help = legible::message(self.problem.help.as_ref()?, LONGEST);
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let marked = &self.excerpt.as_ref()?.marked;
        let label = LabeledSpan::new(None, marked.start, marked.len());
        Some(Box::new(std::iter::once(label)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sinai() -> Problems {
        let text = "[parties.egypt]\ntitle = \"é\"\nreservation = 1.4\n".to_owned();
        let at = text.find("1.4").unwrap();
        let file = SourceFile::file("sinai.toml", text);
        let message = "parties.egypt.reservation must lie in [0, 1], but is 1.4";
        let problem = Problem::new(Code::OutOfRange, "parties.egypt.reservation", message)
            .at(Place { file: FileIx(0), span: at..at + 3 })
            .with_help("0 is the party's worst package, 1 its best");
        let advice = Problem::new(Code::Unusual, "", "no mediator is engaged").as_warning();
        Problems::new(vec![file], vec![problem, advice])
    }

    #[test]
    fn a_problem_shows_its_place() {
        insta::assert_snapshot!(sinai().render(80, false, true), @r##"
              ⚠ S024 no mediator is engaged

              × S005 parties.egypt.reservation must lie in [0, 1], but is 1.4
               ╭─[sinai.toml:3:15]
             3 │ reservation = 1.4
               ·               ───
               ╰────
              help: 0 is the party's worst package, 1 its best

            1 problem and 1 warning in sinai.toml
            "##);
    }

    #[test]
    fn plain_characters_and_colour_are_a_choice() {
        assert!(sinai().render(80, false, false).is_ascii());
        assert!(sinai().render(0, true, true).contains('\u{1b}'));
        assert!(!sinai().render(80, false, true).contains('\u{1b}'));
    }

    #[test]
    fn codes_are_in_order_and_told_apart() {
        let codes = Code::all();
        assert!(codes.windows(2).all(|pair| (pair[0] as u16) < pair[1] as u16));
        assert!(codes.iter().all(|code| code.meaning().ends_with('.')));
        assert_eq!(Code::Syntax.to_string(), "S001");
    }

    #[test]
    fn places_beyond_the_text_do_no_harm() {
        let file = SourceFile::file("a.toml", "é".to_owned());
        for span in [0..99, 1..1, 9..12, 1..2] {
            let place = Place { file: FileIx(0), span };
            let problem = Problem::new(Code::Syntax, "", "x").at(place);
            let problems = Problems::new(vec![file.clone()], vec![problem]);
            assert!(problems.render(1, true, true).contains("S001"));
        }
    }
}
