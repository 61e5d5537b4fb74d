//! What the tests of the whole share: the root of the repository, its files, the program, and
//! generated text that is compared or, on request, rewritten.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The root of the repository.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

/// A text file of the repository, by its path from the root.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn read(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path));
    text.unwrap_or_else(|cause| panic!("{path} cannot be read: {cause}"))
}

/// All files of the repository below a folder, by their paths from the root, sorted. What is built
/// and what version control keeps for itself is left out.
#[must_use]
pub fn files(folder: &str) -> Vec<String> {
    let (mut found, mut work) = (Vec::new(), vec![root().join(folder)]);
    while let Some(path) = work.pop() {
        let name =
            path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        if path.is_file() {
            let relative = path.strip_prefix(root()).expect("it lies below the root");
            found.push(relative.to_string_lossy().replace('\\', "/"));
        } else if !["target", ".git"].contains(&name.as_str()) {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            work.extend(entries.map(|entry| entry.path()));
        }
    }
    found.sort();
    found
}

/// The files below a folder whose names end so.
#[must_use]
pub fn files_ending(folder: &str, ending: &str) -> Vec<String> {
    files(folder).into_iter().filter(|path| path.ends_with(ending)).collect()
}

/// Whether what is generated is to be rewritten rather than compared: `BLESS=1 cargo test`.
#[must_use]
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value != "0")
}

/// Compares a file with what it should hold, or rewrites it where that was asked for.
///
/// # Panics
/// When it holds something else.
pub fn check_current(path: &str, expected: &str) {
    let found = std::fs::read_to_string(root().join(path)).unwrap_or_default();
    if found == expected {
        return;
    }
    if is_blessing() {
        let written = std::fs::write(root().join(path), expected);
        written.unwrap_or_else(|cause| panic!("{path} cannot be written: {cause}"));
        return;
    }
    let (line, was, is) = first_difference(&found, expected);
    panic!(
        "{path} is not current; `BLESS=1 cargo test` rewrites it.\nline {line}\n  there:  {was}\n  \
         should: {is}"
    );
}

fn first_difference(found: &str, expected: &str) -> (usize, String, String) {
    let line = |text: &str, at: usize| text.lines().nth(at).unwrap_or("(the end)").to_owned();
    let longest = found.lines().count().max(expected.lines().count());
    let differs = |at: &usize| line(found, *at) != line(expected, *at);
    let at = (0..longest).find(differs).unwrap_or(longest);
    (at + 1, line(found, at), line(expected, at))
}

/// Fails with all faults at once, if there are any.
///
/// # Panics
/// When there are.
pub fn check_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n  {}\n", faults.len(), faults.join("\n  "));
}

/// The program, built once for all tests, with the same profile as the tests.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn demarche() -> Command {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let mut command = Command::new(PROGRAM.get_or_init(build));
    // What a terminal would say must not show in what tests compare.
    command.env_remove("COLUMNS").env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn build() -> PathBuf {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The whole workspace's features, so that nothing is built twice.
    cargo.args(["build", "--workspace", "--bin", "demarche", "--offline", "--quiet"]);
    cargo.arg("--message-format=json");
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // This test lies in target/<profile>/deps.
    let here = std::env::current_exe().expect("a test knows where it lies");
    if let Some(target) = here.ancestors().nth(3) {
        cargo.arg("--target-dir").arg(target);
    }
    let built = cargo.current_dir(root()).stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(built.status.success(), "the program cannot be built");
    let text = String::from_utf8_lossy(&built.stdout).into_owned();
    let marker = "\"executable\":\"";
    let paths = text.lines().filter_map(|line| line.split_once(marker)).map(|(_, rest)| rest);
    let path = paths.filter_map(|rest| rest.split('"').next()).next_back();
    PathBuf::from(path.expect("cargo names what it built").replace("\\\\", "\\"))
}

pub mod by_hand;
pub mod breakages;
pub mod engines;
pub mod paired;
pub mod patterns;
pub mod references;
pub mod runs;
