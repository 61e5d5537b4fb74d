//! The store: a class as one SQLite file. What is acknowledged is in it.
//!
//! Nothing is kept that could be made from something else: of a table, its inputs in their order.

use std::path::Path;

use demarche_record::cast::Cast;
use demarche_record::decision::Input;
use demarche_record::format::Lineage;
use demarche_record::wire::Wire;
use rusqlite::{Connection, OptionalExtension, params};

use crate::people::Person;
use crate::talk::Message;

/// The version of the format.
const VERSION: &str = "1";

/// What a class is made of, once and for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foundation {
    /// The whole scenario, as TOML.
    pub scenario: String,
    /// The seed of every table.
    pub seed: u64,
    /// The seed of the draw of uncertain numbers; nothing where they are taken at the reference.
    pub over_ranges: Option<u64>,
    /// How many tables.
    pub n_tables: usize,
    /// The code to join with.
    pub code: String,
    /// The digest of the token of the host.
    pub host: String,
}

impl Foundation {
    /// Where the draws of every table come from.
    #[must_use]
    pub const fn lineage(&self) -> Lineage {
        Lineage { seed: self.seed, branch: None, over_ranges: self.over_ranges }
    }
}

/// Why the file of a class does not serve.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite says no: no file, no room, no right to it.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file is something else.
    #[error("this is no file of a class that can be read{0}")]
    NoClass(String),
    /// There is one already.
    #[error("it holds a class already; `--resume` goes on with it")]
    Taken,
}

/// Whose deed it is, the word it is known by, and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By<'a> {
    /// Who.
    pub person: i64,
    /// The word.
    pub word: &'a str,
    /// The answer.
    pub answer: &'a str,
}

/// An input as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptInput {
    /// At which table.
    pub at: usize,
    /// The input, as a line of a record.
    pub line: String,
    /// Whose it is; nobody's where the host or the clock brought it.
    pub person: Option<i64>,
    /// Whether it was taken back.
    pub is_undone: bool,
}

impl KeptInput {
    /// The input.
    #[must_use]
    pub fn input(&self, cast: &Cast) -> Option<Input> {
        Input::from_wire(&serde_json::from_str(&self.line).ok()?, cast).ok()
    }
}

