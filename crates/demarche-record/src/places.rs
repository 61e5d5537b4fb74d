//! Where the values of a line of JSON stand, so that a fault can point at its column.
//!
//! The line has been parsed by then, so this walk over it need not say what is wrong with it.

/// A value of a line: the fields that lead to it, and where it stands. [bytes]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Fields, and entries of lists as `[1]`.
    pub(crate) way: Vec<String>,
    /// Where its field is named; of an entry of a list, where the entry is.
    pub(crate) named_at: usize,
    /// Where the value is.
    pub(crate) at: usize,
}

/// A list or an object that the walk is in.
enum Level {
    Object {
        /// The field whose value comes next, and where it is named.
        field: Option<(String, usize)>,
    },
    List {
        /// Entries so far.
        count: usize,
    },
}

/// Every value of a line of JSON, in the order of the line.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let (mut found, mut levels, mut way) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    // Each round takes at least one byte off the line.
    while let Some(byte) = text.as_bytes().get(at) {
        let end = end_of(text, at);
        if *byte == b'"'
            && let Some(Level::Object { field: field @ None }) = levels.last_mut()
        {
            *field = Some((unquoted(&text[at..end]), at));
            at = end;
            continue;
        }
        match byte {
            b'}' | b']' => {
                levels.pop();
                way.pop();
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {}
            byte => {
                let (step, named_at) = step(levels.last_mut(), at);
                way.extend(step);
                found.push(Place { way: way.clone(), named_at, at });
                match byte {
                    b'{' => levels.push(Level::Object { field: None }),
                    b'[' => levels.push(Level::List { count: 0 }),
                    _ => drop(way.pop()),
                }
            }
        }
        at = end;
    }
    found
}

/// The step to a value: its field or its number, and where that is named.
fn step(level: Option<&mut Level>, at: usize) -> (Option<String>, usize) {
    match level {
        Some(Level::Object { field }) => {
            field.take().map_or((None, at), |(field, at)| (Some(field), at))
        }
        Some(Level::List { count }) => {
            *count += 1;
            (Some(format!("[{count}]")), at)
        }
        None => (None, at),
    }
}

/// Where what begins here ends: a text, a number or a word, or a single sign.
fn end_of(text: &str, at: usize) -> usize {
    let bytes = &text.as_bytes()[at..];
    let length = match bytes[0] {
        b'"' => {
            let mut is_escaped = false;
            let closes = |byte: &u8| {
                let closes = *byte == b'"' && !is_escaped;
                is_escaped = *byte == b'\\' && !is_escaped;
                closes
            };
            bytes[1..].iter().position(closes).map_or(bytes.len(), |length| length + 2)
        }
        b'{' | b'}' | b'[' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => 1,
        _ => bytes.iter().position(|byte| b",]} \t\r\n".contains(byte)).unwrap_or(bytes.len()),
    };
    at + length.max(1)
}

fn unquoted(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_way_and_its_place() {
        let text = r#"{"a": [1, {"b\"é": null}], "c":"x,y" }"#;
        let told: Vec<String> = places(text)
            .iter()
            .map(|place| format!("{} {}", place.way.join("."), &text[place.at..place.at + 2]))
            .collect();
        let expected =
            [" {\"", "a [1", "a.[1] 1,", "a.[2] {\"", "a.[2].b\"é nu", "c \"x"].map(str::to_owned);
        assert_eq!(told, expected);
        let c = &places(text)[5];
        assert_eq!(&text[c.named_at..c.at], "\"c\":");
    }

    #[test]
    fn no_line_makes_it_fail() {
        for text in ["", "{", "\"", "}}]]", "{\"a\"", "[,,:", "\\\"é\\", "{\"a\":{\"b\"}", "é"] {
            places(text);
        }
    }
}
