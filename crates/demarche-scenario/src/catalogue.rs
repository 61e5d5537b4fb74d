//! The scenarios that come with the program: the files of `scenarios/`, embedded.
use crate::hint;

/// A scenario of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path within `scenarios/` without the ending: `textbook/splitting-a-sum`.
    pub key: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

impl Entry {
    /// The name of the file, for messages.
    #[must_use]
    pub fn file(&self) -> String {
        format!("scenarios/{}.toml", self.key)
    }
}

macro_rules! entries {
    ($($key:literal,)*) => {
        &[$(Entry {
            key: $key,
            text: include_str!(concat!("../../../scenarios/", $key, ".toml")),
        },)*]
    };
}

/// All scenarios, sorted by key.
#[must_use]
pub const fn catalogue() -> &'static [Entry] {
    entries![
        "classroom/in-class",
        "historical/account-of-afghanistan",
        "historical/account-of-pakistan",
        "historical/crossings-opened-as-chip",
        "historical/crossings-opened-as-goodwill",
        "historical/doha-istanbul",
        "historical/faster-capital",
        "historical/longer-deadline",
        "historical/no-attacks",
        "historical/united-states-engaged",
        "historical/wider-mandate",
        "historical/with-a-guarantor",
        "textbook/no-zone-of-agreement",
        "textbook/splitting-a-sum",
        "textbook/symmetric-dispute",
        "textbook/two-issue-trade-off",
    ]
}

/// Why a scenario was not found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// None has this key or ends in it.
    #[error("there is no scenario `{key}`; {hint}")]
    Unknown {
        /// What was asked for.
        key: String,
        /// The nearest one, or all there are.
        hint: String,
    },
    /// Several end in it.
    #[error("`{key}` could be any of {candidates}")]
    Ambiguous {
        /// What was asked for.
        key: String,
        /// Which they are.
        candidates: String,
    },
}

/// The scenario with a key, or the only one whose key ends in it after a slash.
pub fn find(key: &str) -> Result<&'static Entry, NotFound> {
    let all = catalogue();
    if let Some(entry) = all.iter().find(|entry| entry.key == key) {
        return Ok(entry);
    }
    let ends = |entry: &&Entry| entry.key.strip_suffix(key).is_some_and(|rest| rest.ends_with('/'));
    let found: Vec<&'static Entry> = all.iter().filter(ends).collect();
    match found.as_slice() {
        [entry] => Ok(entry),
        [] => {
            let names = all.iter().map(|entry| entry.key);
            let last = names.clone().map(|key| key.rsplit('/').next().unwrap_or(key));
            let hint = match hint::nearest(key, names.clone().chain(last)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are: {}", hint::list(names)),
            };
            Err(NotFound::Unknown { key: key.to_owned(), hint })
        }
        several => {
            let candidates = hint::list(several.iter().map(|entry| entry.key));
            Err(NotFound::Ambiguous { key: key.to_owned(), candidates })
        }
    }
}

/// Finds the file that an embedded one builds on; its name is relative to the file that says it.
/// Made to be the [`Loader`](crate::Loader) of [`load`](crate::load).
pub fn base(written: &str, from: &str) -> Result<(String, String), String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let name = parts.join("/");
    let entry = catalogue().iter().find(|entry| entry.file() == name);
    entry
        .map(|entry| (name, entry.text.to_owned()))
        .ok_or("no such scenario is built in".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of all files in `scenarios/`, sorted.
    fn in_the_folder() -> Vec<String> {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
        let entries = |folder: &str| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let mut keys = Vec::new();
        for folder in entries(root) {
            let folder = folder.file_name().into_string().unwrap();
            for file in entries(&format!("{root}/{folder}")) {
                let file = file.file_name().into_string().unwrap();
                // A kit lies beside its scenario, and is none.
                let name = file.strip_suffix(".toml").filter(|name| !name.ends_with(".kit"));
                keys.extend(name.map(|name| format!("{folder}/{name}")));
            }
        }
        keys.sort();
        keys
    }

    #[test]
    fn the_catalogue_is_the_folder() {
        let keys: Vec<&str> = catalogue().iter().map(|entry| entry.key).collect();
        assert_eq!(keys, in_the_folder(), "add the file to the list in catalogue.rs");
    }

    #[test]
    fn a_scenario_is_found_by_the_end_of_its_key() {
        let key = |asked: &str| find(asked).map(|entry| entry.key);
        assert_eq!(key("splitting-a-sum"), Ok("textbook/splitting-a-sum"));
        assert_eq!(key("textbook/splitting-a-sum"), Ok("textbook/splitting-a-sum"));
        let slip = key("spliting-a-sum").unwrap_err().to_string();
        assert_eq!(slip, "there is no scenario `spliting-a-sum`; did you mean `splitting-a-sum`?");
        assert!(key("a-sum").is_err() && key("").is_err());
    }

    #[test]
    fn bases_are_found_beside_the_file_that_names_them() {
        let entry = find("splitting-a-sum").unwrap();
        let found = base("../textbook/./splitting-a-sum.toml", "scenarios/historical/x.toml");
        assert_eq!(found, Ok((entry.file(), entry.text.to_owned())));
        assert!(base("elsewhere.toml", &entry.file()).is_err());
    }
}