/// Whether these first bytes of a file are those of a class, or of another SQLite file.
#[must_use]
pub fn is_begun_by(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

/// An open file of a class.
pub struct Store {
    db: Connection,
}

const TABLES: &str = "
CREATE TABLE class (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE person (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, pin TEXT NOT NULL
) STRICT;
CREATE TABLE token (
    digest TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person (id)
) STRICT;
CREATE TABLE chair (
    person INTEGER PRIMARY KEY REFERENCES person (id), at INTEGER NOT NULL, seat TEXT NOT NULL
) STRICT;
CREATE TABLE input (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, input TEXT NOT NULL,
    person INTEGER, undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, channel TEXT NOT NULL,
    person INTEGER NOT NULL, seat TEXT NOT NULL, turn INTEGER NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE answered (
    person INTEGER NOT NULL, deed TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (person, deed)
) STRICT;
";

/// The file is whole after every commit, also when the machine dies, and it is one file.
const PRAGMAS: &str = "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = EXTRA;
PRAGMA foreign_keys = ON; PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = ON;";

impl Store {
    /// Begins a class in a new file.
    ///
    /// # Errors
    /// When the file cannot be written, or holds something already.
    pub fn create(path: &Path, of: &Foundation) -> Result<Self, StoreError> {
        let db = Connection::open(path)?;
        db.execute_batch(PRAGMAS)?;
        let n_tables: i64 =
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if n_tables > 0 {
            return Err(StoreError::Taken);
        }
        let mut store = Self { db };
        let begin = store.db.transaction()?;
        begin.execute_batch(TABLES)?;
        let lines = [
            ("demarche-class", VERSION.to_owned()),
            ("scenario", of.scenario.clone()),
            ("seed", of.seed.to_string()),
            ("over-ranges", of.over_ranges.map(|seed| seed.to_string()).unwrap_or_default()),
            ("tables", of.n_tables.to_string()),
            ("code", of.code.clone()),
            ("host", of.host.clone()),
        ];
        for (key, value) in lines {
            begin.execute("INSERT INTO class VALUES (?1, ?2)", params![key, value])?;
        }
        begin.commit()?;
        Ok(store)
    }

    /// Opens the file of a class.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or it is something else.
    pub fn open(path: &Path) -> Result<(Self, Foundation), StoreError> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let db = Connection::open_with_flags(path, flags)?;
        let store = Self { db };
        let version = match store.value("demarche-class") {
            Ok(version) => version,
            Err(rusqlite::Error::SqliteFailure(code, _))
                if code.code == rusqlite::ErrorCode::DatabaseBusy =>
            {
                return Err(StoreError::NoClass(
                    ": a class is being held with it; end that first, by Ctrl-C where it was begun"
                        .to_owned(),
                ));
            }
            Err(_) => return Err(StoreError::NoClass(String::new())),
        };
        if version.as_deref() != Some(VERSION) {
            let of = version.map(|version| format!(" that this program knows (version {version})"));
            return Err(StoreError::NoClass(of.unwrap_or_default()));
        }
        store.db.execute_batch(PRAGMAS)?;
        let text = |key: &str| -> Result<String, StoreError> {
            let missing = || StoreError::NoClass(format!(": it does not say its {key}"));
            store.value(key)?.ok_or_else(missing)
        };
        let number = |key: &str| -> Result<u64, StoreError> {
            let wrong = |_| StoreError::NoClass(format!(": its {key} is no number"));
            text(key)?.parse().map_err(wrong)
        };
        let foundation = Foundation {
            scenario: text("scenario")?,
            seed: number("seed")?,
            over_ranges: match text("over-ranges")?.as_str() {
                "" => None,
                _ => Some(number("over-ranges")?),
            },
            n_tables: usize::try_from(number("tables")?).unwrap_or(usize::MAX),
            code: text("code")?,
            host: text("host")?,
        };
        Ok((store, foundation))
    }

    /// What is kept under a key.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn value(&self, key: &str) -> rusqlite::Result<Option<String>> {
        let find = "SELECT value FROM class WHERE key = ?1";
        self.db.query_row(find, [key], |row| row.get(0)).optional()
    }

    /// What is kept under keys that begin so, by the rest of the key.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn values(&self, begin: &str) -> rusqlite::Result<Vec<(String, String)>> {
        let find = "SELECT substr(key, length(?1) + 1), value FROM class
            WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key";
        let mut found = self.db.prepare(find)?;
        found.query_map([begin], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// Keeps something under a key.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_value(&self, key: &str, value: &str) -> rusqlite::Result<()> {
        let put = "INSERT OR REPLACE INTO class VALUES (?1, ?2)";
        self.db.execute(put, params![key, value]).map(drop)
    }

    /// Forgets names, PINs, tokens, seats and messages; the decisions stay, without who took them.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing is forgotten.
    pub fn forget(&mut self) -> rusqlite::Result<()> {
        let begin = self.db.transaction()?;
        begin.execute_batch(
            "UPDATE input SET person = NULL; DELETE FROM chair; DELETE FROM token;
            DELETE FROM message; DELETE FROM answered; DELETE FROM person;
            DELETE FROM class WHERE key LIKE 'notice%';",
        )?;
        begin.commit()?;
        self.db.execute_batch("VACUUM")
    }

    /// Keeps somebody new, and gives their number.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_person(&self, name: &str, pin: &str) -> rusqlite::Result<i64> {
        let put = "INSERT INTO person (name, pin) VALUES (?1, ?2)";
        self.db.execute(put, params![name, pin])?;
        Ok(self.db.last_insert_rowid())
    }

    /// Keeps another PIN of somebody, and forgets the browsers that came in by the old one.
    ///
    /// # Errors
    /// When the file cannot be written; then the old one stands.
    pub fn set_pin(&mut self, person: i64, pin: &str) -> rusqlite::Result<()> {
        let begin = self.db.transaction()?;
        begin.execute("UPDATE person SET pin = ?2 WHERE id = ?1", params![person, pin])?;
        begin.execute("DELETE FROM token WHERE person = ?1", [person])?;
        begin.commit()
    }

    /// Forgets somebody, their seat and their browsers. What they did and wrote stays, nobody's.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing is forgotten.
    pub fn remove_person(&mut self, person: i64) -> rusqlite::Result<()> {
        let begin = self.db.transaction()?;
        for forget in [
            "DELETE FROM chair WHERE person = ?1",
            "DELETE FROM token WHERE person = ?1",
            "DELETE FROM answered WHERE person = ?1",
            "UPDATE input SET person = NULL WHERE person = ?1",
            "DELETE FROM class WHERE key = 'side ' || ?1",
            "DELETE FROM person WHERE id = ?1",
        ] {
            begin.execute(forget, [person])?;
        }
        begin.commit()
    }

    /// Keeps the digest of a token of somebody's browser.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_token(&self, person: i64, digest: &str) -> rusqlite::Result<()> {
        let put = "INSERT INTO token (digest, person) VALUES (?1, ?2)";
        self.db.execute(put, params![digest, person]).map(drop)
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn owner(&self, digest: &str) -> rusqlite::Result<Option<i64>> {
        let find = "SELECT person FROM token WHERE digest = ?1";
        self.db.query_row(find, [digest], |row| row.get(0)).optional()
    }

    /// Everybody who joined.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn people(&self) -> rusqlite::Result<Vec<Person>> {
        let mut found = self.db.prepare("SELECT id, name, pin FROM person ORDER BY id")?;
        let person = |row: &rusqlite::Row<'_>| {
            Ok(Person { id: row.get(0)?, name: row.get(1)?, pin: row.get(2)? })
        };
        found.query_map([], person)?.collect()
    }

    /// Seats somebody, in place of where they sat.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn seat(&self, person: i64, at: usize, seat: &str) -> rusqlite::Result<()> {
        let put = "INSERT OR REPLACE INTO chair VALUES (?1, ?2, ?3)";
        self.db.execute(put, params![person, index(at), seat]).map(drop)
    }

    /// Lets somebody stand up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn unseat(&self, person: i64) -> rusqlite::Result<()> {
        self.db.execute("DELETE FROM chair WHERE person = ?1", [person]).map(drop)
    }

    /// Who sits where: person, table, and seat as files name it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn chairs(&self) -> rusqlite::Result<Vec<(i64, usize, String)>> {
        let mut found = self.db.prepare("SELECT person, at, seat FROM chair ORDER BY person")?;
        let chair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, place(row.get(1)?), row.get(2)?));
        found.query_map([], chair)?.collect()
    }

    /// The inputs of a table that stand, in their order, as lines of a record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn inputs(&self, at: usize) -> rusqlite::Result<Vec<String>> {
        let find = "SELECT input FROM input WHERE at = ?1 AND undone = 0 ORDER BY id";
        let mut found = self.db.prepare(find)?;
        found.query_map([index(at)], |row| row.get(0))?.collect()
    }

    /// Keeps inputs of a table, and the answer to the deed that made them: all or nothing.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_inputs(
        &mut self,
        at: usize,
        inputs: &[String],
        by: Option<By<'_>>,
    ) -> rusqlite::Result<()> {
        if inputs.is_empty() && by.is_none() {
            return Ok(());
        }
        let begin = self.db.transaction()?;
        for input in inputs {
            let put = "INSERT INTO input (at, input, person) VALUES (?1, ?2, ?3)";
            begin.execute(put, params![index(at), input, by.map(|by| by.person)])?;
        }
        if let Some(By { person, word, answer }) = by {
            let put = "INSERT OR IGNORE INTO answered VALUES (?1, ?2, ?3)";
            begin.execute(put, params![person, word, answer])?;
        }
        begin.commit()
    }

    /// All inputs of all tables, also those that were taken back, in their order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all_inputs(&self) -> rusqlite::Result<Vec<KeptInput>> {
        let find = "SELECT at, input, person, undone FROM input ORDER BY id";
        let mut found = self.db.prepare(find)?;
        let kept = |row: &rusqlite::Row<'_>| {
            Ok(KeptInput {
                at: place(row.get(0)?),
                line: row.get(1)?,
                person: row.get(2)?,
                is_undone: row.get(3)?,
            })
        };
        found.query_map([], kept)?.collect()
    }

    /// Undoes the inputs of a table from one on, counting those that stand. They stay in the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn undo_from(&self, at: usize, first: usize) -> rusqlite::Result<()> {
        let undo = "UPDATE input SET undone = 1 WHERE id IN (SELECT id FROM input
            WHERE at = ?1 AND undone = 0 ORDER BY id LIMIT -1 OFFSET ?2)";
        self.db.execute(undo, params![index(at), index(first)]).map(drop)
    }

    /// The answer that a deed of somebody was given already.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn answer(&self, person: i64, deed: &str) -> rusqlite::Result<Option<String>> {
        let find = "SELECT answer FROM answered WHERE person = ?1 AND deed = ?2";
        self.db.query_row(find, params![person, deed], |row| row.get(0)).optional()
    }

    /// Keeps the answer to a deed, so that the deed said twice is done once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_answer(&self, person: i64, deed: &str, answer: &str) -> rusqlite::Result<()> {
        let put = "INSERT OR IGNORE INTO answered VALUES (?1, ?2, ?3)";
        self.db.execute(put, params![person, deed, answer]).map(drop)
    }

    /// Keeps a message.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_message(&self, message: &Message) -> rusqlite::Result<()> {
        let put = "INSERT INTO message (at, channel, person, seat, turn, text)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Message { at, channel, person, seat, turn, text } = message;
        self.db.execute(put, params![index(*at), channel, person, seat, turn, text]).map(drop)
    }

    /// All messages, in their order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn messages(&self) -> rusqlite::Result<Vec<Message>> {
        let find = "SELECT at, channel, person, seat, turn, text FROM message ORDER BY id";
        let mut found = self.db.prepare(find)?;
        let message = |row: &rusqlite::Row<'_>| {
            Ok(Message {
                at: place(row.get(0)?),
                channel: row.get(1)?,
                person: row.get(2)?,
                seat: row.get(3)?,
                turn: row.get(4)?,
                text: row.get(5)?,
            })
        };
        found.query_map([], message)?.collect()
    }
}

fn index(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

fn place(at: i64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
