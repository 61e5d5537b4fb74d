//! Blocks of commands in a page, run in their order in one empty folder.
//!
//! In a block marked `console`, a line that begins with `$ demarche` is run; the lines below it
//! must come in its output in this order, and `…` stands for any. Output can be sent to a file
//! with `>`, and a file read with `<`. A block marked `console exit=3` must end with that code. A
//! block whose mark is followed by the name of a file, as in `toml my.toml`, is that file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A block of code of a page.
struct Block<'a> {
    mark: &'a str,
    lines: Vec<&'a str>,
    at: usize,
}

/// A command of a block, and the lines that are shown below it.
struct Shown<'a> {
    command: &'a str,
    output: Vec<&'a str>,
    at: usize,
    exit: i32,
}

/// Runs all commands of a page and returns what is not as shown.
pub(super) fn run(path: &str, text: &str) -> Vec<String> {
    let folder = folder(path);
    let mut faults = Vec::new();
    for block in blocks(text) {
        let (kind, rest) = block.mark.split_once(' ').unwrap_or((block.mark, ""));
        if kind == "console" {
            let exit = rest.strip_prefix("exit=").map_or(0, |code| code.parse().expect("a code"));
            let faulty =
                commands(&block, exit).into_iter().filter_map(|shown| shown.check(&folder));
            faults.extend(faulty.map(|fault| format!("{path}:{fault}")));
        } else if rest.contains('.') {
            let text = block.lines.join("\n") + "\n";
            std::fs::write(folder.join(rest), text).expect("the folder can be written");
        }
    }
    // What is left in a folder of its own harms nobody.
    let _ = std::fs::remove_dir_all(&folder);
    faults
}

/// An empty folder for a page.
fn folder(path: &str) -> PathBuf {
    let name = format!("demarche-{}-{}", std::process::id(), path.replace(['/', '.'], "-"));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a folder for passing use can be made");
    folder
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open): (Vec<Block<'_>>, Option<Block<'_>>) = (Vec::new(), None);
    for (at, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(mark), None) => open = Some(Block { mark, lines: Vec::new(), at }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

fn commands<'a>(block: &Block<'a>, exit: i32) -> Vec<Shown<'a>> {
    let mut commands: Vec<Shown<'a>> = Vec::new();
    for (at, line) in (block.at + 1..).zip(&block.lines) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push(Shown { command, output: Vec::new(), at, exit }),
            (None, Some(shown)) => shown.output.push(line),
            (None, None) => {}
        }
    }
    commands
}

impl Shown<'_> {
    /// Runs the command, if it is ours, and tells what is wrong.
    fn check(&self, folder: &Path) -> Option<String> {
        let words = words(self.command);
        if words.first().is_none_or(|word| word != "demarche") {
            return None;
        }
        let mut command = support::demarche();
        command.current_dir(folder);
        arrange(&mut command, &words[1..], folder);
        let done = command.output().expect("the program runs");
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        if done.status.code() != Some(self.exit) {
            let command = self.command;
            return Some(format!("{}: `{command}` ended with {}:\n{said}", self.at, done.status));
        }
        let missing = missing(&said, &self.output)?;
        Some(format!("{}: `{}` does not print:\n    {missing}", self.at, self.command))
    }
}

/// Gives a command its arguments, and its input and output where they are files.
fn arrange(command: &mut Command, words: &[String], folder: &Path) {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut file = || folder.join(words.next().expect("a file follows"));
        match word.as_str() {
            ">" => {
                let file = File::create(file()).expect("the file can be made");
                command.stdout(Stdio::from(file));
            }
            "<" => {
                let file = File::open(file()).expect("the file is there");
                command.stdin(Stdio::from(file));
            }
            word => {
                command.arg(word);
            }
        }
    }
}

/// The first line shown that does not come in its place: after the one before it, and directly
/// after it unless an ellipsis stands between.
fn missing<'a>(said: &str, shown: &[&'a str]) -> Option<&'a str> {
    let said: Vec<&str> = said.lines().map(str::trim_end).collect();
    let mut at = 0;
    let mut may_skip = true;
    for line in shown {
        if line.trim() == "…" {
            may_skip = true;
            continue;
        }
        let rest = &said[at..];
        let found = rest.iter().position(|found| *found == line.trim_end());
        match found {
            Some(skipped) if may_skip || skipped == 0 => at += skipped + 1,
            _ => return Some(line),
        }
        may_skip = false;
    }
    None
}

/// The words of a command line; quotes hold blanks together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
