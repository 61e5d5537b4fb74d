//! People: the names they choose, the PINs they come back with, and the tokens that know them.

use demarche_record::legible;
use sha2::{Digest, Sha256};

/// The most characters of a name.
pub const LONGEST_NAME: usize = 40;
/// The most people of a class.
pub const MOST_PEOPLE: usize = 400;
/// Letters of codes that are read aloud: none that is taken for another.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Somebody who joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// The name they chose.
    pub name: String,
    /// The digest of their PIN.
    pub(crate) pin: String,
}

/// Bytes that nobody can guess.
///
/// # Panics
/// When the operating system has no randomness to give.
fn secret<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A token that nobody can guess. [32 hexadecimal digits]
#[must_use]
pub fn token() -> String {
    secret::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A code to be read aloud and typed. [6 letters and digits]
#[must_use]
pub fn code() -> String {
    secret::<6>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

/// A PIN. [4 digits]
#[must_use]
pub fn pin() -> String {
    format!("{:04}", u16::from_le_bytes(secret::<2>()) % 10_000)
}

/// What is kept of a secret. Of a PIN that alone would not be much, so it is salted with its class.
#[must_use]
pub fn digest(salt: &str, secret: &str) -> String {
    let sum = Sha256::digest(format!("{salt}\n{secret}").as_bytes());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two digests are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    one.len() == other.len() && differ == 0
}

/// A name as it is kept: without what cannot be seen or turns the direction of what follows.
///
/// # Errors
/// With what is wrong, when nothing or too much is left, or the host is called so.
pub fn name(typed: &str) -> Result<String, &'static str> {
    let seen = legible::seen(typed);
    let name = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    if legible::is_blank(&name) {
        return Err("Write a name: any that the others know you by.");
    }
    if ["host", "the host"].contains(&legible::heard(&name).as_str()) {
        return Err("That is what the host is called here; take another name.");
    }
    if name.chars().count() > LONGEST_NAME {
        return Err("A name has 40 characters at most.");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_are_kept_and_signs_are_not() {
        assert_eq!(name("  Zahra \u{202e} خان "), Ok("Zahra خان".to_owned()));
        assert_eq!(name("Ayşe\nÖz"), Ok("Ayşe Öz".to_owned()));
        assert!(name("The  Host").is_err() && name("\u{3164}\u{115f}").is_err());
        assert!(name(" \u{200f} ").is_err() && name(&"x".repeat(41)).is_err());
    }

    #[test]
    fn secrets_differ_and_digests_hang_on_the_salt() {
        assert_ne!(token(), token());
        assert!(code().len() == 6 && pin().len() == 4);
        assert_ne!(digest("a", "1234"), digest("b", "1234"));
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "abc"));
    }
}
