//! Breaks the rules of the mechanisms one after the other, as `tests/breakages` says, and demands
//! that a test named for the rule then fails, unless the list says that none does yet: `cargo run
//! --release -p demarche-tests --example break_rules -- [mechanism] [rule]`.
//!
//! It works on a copy of the workspace below `target`, so that nothing of the workspace is touched
//! and a copy that was left broken is mended by the next start.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]
#![allow(clippy::expect_used, reason = "a tool that cannot go on stops")]

use std::path::{Path, PathBuf};
use std::process::Command;

use support::breakages::{Breakage, breakages};
use support::{files, root};

/// What came of breaking a rule.
enum Verdict {
    /// These tests failed.
    Red(Vec<String>),
    /// All tests that bear its number passed, or there was none.
    Green,
    /// Nothing was tested: a fault of the list.
    Untested(String),
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mechanism, rule) = (arguments.next(), arguments.next());
    let rule = rule.map(|rule| rule.trim_start_matches(['R', 'r']).to_owned());
    let is_meant = |breakage: &Breakage| {
        mechanism.as_ref().is_none_or(|name| *name == breakage.mechanism)
            && rule.as_ref().is_none_or(|rule| *rule == breakage.rule.to_string())
    };
    let list: Vec<Breakage> = breakages().into_iter().filter(is_meant).collect();
    let copy = Copy::fresh();
    eprintln!("{} breakages, in {}", list.len(), copy.0.display());
    match copy.test("mechanisms::") {
        Verdict::Green => {}
        Verdict::Red(tests) => stop(&format!("red already: {}", tests.join(", "))),
        Verdict::Untested(why) => stop(&why),
    }
    let mut n_faults = usize::from(list.is_empty());
    println!("rule | red test");
    for (at, breakage) in (1..).zip(&list) {
        eprintln!("{at}/{} {}: {}", list.len(), breakage.name(), breakage.find.trim());
        let told = match copy.broken(breakage) {
            Verdict::Red(tests) if breakage.is_unseen => {
                n_faults += 1;
                format!("{}, although marked `unseen`", tests.join(", "))
            }
            Verdict::Red(tests) => tests.join(", "),
            Verdict::Green if breakage.is_unseen => {
                format!("none yet, although `{}` became `{}`", breakage.find, breakage.replace)
            }
            Verdict::Green => {
                n_faults += 1;
                format!("NONE, although `{}` became `{}`", breakage.find, breakage.replace)
            }
            Verdict::Untested(why) => {
                n_faults += 1;
                format!("NOT TESTED: {why}")
            }
        };
        println!("{} | {told}", breakage.name());
    }
    if n_faults > 0 {
        stop(&format!("{n_faults} of {} breakages are not as the list says", list.len()));
    }
}

fn stop(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(1)
}

/// A copy of what the tests of the mechanisms are built from.
struct Copy(PathBuf);

impl Copy {
    /// A copy as the workspace is now. What did not change is not written, nor built again.
    fn fresh() -> Self {
        // This program lies in target/<profile>/examples.
        let here = std::env::current_exe().expect("a program knows where it lies");
        let copy = Self(here.ancestors().nth(3).expect("four folders deep").join("breakages"));
        let singles = ["Cargo.toml", "Cargo.lock"].map(str::to_owned);
        for path in [files("crates"), files("tests"), singles.to_vec()].concat() {
            let bytes = std::fs::read(root().join(&path)).expect("a file of the workspace");
            write(&copy.0.join(path), &bytes);
        }
        copy
    }

    /// What comes of a breakage, which is then mended.
    fn broken(&self, breakage: &Breakage) -> Verdict {
        let path = self.0.join(&breakage.file);
        let whole = std::fs::read_to_string(&path).expect("a file of the copy");
        match breakage.applied(&whole) {
            Ok(broken) => {
                write(&path, broken.as_bytes());
                let Breakage { mechanism, rule, .. } = breakage;
                let verdict = self.test(&format!("mechanisms::{mechanism}::tests::r{rule}_"));
                write(&path, whole.as_bytes());
                verdict
            }
            Err(why) => Verdict::Untested(why),
        }
    }

    /// What the tests say whose path begins so. They are few and small: building is what takes
    /// time, so nothing of the engine is optimised.
    fn test(&self, path: &str) -> Verdict {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["test", "--offline", "--package", "demarche-engine", "--lib"]);
        let engine = "profile.dev.package.demarche-engine.opt-level=0";
        for setting in ["profile.dev.opt-level=0", "profile.dev.debug=false", engine] {
            cargo.args(["--config", setting]);
        }
        cargo.arg("--target-dir").arg(self.0.join("target")).arg(path);
        cargo.env("CARGO_INCREMENTAL", "1").env_remove("RUST_BACKTRACE");
        let run = cargo.current_dir(&self.0).output().expect("cargo runs");
        let (said, why) =
            (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        if !said.contains("test result:") {
            let error = why.lines().find(|line| line.starts_with("error"));
            return Verdict::Untested(error.unwrap_or("the tests broke off").to_owned());
        }
        let failed = said.lines().filter_map(|line| line.strip_suffix(" ... FAILED"));
        let names = failed.filter_map(|line| line.rsplit("::").next()).map(str::to_owned);
        let red: Vec<String> = names.collect();
        if red.is_empty() { Verdict::Green } else { Verdict::Red(red) }
    }
}

/// Writes what a file does not hold already.
fn write(path: &Path, bytes: &[u8]) {
    if std::fs::read(path).is_ok_and(|found| found == bytes) {
        return;
    }
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
    std::fs::write(path, bytes).expect("the copy can be written");
}
